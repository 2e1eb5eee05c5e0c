import { contains, countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { OpenDispute, Party, ReadDispute, ReadOut, StepDispute } from '@weiwang/domain/incidents/api'
import type { OpenedDispute } from '@weiwang/domain/incidents/api'
import { isDesk, maySee } from '@weiwang/domain/incidents/confidential'
import { decideDispute } from '@weiwang/domain/incidents/decide'
import type { Mediating } from '@weiwang/domain/incidents/decide'
import { accessOutside, disputeIdTaken, disputeNowhere } from '@weiwang/domain/incidents/problems'
import { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { areaExists } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { openText } from '../people/opening.ts'
import { householdAt } from '../visits/store.ts'
import { changeDispute, textPlace } from './change.ts'
import { deskAbove, writeDispute } from './opening.ts'
import { colleaguesOf, disputeHistory, lockDispute } from './store.ts'
import type { LoadedDispute } from './store.ts'
import { aroundGrid } from './around.ts'

/** One function for each verb. Reach is everything: who may is said by the dispute itself, and checked in each (MED-3). */
const GRID = 15

function opened({ row, state }: LoadedDispute): OpenedDispute {
  return { id: row.id, area: state.area, state: state.state, followUp: state.followUp, version: state.version }
}

export function mediating(ctx: Ctx, { state }: LoadedDispute): Mediating {
  return { self: ctx.actor.id, mediator: state.mediator === ctx.actor.id, desk: isDesk(ctx.actor, state) }
}

/** MED-3: for whoever may not see it, there is none. */
export async function seen(ctx: Ctx, loaded: LoadedDispute | null): Promise<LoadedDispute> {
  if (!loaded || !maySee(ctx.actor, loaded.state)) throw notFound({ thing: 'dispute' })
  return loaded
}

/** Neither kind nor party is in the trail: who reads the trail of an area counts disputes and does not learn whose they are. */
function audit(ctx: Ctx, verb: string, { row, state }: LoadedDispute, detail: Record<string, unknown> = {}): void {
  ctx.audit({ verb, thing: 'dispute', thingId: row.id, area: state.area, detail })
}

async function placeOf(ctx: Ctx, args: OpenDispute): Promise<{ area: AreaCode; householdId: string | null }> {
  const door = args.householdId === undefined ? null : await householdAt(ctx.db, ctx.scope, args.householdId)
  if (args.householdId !== undefined && !door) throw notFound({ thing: 'household' })
  const area = door?.area ?? args.area
  if (area === undefined) throw disputeNowhere({})
  const here = ctx.scope.some((mine) => contains(mine, area))
  if (!here || !(await areaExists(ctx.db, area.slice(0, GRID)))) throw notFound({ thing: 'area' })
  return { area, householdId: door?.id ?? null }
}

export const openDispute = defineAction({
  name: 'mediation.open',
  input: OpenDispute,
  reach: 'all',
  run: async (ctx, args): Promise<OpenedDispute> => {
    const before = await lockDispute(ctx.db, args.id)
    if (before) {
      if (before.row.recorded_by !== ctx.actor.id) throw disputeIdTaken({ id: args.id })
      audit(ctx, 'mediation.open', before, { repeat: true })
      return opened(before)
    }
    const place = await placeOf(ctx, args)
    permit(ctx, 'file', { kind: 'mediation', area: place.area })
    const made = await writeDispute(ctx, { ...args, ...place, mediator: ctx.actor.id, visitId: null })
    if (!made) throw disputeIdTaken({ id: args.id })
    audit(ctx, 'mediation.open', made)
    return opened(made)
  },
})

async function tellAccess(ctx: Ctx, account: string): Promise<void> {
  const body = {
    zh: `${ctx.actor.name} 让您查看一件调解事项`,
    en: `${ctx.actor.name} lets you see a dispute under mediation`,
  }
  await insertNotices(ctx.db, [{ accountId: account, id: newId(ctx.now), kind: 'mediation.access', body, at: ctx.now }])
}

export const stepDispute = defineAction({
  name: 'mediation.step',
  input: StepDispute,
  reach: 'all',
  run: async (ctx, args): Promise<OpenedDispute> => {
    const loaded = await seen(ctx, await lockDispute(ctx.db, args.id))
    const { state } = loaded
    const { step, account } = args
    const above = step === 'pass_up' ? await deskAbove(ctx, state.desks.at(-1) ?? state.area) : null
    const decision = decideDispute(state, { ...args, above }, mediating(ctx, loaded), { now: ctx.now, zone: ctx.zone })
    if (!decision.ok) throw decision.problem
    if (step === 'give_access' && account !== undefined) {
      const known = await colleaguesOf(ctx.db, aroundGrid(state.area), ctx.today)
      if (!known.some((one) => one.id === account)) throw accessOutside({ account })
    }
    const after = await changeDispute(ctx, loaded, decision.events, {
      occurredAt: args.occurredAt === undefined ? undefined : new Date(args.occurredAt).toISOString(),
      text: args.words,
    })
    if (step === 'give_access' && account !== undefined && decision.events.length > 0) await tellAccess(ctx, account)
    audit(ctx, `mediation.${step}`, after, account === undefined ? {} : { account })
    if (step === 'pass_up')
      ctx.emit('mediation.passed', { county: countyOf(state.area), disputeId: args.id, to: above })
    return opened(after)
  },
})

const Parties = z.array(Party)

/** Parties and texts, for a purpose that the audit keeps; one line a time, with the persons of the register that it names. */
export const readDispute = defineAction({
  name: 'mediation.read',
  input: ReadDispute,
  output: ReadOut,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<ReadOut> => {
    const loaded = await seen(ctx, await lockDispute(ctx.db, args.id))
    const { row, state } = loaded
    const text = await openText(ctx, { table: 'dispute', row: row.id, column: 'parties_sealed' }, row.parties_sealed)
    const parties = text === null ? [] : Parties.catch([]).parse(JSON.parse(text))
    const texts: ReadOut['texts'] = []
    for (const line of await disputeHistory(ctx.db, row.county, row.id)) {
      const said = await openText(ctx, textPlace(row.id, line.n), line.text_sealed)
      if (said !== null) texts.push({ n: line.n, text: said })
    }
    ctx.audit({
      verb: 'mediation.read',
      thing: 'dispute',
      thingId: row.id,
      area: state.area,
      purpose: args.purpose,
      ids: parties.flatMap((party) => party.personId ?? []),
    })
    return {
      id: row.id,
      words: await openText(ctx, { table: 'dispute', row: row.id, column: 'words_sealed' }, row.words_sealed),
      parties: parties.map(({ name, phone, role, personId, householdId }) => ({
        name,
        phone: phone ?? null,
        role: role ?? null,
        personId: personId ?? null,
        householdId: householdId ?? null,
      })),
      texts,
    }
  },
})
