import type { z } from 'zod'
import { GuardFinding, RUN_KINDS, RUN_STATES, RULE_SET_STATES } from '@weiwang/domain/grading/api'
import type { ReasonView, RuleSetSummary, RuleSetView, Run } from '@weiwang/domain/grading/api'
import type { Reason, RuleSetDocument } from '@weiwang/domain/grading/rule-set'
import { readRuleSet } from '@weiwang/domain/grading/validate'
import type { AreaName } from '@weiwang/domain/grading/readable'
import { can } from '@weiwang/domain/access/can'
import { contains, isAreaCode } from '@weiwang/domain/areas/code'
import type { Say } from '@weiwang/domain/core/say'
import { areaNames } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { rulesOf } from './store.ts'
import type { RuleSetRow, RunRow } from './store.ts'
import { accountNames } from '../access/names.ts'
import { feedNames, newestPreview } from './store-sets.ts'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

function memberOf<T extends string>(list: readonly T[], value: string): T {
  const found = list.find((item) => item === value)
  if (found === undefined) throw new Error(`not in the list: ${value}`)
  return found
}

/** Whether the reader made a proposal and whether he may decide it: the same question that the acts ask (ACCESS-6). */
export function decidable(
  ctx: Ctx,
  kind: 'rule_set' | 'grade' | 'settings',
  row: { area: string; by: string | null; byCreatedBy: string | null },
): { mine: boolean; mayDecide: boolean } {
  const thing = { kind, area: row.area, by: row.by, byCreatedBy: row.byCreatedBy }
  const held = ctx.scope.some((mine) => contains(mine, row.area))
  return { mine: row.by !== null && row.by === ctx.actor.id, mayDecide: held && can(ctx.actor, 'approve', thing) }
}

/** Names where the reader may know them; otherwise the id stands. */
export async function namer(ctx: Ctx, ids: readonly (string | null)[]): Promise<(id: string | null) => string | null> {
  const names = await accountNames(ctx.db, ids)
  return (id) => (id === null ? null : (names.get(id) ?? id))
}

export function documentOf(row: RuleSetRow): RuleSetDocument {
  return { code: row.code, area: row.area, name: row.name, about: row.about, ...rulesOf(row) }
}

export async function presentSets(ctx: Ctx, rows: readonly RuleSetRow[]): Promise<RuleSetSummary[]> {
  const name = await namer(
    ctx,
    rows.flatMap((row) => [row.created_by, row.proposed_by, row.approved_by]),
  )
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    version: row.version,
    area: row.area,
    name: row.name,
    state: memberOf(RULE_SET_STATES, row.state),
    rules: rulesOf(row).rules.length,
    createdBy: name(row.created_by),
    proposedBy: name(row.proposed_by),
    ...decidable(ctx, 'rule_set', { area: row.area, by: row.proposed_by, byCreatedBy: row.by_created_by }),
    approvedBy: name(row.approved_by),
    createdAt: row.created_at.toISOString(),
    activatedAt: iso(row.activated_at),
    retiredAt: iso(row.retired_at),
  }))
}

const NAMED_LENGTHS = [6, 9, 12, 15, 18]

/** Names from the county down to the area, 姑苏区 … 第3网格: a grid's own name says nothing alone. */
export async function fullNames(ctx: Ctx, codes: readonly string[]): Promise<(code: string) => string> {
  const path = (code: string): string[] =>
    code.length < 6 ? [code] : NAMED_LENGTHS.filter((n) => n <= code.length).map((n) => code.slice(0, n))
  const names = await areaNames(ctx.db, [...new Set(codes.flatMap(path))], ctx.today)
  return (code) =>
    path(code)
      .flatMap((part) => names.get(part) ?? [])
      .join(' ') || code
}

/** Codes of areas anywhere in a document, for sentences that name them. */
export async function areaNamer(ctx: Ctx, document: unknown): Promise<AreaName> {
  const codes = [...new Set(JSON.stringify(document ?? null).match(/"\d{2,18}"/g) ?? [])]
    .map((text) => text.slice(1, -1))
    .slice(0, 500)
  const names = await areaNames(ctx.db, codes, ctx.today)
  return (code) => names.get(code) ?? code
}

export async function presentSet(ctx: Ctx, row: RuleSetRow): Promise<RuleSetView> {
  const [summary] = await presentSets(ctx, [row])
  if (!summary) throw new Error('one row gives one summary')
  const document = documentOf(row)
  const { validation } = readRuleSet(document, await areaNamer(ctx, document))
  return {
    ...summary,
    document,
    sentences: validation.sentences,
    faults: validation.faults,
    previewRunId: await newestPreview(ctx.db, row.id),
  }
}

const Findings = GuardFinding.array()

function numbersOf(value: unknown): Record<string, number> {
  const out: Record<string, number> = {}
  if (typeof value !== 'object' || value === null) return out
  for (const [key, n] of Object.entries(value)) if (typeof n === 'number') out[key] = n
  return out
}

type Named = Pick<z.infer<typeof GuardFinding>, 'kind' | 'key'>

/** What a finding is about, as people call it: the county's name or the source's. */
export async function findingNamer(ctx: Ctx, findings: readonly Named[]): Promise<(finding: Named) => Say> {
  const keys = (kind: 'place' | 'source'): string[] => [
    ...new Set(findings.flatMap((f) => (f.kind === kind ? [f.key] : []))),
  ]
  const areas = await areaNames(ctx.db, keys('place').filter(isAreaCode), ctx.today)
  const feeds = await feedNames(ctx.db, keys('source'))
  return ({ kind, key }) => {
    const name = kind === 'place' ? areas.get(key) : undefined
    return name === undefined ? (feeds.get(key) ?? { zh: key, en: key }) : { zh: name, en: name }
  }
}

export async function presentRuns(
  ctx: Ctx,
  rows: readonly (RunRow & { rule_set_name: { zh: string; en: string } })[],
): Promise<z.infer<typeof Run>[]> {
  const name = await namer(
    ctx,
    rows.flatMap((row) => [row.by, row.approved_by]),
  )
  const called = await findingNamer(
    ctx,
    rows.flatMap((row) => (row.guard === null ? [] : Findings.parse(row.guard))),
  )
  return rows.map((row) => ({
    id: row.id,
    area: row.area,
    ruleSetId: row.rule_set_id,
    ruleSetName: row.rule_set_name,
    kind: memberOf(RUN_KINDS, row.kind),
    asOf: row.as_of,
    state: memberOf(RUN_STATES, row.state),
    counts: numbersOf(row.counts),
    guard: row.guard === null ? null : Findings.parse(row.guard).map((g) => ({ ...g, name: called(g) })),
    hasPreview: (row.kind === 'preview' && row.state === 'done') || row.state === 'waiting' || row.state === 'held',
    jobId: row.job_id,
    by: name(row.by),
    ...decidable(ctx, 'grade', { area: row.area, by: row.by, byCreatedBy: row.by_created_by }),
    approvedBy: name(row.approved_by),
    startedAt: row.started_at.toISOString(),
    finishedAt: iso(row.finished_at),
  }))
}

/** Reasons as the reader sees them: those that hold on the day. */
export function presentReasons(reasons: readonly Reason[], day: string): z.infer<typeof ReasonView>[] {
  return reasons.filter((reason) => reason.until === null || reason.until >= day).map((reason) => ({ ...reason }))
}
