import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type {
  AskFigures,
  ContradictionDetail,
  Counts,
  Figures,
  ListContradictions,
  MyContradictions,
} from '@weiwang/domain/healthcode/truth-api'
import { ASK_HOW } from '@weiwang/domain/healthcode/truth-api'
import { factsOf, mayAsk, mayCall, mayDecide } from '@weiwang/domain/healthcode/truth-decide'
import {
  askOfKind,
  CONTRADICTION_KINDS,
  nameOfKind,
  OUTCOME_SAY,
  OUTCOMES,
} from '@weiwang/domain/healthcode/truth-kinds'
import { ABOUT_MINE } from '@weiwang/domain/healthcode/truth-words'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import type { Problem } from '@weiwang/domain/core/problem'
import { notAllowed } from '@weiwang/domain/core/problems'
import { areaNames } from '../access/store.ts'
import { areasFor, may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { accountNames } from '../access/names.ts'
import { boundRecords } from './holders.ts'
import { inHand, standingOf } from './truth-actions.ts'
import {
  eventKind,
  evidenceOf,
  kindOf,
  linesFor,
  outcomeName,
  outcomeOf,
  present,
  sourceName,
  stateOf,
  stateSay,
} from './truth-present.ts'
import type { ContradictionRecord, EventRecord } from './truth-store.ts'
import {
  contradictionsOf,
  eventsOf,
  feedNamesOf,
  figureRows,
  findContradiction,
  listContradictions,
  maskedOf,
  reusedAt,
  taskLine,
} from './truth-store-lists.ts'
import type { FigureRow } from './truth-store-lists.ts'

/** Reads of the desk and of the resident. */
function areasOf(ctx: Ctx, area: string | undefined): string[] {
  const areas = areasFor(ctx, area).map((one) => (one === '' ? ctx.root : one))
  for (const one of areas) permit(ctx, 'read', { kind: 'contradiction', area: one })
  return areas
}

export async function readContradictions(ctx: Ctx, args: ListContradictions) {
  const areas = areasOf(ctx, args.area)
  const { list, state, kind, source, outcome, personId, from, to } = args
  const filter = { areas, own: args.own === true, list, state, kind, source, outcome, personId, from, to }
  const page = await listContradictions(ctx.db, filter, args)
  return { items: await present(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

const NONE: Counts = {
  open: 0,
  asked: 0,
  answered: 0,
  ceased: 0,
  honest_error: 0,
  our_error: 0,
  false: 0,
  unknown: 0,
  total: 0,
}

function add(counts: Counts, { state, outcome, n }: FigureRow): void {
  counts.total += n
  const decided = OUTCOMES.find((one) => one === outcome)
  if (state === 'closed' && decided) counts[decided] += n
  else if (state === 'open' || state === 'asked' || state === 'answered' || state === 'ceased') counts[state] += n
}

function decidedOf(counts: Counts): number {
  return OUTCOMES.reduce((sum, one) => sum + counts[one], 0)
}

const DEFAULT_DAYS = 28

export async function readFigures(ctx: Ctx, args: AskFigures): Promise<Figures> {
  const areas = areasOf(ctx, args.area)
  const to = args.to ?? ctx.today
  const from = args.from ?? addDays(to, 1 - DEFAULT_DAYS)
  const rows = await figureRows(ctx.db, { areas, from, to })
  const all = { ...NONE }
  const byKind = new Map(CONTRADICTION_KINDS.map((kind) => [String(kind), { ...NONE }]))
  for (const row of rows.byKind) {
    add(all, row)
    const counts = byKind.get(row.kind)
    if (counts) add(counts, row)
  }
  const bySource = new Map<string, Counts>()
  for (const row of rows.bySource) {
    const counts = bySource.get(row.source ?? '') ?? { ...NONE }
    add(counts, row)
    bySource.set(row.source ?? '', counts)
  }
  const names = await feedNamesOf(ctx.db, [...bySource.keys()])
  const reused = await reusedAt(ctx.db, { areas, from, to })
  const gateAreas = await areaNames(
    ctx.db,
    reused.map((row) => row.area),
  )
  return {
    from,
    to,
    all,
    byKind: CONTRADICTION_KINDS.map((kind) => ({
      kind,
      say: nameOfKind(kind),
      counts: byKind.get(kind) ?? { ...NONE },
    })),
    bySource: [...bySource].map(([source, counts]) => {
      const decided = decidedOf(counts)
      const wrong = decided === 0 ? null : counts.our_error / decided
      return { source, say: sourceName(source, names), counts, wrong }
    }),
    reused: reused.map(({ gate_id: gateId, area, name, n }) => ({
      gateId,
      areaName: gateAreas.get(area) ?? area,
      name,
      n,
    })),
    asOf: ctx.now.toISOString(),
  }
}

function bodyText(body: unknown, key: string): string | null {
  if (typeof body !== 'object' || body === null) return null
  const value: unknown = Object.entries(body).find(([name]) => name === key)?.[1]
  return typeof value === 'string' ? value : null
}

function eventSay(line: EventRecord): Say {
  switch (line.kind) {
    case 'found':
      return say('发现不一致', 'Found')
    case 'evidence':
      return say('两侧内容有更新', 'One of the sides has changed')
    case 'asked':
      return bodyText(line.body, 'how') === 'visit'
        ? say('派人上门核实', 'Somebody was sent to the door')
        : say('派人电话核实', 'Somebody was asked to call')
    case 'finding': {
      const code = bodyText(line.body, 'disposition')
      const known = code === null ? null : findDisposition(code)
      const words = known?.say ?? say(code ?? '', code ?? '')
      return say(`核实结果：${words.zh}`, `What was found: ${words.en}`)
    }
    case 'explained':
      return say('本人说明', 'The person explained')
    case 'decided': {
      const outcome = OUTCOMES.find((one) => one === bodyText(line.body, 'outcome'))
      return outcome === undefined ? say('已认定', 'Decided') : OUTCOME_SAY[outcome]
    }
    case 'ceased':
      return say('已不再矛盾', 'No longer contradicts')
    case 'corrected':
      return say('本人已更正申报', 'Corrected by a new declaration')
    default:
      return say(line.kind, line.kind)
  }
}

type Why = { ok: boolean; why: Say | null; rule: string | null }

function why(ctx: Ctx, row: ContradictionRecord, verb: 'file' | 'approve' | 'open', problem: Problem | null): Why {
  const thing = { kind: 'contradiction' as const, area: row.home_area }
  const first = may(ctx, verb, thing) ? problem : notAllowed({ verb, thing: thing.kind })
  return { ok: first === null, why: first?.body.message ?? null, rule: first?.body.rule ?? null }
}

export async function readContradiction(ctx: Ctx, id: string): Promise<ContradictionDetail> {
  const row = inHand(ctx, await findContradiction(ctx.db, id))
  permit(ctx, 'read', { kind: 'contradiction', area: row.home_area })
  const [card] = await present(ctx, [row])
  if (!card) throw notFound({ thing: 'contradiction' })
  const events = await eventsOf(ctx.db, row)
  const names = await accountNames(
    ctx.db,
    events.map((line) => line.by),
  )
  const standing = standingOf(row)
  const task =
    row.task_id === null || row.task_county === null ? null : await taskLine(ctx.db, row.task_county, row.task_id)
  const evidence = evidenceOf(row)
  return {
    ...card,
    asks: askOfKind(kindOf(row)),
    task: task
      ? {
          county: task.county,
          id: task.id,
          reference: task.reference,
          how: ASK_HOW.find((how) => how === row.asked_how) ?? 'call',
          state: task.state,
          disposition: task.disposition,
        }
      : null,
    facts: factsOf(evidence).map((one) => ({
      ref: one.ref,
      source: one.source,
      say: card.known[evidence.indexOf(one)]?.say ?? say(one.source, one.source),
    })),
    correctedBy: row.corrected_by,
    history: events.map((line) => ({
      n: line.n,
      kind: eventKind(line.kind),
      at: line.at.toISOString(),
      // Who explained is the person, or whoever answers for them: never named here.
      by: {
        id: line.kind === 'explained' ? null : line.by,
        name: line.by === null || line.kind === 'explained' ? '' : (names.get(line.by) ?? ''),
      },
      say: eventSay(line),
      hasText: line.text_sealed !== null,
    })),
    steps: [
      { step: 'ask', ...why(ctx, row, 'file', mayAsk(standing)) },
      { step: 'decide', ...why(ctx, row, 'file', mayDecide(standing)) },
      { step: 'read', ...why(ctx, row, 'open', null) },
    ],
    outcomes: OUTCOMES.map((outcome) => {
      const { ok, why: reason } = why(
        ctx,
        row,
        outcome === 'false' ? 'approve' : 'file',
        mayCall(standing, outcome, ctx.actor.id),
      )
      return { outcome, say: OUTCOME_SAY[outcome], ok, why: reason }
    }),
  }
}

// ---- The resident ------------------------------------------------------------------------------------------------------------

function nextFor(row: ContradictionRecord): Say[] {
  const state = stateOf(row)
  if (state === 'closed' && outcomeOf(row) !== 'honest_error') return []
  if (state === 'ceased') return []
  if (row.declaration_id === null)
    return [say('如这些登记与您无关，请说明情况', 'If these registrations are not yours, please say so')]
  return [
    say('如填写有误，请重新申报', 'If you made a mistake, declare anew'),
    ...(state === 'closed'
      ? []
      : [
          say('如已有数据有误，请说明情况，由工作人员核对', 'If what is known is wrong, explain; somebody looks at it'),
        ]),
  ]
}

/** The newest of the person's own words. */
async function wordsOf(ctx: Ctx, row: ContradictionRecord): Promise<string | null> {
  if (row.explained_at === null) return null
  const line = (await eventsOf(ctx.db, row)).findLast((one) => one.kind === 'explained')
  if (!line) return null
  return openText(
    ctx,
    { table: 'contradiction_event', row: `${row.id}/${line.n}`, column: 'text_sealed' },
    line.text_sealed,
  )
}

export async function readMine(ctx: Ctx): Promise<MyContradictions> {
  const rows = await contradictionsOf(ctx.db, await boundRecords(ctx))
  const both = await linesFor(ctx, rows)
  const masked = await maskedOf(
    ctx.db,
    rows.map((row) => row.person_id),
  )
  const items: MyContradictions['items'] = []
  for (const row of rows) {
    const kind = kindOf(row)
    const state = stateOf(row)
    const open = state !== 'closed' && state !== 'ceased'
    items.push({
      id: row.id,
      personId: row.person_id,
      masked: masked.get(row.person_id) ?? '',
      kind,
      kindName: nameOfKind(kind),
      declaredOn: row.declared_on,
      foundAt: row.found_at.toISOString(),
      said: both.get(row.id)?.said ?? [],
      known: both.get(row.id)?.known ?? [],
      stateName: stateSay(row),
      open,
      outcome: outcomeOf(row),
      outcomeName: outcomeName(row),
      words: await wordsOf(ctx, row),
      next: nextFor(row),
      may: open
        ? row.declaration_id === null
          ? ['explain']
          : ['declare', 'explain']
        : outcomeOf(row) === 'honest_error' && row.corrected_by === null
          ? ['declare']
          : [],
    })
  }
  return { items, asOf: ctx.now.toISOString(), about: ABOUT_MINE }
}
