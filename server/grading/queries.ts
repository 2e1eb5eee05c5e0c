import type { AreaCode } from '@weiwang/domain/areas/code'
import { childLength, contains } from '@weiwang/domain/areas/code'
import type { Page } from '@weiwang/domain/core/page'
import { notFound } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import type {
  AreaChange,
  ChangeCell,
  GradedCounts,
  GradedCountsQuery,
  GradedPerson,
  ListGraded,
  ListManualBatches,
  ListRuleSets,
  ListRuns,
  ManualBatch,
  PersonGrade,
  Preview,
  RuleSetSummary,
  RuleSetView,
  Run,
  RunView,
  Validation,
} from '@weiwang/domain/grading/api'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { readRuleSet } from '@weiwang/domain/grading/validate'
import { areaNames } from '../areas/store.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { areaNamer, decidable, fullNames, presentReasons, presentRuns, presentSet, presentSets } from './present.ts'
import { colourOf, gradeOf, gradeToday, manualRows, recordsOf, findRuleSet } from './store.ts'
import { accountNames } from '../access/names.ts'
import { findSetInLine, listSets } from './store-sets.ts'
import {
  countGraded,
  findNamedRun,
  gradeHistory,
  listBatches,
  listGraded,
  listRuns,
  personsInScope,
  previewCells,
  previewSamples,
} from './store-read.ts'
import type { BatchRow, PreviewCell } from './store-read.ts'

/** Reads of the room: scope first, then the right, then the rows. */
const TimeCursor = z.tuple([z.string(), z.string()])

function timeCursor(cursor: string | undefined): { at: string; id: string } | null {
  const place = decodeCursor(TimeCursor, cursor)
  return place && { at: place[0], id: place[1] }
}

type Kind = 'rule_set' | 'grade'

function permitReading(ctx: Ctx, kind: Kind, areas: readonly AreaCode[]): void {
  for (const area of areas.length === 0 ? [''] : areas) permit(ctx, 'read', { kind, area })
}

/** The areas asked for, or all of the reader's; an area outside is not there. */
function askedAreas(ctx: Ctx, area: AreaCode | undefined): readonly AreaCode[] {
  if (area === undefined) return ctx.scope
  if (!ctx.scope.some((mine) => contains(mine, area))) throw notFound({ thing: 'area' })
  return [area]
}

export async function readRuleSets(ctx: Ctx, args: ListRuleSets): Promise<Page<RuleSetSummary>> {
  permitReading(ctx, 'rule_set', ctx.scope)
  const { rows, total } = await listSets(ctx.db, {
    areas: ctx.scope,
    state: args.state,
    code: args.code,
    after: timeCursor(args.cursor),
    limit: args.limit + 1,
  })
  const page = rows.slice(0, args.limit)
  const last = rows.length > args.limit ? page.at(-1) : undefined
  return {
    items: await presentSets(ctx, page),
    total,
    next: last ? encodeCursor([last.created_at.toISOString(), last.id]) : null,
  }
}

export async function readRuleSetView(ctx: Ctx, id: string): Promise<RuleSetView> {
  permitReading(ctx, 'rule_set', ctx.scope)
  const row = await findSetInLine(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'rule_set' })
  return presentSet(ctx, row)
}

export async function validateDocument(ctx: Ctx, document: unknown): Promise<Validation> {
  permitReading(ctx, 'rule_set', ctx.scope)
  return readRuleSet(document, await areaNamer(ctx, document)).validation
}

export async function readRuns(ctx: Ctx, args: ListRuns): Promise<Page<z.infer<typeof Run>>> {
  permitReading(ctx, 'grade', ctx.scope)
  const { rows, total } = await listRuns(ctx.db, {
    areas: ctx.scope,
    kind: args.kind,
    state: args.state,
    after: timeCursor(args.cursor),
    limit: args.limit + 1,
  })
  const page = rows.slice(0, args.limit)
  const last = rows.length > args.limit ? page.at(-1) : undefined
  return {
    items: await presentRuns(ctx, page),
    total,
    next: last ? encodeCursor([last.started_at.toISOString(), last.id]) : null,
  }
}

const nullable = (text: string): string | null => (text === '' ? null : text)

export function changes(cells: readonly PreviewCell[], pick: (cell: PreviewCell) => [string, string]): ChangeCell[] {
  const sums = new Map<string, ChangeCell>()
  for (const cell of cells) {
    const [before, after] = pick(cell)
    if (before === after) continue
    const key = `${before}>${after}`
    const known = sums.get(key)
    if (known) known.persons += cell.n
    else sums.set(key, { before: nullable(before), after: nullable(after), persons: cell.n })
  }
  return [...sums.values()].toSorted((a, b) => b.persons - a.persons)
}

