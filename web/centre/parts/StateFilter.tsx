import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField } from '../../kit/centre/controls.tsx'

/** Which of its states a list shows; any of them when none is chosen. */
export function StateFilter<T extends string>({
  value,
  states,
  word,
  onChange,
  width,
}: {
  value: T | undefined
  states: readonly T[]
  word: (state: T) => string
  onChange: (state: T | '') => void
  width?: number
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <SelectField
      label={t('state')}
      value={value ?? ''}
      any={t('any')}
      onChange={onChange}
      choices={states.map((one) => ({ value: one, label: word(one) }))}
      {...(width === undefined ? {} : { width })}
    />
  )
}
