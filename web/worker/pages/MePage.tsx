import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLang } from '../../i18n/setup.ts'
import { Known } from '../../kit/phone/controls.tsx'
import { spanWords } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useMine, usePhone, usePhoneState, useStrip } from '../phone/hooks.tsx'
import { Strip } from './Strip.tsx'

function Duties(): ReactNode {
  const { t } = useTranslation('worker')
  const lang = useLang()
  const clock = useClock()
  const duties = useMine()?.duties ?? []
  if (duties.length === 0) return <p>{t('noScope')}</p>
  return (
    <Known
      rows={duties.map((duty) => [
        duty.standIn ? t('covers.standIn') : t('covers'),
        <span key={duty.grid}>
          {duty.name[lang]}
          <br />
          <small>
            {duty.areaName} · {spanWords(duty.fromDay, duty.toDay, clock)}
          </small>
        </span>,
      ])}
    />
  )
}

export function MePage(): ReactNode {
  const { t } = useTranslation('worker')
  const { account } = usePhoneState()
  const strip = useStrip()
  // What was last heard; the list itself asks again.
  const open =
    usePhone()
      .own()
      ?.changes.filter(({ state }) => state === 'open').length ?? 0
  const waiting = strip.waiting + strip.refused + strip.held
  const lines = [
    { href: paths.day(), text: t('day'), n: strip.serverToday },
    { href: paths.outbox(), text: t('outbox'), n: waiting },
    { href: paths.drafts(), text: t('drafts'), n: 0 },
    { href: paths.changes(), text: t('changes'), n: open },
    { href: paths.help(), text: t('help'), n: 0 },
    { href: paths.services(), text: t('svc.title'), n: 0 },
    { href: paths.returns(), text: t('ret.title'), n: 0 },
    { href: paths.watches(), text: t('watch.title'), n: 0 },
    { href: paths.disputes(), text: t('med.title'), n: 0 },
    { href: paths.turns(), text: t('turn.title'), n: 0 },
    { href: paths.settings(), text: t('settings'), n: 0 },
    { href: paths.account(), text: t('account'), n: 0 },
  ]
  return (
    <>
      <Head title={t('tab.me')} />
      <Strip />
      <main className="phone-main">
        <section className="card">
          <span className="card-door">{account?.name}</span>
          <Duties />
        </section>
        <nav aria-label={t('tab.me')}>
          {lines.map((line) => (
            <Go key={line.href} href={line.href} className="card card-line">
              <b>{line.text}</b>
              {line.n > 0 ? <span className="count">{line.n}</span> : null}
            </Go>
          ))}
        </nav>
      </main>
    </>
  )
}
