import { AssignDuty, EndDuty, ReassignDuties, StandIn } from '@weiwang/domain/access/api'
import type { DutyItem, Reassigned, StoodIn } from '@weiwang/domain/access/api'
import { ineligible, validOn } from '@weiwang/domain/access/duty'
import { badDays, dutyOverlaps, noSuchArea, notEligible } from '@weiwang/domain/access/problems'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { tell } from './account-actions.ts'
import { findAccount, lockAccount } from './account-store.ts'
import type { AccountRow } from './account-store.ts'
import { endDutyRow, findOverlap, insertDuty, lockDutiesOf, lockDuty } from './duty-store.ts'
import type { DutyRow } from './duty-store.ts'
import { areaExists, areaNames } from './store.ts'

type DutyView = z.infer<typeof DutyItem>
const Kind = z.enum(['cover', 'stand_in', 'shift'])
/** A grid's phones follow its feed; an area above has no feed of its own. */
const GRID_DIGITS = 15

export async function presentDuties(ctx: Ctx, rows: readonly DutyRow[], day: Day = ctx.today): Promise<DutyView[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    accountName: row.account_name,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    kind: Kind.parse(row.kind),
    standsInFor: row.stands_in_for,
    standsInForName: row.stands_in_for_name,
    from: row.from_day,
    to: row.to_day,
    by: row.created_by,
    byName: row.created_by_name,
    createdAt: row.created_at.toISOString(),
    validToday: validOn({ from: row.from_day, to: row.to_day, ended: row.ended_at !== null }, day),
  }))
}

async function eligibleOwner(ctx: Ctx, id: string, area: AreaCode): Promise<AccountRow> {
  const account = await lockAccount(ctx.db, ctx.scope, id, ctx.today)
  if (!account) throw notFound({ thing: 'account' })
  const why = ineligible(account, area)
  if (why !== null) throw notEligible({ why }, 'accountId')
  return account
}

type NewDuty = {
  area: AreaCode
  kind: 'cover' | 'stand_in' | 'shift'
  standsInFor: AccountRow | null
  from: Day
  to: Day | null
}

/** Writes one duty, tells the person and the grid's phones. The caller has checked rights and eligibility. */
export async function giveDuty(ctx: Ctx, owner: { id: string; name: string }, duty: NewDuty): Promise<string> {
  const other = await findOverlap(ctx.db, owner.id, duty.area, duty.from, duty.to)
  if (other) throw dutyOverlaps({ from: other.from_day, to: other.to_day })
  const id = newId(ctx.now)
  await insertDuty(ctx.db, {
    id,
    account_id: owner.id,
    account_name: owner.name,
    area: duty.area,
    kind: duty.kind,
    stands_in_for: duty.standsInFor?.id ?? null,
    stands_in_for_name: duty.standsInFor?.name ?? null,
    from_day: duty.from,
    to_day: duty.to,
    created_by: actorId(ctx),
    created_by_name: ctx.actor.name,
    created_at: ctx.now,
  })
  tellGrid(ctx, duty.area, id, { account: owner.id, from: duty.from, to: duty.to, by: ctx.actor.name })
  return id
}

function tellGrid(ctx: Ctx, area: AreaCode, id: string, body: object): void {
  if (area.length >= GRID_DIGITS) ctx.feed({ grid: area.slice(0, GRID_DIGITS), kind: 'duty', id, body })
}

async function tellOwner(ctx: Ctx, account: string, area: AreaCode, given: boolean, from: Day): Promise<void> {
  const name = (await areaNames(ctx.db, [area])).get(area) ?? area
  const body = given
    ? say(`${ctx.actor.name} 安排您自 ${from} 起负责 ${name}`, `${ctx.actor.name} assigned ${name} to you from ${from}`)
    : say(
        `${ctx.actor.name} 安排 ${name} 自 ${from} 起不再由您负责`,
        `${ctx.actor.name} took ${name} from you as of ${from}`,
      )
  await tell(ctx, account, given ? 'duty_given' : 'duty_taken', body)
}

/** ACCESS-9: only to those who may have it (case 53), never twice over the same days. */
export const assignDuty = defineAction({
  name: 'duty.assign',
  input: AssignDuty,
  run: async (ctx, args): Promise<DutyView> => {
    permit(ctx, 'file', { kind: 'duty', area: args.area })
    const to = args.to ?? null
    if (to !== null && to < args.from) throw badDays({}, 'to')
    if (!(await areaExists(ctx.db, args.area))) throw noSuchArea({ value: args.area })
    const owner = await eligibleOwner(ctx, args.accountId, args.area)
    const absent =
      args.standsInFor === undefined ? null : await findAccount(ctx.db, ctx.scope, args.standsInFor, ctx.today)
    if (args.standsInFor !== undefined && !absent) throw notFound({ thing: 'account' })
    if (absent?.id === owner.id) throw notEligible({ why: 'self' }, 'standsInFor')
    const id = await giveDuty(ctx, owner, {
      area: args.area,
      kind: args.kind,
      standsInFor: absent,
      from: args.from,
      to,
    })
    ctx.audit({
      verb: 'duty.assign',
      thing: 'duty',
      thingId: id,
      area: args.area,
      detail: { account: owner.id, kind: args.kind, from: args.from, to },
    })
    await tellOwner(ctx, owner.id, args.area, true, args.from)
    ctx.emit('duty.changed', { accountId: owner.id, areas: [args.area] })
    return shownDuty(ctx, id)
  },
})

