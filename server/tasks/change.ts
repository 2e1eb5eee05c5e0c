import type { AreaCode } from '@weiwang/domain/areas/code'
import { countyOf } from '@weiwang/domain/areas/code'
import { differenceOf, keyOfCount, sharedLevels, sourceCounts, taskCounts } from '@weiwang/domain/tasks/counts'
import type { SourceCount } from '@weiwang/domain/tasks/counts'
import { clockFrom, hoursOf } from '@weiwang/domain/tasks/due'
import type { NewTaskEvent } from '@weiwang/domain/tasks/event'
import { dealtWith } from '@weiwang/domain/tasks/escalation'
import { record } from '@weiwang/domain/tasks/fold'
import type { TaskState } from '@weiwang/domain/tasks/fold'
import { z } from 'zod'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import {
  appendEvents,
  campaignOf,
  insertTask,
  insertTransfer,
  nextReference,
  releaseLock,
  rowOf,
  takeLock,
  updateTask,
} from './store.ts'
import type { Loaded } from './store.ts'
import { markDealt } from './store-escalations.ts'

/** Everything that goes with a decided event, in one place, so that no verb can forget it: event, row, lock, counters, feed. */

const GRID = 15

function gridOf(area: AreaCode): AreaCode | null {
  return area.length >= GRID ? area.slice(0, GRID) : null
}

const Why = z.object({
  say: z.object({ zh: z.string(), en: z.string() }),
  until: z.string().nullable().catch(null),
})

/** Why the person is asked for, in words: the worker reads it at the door, where there may be no net. */
function whyOf(reasons: unknown): z.infer<typeof Why>[] {
  if (!Array.isArray(reasons)) return []
  return reasons.flatMap((one) => Why.safeParse(one).data ?? [])
}

/** What a phone of the grid is sent about a task: ids, times and a number; names are opened on the phone by their own request. */
export function feedBody(task: {
  county: string
  state: TaskState
  masked: string
  reference: string
  reasons: unknown
}): object {
  const { state } = task
  return {
    reasons: whyOf(task.reasons),
    sources: state.sources,
    county: task.county,
    area: state.area,
    campaignId: state.campaignId,
    personId: state.personId,
    householdId: state.householdId,
    masked: task.masked,
    reference: task.reference,
    grade: state.grade,
    state: state.state,
    disposition: state.disposition,
    assignee: state.assignee,
    acceptBy: state.acceptedAt === null ? state.clock.acceptBy : null,
    answerBy: state.clock.answerBy,
    dueDay: state.dueDay,
    nextTry: state.nextTry,
    version: state.version,
  }
}

function tellGrids(ctx: Ctx, loaded: Loaded, after: TaskState): void {
  const { row } = loaded
  const before = gridOf(loaded.state.area)
  const now = gridOf(after.area)
  if (before !== null && before !== now) {
    // Gone from here at the next contact, with the reason (case 1).
    ctx.feed({
      grid: before,
      kind: 'task',
      id: row.id,
      body: { county: row.county, gone: true, why: after.state, version: after.version },
    })
  }
  if (now === null) return
  const gone = after.outcome === 'moved' || after.outcome === 'withdrawn' || after.outcome === 'expired'
  const body = gone
    ? { county: row.county, gone: true, why: after.outcome, version: after.version }
    : feedBody({ county: row.county, state: after, masked: row.masked, reference: row.reference, reasons: row.reasons })
  ctx.feed({
    grid: now,
    kind: 'task',
    id: row.id,
    urgent: !gone && after.grade === 'red' && after.answeredAt === null,
    body,
  })
}

const keyOfSource = (count: SourceCount): string => `${count.source}|${count.day}|${count.disposition}`

async function moveLock(ctx: Ctx, loaded: Loaded, after: TaskState): Promise<void> {
  const { row, state: before } = loaded
  if (row.person_id === null) return
  if (before.closedAt === null && after.closedAt !== null)
    await releaseLock(ctx.db, row.person_id, row.campaign_id, row.id)
  if (before.closedAt !== null && after.closedAt === null) {
    await takeLock(ctx.db, {
      person_id: row.person_id,
      campaign_id: row.campaign_id,
      home_area: after.area,
      county: row.county,
      task_id: row.id,
    })
  }
}

/** `text`: what a person typed with the act. It is sealed beside the event; events themselves hold closed words only. */
export type ChangeOptions = { occurredAt?: string; by?: string | null; text?: string | undefined }

async function sealText(ctx: Ctx, loaded: Loaded, n: number, text: string): Promise<Buffer> {
  const { emergency_id } = await campaignOf(ctx.db, loaded.row.campaign_id)
  return ctx.keys.seal({ emergencyId: emergency_id, now: ctx.now, ...textPlace(loaded.row.id, n) }, text)
}

export function textPlace(taskId: string, n: number): { table: string; row: string; column: string } {
  return { table: 'task_event', row: `${taskId}/${n}`, column: 'text_sealed' }
}

/**
 * Applies decided events to a locked task: appends them, writes the row by the fold, moves the counters by the difference,
 * takes or gives back the lock, tells the grids before and after, and says `task.answered` / `task.forwarded` to who reacts.
 */
