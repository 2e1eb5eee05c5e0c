import { HelpPage as HelpList } from '@weiwang/domain/people/change-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { Loading, ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { useDesk } from '../../parts/desk.ts'
import { HelpCard } from './HelpCard.tsx'

/** Asked often, because somebody stands at a door. */
const EVERY = 10_000

export function HelpCalls({ state }: { state: 'waiting' | 'closed' }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const list = useList(HelpList, '/api/help', { area: desk.area, state }, { every: EVERY })
  if (list.first) return <Loading />
  return (
    <>
      <ProblemNotice quiet error={list.error} />
      {list.rows.length === 0 && !list.error ? (
        <Empty why={t(state === 'waiting' ? 'help.none' : 'help.closed.none')} />
      ) : (
        <ul style={{ padding: 0, margin: 0 }}>
          {list.rows.map((call) => (
            <HelpCard key={call.id} call={call} />
          ))}
        </ul>
      )}
      {list.next ? <Act onClick={list.next}>{c('act.more')}</Act> : null}
    </>
  )
}

/** On the first page of the desk: nothing at all while nobody asks. */
export function HelpInbox(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const list = useList(HelpList, '/api/help', { area: desk.area, state: 'waiting' }, { every: EVERY })
  if (list.rows.length === 0) return null
  return (
    <div role="alert">
      <Section title={t('help.now')} lead={t('help.now.lead')}>
        <ul style={{ padding: 0, margin: 0 }}>
          {list.rows.map((call) => (
            <HelpCard key={call.id} call={call} />
          ))}
        </ul>
      </Section>
    </div>
  )
}
