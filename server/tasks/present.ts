import type { TaskCard } from '@weiwang/domain/tasks/api'
import { Grade, LIST_OUTCOMES, Outcome, TaskStateName } from '@weiwang/domain/tasks/api'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { accountNames } from '../access/names.ts'
import { doorsOf } from './store.ts'
import type { TaskRow } from './store.ts'
import type { ListEntryRow, TransferRow } from './store-lists.ts'

/** Rows to the wire: one presenter for each thing, by whitelist. */
const MINUTE = 60_000

export function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}

/** Late at `now` if it is still open, otherwise at the moment of the answer (case 66). */
function lateMinutes(row: TaskRow, now: Date): number {
  const until = row.answered_at ?? row.closed_at ?? now
  return Math.max(0, Math.floor((until.getTime() - row.answer_by.getTime()) / MINUTE))
}

export async function presentTasks(ctx: Ctx, rows: readonly TaskRow[]): Promise<TaskCard[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    rows.map((row) => row.assignee),
  )
  const doors = await doorsOf(
    ctx.db,
    rows.map((row) => ({ county: row.county, id: row.household_id })),
  )
  return rows.map((row) => ({
    id: row.id,
    county: row.county,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    campaignId: row.campaign_id,
    personId: row.person_id,
    householdId: row.household_id,
    masked: row.masked,
    door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
    grade: Grade.parse(row.grade),
    state: TaskStateName.parse(row.state),
    outcome: row.outcome === null ? null : Outcome.parse(row.outcome),
    disposition: row.disposition,
    assignee: row.assignee === null ? null : { id: row.assignee, name: people.get(row.assignee) ?? '' },
    reference: row.reference,
    attempts: row.attempts,
    acceptBy: iso(row.accept_by),
    answerBy: row.answer_by.toISOString(),
    nextTry: iso(row.next_try),
    dueDay: row.due_day,
    lateMinutes: lateMinutes(row, ctx.now),
    escalated: row.escalated,
    openedAt: row.opened_at.toISOString(),
    answeredAt: iso(row.answered_at),
    closedAt: iso(row.closed_at),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  }))
}

const ListOutcome = z.enum(LIST_OUTCOMES)

export async function presentEntries(ctx: Ctx, rows: readonly ListEntryRow[]) {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    pushId: row.push_id,
    personId: row.person_id,
    masked: row.masked,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    grade: Grade.parse(row.grade),
    outcome: ListOutcome.parse(row.outcome),
    taskId: row.task_id,
    state: row.state === null ? null : TaskStateName.parse(row.state),
    disposition: row.disposition,
    at: row.at.toISOString(),
  }))
}

export async function presentTransfers(ctx: Ctx, rows: readonly TransferRow[]) {
  const names = await areaNames(
    ctx.db,
    rows.flatMap((row) => [row.area, row.other]),
  )
  return rows.map((row) => ({
    taskId: row.task_id,
    masked: row.masked,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    other: row.other,
    otherName: names.get(row.other) ?? row.other,
    day: row.day,
    at: row.at.toISOString(),
  }))
}
