/** Posts, rosters of shifts, and coming and going by a code of the post. */
import { addDays, daysBetween } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import {
  AddPost,
  ForceDone,
  MendTurn,
  PlannedShifts,
  PlanShifts,
  PutOnShift,
  SignTurn,
  TakeOff,
  TurnView,
} from '@weiwang/domain/teams/force-api'
import { paperText, paperTime, readSignCode, screenText, screenTime } from '@weiwang/domain/teams/force-code'
import type { SignTime } from '@weiwang/domain/teams/force-code'
import {
  badCode,
  badForceDays,
  badTimes,
  forceAway,
  forceBusy,
  forceEnded,
  notOnRoster,
  notSignedIn,
  shiftFull,
} from '@weiwang/domain/teams/force-problems'
import { AFTER_MIN, BEFORE_MIN, shiftsOf, turnCounts } from '@weiwang/domain/teams/force-time'
import { countyAccounts } from './force-store.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { endAction } from './force-end.ts'
import { fileAt } from './force-people.ts'
import { presentTurns } from './force-queries.ts'
import { lockAccountRoster } from './force-store.ts'
import {
  awayOnDay,
  endPost,
  endShift,
  findShift,
  hasDutyInCounty,
  insertPost,
  insertShifts,
  insertTurn,
  lockPost,
  lockShift,
  lockTurn,
  lockTurnFor,
  turnAcross,
  turnsOfShifts,
  updateTurn,
} from './force-store-posts.ts'
import type { TurnRow } from './force-store-posts.ts'

const MOST_DAYS = 62
const MINUTE = 60_000

export const addPost = defineAction({
  name: 'force.post',
  input: AddPost,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const { county } = await fileAt(ctx, args.area)
    await insertPost(ctx.db, {
      county,
      id: args.id,
      area: args.area,
      kind: args.kind,
      name: args.name,
      opened_at: ctx.now,
    })
    ctx.audit({ verb: 'force.post', thing: 'force', thingId: args.id, area: args.area, detail: { kind: args.kind } })
    return { id: args.id }
  },
})

export const closePost = endAction({ name: 'force.post_end', thing: 'post', lock: lockPost, end: endPost })

/** FORCE-6: one shift a day at the same hours; days that have it already stay as they are. */
export const planShifts = defineAction({
  name: 'force.shifts',
  input: PlanShifts,
  output: PlannedShifts,
  reach: 'county',
  run: async (ctx, args) => {
    const post = await lockPost(ctx.db, ctx.scope, args.postId)
    if (!post) throw notFound({ thing: 'post' })
    await fileAt(ctx, post.area)
    if (post.ended_at !== null) throw forceEnded({})
    if (args.to < args.from || args.from < addDays(ctx.today, -1) || daysBetween(args.from, args.to) >= MOST_DAYS)
      throw badForceDays({}, 'to')
    const spans = shiftsOf(args, ctx.zone)
    const made = await insertShifts(
      ctx.db,
      spans.map((span) => ({
        county: post.county,
        id: newId(ctx.now),
        post_id: post.id,
        area: post.area,
        post_kind: post.kind,
        post_name: post.name,
        day: span.day,
        starts_at: span.startsAt,
        ends_at: span.endsAt,
        needed: args.needed,
        at: ctx.now,
      })),
    )
    ctx.audit({
      verb: 'force.shifts',
      thing: 'force',
      thingId: post.id,
      area: post.area,
      detail: { from: args.from, to: args.to, starts: args.starts, ends: args.ends, needed: args.needed, made },
    })
    return { made, there: spans.length - made }
  },
})

export const cancelShift = defineAction({
  name: 'force.shift_end',
  input: TakeOff,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await lockShift(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'shift' })
    permit(ctx, 'file', { kind: 'force', area: row.area })
    if (row.ended_at !== null) throw forceEnded({})
    await endShift(ctx.db, row, ctx.now)
    ctx.audit({
      verb: 'force.shift_end',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { reason: args.reason },
    })
    return { id: row.id }
  },
})

