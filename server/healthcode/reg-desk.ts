/** Registration at the desk and at the door: lists and figures by area and day, what is looked at by hand, proxy by a worker. */
import { childLength, contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { badPhone } from '@weiwang/domain/access/problems'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { Need, Relation, Situation } from '@weiwang/domain/healthcode/reg-api'
import { DecidedHeld, DecideHeld, ProxyRegister, ProxyRegistered } from '@weiwang/domain/healthcode/reg-desk-api'
import type { Figures, HeldLine, ListRegistrations, RegistrationLine } from '@weiwang/domain/healthcode/reg-desk-api'
import { cardNotSeen, heldDecided } from '@weiwang/domain/healthcode/reg-problems'
import { HELD_WHY } from '@weiwang/domain/healthcode/reg-rules'
import { HELD_NAMES, PURPOSE_NAMES } from '@weiwang/domain/healthcode/reg-words'
import { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { areaNames } from '../people/store.ts'
import { countByArea, countByDay, countHeld, listHeldRows, listRegistrationRows } from './reg-desk-store.ts'
import type { RegistrationFilter } from './reg-desk-store.ts'
import { countReturns } from './reg-return-store.ts'
import { decideHeldRow, lockHeld } from './reg-store.ts'
import { areaOf } from './reg-checks.ts'
import { maskedDocument, maskedPhone, openHeld, readSubject, submit } from './reg-submit.ts'

const By = z.enum(['self', 'guardian', 'proxy'])

function readable(ctx: Ctx, area: AreaCode | undefined): readonly AreaCode[] {
  const areas = areasFor(ctx, area)
  for (const one of areas) permit(ctx, 'read', { kind: 'registration', area: one })
  return areas
}

function filterOf(areas: readonly AreaCode[], args: Partial<ListRegistrations>): RegistrationFilter {
  const { from, to, need, situation, by, place } = args
  return { areas, from, to, need, situation, by, place }
}

/** GET /api/registrations */
export async function readRegistrations(
  ctx: Ctx,
  args: ListRegistrations,
): Promise<{ items: RegistrationLine[]; next: string | null; total: number }> {
  const { rows, next, total } = await listRegistrationRows(ctx.db, filterOf(readable(ctx, args.area), args), args)
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.home_area),
  )
  const items = rows.map((row): RegistrationLine => ({
    personId: row.person_id,
    masked: row.masked,
    area: row.home_area,
    areaName: nameOf(row.home_area),
    placed: row.home_area.length >= 15,
    need: Need.parse(row.need),
    situation: Situation.parse(row.situation),
    by: By.parse(row.by),
    purpose: row.purpose in PURPOSE_NAMES ? row.purpose : 'other',
    registeredAt: row.registered_at.toISOString(),
    declarations: row.declarations,
    declaredAt: row.declared_at.toISOString(),
    addressDiffers: row.address_differs,
  }))
  return { items, next, total }
}

const WEEK = 6

/** GET /api/registrations/figures: the last seven days when none are named. */
export async function readFigures(
  ctx: Ctx,
  args: { area?: string | undefined; from?: string | undefined; to?: string | undefined },
): Promise<Figures> {
  const areas = readable(ctx, args.area)
  const to = args.to ?? ctx.today
  const from = args.from ?? addDays(to, -WEEK)
  const filter = filterOf(areas, { from, to })
  const [first] = areas
  const digits = areas.length === 1 && first !== undefined && first !== '' ? childLength(first) : 6
  const days = await countByDay(ctx.db, filter)
  const byArea = await countByArea(ctx.db, filter, digits)
  const returns = new Map(
    (await countReturns(ctx.db, { areas, digits, today: ctx.today })).map((row) => [row.area, row]),
  )
  const codes = [...new Set([...byArea.map((row) => row.area), ...returns.keys()])].toSorted()
  const nameOf = await areaNames(ctx.db, codes)
  const sum = (pick: (row: (typeof byArea)[number]) => number): number => byArea.reduce((n, row) => n + pick(row), 0)
  const found = new Map(byArea.map((row) => [row.area, row]))
  const rowsOf = [...returns.values()]
  return {
    from,
    to,
    days: days.map(({ day, registered, must, proxy }) => ({ day, registered, must, proxy })),
    areas: codes.map((area) => ({
      area,
      name: nameOf(area),
      registered: found.get(area)?.registered ?? 0,
      must: found.get(area)?.must ?? 0,
      unplaced: found.get(area)?.unplaced ?? 0,
      returns: returns.get(area)?.expected ?? 0,
    })),
    total: {
      registered: sum((row) => row.registered),
      must: sum((row) => row.must),
      unplaced: sum((row) => row.unplaced),
      proxy: sum((row) => row.proxy),
      held: await countHeld(ctx.db, areas),
      expected: rowsOf.reduce((n, row) => n + row.expected, 0),
      overdue: rowsOf.reduce((n, row) => n + row.late, 0),
    },
  }
}

// ---- Looked at by hand ------------------------------------------------------------------------------------------------------------