async function shownDuty(ctx: Ctx, id: string): Promise<DutyView> {
  const row = await lockDuty(ctx.db, ctx.scope, id)
  const [duty] = row ? await presentDuties(ctx, [row]) : []
  if (!duty) throw notFound({ thing: 'duty' })
  return duty
}

export const endDuty = defineAction({
  name: 'duty.end',
  input: EndDuty,
  run: async (ctx, args): Promise<DutyView> => {
    const duty = await lockDuty(ctx.db, ctx.scope, args.id)
    if (!duty || duty.ended_at !== null) throw notFound({ thing: 'duty' })
    permit(ctx, 'file', { kind: 'duty', area: duty.area })
    await endDutyRow(ctx.db, duty, args.lastDay, ctx.now)
    ctx.audit({
      verb: 'duty.end',
      thing: 'duty',
      thingId: duty.id,
      area: duty.area,
      detail: { account: duty.account_id, lastDay: args.lastDay, reason: args.reason },
    })
    tellGrid(ctx, duty.area, duty.id, { account: duty.account_id, to: args.lastDay, by: ctx.actor.name })
    await tellOwner(ctx, duty.account_id, duty.area, false, addDays(args.lastDay, 1))
    ctx.emit('duty.changed', { accountId: duty.account_id, areas: [duty.area] })
    return shownDuty(ctx, duty.id)
  },
})

/** Case 18: all or none, who assigned it is written, both are told. Case 53: the new owner is eligible for every area. */
export const reassignDuties = defineAction({
  name: 'duty.reassign',
  input: ReassignDuties,
  run: async (ctx, args): Promise<z.infer<typeof Reassigned>> => {
    for (const area of args.areas) permit(ctx, 'file', { kind: 'duty', area })
    if (args.from === args.to) throw notEligible({ why: 'self' }, 'to')
    const owners: AccountRow[] = []
    for (const area of args.areas) owners.push(await eligibleOwner(ctx, args.to, area))
    const owner = owners[0]
    const duties = await lockDutiesOf(ctx.db, ctx.scope, args.from, args.day, args.areas)
    const found = new Set(duties.map((duty) => duty.area))
    if (!owner || args.areas.some((area) => !found.has(area))) throw notFound({ thing: 'duty' })
    const ids: DutyRow[] = []
    for (const duty of duties) {
      await endDutyRow(ctx.db, duty, addDays(args.day, -1), ctx.now)
      const from = duty.from_day > args.day ? duty.from_day : args.day
      const id = await giveDuty(ctx, owner, {
        area: duty.area,
        kind: Kind.parse(duty.kind),
        standsInFor: null,
        from,
        to: duty.to_day,
      })
      const row = await lockDuty(ctx.db, ctx.scope, id)
      if (row) ids.push(row)
      await tellOwner(ctx, args.from, duty.area, false, args.day)
      await tellOwner(ctx, args.to, duty.area, true, from)
      ctx.audit({
        verb: 'duty.reassign',
        thing: 'duty',
        thingId: id,
        area: duty.area,
        detail: { from: args.from, to: args.to, day: args.day, reason: args.reason },
      })
    }
    ctx.emit('duty.changed', { accountId: args.from, areas: args.areas })
    ctx.emit('duty.changed', { accountId: args.to, areas: args.areas })
    return { moved: duties.length, duties: await presentDuties(ctx, ids) }
  },
})

/** The later of two days, and the earlier of two ends; no end is the latest. */
const later = (a: Day, b: Day): Day => (a > b ? a : b)
const earlier = (a: Day, b: Day | null): Day => (b !== null && b < a ? b : a)

/** ACCESS-9: who is on leave keeps the duties; the stand-in has them too, from day to day, all or none, and ends by himself. */
export const standIn = defineAction({
  name: 'duty.stand_in',
  input: StandIn,
  run: async (ctx, args): Promise<z.infer<typeof StoodIn>> => {
    for (const area of args.areas) permit(ctx, 'file', { kind: 'duty', area })
    if (args.to < args.from) throw badDays({}, 'to')
    if (args.for === args.by) throw notEligible({ why: 'self' }, 'by')
    const absent = await findAccount(ctx.db, ctx.scope, args.for, ctx.today)
    if (!absent) throw notFound({ thing: 'account' })
    const owners: AccountRow[] = []
    for (const area of args.areas) owners.push(await eligibleOwner(ctx, args.by, area))
    const [owner] = owners
    const held = await lockDutiesOf(ctx.db, ctx.scope, args.for, args.from, args.areas)
    const duties = held.filter((duty) => duty.from_day <= args.to)
    const found = new Set(duties.map((duty) => duty.area))
    if (!owner || args.areas.some((area) => !found.has(area))) throw notFound({ thing: 'duty' })
    const rows: DutyRow[] = []
    for (const duty of duties) {
      const from = later(args.from, duty.from_day)
      const to = earlier(args.to, duty.to_day)
      const id = await giveDuty(ctx, owner, { area: duty.area, kind: 'stand_in', standsInFor: absent, from, to })
      const row = await lockDuty(ctx.db, ctx.scope, id)
      if (row) rows.push(row)
      await tellOwner(ctx, owner.id, duty.area, true, from)
      ctx.audit({
        verb: 'duty.stand_in',
        thing: 'duty',
        thingId: id,
        area: duty.area,
        detail: { for: args.for, by: args.by, from, to, reason: args.reason },
      })
    }
    ctx.emit('duty.changed', { accountId: args.by, areas: args.areas })
    return { given: rows.length, duties: await presentDuties(ctx, rows) }
  },
})
