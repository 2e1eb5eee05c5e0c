import {
  FINDINGS,
  GROUNDS,
  HARDSHIPS,
  PROOF_KINDS,
  REFUSALS,
  RELATIONS,
  STAGES,
  WRONGS,
} from '@weiwang/domain/healthcode/objection-api'
import type { ObjectionStateName } from '@weiwang/domain/healthcode/objection-api'
import {
  ASKER_SAY,
  FINDING_SAY,
  GROUND_SAY,
  HARDSHIP_SAY,
  PROOF_SAY,
  REFUSAL_SAY,
  RELATION_SAY,
  REVOKED_SAY,
  STAGE_SAY,
  STATE_SAY,
  WRONG_SAY,
} from '@weiwang/domain/healthcode/objection-words'
import type { Say } from '@weiwang/domain/core/say'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'

/** The closed lists of objections as choices of a field, in the reader's language. */
export const TOUCHES = ['/api/objections', '/api/people', '/api/graded', '/api/stats']
export const PASS_TOUCHES = ['/api/hardship-passes']

type Choice<T extends string> = { value: T; label: string }

function useChoices<T extends string>(keys: readonly T[], says: Readonly<Record<T, Say>>): Choice<T>[] {
  const say = useSay()
  return keys.map((value) => ({ value, label: say(says[value]) }))
}

export const useGrounds = () => useChoices(GROUNDS, GROUND_SAY)
export const useStages = () => useChoices(STAGES, STAGE_SAY)
export const useFindings = () => useChoices(FINDINGS, FINDING_SAY)
export const useWrongs = () => useChoices(WRONGS, WRONG_SAY)
export const useRefusals = () => useChoices(REFUSALS, REFUSAL_SAY)
export const useRelations = () => useChoices(RELATIONS, RELATION_SAY)
export const useProofKinds = () => useChoices(PROOF_KINDS, PROOF_SAY)
export const useHardships = () => useChoices(HARDSHIPS, HARDSHIP_SAY)
export const useRevoked = () => useChoices(['not_needed', 'misused', 'mistake'] as const, REVOKED_SAY)

export { ASKER_SAY, GROUND_SAY, PROOF_SAY, RELATION_SAY, STAGE_SAY }

const STRONG: readonly ObjectionStateName[] = ['submitted', 'supplemented', 'county_decision']

export function useStateWord(): (state: ObjectionStateName) => { word: string; strong: boolean } {
  const say = useSay()
  return (state) => ({ word: say(STATE_SAY[state]), strong: STRONG.includes(state) })
}

/** Minutes as hours and minutes. */
export function useMinutes(): (minutes: number | null) => string {
  const { t } = useTranslation('centre')
  return (minutes) =>
    minutes === null ? '–' : t('objection.hours', { h: String(Math.floor(minutes / 60)), m: String(minutes % 60) })
}
