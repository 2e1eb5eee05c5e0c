import { contains } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import { addDays, maxDay, minDay } from '../core/day.ts'
import type { Say } from '../core/say.ts'
import type { Fact } from '../feeds/fact.ts'
import { CAPPED_NOTE } from './words.ts'
import { isManual, manualReason } from './manual.ts'
import type { ManualChange } from './manual.ts'
import type { FactLeaf, MatesLeaf, Node, Plan, PlanRule } from './plan.ts'
import { endersOf, factLeaves, isState, matesLeaves, planOf, STATES, statesOf, usesEntry } from './plan.ts'
import type { StateAtom } from './plan.ts'
import { gradeFrom, sortReasons } from './reading.ts'
import type { RiskIndex } from './risk.ts'
import { NO_END, spansOf } from './risk.ts'
import type { Colour, Grade, Lasts, Reason, ReasonFact, Rule, RuleSet } from './rule-set.ts'
import { MAX_REASONS } from './rule-set.ts'

/** A fact as grading reads it. Facts that are withdrawn do not exist (GRADE-10). `recordedAt` in ms of the epoch. */
export type GradeFact = Fact & { recordedAt?: number }

/** A member of a household of the person, `since` when both live behind that door. */
export type Mate = { door: string; since: Day; facts: readonly GradeFact[]; manual?: ManualChange | null }

export type GradedSubject = { facts: readonly GradeFact[]; mates?: readonly Mate[]; manual?: ManualChange | null }

export type Judgement = {
  grade: Grade | null
  colour: Colour | null
  reasons: Reason[]
  /** The day of the judgement and the last day on which grade and colour are those (null: until something happens). */
  fromDay: Day
  untilDay: Day | null
  /** The next day on which the result may be another without any new fact. */
  reviewDay: Day | null
}

export type Surroundings = { risk: RiskIndex; redSources: ReadonlySet<string> }

/** One fact that meets one leaf on the days start … until; `ok` when its source may give red (GRADE-9). */
type Row = {
  leaf: number
  start: Day
  day: Day
  until: Day
  okUntil: Day | null
  fact: ReasonFact
  via: 'household' | null
  recordedAt: number
}

type Env = Surroundings & { plan: Plan; asOf: Day; entries: boolean }

/** What is the same for everybody, worked out once a plan. */
type Prepared = { facts: FactLeaf[]; mates: MatesLeaf[]; negated: number[]; entries: boolean }
const prepared = new WeakMap<Plan, Prepared>()

function prepare(plan: Plan): Prepared {
  const known = prepared.get(plan)
  if (known) return known
  const made: Prepared = {
    facts: factLeaves(plan),
    mates: matesLeaves(plan),
    negated: plan.leaves.filter((leaf) => leaf.negated).map((leaf) => leaf.n),
    entries: usesEntry(plan),
  }
  prepared.set(plan, made)
  return made
}

const after = (day: Day, n: number): Day => (day === NO_END ? NO_END : addDays(day, n))

function reasonFact(fact: Fact): ReasonFact {
  return {
    kind: fact.kind,
    ...(fact.place === null ? {} : { place: fact.place }),
    ...(fact.value === null ? {} : { value: fact.value }),
    ...(fact.degree === null ? {} : { degree: fact.degree }),
    from: fact.from,
    to: fact.to,
    source: fact.source,
  }
}

/** GRADE-6: the last day that `lasts` allows, counted from `day`. */
function capOf(lasts: Lasts | null, day: Day, facts: readonly GradeFact[], env: Env): Day {
  if (!lasts) return NO_END
  if (lasts.from === 'release') {
    let release: Day | null = null
    for (const f of facts) {
      if (f.kind === 'measure' && f.value === 'lifted' && f.from >= day && (!release || f.from < release))
        release = f.from
    }
    return release === null ? NO_END : releaseEnd(release, lasts.days)
  }
  return after(lasts.from === 'entry' ? entryDay(day, facts, env) : day, lasts.days)
}

function releaseEnd(release: Day, days: number): Day {
  return after(release, days === 0 ? -1 : days)
}

/** The first day of a stay in the area of the rule set that begins on or after the last exposure; that day itself when none is known. */
function entryDay(day: Day, facts: readonly GradeFact[], env: Env): Day {
  let entry: Day | null = null
  for (const f of facts) {
    if (f.kind !== 'stay' || f.place === null || !contains(env.plan.area, f.place)) continue
    if (f.from >= day && f.from <= env.asOf && (entry === null || f.from < entry)) entry = f.from
  }
  return entry ?? day
}