export function areaChanges(cells: readonly PreviewCell[], names: Map<AreaCode, string>): AreaChange[] {
  const byGrade = cells.some((cell) => cell.grade !== '' || cell.old_grade !== '')
  const areas = new Map<AreaCode, AreaChange>()
  for (const cell of cells) {
    const row = areas.get(cell.area) ?? {
      area: cell.area,
      name: names.get(cell.area) ?? cell.area,
      before: {},
      after: {},
      changed: 0,
    }
    areas.set(cell.area, row)
    const before = nullable(byGrade ? cell.old_grade : cell.old_colour) ?? 'none'
    const after = nullable(byGrade ? cell.grade : cell.colour) ?? 'none'
    row.before[before] = (row.before[before] ?? 0) + cell.n
    row.after[after] = (row.after[after] ?? 0) + cell.n
    if (cell.old_grade !== cell.grade || cell.old_colour !== cell.colour) row.changed += cell.n
  }
  return [...areas.values()]
}

async function previewOf(ctx: Ctx, run: { id: string; as_of: string }): Promise<Preview> {
  const cells = await previewCells(ctx.db, run.id, ctx.scope)
  const names = await areaNames(ctx.db, [...new Set(cells.map((cell) => cell.area))], ctx.today)
  const samples = await previewSamples(ctx.db, run.id, ctx.scope)
  return {
    asOf: run.as_of,
    changed: cells.reduce((sum, c) => sum + (c.old_grade !== c.grade || c.old_colour !== c.colour ? c.n : 0), 0),
    grades: changes(cells, (c) => [c.old_grade, c.grade]),
    colours: changes(cells, (c) => [c.old_colour, c.colour]),
    areas: areaChanges(cells, names),
    samples: samples.map((row) => ({
      personId: row.person_id,
      masked: row.masked,
      area: row.home_area,
      before: { grade: gradeOf(row.old_grade), colour: colourOf(row.old_colour) },
      after: { grade: gradeOf(row.grade), colour: colourOf(row.colour), until: row.until_day },
      reasons: presentReasons(row.reasons, run.as_of),
    })),
  }
}

/** For reach 'all': the work tables of a run carry no row guard, so the run itself must lie in the scope. */
export async function viewRun(ctx: Ctx, id: string): Promise<z.infer<typeof RunView>> {
  const row = await findNamedRun(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'grade_run' })
  permit(ctx, 'read', { kind: 'grade', area: row.area })
  const [run] = await presentRuns(ctx, [row])
  if (!run) throw new Error('one row gives one run')
  return { ...run, preview: run.hasPreview ? await previewOf(ctx, row) : null }
}

export async function readGraded(ctx: Ctx, args: ListGraded): Promise<Page<GradedPerson>> {
  const areas = askedAreas(ctx, args.area)
  permitReading(ctx, 'grade', areas)
  const place = decodeCursor(TimeCursor, args.cursor)
  const filter = { areas, grade: args.grade, colour: args.colour, day: ctx.today }
  const { rows, total } = await listGraded(ctx.db, filter, {
    after: place && { area: place[0], id: place[1] },
    limit: args.limit + 1,
  })
  const page = rows.slice(0, args.limit)
  const last = rows.length > args.limit ? page.at(-1) : undefined
  const named = await fullNames(
    ctx,
    page.map((row) => row.home_area),
  )
  return {
    total,
    next: last ? encodeCursor([last.home_area, last.person_id]) : null,
    items: page.map((row) => ({
      personId: row.person_id,
      masked: row.masked,
      area: row.home_area,
      areaName: named(row.home_area),
      ruleSetId: row.rule_set_id,
      grade: row.grade,
      colour: row.colour,
      from: row.from_day,
      until: row.until_day === '9999-12-31' ? null : row.until_day,
      reasons: presentReasons(row.reasons, ctx.today),
    })),
  }
}

type Figures = { grades: Record<string, number>; colours: Record<string, number> }

function addTo(figures: Figures, row: { grade: string | null; colour: string | null; n: number }): void {
  if (row.grade !== null) figures.grades[row.grade] = (figures.grades[row.grade] ?? 0) + row.n
  if (row.colour !== null) figures.colours[row.colour] = (figures.colours[row.colour] ?? 0) + row.n
}

