import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { hourMinute } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useMine, usePhone, usePhoneState, useStrip, useUpdate } from '../phone/hooks.tsx'

const HOUR_MIN = 60

/** The truth in one line: what lies here unsent, what the server has of today, and since when. */
export function Strip(): ReactNode {
  const { t } = useTranslation('worker')
  const strip = useStrip()
  const clock = useClock()
  const unsent = strip.waiting + strip.photosWaiting
  return (
    <section className="strip" aria-label={t('strip')}>
      <Go href={paths.outbox()}>
        {unsent + strip.refused === 0 ? (
          t('strip.nothing')
        ) : (
          <b>
            {strip.waiting > 0 ? t('strip.waiting', { n: strip.waiting }) : null}
            {strip.photosWaiting > 0 ? ` ${t('strip.photos', { n: strip.photosWaiting })}` : null}
            {strip.refused > 0 ? ` ${t('strip.refused', { n: strip.refused })}` : null}
          </b>
        )}
      </Go>
      <Go href={paths.day()}>{t('strip.server', { n: grouped(strip.serverToday) })}</Go>
      <span>
        {strip.syncing
          ? t('strip.syncing')
          : strip.contactAt
            ? hourMinute(strip.contactAt, clock.zone)
            : t('strip.never')}
        {strip.trouble === 'offline' ? ` · ${t('strip.offline')}` : null}
      </span>
    </section>
  )
}

/** What the worker has to know before going on; each says what to do. */
export function Banners(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const state = usePhoneState()
  const strip = useStrip()
  const update = useUpdate()
  const clock = useClock()
  // An exercise has a clock of its own, far from every phone's.
  const isExercise = useMine()?.exercise ?? false
  return (
    <>
      {state.sessionEnded ? (
        <Notice
          kind="fault"
          head={t('banner.session')}
          body={t('banner.session.body')}
          action={
            <Go href={paths.login()} className="big">
              {t('banner.session.act')}
            </Go>
          }
        />
      ) : null}
      {state.tooOld ? <Notice kind="fault" head={t('banner.tooOld')} body={t('banner.tooOld.body')} /> : null}
      {update.ready ? (
        <Notice
          kind="note"
          head={t('banner.update')}
          action={<BigButton onClick={update.apply}>{t('banner.update.act')}</BigButton>}
        />
      ) : null}
      {strip.clockWrong !== null && !isExercise ? (
        <Notice
          kind="fault"
          head={t('banner.clock', { hours: grouped(Math.round(Math.abs(strip.clockWrong) / HOUR_MIN)) })}
          body={t('banner.clock.body')}
        />
      ) : null}
      {strip.storageFull ? <Notice kind="fault" head={t('banner.storage')} body={t('banner.storage.body')} /> : null}
      {state.whole ? null : <Notice kind="note" head={t('banner.partial')} body={t('banner.partial.body')} />}
      {strip.again ? (
        <Notice
          kind="note"
          head={t('banner.busy', { time: hourMinute(strip.again, clock.zone) })}
          action={<BigButton onClick={() => void phone.sync()}>{t('sync.now')}</BigButton>}
        />
      ) : null}
      {strip.trouble === 'server' ? (
        <Notice kind="note" head={t('banner.server')} body={t('banner.server.body')} />
      ) : null}
    </>
  )
}
