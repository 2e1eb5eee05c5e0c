import type { StepName } from './api.ts'
import type { ObservationState } from './fold.ts'
import { nobodyAnswers } from './fold.ts'
import { MEASURE_RULES } from './measure.ts'
import { openOuting } from './outing.ts'

const ALWAYS: readonly StepName[] = [
  'team',
  'welfare',
  'symptom',
  'breach_step',
  'breach_over',
  'decide_shorten',
  'answer_objection',
  'check_release',
  'release',
  'follow_up',
  'date',
]

/**
 * Whether a step is what one looks for now; the others can be done as well and stand apart. What was done may be done again (a
 * notice that was lost), and a way to care can be noted before anybody named a symptom, but seldom.
 */
export function isUsualStep(state: ObservationState, step: StepName): boolean {
  const { needs } = MEASURE_RULES[state.measure]
  const ill = state.symptoms !== null || (state.care !== null && state.care.stage !== 'returned')
  switch (step) {
    case 'suitability':
      return needs.suitability && state.suitability === null
    case 'notice':
      return state.noticeOn === null
    case 'commitment':
      return needs.commitment && state.commitment === null
    case 'refusal':
      return needs.commitment && state.commitment === null && state.refusedOn === null
    case 'outing':
    case 'refuse_outing':
      return state.outingAsked !== null
    case 'outing_over':
      return openOuting(state.outings) !== null
    case 'responder':
      return nobodyAnswers(state)
    case 'care':
    case 'symptom_over':
      return ill
    default:
      return ALWAYS.includes(step)
  }
}
