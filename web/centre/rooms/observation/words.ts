import { OBSERVATION_LISTS } from '@weiwang/domain/observation/api'
import type { ObservationCard, ObservationList, ObservationReason } from '@weiwang/domain/observation/api'
import type { Answerers } from '@weiwang/domain/observation/answerer-api'
import { Measure, MEASURE_RULES, MEASURES } from '@weiwang/domain/observation/measure'
import { SYMPTOM_LIST } from '@weiwang/domain/observation/reading'
import { PART_NAMES } from '@weiwang/domain/observation/slots'
import type { SlotKey } from '@weiwang/domain/observation/slots'
import { HEALTH_LISTS } from '@weiwang/domain/observation/shown'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import type { Outing } from '@weiwang/domain/observation/outing'
import { OUTING_AGREED, OUTING_BY, OUTING_FOR, OUTING_NOW, REASON_NAMES } from '@weiwang/domain/observation/step-words'
import { LIST_NAMES } from '@weiwang/domain/observation/words'
import type { Say } from '@weiwang/domain/core/say'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { useClock, useMay } from '../../../session/me.ts'
import { dayWords, hoursWords } from '../../../words/time.ts'

/** Lists and figures that a step of an observation or a reading may change. */
export const TOUCHES = ['/api/observations', '/api/readings', '/api/stats', '/api/teams', '/api/tasks']

export const OF_A_SPAN: readonly ObservationList[] = [
  'opened',
  'released',
  'lapsed_on',
  'ended',
  'transferred_out',
  'transferred_in',
]

/** A code of a table of words; what this version does not know is shown as it came (case 19). */
export function useWord(): (table: Readonly<Record<string, Say>>, code: unknown) => string {
  const say = useSay()
  return (table, code) => {
    if (typeof code !== 'string') return ''
    const known = Object.hasOwn(table, code) ? table[code] : undefined
    return known ? say(known) : code
  }
}

export function useReasonWord(): (reason: string) => string {
  const word = useWord()
  return (reason) => word(REASON_NAMES, reason)
}

export function useMeasure(): (measure: Measure) => string {
  const say = useSay()
  return (measure) => say(MEASURE_RULES[measure].say)
}

export function useMeasureChoices(): { value: Measure; label: string }[] {
  const measure = useMeasure()
  return MEASURES.map((value) => ({ value, label: measure(value) }))
}

export function useReasonChoices(): { value: z.infer<typeof ObservationReason>; label: string }[] {
  return useChoices(REASON_NAMES)
}

export function useListChoices(): { value: ObservationList; label: string }[] {
  const say = useSay()
  const { t } = useTranslation('centre')
  const may = useMay()
  const seen = OBSERVATION_LISTS.filter((list) => may('open', 'observation') || !HEALTH_LISTS.includes(list))
  return seen.map((value) => ({
    value,
    label: OF_A_SPAN.includes(value) ? `${say(LIST_NAMES[value])} · ${t('day')}` : say(LIST_NAMES[value]),
  }))
}

export function useChoices<K extends string>(words: Readonly<Record<K, Say>>): { value: K; label: string }[] {
  const say = useSay()
  const choices: { value: K; label: string }[] = []
  for (const value in words) choices.push({ value, label: say(words[value]) })
  return choices
}

export function useSymptom(): (code: string) => string {
  const say = useSay()
  return (code) => {
    const known = SYMPTOM_LIST.find((one) => one.code === code)
    return known ? say(known.say) : code
  }
}

export function useSymptomChoices(): { value: string; label: string }[] {
  const say = useSay()
  return SYMPTOM_LIST.map((one) => ({ value: one.code, label: say(one.say) }))
}

/** Who may answer, the likeliest first, with what speaks for them. */
export function useAnswerers(): (near: Answerers | undefined) => { value: string; label: string }[] {
  const { t } = useTranslation('centre')
  return (near) =>
    (near?.items ?? []).map((one) => ({
      value: one.personId,
      label: [
        one.masked,
        near?.child === true ? t(`obs.likely.${one.likely}`) : '',
        one.hasPhone ? '' : t('obs.likely.noPhone'),
      ]
        .filter(Boolean)
        .join(' · '),
    }))
}

/** 今天 14:00–17:00 · 就医 · 专车接送 · 社区干部同意 · 外出中（已同意）. */
export function useOutingWords(): (outing: Outing) => string {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const word = useWord()
  return (one) =>
    [
      hoursWords(new Date(one.from), new Date(one.to), clock),
      word(OUTING_FOR, one.purpose),
      word(OUTING_BY, one.way),
      t('obs.outing.by', { who: word(OUTING_AGREED, one.agreedBy) }),
      word(OUTING_NOW, outingNow(one, clock.now)),
    ].join(' · ')
}

/** 今天早, 昨天晚. */
export function useSlotWords(): (slot: SlotKey) => string {
  const clock = useClock()
  const say = useSay()
  return ({ day, part }) => `${dayWords(day, clock)} ${say(PART_NAMES[part])}`
}

/** Where somebody stands in time: 第 6 天 / 共 14 天; lateness is words. */
export function useStanding(): (card: Pick<ObservationCard, 'standing' | 'startDay'>) => {
  day: string
  phase: string
  late: boolean
} {
  const { t } = useTranslation('centre')
  const clock = useClock()
  return ({ standing: { phase, day, of }, startDay }) => ({
    day: day === null ? '' : of === null ? t('obs.dayOpen', { day }) : t('obs.day', { day, of }),
    phase: phase === 'before' ? t('obs.phase.before', { day: dayWords(startDay, clock) }) : t(`obs.phase.${phase}`),
    late: phase === 'due' || phase === 'lapsed',
  })
}
