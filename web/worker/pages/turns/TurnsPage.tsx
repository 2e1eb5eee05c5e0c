import { KIT_SAY } from '@weiwang/domain/teams/force'
import { MyForce, MyHealth, MyTurns } from '@weiwang/domain/teams/force-api'
import type { HealthView, TurnView } from '@weiwang/domain/teams/force-api'
import { useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../../kit/phone/controls.tsx'
import { dayWords, hourMinute } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useHeard, useOutbox, usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import { AsOf } from '../AsOf.tsx'
import { State } from '../Sent.tsx'
import { Strip } from '../Strip.tsx'

const Report = lazy(() => import('../online/ReportHealth.tsx').then((part) => ({ default: part.ReportHealth })))

/** The code that the camera opened this page with; behind the #, so that it is in no log. */
function useCodeHere(): string {
  const hash = useRouterState({ select: (state) => state.location.hash })
  return /^#?code=([\w.-]+)$/.exec(hash)?.[1] ?? ''
}

/** By the code of the post: kept here at once. The code says itself when it was shown, so that it may go up later (FORCE-7). */
function Sign(): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const scanned = useCodeHere()
  const [code, setCode] = useState(scanned)
  const [full, setFull] = useState(false)
  const signed = useOutbox().filter(({ kind }) => kind === 'force.sign')
  const text = code.trim()
  const sign = async (act: 'in' | 'out'): Promise<void> => {
    try {
      await phone.outbox.add({ kind: 'force.sign', body: { code: text, act, at: phone.now().toISOString() } })
      setCode('')
      void phone.sync()
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    }
  }
  return (
    <section className="card" aria-label={t('turn.sign')}>
      <h2>{t('turn.sign')}</h2>
      {scanned !== '' && code === scanned ? (
        <Notice kind="note" head={t('turn.scanned')} />
      ) : (
        <p>{t('turn.sign.lead')}</p>
      )}
      <Line label={t('turn.code')} value={code} onChange={setCode} />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <div className="big-row">
        <BigButton primary disabled={text === ''} onClick={() => void sign('in')}>
          {t('turn.in')}
        </BigButton>
        <BigButton disabled={text === ''} onClick={() => void sign('out')}>
          {t('turn.out')}
        </BigButton>
      </div>
      {signed.map((item) => (
        <div key={item.key}>
          <State item={item} receipt={null} />
          {item.problem ? (
            <Notice
              kind="fault"
              head={say(item.problem.message)}
              body={say(item.problem.remedy)}
              action={<Go href={paths.sent(item.key)}>{t('outbox.open')}</Go>}
            />
          ) : null}
        </div>
      ))}
    </section>
  )
}

function Turn({ turn }: { turn: TurnView }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const at = (text: string): string => hourMinute(new Date(text), clock.zone)
  return (
    <section className="card" aria-label={turn.post}>
      <span className="card-name">{turn.post}</span>
      <span className="card-who">
        <b>
          {dayWords(turn.day, clock)} {at(turn.startsAt)}–{at(turn.endsAt)}
        </b>
        <span>{turn.areaName}</span>
      </span>
      <span className="card-due" style={{ display: 'block' }}>
        {[
          t(`turn.state.${turn.state}`),
          turn.inAt ? `${t('turn.in')} ${at(turn.inAt)}` : '',
          turn.outAt ? `${t('turn.out')} ${at(turn.outAt)}` : '',
          turn.late > 0 ? t('turn.late', { n: turn.late }) : '',
          turn.early > 0 ? t('turn.early', { n: turn.early }) : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </section>
  )
}

function Turns(): ReactNode {
  const { t } = useTranslation('worker')
  const { data, asOf, unread } = useHeard(MyTurns, '/api/forces/turns/mine')
  return (
    <>
      <h2 className="group">{t('turn.mine')}</h2>
      <AsOf at={asOf} unread={unread} />
      {data?.items.length === 0 ? <Empty why={t('turn.none')} todo={t('turn.none.todo')} /> : null}
      {data?.items.map((turn) => (
        <Turn key={turn.id} turn={turn} />
      ))}
    </>
  )
}

const MINUTES = 60

function HoursAndKit(): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const { data, asOf, unread } = useHeard(MyForce, '/api/forces/mine')
  return (
    <>
      <h2 className="group">{t('turn.hours')}</h2>
      <AsOf at={asOf} unread={unread} />
      {data ? (
        <p className="card">
          {t('turn.hours.line', {
            turns: data.hours.turns,
            hours: Math.floor(data.hours.minutes / MINUTES),
            minutes: data.hours.minutes % MINUTES,
          })}
        </p>
      ) : null}
      <h2 className="group">{t('turn.kit')}</h2>
      {data?.kit.length === 0 ? <p className="card-place">{t('turn.kit.none')}</p> : null}
      {data && data.kit.length > 0 ? (
        <ul className="card plain">
          {data.kit.map((one) => (
            <li key={one.id}>
              {dayWords(one.day, clock)} · {say(KIT_SAY[one.item])} × {one.n}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

function Said({ of }: { of: HealthView }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  return (
    <li>
      {dayWords(of.day, clock)} ·{' '}
      {[t(`own.health.${of.kind}`), ...of.symptoms.map((one) => t(`own.symptom.${one}`)), of.words]
        .filter(Boolean)
        .join(' · ')}
      {of.restUntil ? <b> · {t('own.health.rest', { day: dayWords(of.restUntil, clock) })}</b> : null}
      {of.over ? ` · ${t('own.health.over')}` : ''}
    </li>
  )
}

function Health(): ReactNode {
  const { t } = useTranslation('worker')
  const { data, asOf, unread } = useHeard(MyHealth, '/api/forces/health/mine')
  const [saying, setSaying] = useState(false)
  return (
    <>
      <h2 className="group">{t('own.health')}</h2>
      <p className="card-place">{t('own.health.lead')}</p>
      <AsOf at={asOf} unread={unread} />
      {data && data.items.length > 0 ? (
        <ul className="card plain">
          {data.items.map((one) => (
            <Said key={one.id} of={one} />
          ))}
        </ul>
      ) : null}
      {saying ? (
        <Suspense fallback={null}>
          <Report onDone={() => setSaying(false)} />
        </Suspense>
      ) : (
        <p>
          <BigButton onClick={() => setSaying(true)}>{t('own.health.say')}</BigButton>
        </p>
      )}
    </>
  )
}

/** What is mine as somebody who works: posts and coming and going, hours, kit, and what I say about my health. */
export function TurnsPage(): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <>
      <Head title={t('turn.title')} back={paths.me()} />
      <Strip />
      <main className="phone-main">
        <Sign />
        <Turns />
        <HoursAndKit />
        <Health />
      </main>
    </>
  )
}
