import { Job, SaySchema } from '@weiwang/domain/core/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
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

const Failure = z.object({ message: SaySchema, remedy: SaySchema.optional() })

const STEPS = ['batch.facts', 'batch.persons', 'find', 'spread', 'judge', 'apply', 'held'] as const

/** The step of a job by its name; null for one that has none, or one that a later version of the server knows. */
export function useStep(): (step: string | null) => string | null {
  const { t } = useTranslation('centre')
  return (step) => {
    const known = STEPS.find((one) => one === step)
    return known ? t(`jobStep.${known}`) : null
  }
}

/** How far a job is: its share where the whole is known (rows, people, villages: each counts its own), else what is done. */
export function useHowFar(): (job: Pick<Job, 'done' | 'total'>) => string {
  const { t } = useTranslation('centre')
  return ({ done, total }) =>
    total === null || total === 0
      ? t('job.done', { done: grouped(done) })
      : t('job.share', { percent: Math.min(100, Math.floor((100 * done) / total)) })
}

/** How far a job is; can be left, goes on without the page, and is found again under Jobs. */
export function JobProgress({ id, touches }: { id: string; touches: readonly string[] }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const stepOf = useStep()
  const howFar = useHowFar()
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
  if (job.state === 'failed') return <Failed title={say(job.title)} error={job.error} />
  if (job.state === 'cancelled') return <Notice kind="note" head={t('job.cancelled', { title: say(job.title) })} />
  const text = [say(job.title), stepOf(job.step), howFar(job)].filter((part) => part !== null).join(' · ')
  return (
    <div>
      <Progress label={say(job.title)} done={job.done} total={job.total} text={text} />
      <p className="progress-text">
        {t('job.leave')} <GoLink href={paths.jobs()}>{t('jobs')}</GoLink>
      </p>
    </div>
  )
}

/** Says what stopped a job, and what to do, in the words of the problem; what is no problem of ours has no words for a reader. */
function Failed({ title, error }: { title: string; error: unknown }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const known = Failure.safeParse(error).data
  const body = known ? [say(known.message), known.remedy ? say(known.remedy) : ''].filter(Boolean).join(' ') : ''
  return <Notice kind="fault" head={t('job.failed', { title })} body={body} />
}