/** FORCE-6: who has a duty in the county, is not away and stands nowhere else at the time. */
export const putOnShift = defineAction({
  name: 'force.turn',
  input: PutOnShift,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    await lockAccountRoster(ctx.db, args.accountId)
    const shift = await lockShift(ctx.db, ctx.scope, args.id)
    if (!shift) throw notFound({ thing: 'shift' })
    const { emergencyId } = await fileAt(ctx, shift.area)
    if (shift.ended_at !== null || shift.ends_at <= ctx.now) throw forceEnded({})
    const [account] = await countyAccounts(ctx.db, [args.accountId])
    if (!account || !(await hasDutyInCounty(ctx.db, account.id, shift.county, shift.day)))
      throw forceAway({}, 'accountId')
    const busy = await turnAcross(ctx.db, account.id, shift.starts_at, shift.ends_at)
    if (busy) throw forceBusy({ post: busy.post_name }, 'accountId')
    if ((await awayOnDay(ctx.db, [account.id], shift.day)).has(account.id)) throw forceAway({}, 'accountId')
    if ((await turnsOfShifts(ctx.db, [shift.id])).length >= shift.needed) throw shiftFull({ needed: shift.needed })
    await insertTurn(ctx.db, {
      county: shift.county,
      id: args.turnId,
      shift_id: shift.id,
      post_id: shift.post_id,
      area: shift.area,
      post_name: shift.post_name,
      account_id: account.id,
      account_name: account.name,
      emergency_id: emergencyId,
      day: shift.day,
      starts_at: shift.starts_at,
      ends_at: shift.ends_at,
      at: ctx.now,
    })
    ctx.audit({
      verb: 'force.turn',
      thing: 'force',
      thingId: args.turnId,
      area: shift.area,
      detail: { account: account.id, shift: shift.id },
    })
    return { id: args.turnId }
  },
})

async function openTurn(ctx: Ctx, id: string): Promise<TurnRow> {
  const row = await lockTurn(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'turn' })
  permit(ctx, 'file', { kind: 'force', area: row.area })
  if (row.ended_at !== null || row.blanked_at !== null) throw forceEnded({})
  return row
}

export const takeOffShift = defineAction({
  name: 'force.turn_end',
  input: TakeOff,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openTurn(ctx, args.id)
    if (row.in_at !== null) throw forceEnded({})
    await updateTurn(ctx.db, row, { ended_at: ctx.now })
    ctx.audit({
      verb: 'force.turn_end',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { reason: args.reason },
    })
    return { id: row.id }
  },
})

type Times = Pick<TurnRow, 'in_at' | 'in_how' | 'out_at' | 'out_how'>

/** One way for all who write times: the row and its counter, in one transaction (STAT-1). */
async function setTimes(
  ctx: Ctx,
  row: TurnRow,
  set: Times & { mended_by?: string; mended_why?: string },
): Promise<TurnRow> {
  const base = { area: row.area, day: row.day, ended: row.ended_at !== null }
  const before = turnCounts({ ...base, inAt: row.in_at, outAt: row.out_at })
  const after = turnCounts({ ...base, inAt: set.in_at, outAt: set.out_at })
  await updateTurn(ctx.db, row, set)
  ctx.count([...before.map((step) => ({ ...step, n: -step.n })), ...after])
  return { ...row, ...set }
}

/** FORCE-8: what was forgotten is entered by the desk, with its name and the reason. */
export const mendTurn = defineAction({
  name: 'force.mend',
  input: MendTurn,
  output: TurnView,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await openTurn(ctx, args.id)
    await requireOpenEmergency(ctx, row.area)
    const inAt = args.inAt === null ? null : new Date(args.inAt)
    const outAt = args.outAt === null ? null : new Date(args.outAt)
    const ahead = [inAt, outAt].some((at) => at !== null && at > ctx.now)
    const far = [inAt, outAt].some(
      (at) => at !== null && Math.abs(at.getTime() - row.starts_at.getTime()) > 48 * 60 * MINUTE,
    )
    if (ahead || far || (outAt !== null && (inAt === null || outAt < inAt))) throw badTimes({})
    const mended = await setTimes(ctx, row, {
      in_at: inAt,
      in_how: inAt === null ? null : 'hand',
      out_at: outAt,
      out_how: outAt === null ? null : 'hand',
      mended_by: ctx.actor.name,
      mended_why: args.reason,
    })
    ctx.audit({ verb: 'force.mend', thing: 'force', thingId: row.id, area: row.area, detail: { reason: args.reason } })
    return firstOf(await presentTurns(ctx, [mended]))
  },
})

