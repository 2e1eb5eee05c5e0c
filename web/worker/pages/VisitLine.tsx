import { findDisposition } from '@weiwang/domain/tasks/disposition'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { HonestState } from '../../kit/common/Notice.tsx'
import { dayWords } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useDoor, usePhoneState, useTask } from '../phone/hooks.tsx'
import type { VisitView } from '../phone/types.ts'

const RESULTS = ['met', 'not_home', 'refused', 'moved_out', 'wrong_address'] as const

function VisitState({ visit }: { visit: VisitView }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  switch (visit.state) {
    case null:
    case 'done':
      return <HonestState state="server" word={c('state.server')} />
    case 'refused':
      return <HonestState state="refused" word={c('state.refused')} />
    case 'held':
      return <HonestState state="way" word={t('state.held')} />
    case 'sending':
      return <HonestState state="way" word={c('state.way')} />
    case 'stuck':
    case 'waiting':
      return <HonestState state="here" word={t('state.here')} />
  }
}

/** One visit: what was found, by whom, and where it is now. */
export function VisitLine({ visit, children }: { visit: VisitView; children?: ReactNode }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const me = usePhoneState().account?.id
  const task = useTask(visit.body.taskId ?? '')
  const door = useDoor(visit.body.householdId ?? task?.body.householdId ?? '')
  const known = RESULTS.find((r) => r === visit.body.result)
  const code = visit.body.disposition
  const disposition = code ? say(findDisposition(code)?.say) || code : ''
  return (
    <section className="card">
      <b>{door?.label ?? task?.person?.name ?? t('door.unknown')}</b>
      {task ? <span className="card-place">{task.person?.name ?? task.body.masked}</span> : null}
      <span className="card-place">
        {[known ? t(`result.${known}`) : visit.body.result, disposition].filter(Boolean).join(' · ')}
      </span>
      <span className="card-place">
        {dayWords(visit.body.day, clock)}
        {visit.body.by === me ? ` · ${t('byMe')}` : ''}
        {visit.body.supersedes ? ` · ${t('isCorrection')}` : ''}
      </span>
      <VisitState visit={visit} />
      {task ? (
        <p>
          <Go href={paths.task(task.id)}>{t('toTask')}</Go>
        </p>
      ) : null}
      {children}
    </section>
  )
}
