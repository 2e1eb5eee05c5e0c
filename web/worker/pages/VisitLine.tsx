import type { VisitRow } from '@weiwang/domain/visits/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { When } from '../../shared/words.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

const RESULTS = ['met', 'not_home', 'refused', 'moved_out', 'wrong_address'] as const

/** A visit that the server has; its task opens it, and a correction is made there. */
export function VisitLine({ visit }: { visit: VisitRow }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const known = RESULTS.find((r) => r === visit.result)
  const code = visit.disposition
  const disposition = code === null ? '' : say(findDisposition(code)?.say) || code
  return (
    <section className="card">
      <b>{visit.door ?? visit.areaName}</b>
      <span className="card-place">
        {[known ? t(`result.${known}`) : visit.result, disposition].filter(Boolean).join(' · ')}
      </span>
      <span className="card-place">
        {visit.by.name} · <When at={visit.recordedAt} />
        {visit.supersedes ? ` · ${t('isCorrection')}` : ''}
      </span>
      {visit.taskId ? <Go href={paths.task(visit.taskId)}>{t('toTask')}</Go> : null}
    </section>
  )
}
