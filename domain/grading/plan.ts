import type { Atom, Criterion, Lasts, Rule, RuleSet, StayCriterion } from './rule-set.ts'
import { DOORS } from './rule-set.ts'

/**
 * One reading of a rule set for both engines: every criterion over facts becomes a numbered leaf, what stands above the
 * leaves becomes a small tree. `evaluate.ts` walks it for one person, `server/grading/compile.ts` writes it as SQL.
 */
export type FactLeaf = {
  n: number
  type: 'fact'
  rule: number
  atom: Atom
  /** How long the result holds; null under a `not`, where only the criterion itself counts. */
  lasts: Lasts | null
  /** Under a `not` of its own tree: gives no reason, and its end may begin a result. */
  negated: boolean
  /** The leaf belongs to a household member of the person: the number of the leaf that it feeds. */
  feeds: number | null
}

export type MatesLeaf = {
  n: number
  type: 'mates'
  rule: number
  negated: boolean
  doors: string[]
  /** What the household member must meet. */
  node: Node
}

export type Leaf = FactLeaf | MatesLeaf

export type Node =
  | { op: 'leaf'; n: number }
  | { op: 'all'; of: Node[] }
  | { op: 'any'; of: Node[] }
  | { op: 'not'; of: Node }

export type PlanRule = { index: number; rule: Rule; node: Node; givesRed: boolean }

export type Plan = { area: string; rules: PlanRule[]; leaves: Leaf[] }

export const DEFAULT_DOORS = ['home', 'rental', 'group_rental']

export const EVENT_KINDS = ['stay', 'contact', 'symptom', 'abroad'] as const

/** GRADE-5: values that only happen and never end a state, and the order of values on one day (the later ends the earlier). */
export const STATES: Record<
  'fever_clinic' | 'test' | 'case' | 'measure',
  { order: readonly string[]; passing: readonly string[] }
> = {
  fever_clinic: { order: ['visited', 'held', 'excluded'], passing: ['visited'] },
  test: { order: ['pending', 'negative', 'positive'], passing: ['pending'] },
  case: { order: ['suspected', 'asymptomatic', 'confirmed', 'recovered', 'excluded'], passing: [] },
  measure: { order: ['in', 'lifted'], passing: [] },
}

export type StateAtom = Exclude<Atom, { kind: 'stay' | 'contact' | 'symptom' | 'abroad' }>

export function isState(atom: Atom): atom is StateAtom {
  return atom.kind === 'fever_clinic' || atom.kind === 'test' || atom.kind === 'case' || atom.kind === 'measure'
}

/** The values that a state criterion looks for. */
export function statesOf(atom: StateAtom): readonly string[] {
  switch (atom.kind) {
    case 'fever_clinic':
      return atom.states ?? ['held']
    case 'test':
      return atom.results
    case 'case':
      return atom.statuses
    case 'measure':
      return atom.states ?? ['in']
  }
}

/** The values of the same kind that end it. */
export function endersOf(atom: StateAtom): readonly string[] {
  const wanted = statesOf(atom)
  const { order, passing } = STATES[atom.kind]
  return order.filter((value) => !wanted.includes(value) && !passing.includes(value))
}

/** Stay criteria with the same key match the same days of an area, whatever their windows. */
export function spanKey(atom: StayCriterion): string {
  return JSON.stringify([[...(atom.levels ?? [])].sort(), [...(atom.where ?? [])].sort(), atom.match ?? 'area'])
}

type Place = { rule: number; lasts: Lasts | null; negated: boolean; feeds: number | null }

function build(criterion: Criterion, at: Place, leaves: Leaf[]): Node {
  switch (criterion.kind) {
    case 'all':
    case 'any':
      return { op: criterion.kind, of: criterion.of.map((child) => build(child, at, leaves)) }
    case 'not':
      return { op: 'not', of: build(criterion.of, { ...at, lasts: null, negated: true }, leaves) }
    case 'lives_with': {
      const leaf: MatesLeaf = {
        n: leaves.length,
        type: 'mates',
        rule: at.rule,
        negated: at.negated,
        doors: criterion.doors ?? DEFAULT_DOORS.filter((door) => DOORS.some((known) => known === door)),
        node: { op: 'any', of: [] },
      }
      leaves.push(leaf)
      leaf.node = build(criterion.who, { ...at, negated: false, feeds: leaf.n }, leaves)
      return { op: 'leaf', n: leaf.n }
    }
    default: {
      const leaf: FactLeaf = { n: leaves.length, type: 'fact', atom: criterion, ...at }
      leaves.push(leaf)
      return { op: 'leaf', n: leaf.n }
    }
  }
}

export function planOf(ruleSet: RuleSet): Plan {
  const leaves: Leaf[] = []
  const rules = ruleSet.rules.map((rule, index): PlanRule => {
    const node = build(rule.when, { rule: index, lasts: rule.lasts, negated: false, feeds: null }, leaves)
    return { index, rule, node, givesRed: rule.gives.grade === 'red' || rule.gives.colour === 'red' }
  })
  return { area: ruleSet.area, rules, leaves }
}

export function factLeaves(plan: Plan): FactLeaf[] {
  return plan.leaves.flatMap((leaf) => (leaf.type === 'fact' ? [leaf] : []))
}

export function matesLeaves(plan: Plan): MatesLeaf[] {
  return plan.leaves.flatMap((leaf) => (leaf.type === 'mates' ? [leaf] : []))
}

/** Whether some leaf counts from the entry into the area: then stays inside the area are looked at too. */
export function usesEntry(plan: Plan): boolean {
  return factLeaves(plan).some((leaf) => leaf.lasts?.from === 'entry' && !isState(leaf.atom))
}

/** Whether some leaf over events ends with a release: then lifted measures are looked at too. */
export function usesRelease(plan: Plan): boolean {
  return factLeaves(plan).some((leaf) => leaf.lasts?.from === 'release' && !isState(leaf.atom))
}

/** The longest window of the plan's stays, contacts, symptoms and arrivals, in days. */
export function longestWindow(plan: Plan): number {
  return Math.max(0, ...factLeaves(plan).map((leaf) => (isState(leaf.atom) ? 0 : leaf.atom.withinDays)))
}
