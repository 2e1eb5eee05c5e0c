import { Job } from '@weiwang/domain/core/api'
import { pageOf } from '@weiwang/domain/core/page'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { When } from '../../../shared/words.tsx'
import { useHowFar, useStep } from '../../parts/JobProgress.tsx'
import { ListTable } from '../../parts/ListTable.tsx'

const Jobs = pageOf(Job)

/** Long work, running or over: imports, runs, pushes. It goes on whether or not a page is open. */
export function JobsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const stepOf = useStep()
  const howFar = useHowFar()
  const list = useList(Jobs, '/api/jobs', {}, { every: 3_000 })
  return (
    <Page title={t('jobs')} lead={t('jobs.lead')}>
      <ListTable<Job>
        name={t('jobs')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('jobs.empty') }}
        columns={[
          { key: 'title', title: t('job'), cell: (row) => <b>{say(row.title)}</b> },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'failed'}>{t(`jobState.${row.state}`)}</WordTag>,
          },
          {
            key: 'progress',
            title: t('job.progress'),
            width: 260,
            cell: (row) => <Progress label={say(row.title)} done={row.done} total={row.total} text={howFar(row)} />,
          },
          {
            key: 'step',
            title: t('job.step'),
            cell: (row) => stepOf(row.step) ?? '–',
          },
          { key: 'started', title: t('push.started'), cell: (row) => <When at={row.startedAt} /> },
          { key: 'finished', title: t('push.finished'), cell: (row) => <When at={row.finishedAt} /> },
        ]}
      />
    </Page>
  )
}
