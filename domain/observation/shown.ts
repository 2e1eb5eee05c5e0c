import type { ObservationList } from './api.ts'
import type { ObservationState, ObservationStateName } from './fold.ts'

/**
 * OBS-26: what is shown of an observation to whom. Health is for those who may open one (grid worker, doctor, desk); everybody else
 * sees the measure, the days and the papers (TEAM-9), and that readings come or do not (READ-18). What the home is like is for those
 * whose row of the table of fields has it.
 */
export type Sees = { health: boolean; conditions: boolean }

/** Lists and states that say of somebody that he is ill. */
export const HEALTH_LISTS: readonly ObservationList[] = ['care']
export const HEALTH_STATES: readonly ObservationStateName[] = ['symptomatic', 'referred', 'admitted']

const HEALTH_EVENTS: readonly string[] = ['symptom', 'symptom_over', 'care', 'release_checked']

/** The state without what is not for this reader; the same function folds and names it as ever. */
export function shownState(state: ObservationState, sees: Sees): ObservationState {
  return sees.health ? state : { ...state, symptoms: null, care: null, releaseCheck: null }
}

type Line = { kind: string; body: Record<string, unknown> }

/** Lines of the history: those of health are left out, how somebody was found and what the home is like lose their words. */
export function shownHistory<L extends Line>(lines: readonly L[], sees: Sees): L[] {
  return lines
    .filter((line) => sees.health || !HEALTH_EVENTS.includes(line.kind))
    .map((line) => {
      if (line.kind === 'welfare' && !sees.health) return { ...line, body: without(line.body, ['found']) }
      if (line.kind === 'suitability' && !sees.conditions) return { ...line, body: kept(line.body, CONCLUSION) }
      return line
    })
}

/** What comes of a look at the home, which the papers rest on; the rest is who lives there and how. */
const CONCLUSION: readonly string[] = ['on', 'suitable', 'wantsCentral']

function kept(body: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)))
}

function without(body: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}
