import { showTemperature } from '@weiwang/domain/observation/temperature'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import * as words from '@weiwang/domain/observation/step-words'
import { PART_NAMES } from '@weiwang/domain/observation/slots'
import type { Say } from '@weiwang/domain/core/say'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { HonestState } from '../../../kit/common/Notice.tsx'
import { dayWords, hoursWords } from '../../../words/time.ts'
import { Due, useClock } from '../../clock.tsx'
import type { Watched } from '../../observation/watched.ts'
import { usePhone } from '../../phone/hooks.tsx'
import './observation.css'

/** The name, opened for the worker on duty; masked until it came down. */
export function useNameOf(): (one: Pick<Watched, 'personId' | 'masked'>) => string {
  const phone = usePhone()
  return ({ personId, masked }) => phone.shelf.person(personId)?.name ?? masked
}

export function useDoorOf(): (householdId: string | null) => string {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  return (householdId) =>
    householdId === null ? t('obs.noDoor') : (phone.shelf.door(householdId)?.label ?? t('door.unknown'))
}

/** 第 6 天 / 共 14 天; what is over has no day any more. */
export function useDayWords(): (one: Watched) => string {
  const { t } = useTranslation('worker')
  return ({ standing: { day, of, phase } }) => {
    if (day === null || phase === 'ended') return t(`obs.phase.${phase}`)
    return of === null ? t('obs.dayOpen', { day }) : t('obs.day', { day, of })
  }
}

export function useWhyWords(): (one: Watched) => string {
  const { t } = useTranslation('worker')
  return ({ why, how, standing: { phase } }) => {
    if (why === 'release' && phase !== 'last_day') return t(`obs.phase.${phase}`)
    const known = how === 'call' || how === 'door' ? how : null
    return why === 'missed' && known ? `${t('obs.why.missed')} · ${t(`obs.how.${known}`)}` : t(`obs.why.${why}`)
  }
}

export function Strip({ of }: { of: Watched }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  return (
    <ol className="obs-strip" aria-label={t('obs.strip')}>
      {of.strip.map((one) => (
        <li
          key={one.day}
          data-when={one.when}
          data-last={one.last}
          aria-label={[
            one.n === null ? '' : t('obs.dayOpen', { day: one.n }),
            dayWords(one.day, clock),
            t(`obs.strip.${one.when}`),
            one.last ? t('obs.strip.last') : '',
          ]
            .filter(Boolean)
            .join(' · ')}
          {...(one.when === 'today' ? { 'aria-current': 'date' as const } : {})}
        >
          {one.n ?? '–'}
        </li>
      ))}
    </ol>
  )
}

function named(table: Readonly<Record<string, Say>>, code: string): Say {
  return table[code] ?? { zh: code, en: code }
}

/** Outings that were asked for or agreed to and are not over: nobody out in these hours breaks anything (OBS-27). */
export function Outings({ of }: { of: Watched }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const { outingAsked: asked, outings } = of.state
  const live = outings.filter((one) => ['ahead', 'out', 'overdue'].includes(outingNow(one, clock.now)))
  if (asked === null && live.length === 0) return null
  const span = (one: { from: string; to: string }): string => hoursWords(new Date(one.from), new Date(one.to), clock)
  return (
    <ul className="obs-slots" aria-label={t('obs.outing')}>
      {asked ? (
        <li data-strong>
          <span>{t('obs.outing.asked')}</span>
          <span>{span(asked)}</span>
          <span>{say(named(words.OUTING_FOR, asked.purpose))}</span>
        </li>
      ) : null}
      {live.map((one) => (
        <li key={one.n} data-strong={outingNow(one, clock.now) === 'overdue'}>
          <span>{say(words.OUTING_NOW[outingNow(one, clock.now)])}</span>
          <span>{span(one)}</span>
          <span>{say(named(words.OUTING_FOR, one.purpose))}</span>
          <span>{say(named(words.OUTING_BY, one.way))}</span>
          <span>{t('obs.outing.by', { who: say(named(words.OUTING_AGREED, one.agreedBy)) })}</span>
        </li>
      ))}
    </ul>
  )
}

/** The days at a glance in a list; the words beside it say the same, so it is a picture and nothing is read out. */
export function MiniStrip({ of }: { of: Watched }): ReactNode {
  return (
    <span className="obs-mini" aria-hidden="true">
      {of.strip.map((one) => (
        <i key={one.day} data-when={one.when} data-last={one.last} />
      ))}
    </span>
  )
}

/** Today's readings, and what was missed yesterday, as they are at this moment. */
export function Slots({ of }: { of: Watched }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  if (of.slots.length === 0) return <p className="card-place">{t('obs.slots.none')}</p>
  return (
    <ul className="obs-slots" aria-label={t('obs.slots')}>
      {of.slots.map((slot) => (
        <li key={slot.day + slot.part} data-strong={slot.state === 'missed'}>
          <span>
            {dayWords(slot.day, clock)} {say(PART_NAMES[slot.part])}
          </span>
          <span>{t(`obs.slot.${slot.state}`)}</span>
          {slot.temperature === null ? null : <span>{showTemperature(slot.temperature)} ℃</span>}
          {slot.state === 'open' ? <Due at={slot.dueAt.toISOString()} /> : null}
          {slot.here ? <HonestState state="here" word={t('obs.slot.here')} /> : null}
        </li>
      ))}
    </ul>
  )
}
