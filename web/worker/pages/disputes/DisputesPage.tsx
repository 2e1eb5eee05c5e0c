import { KIND_SAY } from '@weiwang/domain/incidents/words'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState } from '../../../kit/common/Notice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { paths } from '../../paths.ts'
import { useOutbox } from '../../phone/hooks.tsx'
import { AsOf } from '../AsOf.tsx'
import { Strip } from '../Strip.tsx'
import { useDisputes } from './disputes.ts'
import type { Dispute } from './disputes.ts'

function Item({ of }: { of: Dispute }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const waiting = useOutbox().filter(({ kind, body }) => kind === 'mediation.step' && body?.['id'] === of.id).length
  return (
    <Go href={paths.dispute(of.id)} className="card">
      <span className="card-door">{of.door ?? of.areaName}</span>
      <span className="card-who">
        <b>{say(KIND_SAY[of.kind])}</b>
        <span>{t(`med.state.${of.state}`)}</span>
      </span>
      <span className="card-due" data-late={of.late} style={{ display: 'block' }}>
        {[
          of.late ? t('med.late') : '',
          of.followUp
            ? t('med.followUp', { day: dayWords(of.followUp, clock) })
            : t('med.opened', { day: dayWords(of.openedDay, clock) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {waiting > 0 ? <HonestState state="here" word={t('obs.waiting', { n: waiting })} /> : null}
    </Go>
  )
}

/** My disputes under mediation, as last heard: confidential, and therefore on nobody else's phone. */
export function DisputesPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { items, asOf, unread } = useDisputes()
  return (
    <>
      <Head title={t('med.title')} back={paths.me()} />
      <Strip />
      <main className="phone-main">
        <AsOf at={asOf} unread={unread} />
        {items?.length === 0 ? <Empty why={t('med.none')} todo={t('med.none.todo')} /> : null}
        {items !== null && items.length > 0 ? (
          <section aria-label={t('med.title')}>
            <h2 className="group">
              {t('med.open')} · {grouped(items.length)}
            </h2>
            {items.map((one) => (
              <Item key={one.id} of={one} />
            ))}
          </section>
        ) : null}
      </main>
    </>
  )
}
