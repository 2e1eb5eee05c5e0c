import { TaskDetail } from '@weiwang/domain/tasks/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useWrite } from '../../api/query.ts'
import { useSay } from '../../i18n/setup.ts'
import { BigButton, Known } from '../../kit/phone/controls.tsx'
import { useClock } from '../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { Due, Grade, When } from '../../shared/words.tsx'
import { dayWords } from '../../words/time.ts'
import { readQuestions } from '../answers.ts'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { AttemptSheet } from './AttemptSheet.tsx'
import { Identity } from './Identity.tsx'
import { ReturnSheet } from './ReturnSheet.tsx'
import { Script } from './Script.tsx'
import { VisitForm } from './VisitForm.tsx'

const Anything = z.unknown()
const SOURCES = ['rail', 'air', 'road', 'telecom', 'fever_clinic', 'laboratory', 'case_investigation'] as const

/** What is known is shown, not asked: why, since when, and what others have already found. */
function KnownAbout({ task }: { task: TaskDetail }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const clock = useClock()
  const sourceWord = (id: string): string => {
    const known = SOURCES.find((s) => s === id)
    return known ? t(`source.${known}`) : id
  }
  const reasons = (
    <>
      {task.reasons.map((r) => (
        <span key={r.rule} style={{ display: 'block' }}>
          {say(r.say)}
          {r.until ? ` (${t('until', { day: dayWords(r.until, clock) })})` : ''}
        </span>
      ))}
    </>
  )
  const earlier = task.earlier.map((e) => `${e.areaName} ${say(findDisposition(e.disposition)?.say) || e.disposition}`)
  return (
    <section className="card">
      <h2>{t('known')}</h2>
      <Known
        rows={[
          [t('why'), reasons],
          [t('for'), say(task.campaign.name)],
          [t('sources'), task.sources.map(sourceWord).join('、') || '–'],
          [t('reference'), task.reference],
          task.attempts > 0 ? [t('tries'), t('attempts', { n: task.attempts })] : null,
          task.nextTry && new Date(task.nextTry) > clock.now
            ? [t('nextTry'), <When key="n" at={task.nextTry} />]
            : null,
          earlier.length > 0 ? [t('earlier'), earlier.join('；')] : null,
        ]}
      />
    </section>
  )
}

/** Door, person and deadline; a call or the identity for a purpose; and the clock of a red task is stopped by accepting. */
function Subject({ task }: { task: TaskDetail }): ReactNode {
  const { t } = useTranslation('worker')
  const accept = useWrite(Anything, { path: `/api/tasks/${task.id}/accept`, touches: ['/api/tasks'] })
  const mayAccept = task.state === 'pushed' && task.actions.some((a) => a.action === 'accept' && a.ok)
  return (
    <section className="card">
      <span className="card-door">{task.door ?? t('door.unknown')}</span>
      <span className="card-place">{task.areaName}</span>
      <span className="card-who">
        <b>{task.masked}</b>
        <Grade grade={task.grade} />
        <span className="card-due">
          <Due at={task.answerBy} done={task.closedAt !== null} />
        </span>
      </span>
      {task.personId ? <Identity personId={task.personId} /> : null}
      {mayAccept ? (
        <>
          <ProblemNotice error={accept.error} />
          <BigButton busy={accept.isPending} onClick={() => accept.mutate({})}>
            {t('accept')}
          </BigButton>
        </>
      ) : null}
    </section>
  )
}

function Opened({ task }: { task: TaskDetail }): ReactNode {
  const { t } = useTranslation('worker')
  const [sheet, setSheet] = useState<'return' | 'attempt' | null>(null)
  const can = (action: string): boolean => task.actions.some((a) => a.action === action && a.ok)
  const subject = { taskId: task.id, campaignId: task.campaign.id, personIds: task.personId ? [task.personId] : [] }
  return (
    <div className="phone-with-act">
      <Head title={t('task')} back={paths.today()} />
      <main className="phone-main">
        <Subject task={task} />
        <KnownAbout task={task} />
        <Script script={task.campaign.script} />
        {task.closedAt === null ? (
          <div className="big-row">
            {can('attempt') ? <BigButton onClick={() => setSheet('attempt')}>{t('notReached')}</BigButton> : null}
            {can('return') ? <BigButton onClick={() => setSheet('return')}>{t('notMine')}</BigButton> : null}
          </div>
        ) : null}
        <VisitForm
          subject={subject}
          kind="task"
          questions={readQuestions(task.campaign.questions)}
          closed={task.closedAt !== null && task.visits.length > 0}
          lastVisit={task.visits.at(-1)?.id ?? null}
          mayFile={can('visit')}
          why={task.actions.find((a) => a.action === 'visit')?.why ?? null}
        />
      </main>
      <AttemptSheet id={task.id} open={sheet === 'attempt'} onClose={() => setSheet(null)} />
      <ReturnSheet id={task.id} open={sheet === 'return'} onClose={() => setSheet(null)} />
    </div>
  )
}

export function TaskPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { id = '' } = useParams({ strict: false })
  const answer = useQuery(q(TaskDetail, `/api/tasks/${id}`))
  if (answer.data) return <Opened key={id} task={answer.data} />
  return (
    <>
      <Head title={t('task')} back={paths.today()} />
      <main className="phone-main">
        {answer.error ? (
          <ReadProblem
            error={answer.error}
            again={<BigButton onClick={() => void answer.refetch()}>{c('act.retry')}</BigButton>}
          />
        ) : (
          <Loading />
        )}
      </main>
    </>
  )
}
