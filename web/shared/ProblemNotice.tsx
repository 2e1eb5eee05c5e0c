import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../api/http.ts'
import { useSay } from '../i18n/setup.ts'
import { Empty, Notice } from '../kit/common/Notice.tsx'

/** What went wrong, where, and what to do about it. Stands beside the form, which keeps what was typed. */
export function ProblemNotice({
  error,
  action,
  quiet = false,
}: {
  error: unknown
  action?: ReactNode
  /** A read that failed says so without taking the cursor away from what is being done. */
  quiet?: boolean
}): ReactNode {
  const { t } = useTranslation('common')
  const say = useSay()
  if (!error) return null
  const problem = problemOf(error)
  const small = [
    problem.at ? t('problem.at', { at: problem.at }) : '',
    problem.rule ? t('problem.rule', { rule: problem.rule }) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
  return (
    <Notice
      kind="fault"
      takesFocus={!quiet}
      head={say(problem.message)}
      body={say(problem.remedy)}
      small={small}
      action={action}
    />
  )
}

/** A read that failed: forbidden is said in its own words and never spun (case 60); the rest can be tried again. */
export function ReadProblem({ error, again }: { error: unknown; again: ReactNode }): ReactNode {
  const { t } = useTranslation('common')
  if (!error) return null
  const problem = problemOf(error)
  if (problem.kind === 'refused') return <Empty why={t('forbidden.title')} todo={t('forbidden.remedy')} />
  return <ProblemNotice quiet error={error} action={again} />
}

const LONG_MS = 6_000

/** Says that it reads, and after a while that it is slow; the client gives up by itself and then says so. */
export function Loading(): ReactNode {
  const { t } = useTranslation('common')
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <output className="empty" style={{ display: 'block' }}>
      {long ? t('loading.long') : t('loading')}
    </output>
  )
}
