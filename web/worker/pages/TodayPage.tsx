import { instantOf } from '@weiwang/domain/core/day'
import { TaskPage } from '@weiwang/domain/tasks/api'
import type { TaskCard } from '@weiwang/domain/tasks/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/query.ts'
import { Empty, Notice } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useClock, useMe } from '../../session/me.ts'
import { Loading, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { Grade } from '../../shared/words.tsx'
import { grouped as withCommas } from '../../words/numbers.ts'
import { dayWords, dueWords } from '../../words/time.ts'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { grouped } from '../order.ts'
import { paths } from '../paths.ts'
import { Guide } from './Guide.tsx'
import { Strip } from './Strip.tsx'

const MOST = 200

function Card({ task }: { task: TaskCard }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const due = dueWords(new Date(task.answerBy), clock)
  return (
    <Go href={paths.task(task.id)} className="card">
      <span className="card-door">{task.door ?? t('door.unknown')}</span>
      <span className="card-place">{task.areaName}</span>
      <span className="card-who">
        <b>{task.masked}</b>
        <Grade grade={task.grade} />
        <span>{t('what.check')}</span>
        {task.attempts > 0 ? <span>{t('attempts', { n: task.attempts })}</span> : null}
      </span>
      <span className="card-due" data-late={due.late} style={{ display: 'block' }}>
        {task.state === 'waiting' && task.dueDay ? t('waits', { day: dayWords(task.dueDay, clock) }) : due.text}
        {task.state === 'pushed' && task.acceptBy ? ` · ${t('toAccept')}` : ''}
      </span>
    </Go>
  )
}

const SEEN = 'weiwang.worker.guide'

/** What is due now, sorted by urgency, then by door. */
export function TodayPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const clock = useClock()
  const [guide, setGuide] = useState(() => localStorage.getItem(SEEN) !== me.id)
  const list = useList(TaskPage, '/api/tasks', { list: 'open', limit: MOST }, { every: 60_000 })
  const groups = grouped(list.rows, clock.now, instantOf(me.today, me.zone, 24))
  return (
    <>
      <Head
        title={t('tab.today')}
        end={
          <button type="button" onClick={() => setGuide(!guide)}>
            {c('act.guide')}
          </button>
        }
      />
      <Strip />
      <main className="phone-main">
        {guide ? (
          <Guide
            onDone={() => {
              localStorage.setItem(SEEN, me.id)
              setGuide(false)
            }}
          />
        ) : null}
        {me.emergency ? null : <Notice kind="note" head={t('noEmergency')} />}
        {me.scope.length === 0 ? <Empty why={t('noScope')} todo={t('noScope.todo')} /> : null}
        {list.error ? (
          <ReadProblem error={list.error} again={<BigButton onClick={list.again}>{c('act.retry')}</BigButton>} />
        ) : null}
        {list.first && !list.error ? <Loading /> : null}
        {!list.first && list.total === 0 && me.scope.length > 0 ? (
          <Empty why={t('empty')} todo={t('empty.todo')} />
        ) : null}
        {groups.map((g) => (
          <section key={g.group} aria-label={t(`group.${g.group}`)}>
            <h2 className="group">
              {t(`group.${g.group}`)} · {withCommas(g.tasks.length)}
            </h2>
            {g.tasks.map((task) => (
              <Card key={task.id} task={task} />
            ))}
          </section>
        ))}
        {list.next ? (
          <BigButton busy={list.more} onClick={list.next}>
            {c('shown', { shown: withCommas(list.rows.length), total: withCommas(list.total) })} · {c('act.more')}
          </BigButton>
        ) : null}
      </main>
    </>
  )
}
