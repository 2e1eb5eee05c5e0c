/**
 * ACCESS-19: when areas are split, merged or moved, duties and accounts follow from the day on which it is done. A duty goes to
 * what succeeded its area, to every part of one that was split; an account goes to the one successor, otherwise to the parent.
 * There it keeps its field roles; a role that sees by the account's area would see more than was given, so it is withdrawn, and
 * both the person and those who can give it anew are told.
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { FIELD_ROLES } from '@weiwang/domain/access/roles'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { followChange } from '../areas/following.ts'
import type { Following } from '../areas/following.ts'
import { changesFrom, markFollowed, unfollowed } from '../areas/store-following.ts'
import { areaNames } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { tell } from './account-actions.ts'
import { deleteRole, moveRoles, updateAccount } from './account-store.ts'
import { endDutyRow, findOverlap, insertDuty } from './duty-store.ts'
import type { DutyRow } from './duty-store.ts'
import { accountsOnDuty, chiefsAt, lockAccountsInside, lockDutiesInside, moveAsked } from './store-reorganise.ts'
import type { Seat } from './store-reorganise.ts'

const Changed = z.object({ changeId: z.uuid() })
const CHUNK = 100
const LEFT_MS = 120_000
const ZERO = '00000000-0000-0000-0000-000000000000'
const GRID_DIGITS = 15
/** Stands as who assigned the duty. */
const NAME = '辖区调整 Reorganisation'

export async function followAreas(server: Server, payload: unknown): Promise<void> {
  const { changeId } = Changed.parse(payload)
  const ids = await server.asSystem(NAME, (ctx) => changesFrom(ctx.db, changeId))
  for (const id of ids) await followOne(server, id)
}

export async function takeUpAreas(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - LEFT_MS)
  const ids = await server.asSystem(NAME, (ctx) => unfollowed(ctx.db, 'access', before))
  for (const id of ids) await followOne(server, id)
}

/** What has moved no longer lies inside: a walk that was killed begins anew and finds the rest. */
async function followOne(server: Server, changeId: string): Promise<void> {
  const following = await server.asSystem(NAME, (ctx) => followChange(ctx.db, changeId))
  if (following === null) return
  const change = { id: changeId, following }
  for (const chunk of [dutyChunk, accountChunk]) {
    for (let after: string | null = ZERO; after !== null;) {
      const from: string = after
      after = await server.asSystem(NAME, (ctx) => chunk(ctx, change, from))
    }
  }
  await server.asSystem(NAME, async (ctx) => {
    const first = await markFollowed(ctx.db, changeId, 'access', ctx.now)
    if (first) ctx.emit('areas.followed', { changeId, room: 'access' })
  })
}

type Change = { id: string; following: Following }

function targetsOf({ following }: Change, area: AreaCode): AreaCode[] {
  const became = following.becomes(area)
  return became.length > 0 ? became : [following.stands(area)].filter((to) => to !== area)
}

async function dutyChunk(ctx: Ctx, change: Change, after: string): Promise<string | null> {
  const { tops } = change.following
  const accounts = await accountsOnDuty(ctx.db, tops, ctx.today, after, CHUNK)
  const told = new Map<string, { from: Set<AreaCode>; to: Set<AreaCode> }>()
  for (const duty of await lockDutiesInside(ctx.db, accounts, tops, ctx.today)) {
    const targets = targetsOf(change, duty.area)
    if (targets.length === 0) continue
    await carryDuty(ctx, change, duty, targets)
    const mine = told.get(duty.account_id) ?? { from: new Set(), to: new Set() }
    mine.from.add(duty.area)
    for (const to of targets) mine.to.add(to)
    told.set(duty.account_id, mine)
  }
  const names = await areaNames(
    ctx.db,
    [...told.values()].flatMap(({ from, to }) => [...from, ...to]),
    ctx.today,
  )
  const listed = (codes: Set<AreaCode>) => [...codes].map((code) => names.get(code) ?? code).join('、')
  for (const [account, { from, to }] of told) {
    await tell(
      ctx,
      account,
      'duty_given',
      say(
        `辖区调整：${listed(from)} 改为 ${listed(to)}，自 ${ctx.today} 起由您负责`,
        `Areas were reorganised: ${listed(from)} became ${listed(to)}, yours from ${ctx.today}`,
      ),
    )
  }
  return accounts.length < CHUNK ? null : (accounts.at(-1) ?? null)
}

