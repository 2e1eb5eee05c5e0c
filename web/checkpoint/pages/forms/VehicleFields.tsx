import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Line } from '../../../kit/phone/controls.tsx'

export type Vehicle = { plate: string; companions: number }
const MOST = 99

export function VehicleFields({ value, onChange }: { value: Vehicle; onChange: (value: Vehicle) => void }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const set = (companions: number): void => onChange({ ...value, companions: Math.min(MOST, Math.max(0, companions)) })
  return (
    <>
      <Line label={t('vehicle.plate')} value={value.plate} onChange={(plate) => onChange({ ...value, plate })} />
      <fieldset className="counter" aria-label={t('vehicle.with')}>
        <span>{t('vehicle.with')}</span>
        <button type="button" aria-label={t('vehicle.fewer')} onClick={() => set(value.companions - 1)}>
          −
        </button>
        <output>{value.companions}</output>
        <button type="button" aria-label={t('vehicle.more')} onClick={() => set(value.companions + 1)}>
          +
        </button>
      </fieldset>
    </>
  )
}

export const plateOf = (text: string): string | null => (text.trim() === '' ? null : text.trim().toUpperCase())
