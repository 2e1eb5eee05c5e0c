import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import type { Say } from '@weiwang/domain/core/say'
import { say } from '@weiwang/domain/core/say'
import { Asker, GROUNDS, Ground, ProofKind, Stage } from '@weiwang/domain/healthcode/objection-api'
import type {
  AskObjectionFigures,
  FactSide,
  ListObjections,
  ObjectionDetail,
  ObjectionFigures,
  ObjectionRow as ObjectionWire,
} from '@weiwang/domain/healthcode/objection-api'
import { clockAt, stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { availableSteps } from '@weiwang/domain/healthcode/objection-decide'
import type { StepName } from '@weiwang/domain/healthcode/objection-decide'
import { standingOf } from '@weiwang/domain/healthcode/objection-fold'
import { GROUND_SAY, eventSay, factSay, referenceOf } from '@weiwang/domain/healthcode/objection-words'
import { MANUAL_REASON_INFO, MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { MANUAL_RULE } from '@weiwang/domain/grading/manual'
import type { Reason } from '@weiwang/domain/grading/rule-set'
import { areaNames } from '../access/store.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { factsOfPerson } from '../feeds/store-denied.ts'
import { colourOf, manualRows } from '../grading/store.ts'
import { areasOf, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames, named } from '../access/names.ts'
import { answerOf } from './objection-answer.ts'
import { seenFrom } from './objection-desk.ts'
import { colourStanding, keptReasons, presentReasons, reasonKey, sourcesByName } from './objection-reasons.ts'
import type { Standing } from './objection-reasons.ts'
import {
  eventOf,
  findObjection,
  listObjections,
  objectionFigures,
  objectionHistory,
  proofsOf,
  ruleSays,
  sourceRecord,
  withStates,
} from './objection-store.ts'
import type { LoadedObjection, ObjectionRow } from './objection-store.ts'

/** What the desk reads. */
function ruleNames(rows: readonly ObjectionRow[]): Map<string, Say> {
  const names = new Map<string, Say>()
  for (const row of rows) for (const reason of keptReasons(row.reasons)) names.set(reason.rule, reason.say)
  return names
}

/** A row that has lost its events is a count: closed, without anybody's name. */
function blank(row: ObjectionRow): Pick<ObjectionWire, 'state' | 'stage' | 'dueBy' | 'allDueBy' | 'late' | 'overdue'> {
  const outcome = (['granted', 'refused', 'withdrawn'] as const).find((one) => one === row.outcome) ?? 'withdrawn'
  return {
    state: outcome,
    stage: Stage.parse(row.stage),
    dueBy: null,
    allDueBy: null,
    late: row.was_late,
    overdue: row.was_overdue,
  }
}

async function present(ctx: Ctx, rows: readonly ObjectionRow[]): Promise<ObjectionWire[]> {
  const loaded = new Map((await withStates(ctx.db, rows)).map((one) => [one.row.id, one]))
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const source = await sourcesByName(
    ctx,
    rows.flatMap((row) => row.source ?? []),
  )
  const rules = ruleNames(rows)
  return rows.map((row): ObjectionWire => {
    const one = loaded.get(row.id)
    const stands = one ? standingOf(one.state, ctx.now) : null
    return {
      id: row.id,
      reference: referenceOf(row.id),
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      personId: row.person_id,
      masked: row.masked,
      asker: Asker.parse(row.asker),
      ground: Ground.parse(row.ground),
      colour: colourOf(row.colour),
      rule: row.rule,
      ruleName: row.rule === null ? null : (rules.get(row.rule) ?? say(row.rule, row.rule)),
      source: row.source,
      sourceName: row.source === null ? null : source(row.source),
      ...(stands
        ? {
            state: stands.name,
            stage: stands.stage,
            dueBy: stands.dueBy,
            allDueBy: stands.allDueBy,
            late: stands.late,
            overdue: stands.overdue,
          }
        : blank(row)),
      openedAt: row.opened_at.toISOString(),
      openedDay: row.opened_day,
      escalations: stands?.escalations ?? row.escalations,
      proofs: row.proofs,
      decidedAt: row.outcome === 'granted' || row.outcome === 'refused' ? (row.closed_at?.toISOString() ?? null) : null,
      minutes: row.minutes,
      version: row.version,
    }
  })
}

function permitObjections(ctx: Ctx, areas: readonly string[]): void {
  if (areas.length === 0) throw notAllowed({ verb: 'read', thing: 'objection' })
  for (const area of areas) permit(ctx, 'read', { kind: 'objection', area })
}

/** GET /api/objections */
export async function readObjections(ctx: Ctx, args: ListObjections) {
  const place = await placeOf(ctx, args)
  permitObjections(ctx, place.areas)
  const { list, stage, ground, rule, source, limit, cursor } = args
  const filter = { ...place, ...spanOf(ctx, args), list, stage, ground, rule, source, now: ctx.now }
  const page = await listObjections(ctx.db, filter, { limit, cursor })
  return { items: await present(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

function isBehind(fact: Awaited<ReturnType<typeof factsOfPerson>>[number], reasons: readonly Reason[]): boolean {
  return reasons.some(({ via, fact: of }) => {
    if (via === 'household') return false
    const same = of.kind === fact.kind && of.source === fact.source && of.from === fact.from && of.to === fact.to
    return (
      same &&
      (of.place ?? null) === fact.place &&
      (of.value ?? null) === fact.value &&
      (of.degree ?? null) === fact.degree
    )
  })
}

async function factSides(ctx: Ctx, standing: Standing | null, reasons: readonly Reason[]): Promise<FactSide[]> {
  if (!standing) return []
  const facts = await factsOfPerson(ctx.db, standing.records)
  const sources = facts.map((fact) => fact.source)
  const source = await sourcesByName(ctx, sources)
  const record = await sourceRecord(ctx.db, [...new Set(sources)])
  const places = await areaNames(
    ctx.db,
    facts.flatMap((fact) => fact.place ?? []),
  )
  const sides = facts.map((fact): FactSide => {
    const placeName = fact.place === null ? null : (places.get(fact.place) ?? fact.place)
    return {
      factId: fact.factId,
      kind: fact.kind,
      say: factSay(fact, placeName),
      place: fact.place,
      placeName,
      value: fact.value,
      degree: fact.degree,
      from: fact.from,
      to: fact.to,
      source: fact.source,
      sourceName: source(fact.source),
      recordedAt: fact.recordedAt.toISOString(),
      behind: isBehind(fact, reasons),
      denied: fact.deniedBy !== null,
      upheld: record.get(fact.source)?.upheld ?? 0,
      decided: record.get(fact.source)?.decided ?? 0,
    }
  })
  return sides.toSorted((a, b) => Number(b.behind) - Number(a.behind))
}

async function manualSides(ctx: Ctx, standing: Standing | null): Promise<ObjectionDetail['manual']> {
  if (!standing) return []
  const rows = (await manualRows(ctx.db, standing.person.person_id)).filter(
    (row) => row.endedAt === null && row.until >= ctx.today,
  )
  const names = await accountNames(
    ctx.db,
    rows.map((row) => row.by),
  )
  return rows.map((row) => {
    const reason = MANUAL_REASONS.find((code) => code === row.reason)
    return {
      id: row.id,
      say: reason ? MANUAL_REASON_INFO[reason].say : say(row.reason, row.reason),
      colour: row.colour,
      from: row.from,
      until: row.until,
      by: row.by === null ? null : { id: row.by, name: names.get(row.by) ?? '' },
      mine: row.by === ctx.actor.id || row.approvedBy === ctx.actor.id,
    }
  })
}

async function historyOf(ctx: Ctx, { row, state }: LoadedObjection): Promise<ObjectionDetail['history']> {
  const lines = await objectionHistory(ctx.db, row.county, row.id)
  const names = await accountNames(
    ctx.db,
    lines.map((line) => line.by),
  )
  const written = lines.flatMap((line) => {
    const event = eventOf(line)
    if (!event) return []
    return [
      {
        n: line.n,
        kind: line.kind,
        by: named(names, line.by),
        at: event.kind === 'escalated' ? event.body.at : event.recordedAt,
        say: eventSay(event),
        hasText: line.text_sealed !== null,
      },
    ]
  })
  // What the clock has done and nobody has written yet.
  const due = state.closedAt === null ? clockAt(state.clock, ctx.now).steps : []
  const unwritten = due.map(({ from, to, at }, i) => ({
    n: state.version + 1 + i,
    kind: 'escalated',
    by: { id: null, name: '' },
    at,
    say: eventSay({
      kind: 'escalated',
      body: { on: ctx.today, from, to, at },
      n: 0,
      area: '',
      by: null,
      occurredAt: at,
      recordedAt: at,
    }),
    hasText: false,
  }))
  return [...written, ...unwritten]
}

/** GET /api/objections/:id: both sides of one. For the jobs role, as facts are closed to accounts. */
export async function readObjection(ctx: Ctx, id: string): Promise<ObjectionDetail> {
  const loaded = await findObjection(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'objection' })
  const { row, state } = loaded
  permit(ctx, 'read', { kind: 'objection', area: state.area })
  const [card] = await present(ctx, [row])
  if (!card) throw notFound({ thing: 'objection' })
  const reasons = keptReasons(row.reasons)
  const standing = row.person_id === null ? null : await colourStanding(ctx, [''], row.person_id)
  const desk = stageArea(state.area, card.stage)
  const names = await areaNames(ctx.db, [desk])
  const who = await seenFrom(ctx, loaded)
  const answer = await answerOf(ctx, loaded, false)
  return {
    ...card,
    reasons: await presentReasons(ctx, reasons),
    reason: state.contested?.key ?? (reasons[0] ? reasonKey(reasons[0]) : null),
    facts: await factSides(ctx, standing, reasons),
    manual: await manualSides(ctx, standing),
    colourNow: standing?.colour ?? null,
    desk: { code: desk, name: names.get(desk) ?? desk },
    proofList: (await proofsOf(ctx.db, [row])).map((proof) => ({
      id: proof.id,
      kind: ProofKind.parse(proof.kind),
      bytes: proof.bytes,
      at: proof.at.toISOString(),
    })),
    decision: answer === null ? null : withoutWords(answer),
    history: await historyOf(ctx, loaded),
    steps: availableSteps(state, who, { now: ctx.now, zone: ctx.zone }).map(({ step, problem }) => ({
      step,
      ...reach(ctx, step, state.area, problem?.body.message ?? null, problem?.body.rule ?? null),
    })),
  }
}

function withoutWords({ words: _words, ...answer }: NonNullable<Awaited<ReturnType<typeof answerOf>>>) {
  return answer
}

const READS_ONLY = say('您只能查看', 'You may only read')

/** A step that the rule allows still needs the right to it. */
function reach(
  ctx: Ctx,
  step: StepName,
  area: string,
  why: Say | null,
  rule: string | null,
): { ok: boolean; why: Say | null; rule: string | null } {
  if (why !== null) return { ok: false, why, rule }
  if (step === 'decide' || step === 'undo') return { ok: true, why, rule }
  const may = ctx.actor.roles.some((role) => role === 'operator' || role === 'chief')
  return may && area !== '' ? { ok: true, why, rule } : { ok: false, why: READS_ONLY, rule: 'OBJECT-8' }
}

const share = (granted: number, refused: number): number | null =>
  granted + refused === 0 ? null : granted / (granted + refused)

/** GET /api/objections/figures: each number equals the list that it opens. */
export async function readObjectionFigures(ctx: Ctx, args: AskObjectionFigures): Promise<ObjectionFigures> {
  const areas = areasOf(ctx, args.area)
  permitObjections(ctx, areas)
  const span = spanOf(ctx, args)
  const { all, items } = await objectionFigures(ctx.db, areas, args.by, { ...span, now: ctx.now })
  const numbers = (row: typeof all) => ({
    opened: row.opened,
    granted: row.granted,
    refused: row.refused,
    withdrawn: row.withdrawn,
    open: row.open,
    late: row.late,
    overdue: row.overdue,
    share: share(row.granted, row.refused),
    medianMinutes: row.median,
  })
  const source = await sourcesByName(
    ctx,
    items.map((row) => row.key),
  )
  const rules =
    args.by === 'rule'
      ? await ruleSays(
          ctx.db,
          items.map((row) => row.key),
        )
      : new Map<string, Say>()
  const nameOf = (key: string): Say => {
    if (key === '') return say('未指明', 'Not said')
    if (args.by === 'ground') return GROUND_SAY[GROUNDS.find((ground) => ground === key) ?? 'other']
    if (args.by === 'source') return source(key)
    if (key === MANUAL_RULE) return say('手工变更', 'A change by hand')
    return rules.get(key) ?? say(key, key)
  }
  return {
    area: args.area ?? null,
    ...span,
    all: numbers(all),
    items: items.map((row) => ({ key: row.key, say: nameOf(row.key), ...numbers(row) })),
    asOf: ctx.now.toISOString(),
  }
}