type Window = { start: Day; day: Day; until: Day }

/** GRADE-1 … GRADE-4: day 0 is the last day of exposure, day `withinDays` is included. */
function eventWindows(leaf: FactLeaf, fact: GradeFact, env: Env): Window[] {
  const { atom } = leaf
  if (atom.kind !== fact.kind) return []
  const whole = (within: number): Window[] => [{ start: fact.from, day: fact.to, until: after(fact.to, within) }]
  switch (atom.kind) {
    case 'contact':
      return fact.degree !== null && atom.degrees.includes(fact.degree) ? whole(atom.withinDays) : []
    case 'symptom':
      return !atom.codes || (fact.value !== null && atom.codes.includes(fact.value)) ? whole(atom.withinDays) : []
    case 'abroad':
      return !atom.countries || (fact.value !== null && atom.countries.includes(fact.value))
        ? whole(atom.withinDays)
        : []
    case 'stay': {
      if (fact.place === null) return []
      return spansOf(env.risk, atom, fact.place).flatMap((span): Window[] => {
        if (atom.judged === 'run_day') {
          return [
            {
              start: maxDay(fact.from, span.from),
              day: fact.to,
              until: minDay(after(fact.to, atom.withinDays), span.to),
            },
          ]
        }
        const start = maxDay(fact.from, span.from)
        const day = minDay(fact.to, span.to)
        return start <= day ? [{ start, day, until: after(day, atom.withinDays) }] : []
      })
    }
    default:
      return []
  }
}

/** GRADE-5: from the day of a fact with a wanted value until a later fact ends it. */
function stateWindows(atom: StateAtom, lasts: Lasts | null, facts: readonly GradeFact[]): [GradeFact, Window][] {
  const { order } = STATES[atom.kind]
  const rank = (f: GradeFact): number => order.indexOf(f.value ?? '')
  const line = facts
    .filter((f) => f.kind === atom.kind)
    .toSorted((a, b) => (a.from === b.from ? rank(a) - rank(b) : a.from < b.from ? -1 : 1))
  const wanted = statesOf(atom)
  const enders = endersOf(atom)
  return line.flatMap((fact, i): [GradeFact, Window][] => {
    if (fact.value === null || !wanted.includes(fact.value)) return []
    const release = line.slice(i + 1).find((f) => f.value !== null && enders.includes(f.value))?.from
    let until = release === undefined ? NO_END : releaseEnd(release, lasts?.from === 'release' ? lasts.days : 0)
    if (lasts && lasts.from !== 'release') until = minDay(until, after(fact.to, lasts.days))
    if (atom.withinDays !== undefined) until = minDay(until, after(fact.to, atom.withinDays))
    return [[fact, { start: fact.from, day: fact.to, until }]]
  })
}

function rowsOf(leaf: FactLeaf, facts: readonly GradeFact[], env: Env): Row[] {
  const { atom, lasts } = leaf
  const found: [GradeFact, Window][] = isState(atom)
    ? stateWindows(atom, lasts, facts)
    : facts.flatMap((fact) =>
        eventWindows(leaf, fact, env).map((w): [GradeFact, Window] => [
          fact,
          { ...w, until: minDay(w.until, capOf(lasts, w.day, facts, env)) },
        ]),
      )
  return found
    .filter(([, w]) => w.until >= w.start && w.until >= env.asOf)
    .map(([fact, w]) => ({
      leaf: leaf.n,
      ...w,
      okUntil: env.redSources.has(fact.source) ? w.until : null,
      fact: reasonFact(fact),
      via: null,
      recordedAt: fact.recordedAt ?? 0,
    }))
}

/** Until when each leaf holds today; `ok` counts only sources that may give red. */
type Held = { all: Map<number, Day>; ok: Map<number, Day> }

function heldOf(rows: readonly Row[], asOf: Day): Held {
  const held: Held = { all: new Map(), ok: new Map() }
  const raise = (map: Map<number, Day>, n: number, until: Day): void => {
    const known = map.get(n)
    if (known === undefined || known < until) map.set(n, until)
  }
  for (const row of rows) {
    if (row.start > asOf) continue
    raise(held.all, row.leaf, row.until)
    if (row.okUntil !== null) raise(held.ok, row.leaf, row.okUntil)
  }
  return held
}

