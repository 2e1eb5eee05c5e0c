import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, HonestState } from '../../kit/common/Notice.tsx'
import { BigButton, Known } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { hourMinute } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { standing } from '../order.ts'
import { paths } from '../paths.ts'
import { useMyVisits, useOutbox, usePhone, useStrip } from '../phone/hooks.tsx'
import type { Receipt, SyncLine } from '../phone/types.ts'
import { KindWord } from './KindWord.tsx'
import { VisitLine } from './VisitLine.tsx'

function useReceiptsOf(day: string): readonly Receipt[] {
  const phone = usePhone()
  const items = useOutbox()
  const [receipts, setReceipts] = useState<readonly Receipt[]>([])
  useEffect(() => {
    let wanted = true
    void phone.outbox.receipts(day).then((all) => {
      if (wanted) setReceipts(all.toSorted((a, b) => b.recordedAt.localeCompare(a.recordedAt)))
    })
    return () => {
      wanted = false
    }
  }, [phone, day, items])
  return receipts
}

function Receipts({ day }: { day: string }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const receipts = useReceiptsOf(day)
  if (receipts.length === 0) return null
  return (
    <details className="fold">
      <summary className="group">{t('day.receipts', { n: grouped(receipts.length) })}</summary>
      <ul className="plain rows">
        {receipts.map((one) => (
          <li key={one.key}>
            <KindWord kind={one.kind} /> · {t('sent.at', { time: hourMinute(new Date(one.recordedAt), clock.zone) })}
            {one.outcome === 'held' ? ` · ${t('state.held')}` : ''}
            {one.movedTo ? ` · ${t('sent.moved', { area: one.movedTo.name })}` : ''}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** How the last syncs went, for who has to explain why something is missing. */
function SyncLog(): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const strip = useStrip()
  const phone = usePhone()
  const lines: readonly SyncLine[] = phone.syncLog()
  return (
    <details className="fold">
      <summary className="group">{t('day.log')}</summary>
      <BigButton busy={strip.syncing} onClick={() => void phone.sync()}>
        {strip.syncing ? t('strip.syncing') : t('sync.now')}
      </BigButton>
      <ul className="plain rows numbers">
        {lines.slice(0, 20).map((line) => (
          <li key={line.at.toISOString()}>
            {hourMinute(line.at, clock.zone)} · {t('day.log.line', { sent: line.sent, received: line.received })}
            {line.ok ? '' : ` · ${t(`trouble.${line.trouble ?? 'server'}`)}`}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What I filed today: here, on the way, at the server; the counter of the strip counts this list. */
export function DayPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const strip = useStrip()
  const today = phone.today()
  const visits = standing(useMyVisits(today))
  const refused = visits.filter(({ state }) => state === 'refused').length
  // What was handed over is at the supervisor's and what was refused goes nowhere by itself.
  const here = visits.filter(({ state }) => state === 'waiting' || state === 'sending' || state === 'stuck').length
  return (
    <>
      <Head title={t('day')} back={paths.me()} />
      <main className="phone-main">
        <section className="card">
          <Known
            rows={[
              [t('day.server'), t('visits.n', { n: grouped(strip.serverToday) })],
              [t('day.here'), t('visits.n', { n: grouped(here) })],
              strip.photosWaiting > 0
                ? [t('day.photos'), t('day.pictures', { n: grouped(strip.photosWaiting) })]
                : null,
              strip.held > 0 ? [t('state.held'), t('day.items', { n: grouped(strip.held) })] : null,
              refused > 0 ? [c('state.refused'), t('visits.n', { n: grouped(refused) })] : null,
            ]}
          />
          {refused > 0 ? (
            <p>
              <Go href={paths.outbox()}>{t('day.refused')}</Go>
            </p>
          ) : null}
          {here + strip.photosWaiting > 0 ? (
            <HonestState state="here" word={t('day.notLevel')} />
          ) : refused + strip.held === 0 ? (
            <HonestState state="server" word={t('day.level')} />
          ) : null}
        </section>
        {visits.length === 0 ? <Empty why={t('visits.todayNone')} todo={t('visits.todayNone.todo')} /> : null}
        {visits.map((visit) => (
          <VisitLine key={visit.id} visit={visit} />
        ))}
        <Receipts day={today} />
        <SyncLog />
      </main>
    </>
  )
}
