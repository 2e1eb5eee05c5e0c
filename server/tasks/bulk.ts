import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { differenceOf, keyOfCount, sourceCounts, taskCounts } from '@weiwang/domain/tasks/counts'
import { clockFrom } from '@weiwang/domain/tasks/due'
import type { Clock, Hours } from '@weiwang/domain/tasks/due'
import { dealtWith } from '@weiwang/domain/tasks/escalation'
import type { NewTaskEvent, TaskEvent } from '@weiwang/domain/tasks/event'
import { record } from '@weiwang/domain/tasks/fold'
import type { TaskState } from '@weiwang/domain/tasks/fold'
import type { Grade } from '@weiwang/domain/tasks/api'
import type { Ctx, FeedItem } from '../core/ctx.ts'
import { feedBody } from './change.ts'
import { setReasons } from './store.ts'
import type { Loaded } from './store.ts'
import { appendAll, insertAll, referencesFor, releaseLocks, takeLocks, updateAll } from './store-bulk.ts'
import { markDealt } from './store-escalations.ts'

/**
 * Tasks that a later room makes and changes by the hundred in one transaction (a missed reading): the same events, fold, lock,
 * counters and feed as one by one in change.ts, with a handful of statements for all of them.
 */
const GRID = 15

export type NewTask = {
  /** Made from what it is about, so that a repeat falls on itself. */
  id: string
  area: AreaCode
  personId: string
  householdId: string | null
  masked: string
  grade: Grade
  /** Asked how somebody is, unless told that something is to be checked. */
  kind?: 'check' | 'welfare'
  /** As a grade's reasons: what the worker reads at the door. */
  reasons: readonly object[]
}
export type Campaign = { id: string; hours: Hours }

function fed(
  task: { county: string; id: string; masked: string; reference: string; reasons: unknown },
  after: TaskState,
): FeedItem | null {
  if (after.area.length < GRID) return null
  const grid = after.area.slice(0, GRID)
  const gone = after.outcome === 'withdrawn' || after.outcome === 'expired'
  const body = gone
    ? { county: task.county, gone: true, why: after.outcome, version: after.version }
    : feedBody({
        county: task.county,
        state: after,
        masked: task.masked,
        reference: task.reference,
        reasons: task.reasons,
      })
  return { grid, kind: 'task', id: task.id, urgent: !gone && after.grade === 'red' && after.answeredAt === null, body }
}

/** Opens tasks; whoever has an open task of the campaign already keeps that one. @returns the ids that were opened */
export async function openTasks(ctx: Ctx, campaign: Campaign, list: readonly NewTask[]): Promise<Set<string>> {
  if (list.length === 0) return new Set()
  const locked = await takeLocks(
    ctx.db,
    list.map((task) => ({
      person_id: task.personId,
      campaign_id: campaign.id,
      home_area: task.area,
      county: countyOf(task.area),
      task_id: task.id,
    })),
  )
  const fresh = list.filter((task) => locked.has(task.id))
  const references = await referencesFor(
    ctx.db,
    fresh.map((task) => countyOf(task.area)),
  )
  const at = ctx.now.toISOString()
  // One moment and one zone: the due times are the same for all of a grade, and finding them asks the calendar many times.
  const clocks = new Map<Grade, Clock>()
  const clockOf = (grade: Grade): Clock => {
    const clock = clocks.get(grade) ?? clockFrom(ctx.now, grade, campaign.hours, ctx.zone)
    clocks.set(grade, clock)
    return clock
  }
  const made = fresh.map((task, i) => {
    const opened: NewTaskEvent = {
      kind: 'opened',
      body: {
        on: ctx.today,
        pushId: null,
        root: task.id,
        campaignId: campaign.id,
        personId: task.personId,
        householdId: task.householdId,
        grade: task.grade,
        clock: clockOf(task.grade),
        sources: [],
        movedFrom: null,
      },
    }
    const { state, events } = record(null, [opened], { area: task.area, by: null, occurredAt: at, recordedAt: at })
    return { task, state, events, county: countyOf(task.area), reference: references[i] ?? '' }
  })
  await insertAll(
    ctx.db,
    made.map(({ task, state, county, reference }) => ({
      county,
      id: task.id,
      campaignId: campaign.id,
      kind: task.kind ?? 'welfare',
      personId: task.personId,
      masked: task.masked,
      reasons: task.reasons,
      reference,
      state,
    })),
  )
  await appendAll(
    ctx.db,
    made.flatMap(({ task, events, county }) => events.map((event) => ({ county, taskId: task.id, event }))),
  )
  for (const { task, state, county, reference } of made) {
    const item = fed({ county, id: task.id, masked: task.masked, reference, reasons: task.reasons }, state)
    if (item) ctx.feed(item)
  }
  return locked
}

export type TaskChange = { loaded: Loaded; events: readonly NewTaskEvent[]; reasons?: readonly object[] }
export type ChangeStamp = { by: string | null; occurredAt?: string }

/** Applies decided events to locked tasks, all of them at once. Neither their area nor their person changes by it. */
export async function changeTasks(ctx: Ctx, list: readonly TaskChange[], stamp: ChangeStamp): Promise<void> {
  const recordedAt = ctx.now.toISOString()
  const changed = list.flatMap((change) => {
    if (change.events.length === 0) return []
    const { row, state: before } = change.loaded
    const { state: after, events } = record(before, change.events, {
      area: before.area,
      by: stamp.by,
      occurredAt: stamp.occurredAt ?? recordedAt,
      recordedAt,
    })
    return [{ row, before, after, events, reasons: change.reasons }]
  })
  if (changed.length === 0) return
  const lines: { county: string; taskId: string; event: TaskEvent }[] = changed.flatMap(({ row, events }) =>
    events.map((event) => ({ county: row.county, taskId: row.id, event })),
  )
  await appendAll(ctx.db, lines)
  await updateAll(
    ctx.db,
    changed.map(({ row, after }) => ({ county: row.county, id: row.id, state: after })),
  )
  await releaseLocks(
    ctx.db,
    changed.flatMap(({ row, before, after }) => (before.closedAt === null && after.closedAt !== null ? [row.id] : [])),
  )
  for (const { row, before, after, events, reasons } of changed) {
    if (reasons !== undefined) await setReasons(ctx.db, row, reasons)
    ctx.count(differenceOf(taskCounts(before), taskCounts(after), keyOfCount))
    const answers = differenceOf(
      sourceCounts(before),
      sourceCounts(after),
      (count) => `${count.source}|${count.day}|${count.disposition}`,
    )
    ctx.countSources(answers.map((count) => ({ county: row.county, ...count })))
    const dealt = dealtWith(before, after, events)
    if (dealt !== null && before.acceptEscalated + before.answerEscalated > 0)
      await markDealt(ctx.db, { county: row.county, taskId: row.id }, { how: dealt, by: stamp.by, at: ctx.now })
    const item = fed({ ...row, reasons: reasons ?? row.reasons }, after)
    if (item) ctx.feed(item)
    if (after.answeredAt !== null && before.answeredAt === null)
      ctx.emit('task.answered', { county: row.county, taskId: row.id, disposition: after.disposition })
  }
}