/** The last day on which a node holds from today on, or null when it does not hold today. */
function untilOf(node: Node, held: Held, mode: 'all' | 'ok'): Day | null {
  switch (node.op) {
    case 'leaf':
      return held[mode].get(node.n) ?? null
    case 'not':
      return untilOf(node.of, held, 'all') === null ? NO_END : null
    case 'any': {
      let best: Day | null = null
      for (const child of node.of) {
        const until = untilOf(child, held, mode)
        if (until !== null && (best === null || until > best)) best = until
      }
      return best
    }
    case 'all': {
      let least: Day | null = NO_END
      for (const child of node.of) {
        const until = untilOf(child, held, mode)
        if (until === null) return null
        least = minDay(least, until)
      }
      return node.of.length === 0 ? null : least
    }
  }
}

/** For every leaf that supports the result: the last day that the `all`s above it allow. */
function limitsOf(
  node: Node,
  held: Held,
  mode: 'all' | 'ok',
  limit: Day = NO_END,
  out = new Map<number, Day>(),
): Map<number, Day> {
  if (node.op === 'leaf') out.set(node.n, limit)
  else if (node.op === 'any') for (const child of node.of) limitsOf(child, held, mode, limit, out)
  else if (node.op === 'all') {
    const until = untilOf(node, held, mode)
    if (until !== null) for (const child of node.of) limitsOf(child, held, mode, minDay(limit, until), out)
  }
  return out
}

function survivors(facts: readonly GradeFact[], manual: ManualChange | null | undefined): readonly GradeFact[] {
  return manual ? facts.filter((fact) => (fact.recordedAt ?? 0) > manual.at) : facts
}

/** What household members bring: their facts, without place, value and degree (GRADE-11). */
function matesRows(leaf: MatesLeaf, mates: readonly Mate[], env: Env): Row[] {
  const inner = factLeaves(env.plan).filter((l) => l.feeds === leaf.n)
  const negated = new Set(inner.filter((l) => l.negated).map((l) => l.n))
  return mates
    .filter((mate) => leaf.doors.includes(mate.door))
    .flatMap((mate) => {
      const facts = survivors(mate.facts, activeManual(mate.manual, env.asOf))
      const rows = inner.flatMap((l) => rowsOf(l, facts, env)).filter((row) => row.start <= env.asOf)
      const held = heldOf(rows, env.asOf)
      const all = limitsOf(leaf.node, held, 'all')
      const ok = limitsOf(leaf.node, held, 'ok')
      return rows.flatMap((row): Row[] => {
        const limit = all.get(row.leaf)
        if (limit === undefined || negated.has(row.leaf)) return []
        const okLimit = ok.get(row.leaf)
        const until = minDay(row.until, limit)
        const start = maxDay(row.start, mate.since)
        if (until < start) return []
        return [
          {
            ...row,
            leaf: leaf.n,
            start,
            until,
            okUntil: row.okUntil !== null && okLimit !== undefined ? minDay(row.okUntil, okLimit) : null,
            fact: { kind: row.fact.kind, from: row.fact.from, to: row.fact.to, source: row.fact.source },
            via: 'household',
          },
        ]
      })
    })
}

function activeManual(manual: ManualChange | null | undefined, asOf: Day): ManualChange | null {
  return manual && isManual(manual, asOf) ? manual : null
}

/** GRADE-9: what a rule gives when a source that may not give red stands behind it. */
export function cappedRule(rule: Rule): { say: Say; grade: Grade | null; colour: Colour | null } {
  const { grade, colour } = rule.gives
  return {
    say: {
      zh: `${rule.say.zh}${CAPPED_NOTE.zh}`,
      en: `${rule.say.en}${CAPPED_NOTE.en}`,
    },
    grade: grade === 'red' ? 'yellow' : (grade ?? null),
    colour: colour === 'red' ? 'yellow' : (colour ?? null),
  }
}