function firstOf<T>(items: readonly T[]): T {
  const [first] = items
  if (first === undefined) throw notFound({ thing: 'turn' })
  return first
}

/** FORCE-7: the proof is the server's own; the minute in the code is the server's, so no clock of a phone decides. */
export const signTurn = defineAction({
  name: 'force.sign',
  input: SignTurn,
  output: TurnView,
  reach: 'all',
  run: async (ctx, args) => {
    if (ctx.actor.kind !== 'account') throw notAllowed({ verb: 'file', thing: 'force' })
    const code = readSignCode(args.code)
    if (!code) throw badCode({})
    const text = code.kind === 'screen' ? screenText(code.postId, code.minute) : paperText(code.shiftId)
    if (ctx.keys.hash('post_code', text).toString('hex') !== code.proof) throw badCode({})
    const time = code.kind === 'screen' ? screenTime(code.minute, ctx.now) : await paperAt(ctx, code.shiftId, args.at)
    if (!time.ok) throw badCode({})
    const of = code.kind === 'screen' ? { postId: code.postId } : { shiftId: code.shiftId }
    const row = await turnAt(ctx, args.act, of, time.at)
    if (args.act === 'out' && row.in_at === null) throw notSignedIn({})
    // The first coming and the last going count; a code that arrives twice changes nothing.
    const in_ = args.act === 'in' && (row.in_at === null || time.at < row.in_at)
    const out = args.act === 'out' && (row.out_at === null || time.at > row.out_at) && time.at >= (row.in_at ?? time.at)
    const signed =
      in_ || out
        ? await setTimes(ctx, row, {
            in_at: in_ ? time.at : row.in_at,
            in_how: in_ ? time.how : row.in_how,
            out_at: out ? time.at : row.out_at,
            out_how: out ? time.how : row.out_how,
          })
        : row
    ctx.audit({
      verb: 'force.sign',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { act: args.act, how: time.how },
    })
    return firstOf(await presentTurns(ctx, [signed]))
  },
})

async function paperAt(ctx: Ctx, shiftId: string, said: string | undefined): Promise<SignTime> {
  const shift = await findShift(ctx.db, [''], shiftId)
  if (!shift || shift.ended_at !== null) return { ok: false }
  return paperTime(
    { startsAt: shift.starts_at, endsAt: shift.ends_at },
    said === undefined ? null : new Date(said),
    ctx.now,
  )
}

/** Of two shifts one after the other: coming is to the one that runs, going is from the one in which somebody is. */
async function turnAt(
  ctx: Ctx,
  act: 'in' | 'out',
  of: { postId: string } | { shiftId: string },
  at: Date,
): Promise<TurnRow> {
  const opens = new Date(at.getTime() + BEFORE_MIN * MINUTE)
  const closes = new Date(at.getTime() - AFTER_MIN * MINUTE)
  const rows = await lockTurnFor(ctx.db, ctx.actor.id, of, opens, closes)
  const running = rows.find((row) => row.starts_at <= at && at < row.ends_at)
  const present = rows.find((row) => row.in_at !== null && row.out_at === null)
  const left = rows.findLast((row) => row.out_at !== null)
  const fresh = rows.find((row) => row.in_at === null && row.ends_at > at)
  const row = act === 'in' ? (running ?? fresh ?? rows[0]) : (present ?? left ?? rows[0])
  if (!row) throw notOnRoster({})
  return row
}