/** GET /api/registrations/held. What was typed is opened to show its masked parts, and nothing of whom it may collide with. */
export async function readHeld(
  ctx: Ctx,
  args: { area?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: HeldLine[]; next: string | null; total: number }> {
  const areas = readable(ctx, args.area)
  const { rows, next, total } = await listHeldRows(ctx.db, areas, args)
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const items = await Promise.all(
    rows.map(async (row): Promise<HeldLine> => {
      const kept = await openHeld(ctx, row)
      return {
        id: row.id,
        at: row.at.toISOString(),
        area: row.area,
        areaName: nameOf(row.area),
        masked: row.masked,
        document: kept === null ? '' : maskedDocument(kept.body),
        phone: maskedPhone(kept?.phone ?? null),
        relation: Relation.parse(row.relation),
        why: row.why.flatMap((one) => {
          const why = HELD_WHY.find((known) => known === one)
          return why === undefined ? [] : [{ why, say: HELD_NAMES[why] }]
        }),
      }
    }),
  )
  return { items, next, total }
}

const TOLD = {
  accepted: {
    zh: '您的登记已核对通过，请在居民页查看。',
    en: 'Your registration has been checked and accepted; see the residents’ page.',
  },
  refused: {
    zh: '您的登记未能核对通过，请带证件到社区办理。',
    en: 'Your registration could not be confirmed; please bring your card to the community desk.',
  },
}

/**
 * REGISTER-3: somebody who saw the card decides. Accepting binds the person to this account, and ends what another account held as the
 * person's own; whoever stood for a child goes on standing.
 */
export const decideHeld = defineAction({
  name: 'registration.decide',
  input: DecideHeld,
  output: DecidedHeld,
  reach: 'all',
  run: async (ctx, { id, decision, cardSeen, reason }): Promise<z.infer<typeof DecidedHeld>> => {
    const row = await lockHeld(ctx.db, id)
    if (!row || !ctx.scope.some((mine) => contains(mine, row.area))) throw notFound({ thing: 'registration' })
    permit(ctx, 'approve', { kind: 'registration', area: row.area, by: row.account_id })
    if (row.state !== 'open') throw heldDecided({ state: row.state })
    if (decision === 'accept' && !cardSeen) throw cardNotSeen({})
    const kept = await openHeld(ctx, row)
    if (kept === null) throw notFound({ thing: 'registration' })
    const place = { emergencyId: row.emergency_id, now: ctx.now, table: 'registration_held', row: id }
    const sealed = await ctx.keys.seal({ ...place, column: 'reason_sealed' }, reason)
    const state = decision === 'accept' ? 'accepted' : 'refused'
    if (decision === 'accept') {
      const subject = await readSubject(ctx, kept.body, kept.phone)
      const relation = row.relation === 'child' || row.relation === 'parent' ? row.relation : 'self'
      await submit(
        ctx,
        {
          body: kept.body,
          relation,
          by: row.account_id === null ? 'proxy' : relation === 'self' ? 'self' : 'guardian',
          accountId: row.account_id,
          sessionId: row.session_id,
          phone: kept.phone,
          lent: kept.lent,
          basis: 'proof',
          accepted: true,
        },
        subject,
      )
    }
    await decideHeldRow(ctx.db, id, {
      state,
      by: actorId(ctx),
      at: ctx.now,
      reason: sealed,
    })
    if (row.account_id !== null)
      await insertNotices(ctx.db, [
        {
          accountId: row.account_id,
          id: newId(ctx.now),
          kind: `registration.${state}`,
          body: TOLD[state],
          at: ctx.now,
        },
      ])
    ctx.audit({
      verb: 'registration.decide',
      thing: 'registration_held',
      thingId: id,
      area: row.area,
      ids: [row.person_id],
      purpose: 'review_duplicate',
      detail: { decision, cardSeen },
    })
    return { id, state }
  },
})

// ---- Proxy by a worker --------------------------------------------------------------------------------------------------------------

/**
 * REGISTER-17: for somebody who cannot do it: the worker has the card in hand, and is named as who typed it. No account stands for the
 * person by it; a code on paper is made at the desk.
 */
export const proxyRegister = defineAction({
  name: 'registration.proxy',
  input: ProxyRegister,
  output: ProxyRegistered,
  reach: 'all',
  run: async (ctx, args): Promise<z.infer<typeof ProxyRegistered>> => {
    const { phone: told, occurredAt: _, ...body } = args
    const area = areaOf(ctx, body.home)
    if (!ctx.scope.some((mine) => contains(mine, area) || contains(area, mine))) throw notFound({ thing: 'area' })
    const at = ctx.scope.find((mine) => contains(area, mine) || contains(mine, area)) ?? area
    permit(ctx, 'file', { kind: 'registration', area: contains(area, at) ? at : area })
    const phone = told === undefined || told === '' ? null : normalisePhone(told)
    if (told !== undefined && told !== '' && phone === null) throw badPhone({ value: '' }, 'phone')
    const subject = await readSubject(ctx, body, phone)
    const sent = await submit(
      ctx,
      {
        body,
        relation: 'self',
        by: 'proxy',
        accountId: null,
        sessionId: null,
        phone,
        lent: false,
        basis: 'proxy',
      },
      subject,
    )
    ctx.audit({
      verb: 'registration.proxy',
      thing: 'person',
      thingId: sent.personId ?? body.id,
      area: at,
      purpose: 'check_at_door',
      ids: sent.personId === null ? [] : [sent.personId],
    })
    return { state: sent.state, personId: sent.personId, masked: sent.masked, n: sent.n }
  },
})