function reasonsOf({ rule, node, givesRed }: PlanRule, rows: readonly Row[], held: Held, env: Env): Reason[] {
  const all = limitsOf(node, held, 'all')
  const ok = givesRed ? limitsOf(node, held, 'ok') : null
  const full = new Map<string, Reason>()
  const capped = new Map<string, Reason>()
  const note = (
    map: Map<string, Reason>,
    row: Row,
    until: Day,
    gives: Pick<Reason, 'say' | 'grade' | 'colour' | 'capped'>,
  ): void => {
    const key = JSON.stringify([row.fact, row.via])
    const known = map.get(key)
    map.set(key, {
      rule: rule.id,
      ...gives,
      ...(row.via ? { via: row.via } : {}),
      fact: row.fact,
      day: known ? maxDay(known.day, row.day) : row.day,
      until: known?.until ? maxDay(known.until, until) : until,
    })
  }
  const gives = { say: rule.say, grade: rule.gives.grade ?? null, colour: rule.gives.colour ?? null }
  for (const row of rows) {
    const leaf = env.plan.leaves[row.leaf]
    const limit = all.get(row.leaf)
    if (!leaf || leaf.negated || row.start > env.asOf || limit === undefined) continue
    const okLimit = ok?.get(row.leaf)
    if (!ok) note(full, row, minDay(row.until, limit), gives)
    else {
      if (row.okUntil !== null && okLimit !== undefined) note(full, row, minDay(row.okUntil, okLimit), gives)
      note(capped, row, minDay(row.until, limit), { ...cappedRule(rule), capped: true })
    }
  }
  for (const key of full.keys()) capped.delete(key)
  return [...full.values(), ...capped.values()].map((r) => (r.until === NO_END ? { ...r, until: null } : r))
}

function earliest(days: (Day | null)[]): Day | null {
  return days.reduce((least, day) => (day === null ? least : least === null ? day : minDay(least, day)), null)
}

/** GRADE-12: when the result may change by itself. */
function reviewOf(
  judged: Day | null,
  rows: readonly Row[],
  held: Held,
  subject: GradedSubject,
  manual: ManualChange | null,
  env: Env,
): Day | null {
  const days: (Day | null)[] = [
    judged === null ? null : addDays(judged, 1),
    manual === null ? null : addDays(manual.until, 1),
  ]
  for (const row of rows) if (row.start > env.asOf) days.push(row.start)
  for (const n of prepare(env.plan).negated) {
    const until = held.all.get(n)
    if (until !== undefined && until !== NO_END) days.push(addDays(until, 1))
  }
  if (env.entries) {
    for (const f of survivors(subject.facts, manual)) {
      if (f.kind === 'stay' && f.place !== null && contains(env.plan.area, f.place) && f.from > env.asOf)
        days.push(f.from)
    }
  }
  return earliest(days)
}

/**
 * Grade and colour of one person on a day: a pure function of the facts, the risk areas and the day (docs/rules/grading.md).
 * @param asOf a local calendar day
 * @returns grade and colour null when no rule holds; reasons in canonical order, at most MAX_REASONS.
 */
export function evaluatePlan(plan: Plan, subject: GradedSubject, around: Surroundings, asOf: Day): Judgement {
  const { facts: leaves, mates, entries } = prepare(plan)
  const env: Env = { risk: around.risk, redSources: around.redSources, plan, asOf, entries }
  const manual = activeManual(subject.manual, asOf)
  const facts = survivors(subject.facts, manual)
  const rows: Row[] = []
  for (const leaf of leaves) {
    const { kind } = leaf.atom
    if (facts.some((fact) => fact.kind === kind)) rows.push(...rowsOf(leaf, facts, env))
  }
  for (const leaf of mates) {
    rows.push(...matesRows(leaf, subject.mates ?? [], env).filter((row) => !manual || row.recordedAt > manual.at))
  }
  const held = heldOf(rows, asOf)
  // Most people have nothing at all: no tree is walked for them.
  const found = rows.length === 0 ? [] : plan.rules.flatMap((rule) => reasonsOf(rule, rows, held, env))
  if (manual) found.push(manualReason(manual))
  const result = gradeFrom(found, asOf)
  return {
    ...result,
    reasons: sortReasons(found, (id) => plan.rules.findIndex((r) => r.rule.id === id)).slice(0, MAX_REASONS),
    fromDay: asOf,
    reviewDay: reviewOf(result.untilDay, rows, held, subject, manual, env),
  }
}

/** As `evaluatePlan`, for a single call: a declaration gets its colour at once. */
export function evaluate(ruleSet: RuleSet, subject: GradedSubject, around: Surroundings, asOf: Day): Judgement {
  return evaluatePlan(planOf(ruleSet), subject, around, asOf)
}
