import { useTranslation } from 'react-i18next'
import { useLang } from '../../i18n/setup.ts'
import { hourMinute, timeWords } from '../../words/time.ts'
import { useGate, useGateState } from '../current.ts'

const ZONE = 'Asia/Shanghai'

/** An instant (ms of the trusted clock) in the deployment's zone, as people say it. */
export function useTime(): (at: number) => string {
  const lang = useLang()
  const gate = useGate()
  const { mine } = useGateState()
  return (at) => timeWords(new Date(at), { now: new Date(gate.clock.now()), zone: mine?.zone ?? ZONE, lang })
}

/** `17:40` */
export function useHour(): (at: number) => string {
  const { mine } = useGateState()
  return (at) => hourMinute(new Date(at), mine?.zone ?? ZONE)
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in one unit. */
export function useAge(): (seconds: number) => string {
  const { t } = useTranslation('checkpoint')
  return (seconds) => {
    if (seconds < MINUTE) return t('age.now')
    if (seconds < HOUR) return t('age.min', { n: Math.floor(seconds / MINUTE) })
    if (seconds < 2 * DAY) return t('age.hour', { n: Math.floor(seconds / HOUR) })
    return t('age.day', { n: Math.floor(seconds / DAY) })
  }
}

/** The last digits of an id: a number for a slip of paper. */
export const numberOf = (id: string): string => String(Number.parseInt(id.slice(-5), 16) % 1000).padStart(3, '0')
