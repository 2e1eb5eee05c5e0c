import type { Say } from '@weiwang/domain/core/say'
import type { FactKind } from '@weiwang/domain/feeds/fact'
import { CASE_SAY, CLINIC_SAY, MEASURE_SAY, SYMPTOM_SAY, TEST_SAY } from '@weiwang/domain/grading/words'
import { useSay } from '../../../i18n/setup.ts'

const VALUES: Partial<Record<FactKind, Record<string, Say>>> = {
  symptom: SYMPTOM_SAY,
  fever_clinic: CLINIC_SAY,
  test: TEST_SAY,
  case: CASE_SAY,
  measure: MEASURE_SAY,
}

/** A value of a fact as people read it; a country's code stands for itself. */
export function useValueWord(): (fact: FactKind, value: string) => string {
  const say = useSay()
  return (fact, value) => say(VALUES[fact]?.[value]) || value
}
