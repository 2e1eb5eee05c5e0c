import { addDays } from '@weiwang/domain/core/day'
import { newestReadings } from '@weiwang/domain/observation/reading'
import type { ReadingBody } from '@weiwang/domain/observation/reading-api'
import type { ReadingPlan } from '@weiwang/domain/observation/slots'
import type { Ctx } from '../core/ctx.ts'
import { readingsOf } from './readings-store.ts'
import type { DueRow } from './readings-store.ts'

/** What a phone of the grid is sent about readings, one thing for each observation; what is due it computes itself (READ-1). */
const GRID = 15
const KEPT = 8

export function zoneOf(row: Pick<DueRow, 'zone'>, ctx: Pick<Ctx, 'zone'>): string {
  return row.zone ?? ctx.zone
}

async function bodyOf(ctx: Ctx, row: DueRow, plan: ReadingPlan, taskId: string | null): Promise<ReadingBody> {
  const key = { county: row.county, observationId: row.observation_id }
  const readings = await readingsOf(ctx.db, [key], { sinceDay: addDays(ctx.today, -4), corrected: false })
  return {
    county: row.county,
    observationId: row.observation_id,
    personId: row.person_id,
    householdId: row.household_id,
    masked: row.masked,
    contact: row.contact,
    zone: zoneOf(row, ctx),
    firstDay: row.first_day,
    lastDay: row.last_day,
    fromAt: row.from_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    plan,
    came: newestReadings(readings, KEPT).map((reading) => ({
      day: reading.day,
      part: reading.part,
      takenAt: reading.occurred_at.toISOString(),
      recordedAt: reading.recorded_at.toISOString(),
      how: reading.how,
      temperature: reading.temperature,
      alarm: reading.alarm,
    })),
    how: row.how,
    taskId,
    heardAt: row.heard_at?.toISOString() ?? null,
  }
}

/** Tells the grid where the person stays; `gone` when nothing is asked there any more. */
export async function tellReadings(
  ctx: Ctx,
  row: DueRow,
  of: { plan: ReadingPlan; taskId: string | null; urgent?: boolean; gone?: string },
): Promise<void> {
  if (row.area.length < GRID) return
  const grid = row.area.slice(0, GRID)
  const item = { grid, kind: 'reading', id: row.observation_id, urgent: of.urgent ?? false }
  if (of.gone !== undefined) return ctx.feed({ ...item, body: { county: row.county, gone: true, why: of.gone } })
  ctx.feed({ ...item, body: await bodyOf(ctx, row, of.plan, of.taskId) })
}

/** The grid that a person has left forgets it. */
export function forgetReadings(ctx: Ctx, of: { county: string; area: string; observationId: string }): void {
  if (of.area.length < GRID) return
  const body = { county: of.county, gone: true, why: 'moved' }
  ctx.feed({ grid: of.area.slice(0, GRID), kind: 'reading', id: of.observationId, body })
}
