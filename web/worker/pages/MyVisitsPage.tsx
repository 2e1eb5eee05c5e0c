import { VisitPage } from '@weiwang/domain/visits/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/query.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useMe } from '../../session/me.ts'
import { Loading, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { grouped } from '../../words/numbers.ts'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { VisitLine } from './VisitLine.tsx'

/** The list behind the number of the strip: my visits of today that the server has. */
export function MyVisitsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const list = useList(VisitPage, '/api/visits', { by: me.id, from: me.today, to: me.today, limit: 50 })
  return (
    <>
      <Head title={t('visits.today')} back={paths.today()} />
      <main className="phone-main">
        {list.error ? (
          <ReadProblem error={list.error} again={<BigButton onClick={list.again}>{c('act.retry')}</BigButton>} />
        ) : null}
        {list.first && !list.error ? <Loading /> : null}
        {!list.first && list.rows.length === 0 ? <Empty why={t('visits.todayNone')} /> : null}
        {list.rows.length > 0 ? <p className="group">{c('total', { total: grouped(list.total) })}</p> : null}
        {list.rows.map((visit) => (
          <VisitLine key={visit.id} visit={visit} />
        ))}
        {list.next ? (
          <BigButton busy={list.more} onClick={list.next}>
            {c('act.more')}
          </BigButton>
        ) : null}
      </main>
    </>
  )
}
