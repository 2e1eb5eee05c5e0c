import { PROMISES, URGENCY_SAY } from '@weiwang/domain/observation/service-kind'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { HonestState } from '../../../kit/common/Notice.tsx'
import { dueWords, hourMinute } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { usePhone } from '../../phone/hooks.tsx'
import type { Carried } from '../../services/carried.ts'

/** 生活物资 · 急. */
export function useWhat(): (one: Pick<Carried, 'kind' | 'urgency'>) => string {
  const say = useSay()
  return ({ kind, urgency }) =>
    [say(PROMISES[kind].say), urgency === 'usual' ? '' : say(URGENCY_SAY[urgency])].filter(Boolean).join(' · ')
}

/** The door as the register has it; elsewhere as the server said. */
export function useWhere(): (one: Pick<Carried, 'householdId' | 'place'>) => string {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  return ({ householdId, place }) =>
    (householdId === null ? null : phone.shelf.door(householdId)?.label) ?? place ?? t('door.unknown')
}

export function useFor(): (one: Pick<Carried, 'personId' | 'masked'>) => string {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  return ({ personId, masked }) =>
    (personId === null ? null : phone.shelf.person(personId)?.name) ?? (masked === '' ? t('svc.whole') : masked)
}

/** Until when, and the hours in which somebody is there. */
export function Until({ of }: { of: Carried }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const at = (text: string): string => hourMinute(new Date(text), clock.zone)
  const window = of.windowFrom && of.windowTo ? `${at(of.windowFrom)}–${at(of.windowTo)}` : null
  if (of.part === 'done') return null
  const due = dueWords(new Date(of.dueBy), clock)
  return (
    <span className="card-due" data-late={due.late} style={{ display: 'block' }}>
      {[of.roundDay === null ? '' : t('svc.round'), window, due.text].filter(Boolean).join(' · ')}
    </span>
  )
}

export function ServiceItem({ of }: { of: Carried }): ReactNode {
  const { t } = useTranslation('worker')
  const what = useWhat()
  const where = useWhere()
  const whom = useFor()
  return (
    <Go href={paths.service(of.id)} className="card">
      <span className="card-door">{where(of)}</span>
      <span className="card-who">
        <b>{what(of)}</b>
        <span>{whom(of)}</span>
        {of.part === 'others' && of.takenByName ? <span>{t('svc.with', { name: of.takenByName })}</span> : null}
      </span>
      <Until of={of} />
      {of.waiting > 0 ? (
        <HonestState state="here" word={`${t(`svc.state.${of.state}`)} · ${t('obs.waiting', { n: of.waiting })}`} />
      ) : null}
    </Go>
  )
}
