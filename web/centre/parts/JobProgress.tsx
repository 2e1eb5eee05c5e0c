import { Job } from '@weiwang/domain/core/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { useSay } from '../../i18n/setup.ts'
import { Progress } from '../../kit/common/Figure.tsx'
import { Notice } from '../../kit/common/Notice.tsx'
import { ReadProblem } from '../../shared/ProblemNotice.tsx'
import { grouped } from '../../words/numbers.ts'
import { paths } from '../paths.ts'
import { GoLink } from './GoLink.tsx'

const EVERY_MS = 1_000
const OVER: readonly string[] = ['done', 'failed', 'cancelled']

function errorText(error: unknown): string {
  if (error === null || error === undefined) return ''
  return typeof error === 'string' ? error : JSON.stringify(error)
}

/** Rows done of rows; can be left, goes on without the page, and is found again under Jobs. */
export function JobProgress({ id, touches }: { id: string; touches: readonly string[] }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const client = useQueryClient()
  const answer = useQuery({
    ...q(Job, `/api/jobs/${id}`),
    refetchInterval: (query) => (query.state.data && OVER.includes(query.state.data.state) ? false : EVERY_MS),
  })
  const job = answer.data
  const over = job !== undefined && OVER.includes(job.state)
  const watched = touches.join(' ')
  useEffect(() => {
    if (!over) return
    for (const prefix of watched.split(' ')) {
      void client.invalidateQueries({
        predicate: ({ queryKey }) => typeof queryKey[0] === 'string' && queryKey[0].startsWith(prefix),
      })
    }
  }, [over, watched, client])
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!job || job.state === 'done') return null
  if (job.state === 'failed')
    return <Notice kind="fault" head={t('job.failed', { title: say(job.title) })} body={errorText(job.error)} />
  if (job.state === 'cancelled') return <Notice kind="note" head={t('job.cancelled', { title: say(job.title) })} />
  const text =
    job.total === null
      ? t('job.rows.unknown', { done: grouped(job.done) })
      : t('job.rows', { done: grouped(job.done), total: grouped(job.total) })
  return (
    <div>
      <Progress label={say(job.title)} done={job.done} total={job.total} text={`${say(job.title)} · ${text}`} />
      <p className="progress-text">
        {t('job.leave')} <GoLink href={paths.jobs()}>{t('jobs')}</GoLink>
      </p>
    </div>
  )
}
