import type { Asker } from '@weiwang/domain/observation/service-api'
import {
  AskService,
  OfferService,
  OpenedService,
  OpenService,
  StepService,
} from '@weiwang/domain/observation/service-api'
import type { AskedService, SteppedService } from '@weiwang/domain/observation/service-api'
import { decideOffer, decideStep } from '@weiwang/domain/observation/service-decide'
import type { ServiceActor } from '@weiwang/domain/observation/service-decide'
import { notAHelper, serviceEnded, serviceIdTaken } from '@weiwang/domain/observation/service-problems'
import { isCentre } from '@weiwang/domain/access/roles'
import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { defineAction } from '../core/action.ts'
import { may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { requireRoom, servicePlace, writeService } from './service-ask.ts'
import { changeService, serviceTextPlace } from './service-change.ts'
import { codeMatches } from './service-code.ts'
import { helpersOf, tellOffer } from './service-offers.ts'
import { findServiceRow, lockService, sealedName, serviceHistory, whoToRing } from './service-store.ts'
import type { LoadedService } from './service-store.ts'

/** One function for each verb on a service. */
export function stepped({ row, state }: LoadedService): SteppedService {
  return { id: row.id, area: state.area, state: state.state, dueBy: state.dueBy, version: state.version }
}

export function inMyAreas(ctx: Ctx, area: string): boolean {
  return ctx.scope.some((mine) => contains(mine, area))
}

/** SERV-6: who acts, seen from the service. */
export function actorOf(ctx: Ctx, { state }: LoadedService): ServiceActor {
  const thing = { kind: 'service', area: state.area } as const
  const here = inMyAreas(ctx, state.area)
  return {
    self: ctx.actor.id,
    field: here && ctx.actor.roles.includes('worker') && may(ctx, 'file', thing),
    desk: here && may(ctx, 'bulk', thing),
    receiver: false,
  }
}

/** Whoever may read what lies here, and whoever the service itself knows; everybody else finds nothing. */
export function mayKnow(ctx: Ctx, { state }: LoadedService): boolean {
  const { id } = ctx.actor
  if (state.offeredTo === id || state.takenBy === id || state.askedBy === id || state.doneBy === id) return true
  return inMyAreas(ctx, state.area) && may(ctx, 'read', { kind: 'service', area: state.area })
}

export async function knownService(ctx: Ctx, id: string): Promise<LoadedService> {
  const loaded = await lockService(ctx.db, id)
  if (!loaded || !mayKnow(ctx, loaded)) throw notFound({ thing: 'service' })
  return loaded
}

function audit(ctx: Ctx, verb: string, loaded: LoadedService, detail: Record<string, unknown> = {}): void {
  const { row, state } = loaded
  ctx.audit({ verb, thing: 'service', thingId: row.id, area: state.area, detail: { kind: state.kind, ...detail } })
}

function askerOf(ctx: Ctx): Asker {
  if (isCentre(ctx.actor.roles)) return 'desk'
  return ctx.actor.roles.includes('worker') ? 'worker' : 'team'
}

const occurred = (at: string | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString()

export const askService = defineAction({
  name: 'service.ask',
  input: AskService,
  reach: 'county',
  run: async (ctx, args): Promise<AskedService> => {
    const place = await servicePlace(ctx, args)
    permit(ctx, 'file', { kind: 'service', area: place.area })
    await requireRoom(ctx, place)
    const { householdId: _household, personId: _person, ...ask } = args
    const made = await writeService(ctx, place, {
      ...ask,
      asker: askerOf(ctx),
      askedBy: ctx.actor.id,
      occurredAt: occurred(args.occurredAt),
    })
    if (made) {
      audit(ctx, 'service.ask', made, { urgency: args.urgency })
      return stepped(made)
    }
    // Asked before: the same asker gets what became of it, nobody else learns that it exists.
    const before = await findServiceRow(ctx.db, args.id)
    if (!before || before.asked_by !== ctx.actor.id) throw serviceIdTaken({ id: args.id })
    const loaded = await lockService(ctx.db, args.id)
    if (!loaded) throw serviceEnded({ state: before.state })
    audit(ctx, 'service.ask', loaded, { repeat: true })
    return stepped(loaded)
  },
})

/** A step of whoever `who` says is acting: decided, written, audited. @throws the decision's problem */
export async function stepAs(
  ctx: Ctx,
  loaded: LoadedService,
  args: StepService,
  who: ServiceActor,
): Promise<SteppedService> {
  const { proof, cost, rating, reason, step } = args
  const codeOk = proof?.code !== undefined && codeMatches(ctx, args.id, proof.code)
  const decision = decideStep(
    loaded.state,
    {
      step,
      cost,
      rating,
      reason,
      proof: proof && {
        kind: proof.kind,
        photo: proof.photo ?? null,
        codeOk,
        by: proof.by,
        named: proof.name !== undefined,
      },
    },
    who,
    { now: ctx.now, zone: ctx.zone },
  )
  if (!decision.ok) throw decision.problem
  const after = await changeService(ctx, loaded, decision.events, {
    occurredAt: occurred(args.occurredAt),
    text: [proof?.name, args.words].filter(Boolean).join('\n'),
  })
  audit(ctx, `service.${step}`, after, { state: after.state.state })
  return stepped(after)
}

export const stepService = defineAction({
  name: 'service.step',
  input: StepService,
  // A volunteer's offer may lie next door to his own area; who may is said by the service itself.
  reach: 'all',
  run: async (ctx, args): Promise<SteppedService> => {
    const loaded = await knownService(ctx, args.id)
    return stepAs(ctx, loaded, args, actorOf(ctx, loaded))
  },
})

export const offerService = defineAction({
  name: 'service.offer',
  input: OfferService,
  reach: 'county',
  run: async (ctx, args): Promise<SteppedService> => {
    const loaded = await knownService(ctx, args.id)
    permit(ctx, 'bulk', { kind: 'service', area: loaded.state.area })
    const helpers = await helpersOf(ctx, loaded)
    const to = args.to === undefined ? helpers.find((one) => !one.passed) : helpers.find((one) => one.id === args.to)
    if (!to) throw notAHelper({ to: args.to ?? '' })
    const decision = decideOffer(loaded.state, to.id, { now: ctx.now, zone: ctx.zone })
    if (!decision.ok) throw decision.problem
    const after = await changeService(ctx, loaded, decision.events)
    await tellOffer(ctx, after, to.id)
    audit(ctx, 'service.offer', after, { to: to.id })
    return stepped(after)
  },
})

/**
 * SERV-13: what is wanted, and the name and telephone of whom it is for: for who brings it, for whoever may open what lies here, and
 * for nobody else. One line in the trail each time.
 */
export const openService = defineAction({
  name: 'service.open',
  input: OpenService,
  output: OpenedService,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<OpenedService> => {
    const loaded = await knownService(ctx, args.id)
    const { row, state } = loaded
    const brings = state.takenBy === ctx.actor.id && state.endedAt === null
    if (!brings) {
      if (!inMyAreas(ctx, state.area)) throw notFound({ thing: 'service' })
      permit(ctx, 'open', { kind: 'service', area: state.area })
    }
    const texts: OpenedService['texts'] = []
    for (const line of await serviceHistory(ctx.db, row.county, row.id)) {
      const text = await openText(ctx, serviceTextPlace(row.id, line.n), line.text_sealed)
      if (text !== null) texts.push({ n: line.n, text })
    }
    const person = row.person_id
    const rung = await whoToRing(ctx.db, { county: row.county, householdId: row.household_id, personId: person })
    const nameOf = (id: string, sealed: Buffer | null) =>
      openText(ctx, { table: 'person', row: id, column: 'name_sealed' }, sealed)
    const ids = [...new Set([...(person === null ? [] : [person]), ...(rung === null ? [] : [rung.personId])])]
    ctx.audit({
      verb: 'service.open',
      thing: 'service',
      thingId: row.id,
      area: state.area,
      purpose: args.purpose,
      ids,
    })
    return {
      id: row.id,
      words: await openText(ctx, { table: 'service', row: row.id, column: 'words_sealed' }, row.words_sealed),
      name: person === null ? null : await nameOf(person, await sealedName(ctx.db, person)),
      phone:
        rung === null
          ? null
          : await openText(ctx, { table: 'identity', row: rung.personId, column: 'phone_sealed' }, rung.phone),
      rung: rung === null || rung.personId === person ? null : await nameOf(rung.personId, rung.name),
      texts,
    }
  },
})
