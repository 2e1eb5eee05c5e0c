import type { Problem } from '../core/problem.ts'
import type { AskHow } from './truth-api.ts'
import type { ContradictionState, Evidence, Outcome } from './truth-kinds.ts'
import {
  alreadyAsked,
  contradictionHeld,
  contradictionOver,
  factNeeded,
  nobodyToAsk,
  notHeard,
  wordsNeeded,
} from './truth-problems.ts'

/** TRUTH-8 … TRUTH-11: what may be done with a contradiction, and what it becomes. Pure; nothing of it is about a colour. */
export type Standing = {
  state: ContradictionState
  area: string
  /** Who sent somebody to ask. */
  askedBy: string | null
  /** Somebody who was sent has answered, or the person has written. */
  heard: boolean
  known: readonly Evidence[]
}

/** Digits of a village: the coarsest place that has somebody to send. */
const VILLAGE = 12

function isOver(state: ContradictionState): boolean {
  return state === 'closed' || state === 'ceased'
}

export function mayAsk({ state, area }: Standing): Problem | null {
  if (isOver(state)) return contradictionOver({ state })
  if (state === 'asked') return alreadyAsked({})
  return area.length < VILLAGE ? nobodyToAsk({}) : null
}

export function mayDecide({ state }: Standing): Problem | null {
  return isOver(state) ? contradictionOver({ state }) : null
}

const OURS: readonly Evidence['kind'][] = ['observation', 'return', 'phone', 'key']

/** Facts that came from a feed: what can be wrong with our data and be corrected. */
export function factsOf(known: readonly Evidence[]): Evidence[] {
  return known.filter((e) => !OURS.includes(e.kind))
}

export function mayCall(standing: Standing, outcome: Outcome, self: string | null): Problem | null {
  const over = mayDecide(standing)
  if (over) return over
  if (outcome !== 'false') return null
  if (!standing.heard) return notHeard({})
  return standing.askedBy !== null && standing.askedBy === self ? contradictionHeld({ mine: standing.askedBy }) : null
}

export type Decision = { outcome: Outcome; facts: readonly string[]; words: string | undefined }

/** Null when the decision stands. Wrong data are named, and a false declaration is said with what it rests on. */
export function checkDecision(
  standing: Standing,
  { outcome, facts, words }: Decision,
  self: string | null,
): Problem | null {
  const problem = mayCall(standing, outcome, self)
  if (problem) return problem
  const refs = new Set(factsOf(standing.known).map((e) => e.ref))
  if (outcome === 'our_error' && refs.size > 0 && (facts.length === 0 || facts.some((ref) => !refs.has(ref))))
    return factNeeded({})
  if (outcome === 'false' && words === undefined) return wordsNeeded({})
  return null
}

/** How the grid hears of it: a call is blue, a visit yellow, as everything that is asked without haste. */
export const ASK_GRADE: Record<AskHow, 'blue' | 'yellow'> = { call: 'blue', visit: 'yellow' }