export async function changeTask(
  ctx: Ctx,
  loaded: Loaded,
  events: readonly NewTaskEvent[],
  options: ChangeOptions = {},
): Promise<Loaded> {
  if (events.length === 0) return loaded
  const { row, state: before } = loaded
  const recordedAt = ctx.now.toISOString()
  const by = options.by === undefined ? actorId(ctx) : options.by
  const { state: after, events: recorded } = record(before, events, {
    area: before.area,
    by,
    occurredAt: options.occurredAt ?? recordedAt,
    recordedAt,
  })
  const first = recorded[0]?.n ?? 0
  const sealed = options.text ? { n: first, text: await sealText(ctx, loaded, first, options.text) } : null
  await appendEvents(ctx.db, row.county, row.id, recorded, sealed)
  await updateTask(ctx.db, row, after)
  await moveLock(ctx, loaded, after)
  ctx.count(differenceOf(taskCounts(before), taskCounts(after), keyOfCount))
  const answers = differenceOf(sourceCounts(before), sourceCounts(after), keyOfSource)
  ctx.countSources(answers.map((count) => ({ county: row.county, ...count })))
  const dealt = dealtWith(before, after, recorded)
  if (dealt !== null) await markDealt(ctx.db, { county: row.county, taskId: row.id }, { how: dealt, by, at: ctx.now })
  tellGrids(ctx, loaded, after)
  if (after.answeredAt !== null && (before.answeredAt === null || before.disposition !== after.disposition)) {
    ctx.emit('task.answered', { county: row.county, taskId: row.id, disposition: after.disposition })
  }
  for (const event of recorded) {
    if (event.kind === 'answered' && event.body.successor !== null) {
      ctx.emit('task.forwarded', { county: row.county, taskId: row.id, to: event.body.successor })
    }
  }
  return { row: { ...row, area: after.area, version: after.version }, state: after }
}

export type Opening = {
  id: string
  area: AreaCode
  personId: string
  householdId: string | null
  masked: string
  from: { loaded: Loaded; area: AreaCode }
}

/**
 * Opens the successor of a task in another area, same root (case 32). Nothing happens when the person has an open task of the
 * campaign already, or the successor exists: a repeat is harmless.
 */
export async function openSuccessor(ctx: Ctx, opening: Opening): Promise<boolean> {
  const { row, state } = opening.from.loaded
  const county = countyOf(opening.area)
  const locked = await takeLock(ctx.db, {
    person_id: opening.personId,
    campaign_id: row.campaign_id,
    home_area: opening.area,
    county,
    task_id: opening.id,
  })
  if (!locked) return false
  const campaign = await campaignOf(ctx.db, row.campaign_id)
  const at = ctx.now.toISOString()
  const opened: NewTaskEvent = {
    kind: 'opened',
    body: {
      on: ctx.today,
      pushId: row.push_id,
      root: row.root,
      campaignId: row.campaign_id,
      personId: opening.personId,
      householdId: opening.householdId,
      grade: state.grade,
      clock: clockFrom(ctx.now, state.grade, hoursOf(campaign.hours), ctx.zone),
      sources: state.sources,
      movedFrom: { county: row.county, taskId: row.id, area: opening.from.area },
    },
  }
  const fresh = record(null, [opened], { area: opening.area, by: null, occurredAt: at, recordedAt: at })
  const reference = await nextReference(ctx.db, county)
  await insertTask(ctx.db, {
    county,
    id: opening.id,
    root: row.root,
    campaign_id: row.campaign_id,
    push_id: row.push_id,
    kind: 'check',
    person_id: opening.personId,
    masked: opening.masked,
    reasons: json(row.reasons),
    reference,
    opened_at: ctx.now,
    ...rowOf(fresh.state),
  })
  await appendEvents(ctx.db, county, opening.id, fresh.events)
  await recordTransfer(ctx, {
    taskId: row.id,
    n: state.version,
    direction: 'out',
    area: opening.from.area,
    other: opening.area,
    masked: opening.masked,
  })
  await recordTransfer(ctx, {
    taskId: opening.id,
    n: 1,
    direction: 'in',
    area: opening.area,
    other: opening.from.area,
    masked: opening.masked,
  })
  const grid = gridOf(opening.area)
  if (grid !== null) {
    ctx.feed({
      grid,
      kind: 'task',
      id: opening.id,
      urgent: state.grade === 'red',
      body: feedBody({ county, state: fresh.state, masked: opening.masked, reference, reasons: row.reasons }),
    })
  }
  return true
}

/** Case 33: transfers are reportable at every level; the counter is keyed by the levels that both ends share (STAT-7). */
export async function recordTransfer(
  ctx: Ctx,
  transfer: { taskId: string; n: number; direction: 'in' | 'out'; area: AreaCode; other: AreaCode; masked: string },
): Promise<void> {
  const shared = sharedLevels(transfer.area, transfer.other)
  const { taskId, ...rest } = transfer
  await insertTransfer(ctx.db, {
    county: countyOf(transfer.area),
    task_id: taskId,
    shared,
    day: ctx.today,
    at: ctx.now,
    ...rest,
  })
  ctx.count([{ area: transfer.area.slice(0, GRID), day: ctx.today, metric: `${transfer.direction}@${shared}`, n: 1 }])
}
