import { notFound } from '@weiwang/domain/core/problems'
import { Answers } from '@weiwang/domain/visits/api'
import { isHiddenVisit } from '@weiwang/domain/visits/confidential'
import type { ListVisits, VisitDetail, VisitPersonRow, VisitRow as VisitWire } from '@weiwang/domain/visits/api'
import { areaNames } from '../access/store.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { permitRead, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames } from '../access/names.ts'
import { doorsOf } from '../tasks/store.ts'
import { findVisit, listVisitPersons, listVisits, personsOfVisit, photosOf } from './store.ts'
import type { VisitFilter, VisitRow } from './store.ts'

async function presentVisits(ctx: Ctx, rows: readonly VisitRow[]): Promise<VisitWire[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    rows.map((row) => row.by),
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
    taskId: row.task_id,
    householdId: row.household_id,
    door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
    method: row.method,
    result: row.result,
    disposition: row.disposition,
    purpose: isHiddenVisit(row, ctx.actor.id) ? null : row.purpose,
    persons: row.persons,
    photos: row.photos,
    by: { id: row.by, name: people.get(row.by) ?? '' },
    day: row.day,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    supersedes: row.supersedes,
  }))
}

/** A task's or household's own visits are shown whole, whatever the day; an area's are bounded by days (case 34). */
async function filterOf(ctx: Ctx, args: ListVisits): Promise<VisitFilter> {
  const place = await placeOf(ctx, args)
  permitRead(ctx, 'read', 'visit', place.areas)
  const named = args.taskId !== undefined || args.householdId !== undefined || args.personId !== undefined
  const span =
    named && args.from === undefined && args.to === undefined
      ? { from: '1000-01-01', to: '9999-12-31' }
      : spanOf(ctx, args)
  return {
    ...place,
    ...span,
    taskId: args.taskId,
    householdId: args.householdId,
    personId: args.personId,
    by: args.by,
    recordedSince: args.recordedSince === undefined ? undefined : new Date(args.recordedSince),
  }
}

export async function readVisits(ctx: Ctx, args: ListVisits) {
  const page = await listVisits(ctx.db, await filterOf(ctx, args), args)
  return { items: await presentVisits(ctx, page.rows), next: page.next, total: page.total }
}

export async function readVisitPersons(
  ctx: Ctx,
  args: ListVisits,
): Promise<{ items: VisitPersonRow[]; next: string | null; total: number }> {
  const page = await listVisitPersons(ctx.db, await filterOf(ctx, args), args)
  const shown = await presentVisits(ctx, page.rows)
  const items = shown.flatMap((visit, i) => {
    const row = page.rows[i]
    return row ? [{ ...visit, personId: row.nth === 0 ? row.person_id : null, masked: row.masked, nth: row.nth }] : []
  })
  return { items, next: page.next, total: page.total }
}

export async function readVisit(ctx: Ctx, id: string): Promise<VisitDetail> {
  const row = await findVisit(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'visit' })
  permit(ctx, 'read', { kind: 'visit', area: row.area })
  const [visit] = await presentVisits(ctx, [row])
  if (!visit) throw notFound({ thing: 'visit' })
  const persons = await personsOfVisit(ctx.db, row.county, row.id)
  const photoIds = await photosOf(ctx.db, row.county, row.id)
  const detail: VisitDetail = {
    ...visit,
    answers: Answers.catch({}).parse(row.answers),
    personIds: persons.map((person) => person.personId),
    masked: persons.map((person) => person.masked),
    form: row.form_id === null ? null : { id: row.form_id, version: row.form_version ?? 0 },
    members: persons.flatMap((person) => {
      const answers = Answers.catch({}).parse(person.answers)
      return Object.keys(answers).length === 0 ? [] : [{ personId: person.personId, answers }]
    }),
    photoIds,
    photosMissing: Math.max(0, row.photos - photoIds.length),
    hasNote:
      row.note_sealed !== null ||
      row.answers_sealed !== null ||
      row.reason_sealed !== null ||
      persons.some((person) => person.answers_sealed !== null),
    supersededBy: row.superseded_by,
  }
  if (!isHiddenVisit(row, ctx.actor.id)) return detail
  return { ...detail, answers: {}, form: null, members: [], photoIds: [], photosMissing: 0, hasNote: false }
}
