import { HOUSEHOLD_KINDS } from '@weiwang/domain/people/api'
import { isFormPurpose } from '@weiwang/domain/tasks/instruction'
import { useTranslation } from 'react-i18next'
import { useJoin } from '../../../i18n/setup.ts'
import { LEVELS } from './draft.ts'

export function useLevelWord(): (level: number) => string {
  const { t } = useTranslation('centre')
  return (level) => {
    const known = LEVELS.find((one) => Number(one) === level)
    return known ? t(`instrLevel.${known}`) : String(level)
  }
}

export function usePurposeWord(): (purpose: string) => string {
  const { t } = useTranslation('centre')
  return (purpose) => (isFormPurpose(purpose) ? t(`formPurpose.${purpose}`) : purpose)
}

export function useDoorKinds(): (kinds: readonly string[]) => string {
  const { t } = useTranslation('centre')
  const join = useJoin()
  return (kinds) =>
    join(
      kinds.map((kind) => {
        const known = HOUSEHOLD_KINDS.find((one) => one === kind)
        return known ? t(`doorKind.${known}`) : kind
      }),
    )
}