export async function readCounts(ctx: Ctx, args: GradedCountsQuery): Promise<GradedCounts> {
  const area = args.area ?? ctx.scope[0] ?? ctx.actor.area
  askedAreas(ctx, area)
  permitReading(ctx, 'grade', [area])
  const rows = await countGraded(ctx.db, area, childLength(area), ctx.today)
  const names = await areaNames(ctx.db, [...new Set(rows.map((row) => row.area))], ctx.today)
  const whole: Figures = { grades: {}, colours: {} }
  const children = new Map<AreaCode, Figures>()
  for (const row of rows) {
    addTo(whole, row)
    const child = children.get(row.area) ?? { grades: {}, colours: {} }
    children.set(row.area, child)
    addTo(child, row)
  }
  const list = [...children]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, figures]) => ({ area: code, name: names.get(code) ?? code, ...figures }))
  return { area, asOf: ctx.today, ...whole, children: list }
}

export async function readPersonGrade(ctx: Ctx, personId: string): Promise<PersonGrade> {
  const { target } = await recordsOf(ctx.db, personId)
  const [person] = await personsInScope(ctx.db, ctx.scope, [target])
  if (!person) throw notFound({ thing: 'person' })
  permit(ctx, 'read', { kind: 'grade', area: person.home_area })
  const now = await gradeToday(ctx.db, target, ctx.today)
  const history = await gradeHistory(ctx.db, target)
  const manual = await manualRows(ctx.db, target)
  const names = await accountNames(ctx.db, [
    ...history.map((row) => row.by),
    ...manual.flatMap((row) => [row.by, row.approvedBy]),
  ])
  const name = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id))
  const ruleSet = now ? await findRuleSet(ctx.db, now.rule_set_id) : undefined
  return {
    personId: target,
    now:
      now && ruleSet
        ? {
            ruleSetId: now.rule_set_id,
            ruleSetName: ruleSet.name,
            grade: now.grade,
            colour: now.colour,
            from: now.from_day,
            until: now.until_day,
            reasons: presentReasons(now.reasons, ctx.today),
          }
        : null,
    history: history.map((row) => ({
      n: row.n,
      ruleSetId: row.rule_set_id,
      ruleSetName: row.rule_set_name,
      grade: gradeOf(row.grade),
      colour: colourOf(row.colour),
      from: row.from_day,
      until: row.until_day,
      reasons: row.reasons,
      by: name(row.by),
      caseNo: row.case_no,
      recordedAt: row.recorded_at.toISOString(),
    })),
    manual: manual.flatMap((row) => {
      const reason = MANUAL_REASONS.find((code) => code === row.reason)
      return reason
        ? [
            {
              id: row.id,
              reason,
              grade: row.grade,
              colour: row.colour,
              caseNo: row.caseNo,
              until: row.until,
              by: name(row.by),
              approvedBy: name(row.approvedBy),
              at: row.at.toISOString(),
            },
          ]
        : []
    }),
  }
}

export async function presentBatches(ctx: Ctx, rows: readonly BatchRow[]): Promise<ManualBatch[]> {
  const names = await accountNames(
    ctx.db,
    rows.flatMap((row) => [row.by, row.decided_by]),
  )
  const name = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id))
  const areas = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
    ctx.today,
  )
  return rows.flatMap((row) => {
    const reason = MANUAL_REASONS.find((code) => code === row.reason)
    const state = (['proposed', 'applied', 'refused'] as const).find((s) => s === row.state)
    if (!reason || !state) return []
    return [
      {
        id: row.id,
        area: row.area,
        areaName: areas.get(row.area) ?? row.area,
        state,
        persons: row.persons.length,
        grade: gradeOf(row.grade),
        colour: colourOf(row.colour),
        reason,
        caseNo: row.case_no,
        until: row.until_day,
        by: name(row.by),
        ...decidable(ctx, 'grade', { area: row.area, by: row.by, byCreatedBy: row.by_created_by }),
        decision: row.decision,
        decidedBy: name(row.decided_by),
        proposedAt: row.proposed_at.toISOString(),
        decidedAt: row.decided_at?.toISOString() ?? null,
      },
    ]
  })
}

export async function readBatches(ctx: Ctx, args: ListManualBatches): Promise<Page<ManualBatch>> {
  permitReading(ctx, 'grade', ctx.scope)
  const { rows, total } = await listBatches(ctx.db, {
    areas: ctx.scope,
    state: args.state,
    after: timeCursor(args.cursor),
    limit: args.limit + 1,
  })
  const page = rows.slice(0, args.limit)
  const last = rows.length > args.limit ? page.at(-1) : undefined
  return {
    items: await presentBatches(ctx, page),
    total,
    next: last ? encodeCursor([last.proposed_at.toISOString(), last.id]) : null,
  }
}