/** Yesterday is the last day of the old; the new begins today, or when the old would have begun. */
async function carryDuty(ctx: Ctx, change: Change, duty: DutyRow, targets: readonly AreaCode[]): Promise<void> {
  await endDutyRow(ctx.db, duty, addDays(ctx.today, -1), ctx.now)
  tellGrid(ctx, duty.area, duty.id, { account: duty.account_id, gone: true, became: targets, by: NAME })
  const from = duty.from_day > ctx.today ? duty.from_day : ctx.today
  for (const area of targets) {
    const span = await freeSpan(ctx, duty, area, from)
    if (span === null) continue
    const id = newId(ctx.now)
    await insertDuty(ctx.db, {
      id,
      account_id: duty.account_id,
      account_name: duty.account_name,
      area,
      kind: duty.kind,
      stands_in_for: duty.stands_in_for,
      stands_in_for_name: duty.stands_in_for_name,
      from_day: span.from,
      to_day: span.to,
      created_by: null,
      created_by_name: NAME,
      created_at: ctx.now,
    })
    tellGrid(ctx, area, id, { account: duty.account_id, from: span.from, to: span.to, by: NAME })
    ctx.audit({
      verb: 'duty.follow',
      thing: 'duty',
      thingId: id,
      area,
      detail: { account: duty.account_id, change: change.id, was: duty.id, from: duty.area },
    })
  }
}

/** What another duty of the same person over the area leaves free: nobody covers an area twice on one day (ACCESS-9). */
async function freeSpan(
  ctx: Ctx,
  duty: DutyRow,
  area: AreaCode,
  from: Day,
): Promise<{ from: Day; to: Day | null } | null> {
  const other = await findOverlap(ctx.db, duty.account_id, area, from, duty.to_day)
  if (!other) return { from, to: duty.to_day }
  if (other.from_day > from) return { from, to: addDays(other.from_day, -1) }
  if (other.to_day === null || (duty.to_day !== null && duty.to_day <= other.to_day)) return null
  return { from: addDays(other.to_day, 1), to: duty.to_day }
}

function tellGrid(ctx: Ctx, area: AreaCode, id: string, body: object): void {
  if (area.length >= GRID_DIGITS) ctx.feed({ grid: area.slice(0, GRID_DIGITS), kind: 'duty', id, body })
}

async function accountChunk(ctx: Ctx, change: Change, after: string): Promise<string | null> {
  const seats = await lockAccountsInside(ctx.db, change.following.tops, after, CHUNK)
  for (const seat of seats) await moveSeat(ctx, change, seat)
  return seats.length < CHUNK ? null : (seats.at(-1)?.id ?? null)
}

async function moveSeat(ctx: Ctx, change: Change, seat: Seat): Promise<void> {
  const to = change.following.stands(seat.area)
  if (to === seat.area) return
  const parted = change.following.becomes(seat.area).length > 1
  const lost = parted ? seat.roles.filter((role) => !FIELD_ROLES.includes(role)) : []
  await updateAccount(ctx.db, seat.id, { area: to, updated_at: ctx.now })
  for (const role of lost) await deleteRole(ctx.db, seat.id, role)
  await moveRoles(ctx.db, seat.id, to)
  await moveAsked(ctx.db, seat.id, to)
  ctx.audit({
    verb: 'account.follow',
    thing: 'account',
    thingId: seat.id,
    area: to,
    detail: { change: change.id, from: seat.area, to, rolesWithdrawn: lost },
  })
  if (lost.length === 0 || seat.state === 'closed') return
  const names = await areaNames(ctx.db, [seat.area, to], ctx.today)
  const [was, now] = [names.get(seat.area) ?? seat.area, names.get(to) ?? to]
  const text = say(
    `${was} 已拆分，原有网格中心岗位失效，账号暂列 ${now}，请重新授予岗位`,
    `${was} was split: the roles of its desk have ended and the account stands at ${now}; give the roles anew`,
  )
  for (const account of new Set([seat.id, ...(await chiefsAt(ctx.db, to))]))
    await tell(ctx, account, 'role_taken', text)
}
