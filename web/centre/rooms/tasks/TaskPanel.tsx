import { TaskDetail } from '@weiwang/domain/tasks/api'
import { TASK_EVENT_KINDS } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Due, Grade, When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { StateWord, useDisposition, useSourceWord } from './parts.tsx'
import { TaskActions } from './TaskActions.tsx'

function placeName(task: TaskDetail, code: unknown): string {
  return typeof code === 'string' ? (task.places[code] ?? code) : ''
}

/** From where to where a line of the history took the task, or which level it was told to, by names. */
function wayOf(task: TaskDetail, { kind, body, area }: TaskDetail['history'][number]): string {
  if (kind === 'escalated') return `→ ${placeName(task, body['area'])}`
  if (kind === 'returned_up' || kind === 'passed_down' || kind === 'reorganised')
    return `${placeName(task, body['from'])} → ${placeName(task, body['to'])}`
  return kind === 'moved' ? `${placeName(task, area)} → ${placeName(task, body['to'])}` : ''
}

function History({ task }: { task: TaskDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const disposition = useDisposition()
  return (
    <ol className="history">
      {task.history.map((line) => {
        const kind = TASK_EVENT_KINDS.find((k) => k === line.kind)
        const answer = line.body['disposition'] ?? line.body['result']
        const reason = line.body['reason'] ?? line.body['evidence'] ?? line.body['note']
        const way = wayOf(task, line)
        return (
          <li key={line.n}>
            {kind ? t(`taskEvent.${kind}`) : line.kind}
            {typeof answer === 'string' ? ` · ${disposition(answer)}` : ''}
            {typeof reason === 'string' ? ` · ${reason}` : ''}
            {way ? ` · ${way}` : ''}
            <small>
              {line.by.name || t('system')} · {placeName(task, line.area)} · <When at={line.recordedAt} />
            </small>
          </li>
        )
      })}
    </ol>
  )
}

/** A task with its history, who is responsible now, and what this reader can do next. */
export function TaskPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  const disposition = useDisposition()
  const sourceWord = useSourceWord()
  const answer = useQuery({ ...q(TaskDetail, `/api/tasks/${id}`), refetchInterval: 30_000 })
  const [, again] = useState(0)
  if (answer.error)
    return (
      <ReadProblem
        error={answer.error}
        again={<Act onClick={() => void answer.refetch().then(() => again((n) => n + 1))}>{c('act.retry')}</Act>}
      />
    )
  if (!answer.data) return <Loading />
  const task = answer.data
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {task.personId ? <GoLink href={paths.person(task.personId)}>{task.masked}</GoLink> : task.masked}
        <Grade grade={task.grade} />
        <StateWord state={task.state} outcome={task.outcome} />
      </h2>
      <Facts
        rows={[
          [t('task.responsible'), <b key="r">{task.assignee?.name ?? t('task.nobody.in', { area: task.areaName })}</b>],
          [t('task.due'), <Due key="d" at={task.answerBy} done={task.closedAt !== null} />],
          task.acceptBy && !task.closedAt && task.state === 'pushed'
            ? [t('task.acceptBy'), <Due key="a" at={task.acceptBy} />]
            : null,
          [
            t('task.door'),
            task.householdId ? (
              <GoLink key="h" href={paths.household(task.householdId)}>
                {task.door ?? t('household')}
              </GoLink>
            ) : (
              (task.door ?? '–')
            ),
          ],
          [t('area'), `${task.areaName} (${task.area})`],
          [t('task.disposition'), disposition(task.disposition)],
          task.dueDay ? [t('task.dueDay'), dayWords(task.dueDay, clock)] : null,
          task.nextTry ? [t('task.nextTry'), <When key="n" at={task.nextTry} />] : null,
          task.escalated > 0
            ? [
                t('task.escalated'),
                <WordTag key="e" strong>
                  {t('task.escalated.n', { n: task.escalated })}
                </WordTag>,
              ]
            : null,
          task.bounces > 0 ? [t('task.bounces'), t('task.bounces.n', { n: task.bounces })] : null,
          [t('campaign'), say(task.campaign.name)],
          [t('task.reference'), task.reference],
          [t('task.sources'), join(task.sources.map(sourceWord)) || '–'],
        ]}
      />
      <Section title={t('task.next')}>
        <TaskActions task={task} />
      </Section>
      <Section title={t('task.why')}>
        {task.reasons.map((reason) => (
          <p className="sentence" key={reason.rule}>
            {say(reason.say)}
            <small>
              {reason.rule}
              {reason.until ? ` · ${t('until', { day: dayWords(reason.until, clock) })}` : ''}
            </small>
          </p>
        ))}
      </Section>
      {task.earlier.length > 0 ? (
        <Section title={t('task.earlier')}>
          {task.earlier.map((e) => (
            <p className="sentence" key={e.taskId}>
              {disposition(e.disposition)}
              <small>
                {e.areaName} · <When at={e.answeredAt} />
              </small>
            </p>
          ))}
        </Section>
      ) : null}
      <Section title={t('history')}>
        <History task={task} />
      </Section>
    </>
  )
}
