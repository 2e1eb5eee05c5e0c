/** Officers and department staff in grids for a time (三官进网格), and what happens when the time is over. */
import { ineligible } from '@weiwang/domain/access/duty'
import { addDays, daysBetween, instantOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { Attach, EndAttachment, EndedAttachment, ForceDone, ForceId } from '@weiwang/domain/teams/force-api'
import { badForceDays, badSuccessor, forceEnded, needsFieldRole } from '@weiwang/domain/teams/force-problems'
import { findAccount, lockAccount } from '../access/account-store.ts'
import { giveDuty } from '../access/duty-actions.ts'
import { endDutyRow, findOverlap, lockDuty } from '../access/duty-store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { handOn } from './force-hand.ts'
import { fileAt } from './force-people.ts'
import {
  attachmentsDue,
  doneHandover,
  insertAttachment,
  lockAttachment,
  lockHandover,
  updateAttachment,
} from './force-store.ts'
import type { AttachmentRow } from './force-store.ts'

const MOST_DAYS = 366
const CHUNK = 50

/** FORCE-4: a duty of the access room from day to day, and the line that says from which body. */
export const attach = defineAction({
  name: 'force.attach',
  input: Attach,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const { county, emergencyId } = await fileAt(ctx, args.area)
    if (args.to < args.from || args.to < ctx.today || daysBetween(args.from, args.to) > MOST_DAYS)
      throw badForceDays({}, 'to')
    const account = await lockAccount(ctx.db, [county], args.accountId, ctx.today)
    if (!account) throw notFound({ thing: 'account' })
    const why = ineligible(account, args.area)
    if (why !== null) throw needsFieldRole({ why }, 'accountId')
    const duty = await giveDuty(ctx, account, {
      area: args.area,
      kind: 'cover',
      standsInFor: null,
      from: args.from,
      to: args.to,
    })
    await insertAttachment(ctx.db, {
      county,
      id: args.id,
      area: args.area,
      account_id: account.id,
      account_name: account.name,
      body: args.body,
      body_name: args.bodyName,
      duty_id: duty,
      emergency_id: emergencyId,
      from_day: args.from,
      to_day: args.to,
      at: ctx.now,
      by_name: ctx.actor.name,
    })
    ctx.audit({
      verb: 'force.attach',
      thing: 'force',
      thingId: args.id,
      area: args.area,
      detail: { account: account.id, body: args.body, from: args.from, to: args.to },
    })
    ctx.emit('duty.changed', { accountId: account.id, areas: [args.area] })
    return { id: args.id }
  },
})

/** What was open goes on, the assignment is over. The duty ended by its own last day. */
async function close(ctx: Ctx, row: AttachmentRow): Promise<number> {
  const to = row.successor_id === null ? null : { id: row.successor_id, name: row.successor_name ?? '' }
  await updateAttachment(ctx.db, row, { ended_at: ctx.now })
  const { handed } = await handOn(ctx, {
    county: row.county,
    area: row.area,
    accountId: row.account_id,
    name: row.account_name,
    emergencyId: row.emergency_id,
    from: instantOf(addDays(row.to_day, 1), ctx.zone),
    to,
  })
  ctx.audit({
    verb: 'force.attachment_over',
    thing: 'force',
    thingId: row.id,
    area: row.area,
    detail: { account: row.account_id, successor: row.successor_id, handed },
  })
  ctx.emit('duty.changed', { accountId: row.account_id, areas: [row.area] })
  return handed
}

/** Ends earlier or as it was, with a successor who gets a duty over the same area from the day after. */
export const endAttachment = defineAction({
  name: 'force.attachment_end',
  input: EndAttachment,
  output: EndedAttachment,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await lockAttachment(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'force' })
    const { emergencyId } = await fileAt(ctx, row.area)
    if (row.ended_at !== null) throw forceEnded({})
    const yesterday = addDays(ctx.today, -1)
    if (args.lastDay < yesterday || args.lastDay > row.to_day) throw badForceDays({}, 'lastDay')
    const successor = args.successorId === null ? null : await successorOf(ctx, row, args.successorId, args.lastDay)
    const duty = await lockDuty(ctx.db, [row.county], row.duty_id)
    if (duty && duty.ended_at === null && args.lastDay !== row.to_day)
      await endDutyRow(ctx.db, duty, args.lastDay, ctx.now)
    const lastDay = args.lastDay < row.from_day ? row.from_day : args.lastDay
    const set = {
      to_day: lastDay,
      emergency_id: emergencyId,
      successor_id: successor?.id ?? null,
      successor_name: successor?.name ?? null,
    }
    await updateAttachment(ctx.db, row, set)
    ctx.audit({
      verb: 'force.attachment_end',
      thing: 'force',
      thingId: row.id,
      area: row.area,
      detail: { lastDay: args.lastDay, successor: successor?.id ?? null, reason: args.reason },
    })
    const over = args.lastDay < ctx.today
    const handed = over ? await close(ctx, { ...row, ...set, to_day: args.lastDay }) : 0
    return { id: row.id, over, handed }
  },
})

async function successorOf(
  ctx: Ctx,
  row: AttachmentRow,
  id: string,
  lastDay: string,
): Promise<{ id: string; name: string }> {
  if (id === row.account_id) throw badSuccessor({ why: 'self' }, 'successorId')
  const account = await findAccount(ctx.db, [row.county], id, ctx.today)
  if (!account) throw notFound({ thing: 'account' })
  const why = ineligible(account, row.area)
  if (why !== null) throw badSuccessor({ why }, 'successorId')
  const next = addDays(lastDay, 1)
  const from = next > ctx.today ? next : ctx.today
  if (!(await findOverlap(ctx.db, account.id, row.area, from, null))) {
    await giveDuty(ctx, account, { area: row.area, kind: 'cover', standsInFor: null, from, to: null })
    ctx.emit('duty.changed', { accountId: account.id, areas: [row.area] })
  }
  return account
}

/** FORCE-5: assignments whose last day is over, the day after at the latest. */
export async function closeAttachments(server: Server): Promise<void> {
  for (;;) {
    const n = await server.asSystem('forces.attachments', async (ctx) => {
      const due = await attachmentsDue(ctx.db, ctx.today, CHUNK)
      for (const row of due) await close(ctx, row)
      return due.length
    })
    if (n < CHUNK) return
  }
}

/** The desk says that it has dealt with a line of its list. */
export const settleHandover = defineAction({
  name: 'force.settle',
  input: ForceId,
  output: ForceDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await lockHandover(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'force' })
    permit(ctx, 'file', { kind: 'force', area: row.area })
    if (row.done_at !== null) throw forceEnded({})
    await doneHandover(ctx.db, row, ctx.actor.name, ctx.now)
    ctx.audit({ verb: 'force.settle', thing: 'force', thingId: row.id, area: row.area, detail: { thing: row.thing } })
    return { id: row.id }
  },
})
