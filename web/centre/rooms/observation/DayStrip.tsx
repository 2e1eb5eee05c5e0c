import type { ObservationDetail } from '@weiwang/domain/observation/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useClock } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import './observation.css'

/** Every day of the observation as a numbered square: past, today, ahead, and the last one. */
export function DayStrip({ strip }: { strip: ObservationDetail['strip'] }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  return (
    <ol className="day-strip" aria-label={t('obs.strip')}>
      {strip.map((one) => {
        const words = [dayWords(one.day, clock), t(`obs.strip.${one.when}`), one.last ? t('obs.strip.last') : '']
        return (
          <li
            key={one.day}
            data-when={one.when}
            data-last={one.last}
            title={words.filter(Boolean).join(' · ')}
            aria-label={[one.n === null ? '' : t('obs.dayOpen', { day: one.n }), ...words].filter(Boolean).join(' · ')}
            {...(one.when === 'today' ? { 'aria-current': 'date' as const } : {})}
          >
            {one.n ?? '–'}
          </li>
        )
      })}
    </ol>
  )
}
