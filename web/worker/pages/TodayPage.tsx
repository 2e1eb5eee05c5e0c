import { instantOf } from '@weiwang/domain/core/day'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton, Segments } from '../../kit/phone/controls.tsx'
import { grouped as withCommas } from '../../words/numbers.ts'
import { dayWords } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { byDoor, changedSince, foundNobody, grouped, isOpen, walked } from '../order.ts'
import { paths } from '../paths.ts'
import {
  useDoors,
  useMine,
  useNotices,
  usePhone,
  usePhoneState,
  useStrip,
  useTasks,
  useThings,
} from '../phone/hooks.tsx'
import type { NoticeView, TaskView } from '../phone/types.ts'
import { DoorItem, TaskItem } from './Cards.tsx'
import { Guide } from './Guide.tsx'
import { Helpers } from './Help.tsx'
import { useInstructions } from './instructions.ts'
import { Long } from './Long.tsx'
import { Banners, Strip } from './Strip.tsx'
import { useSeen } from './useSeen.ts'

const Observed = lazy(() => import('./observation/TodayRow.tsx').then((part) => ({ default: part.TodayRow })))
const Services = lazy(() => import('./services/Rows.tsx').then((part) => ({ default: part.TodayRow })))
const Watches = lazy(() => import('./watches/WatchesPage.tsx').then((part) => ({ default: part.TodayRow })))
const Returns = lazy(() => import('./returns/ReturnsPage.tsx').then((part) => ({ default: part.TodayRow })))
const GUIDE = 'weiwang.worker.guide'
const ORDER = 'weiwang.worker.order'

const NOTICES = [
  'assigned',
  'reassigned',
  'taken_over',
  'handover_taken',
  'handover_set_aside',
  'help.seen',
  'help.closed',
  'change.kept',
  'change.taken',
] as const

/** Where what a notice tells of can be read. */
function placeOf({ what, taskId }: NoticeView['body']): string | null {
  if (what.startsWith('help.')) return paths.help()
  if (what.startsWith('change.')) return paths.changes()
  if (what.startsWith('handover_')) return paths.outbox()
  return taskId && what !== 'taken_over' ? paths.task(taskId) : null
}

function NoticeLine({ notice }: { notice: NoticeView }): ReactNode {
  const { t } = useTranslation('worker')
  const { what, byName } = notice.body
  const known = NOTICES.find((one) => one === what)
  // A word of a newer server still is news (case 19).
  const text = known ? t(`notice.${known}`, { by: byName ?? '' }) : t('notice.other')
  const place = placeOf(notice.body)
  return <li>{place === null ? text : <Go href={place}>{text}</Go>}</li>
}

/** What came since the worker last said "seen": new or changed tasks, and what was decided about work of mine. */
function Changed({
  tasks,
  notices,
  onSeen,
}: {
  tasks: readonly TaskView[]
  notices: readonly NoticeView[]
  onSeen: () => void
}): ReactNode {
  const { t } = useTranslation('worker')
  if (tasks.length + notices.length === 0) return null
  return (
    <section className="card" aria-label={t('changed')}>
      <h2>{t('changed.count', { n: tasks.length + notices.length })}</h2>
      <ul className="plain">
        {notices.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} />
        ))}
        {tasks.slice(0, 5).map((task) => (
          <li key={task.id}>
            <Go href={paths.task(task.id)}>
              {task.door?.label ?? t('door.unknown')} {task.person?.name ?? task.body.masked}
            </Go>
          </li>
        ))}
      </ul>
      <BigButton onClick={onSeen}>{t('changed.seen')}</BigButton>
    </section>
  )
}

function ByUrgency({ tasks, fresh }: { tasks: readonly TaskView[]; fresh: ReadonlySet<string> }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const today = usePhone().today()
  const groups = grouped(tasks, clock.now, instantOf(today, clock.zone, 24))
  return groups.map((g) => {
    const cards = g.tasks.map((task) => <TaskItem key={task.id} task={task} isNew={fresh.has(task.id)} />)
    const head = `${t(`group.${g.group}`)} · ${withCommas(g.tasks.length)}`
    if (g.group === 'done') {
      return (
        <details className="fold" key={g.group}>
          <summary className="group">{head}</summary>
          <Long>{cards}</Long>
        </details>
      )
    }
    return (
      <section key={g.group} aria-label={t(`group.${g.group}`)}>
        <h2 className="group">{head}</h2>
        <Long>{cards}</Long>
      </section>
    )
  })
}

function ByDoor({ tasks, fresh }: { tasks: readonly TaskView[]; fresh: ReadonlySet<string> }): ReactNode {
  const { t } = useTranslation('worker')
  const walk = walked(tasks)
  return (
    <Long>
      {walk.map(({ door, tasks: here }) => (
        <section key={door?.id ?? ''} aria-label={door?.label ?? t('door.unknown')}>
          <h2 className="walk">
            {door ? <Go href={paths.door(door.id)}>{door.label ?? t('door.unknown')}</Go> : t('door.unknown')}
          </h2>
          {here.map((task) => (
            <TaskItem key={task.id} task={task} isNew={fresh.has(task.id)} plain />
          ))}
        </section>
      ))}
    </Long>
  )
}

/** Doors where the last visit found nobody: to be gone to again. */
function Again(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const doors = useDoors()
  const clock = useClock()
  const strip = useStrip()
  const again = useMemo(
    () =>
      doors
        .flatMap((door) => {
          const visit = foundNobody(phone.shelf.visitsOf({ householdId: door.id }))
          return visit ? [{ door, visit }] : []
        })
        .toSorted((a, b) => a.visit.body.day.localeCompare(b.visit.body.day) || byDoor(a.door, b.door)),
    // Visits come and go with what was sent and received.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [doors, phone, strip],
  )
  if (again.length === 0) return null
  return (
    <section aria-label={t('again')}>
      <h2 className="group">
        {t('again')} · {withCommas(again.length)}
      </h2>
      <Long>
        {again.map(({ door, visit }) => (
          <DoorItem key={door.id} door={door}>
            <span className="card-due">{t('again.last', { day: dayWords(visit.body.day, clock) })}</span>
          </DoorItem>
        ))}
      </Long>
    </section>
  )
}

function NoDuty(): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <>
      <Empty why={t('noScope')} todo={t('noScope.todo')} />
      {/* Leaders, volunteers and who stands at a post have no grid and have work all the same. */}
      {[
        { href: paths.watches(), text: t('watch.title') },
        { href: paths.services(), text: t('svc.title') },
        { href: paths.turns(), text: t('turn.title') },
      ].map((line) => (
        <Go key={line.href} href={line.href} className="card card-line">
          <b>{line.text}</b>
        </Go>
      ))}
      <Helpers />
    </>
  )
}

/** What is due now, sorted by urgency, then by door. */
export function TodayPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { account: who, loading, whole } = usePhoneState()
  const account = who?.id ?? ''
  const tasks = useTasks()
  const notices = useNotices()
  const mine = useMine()
  const observed = useThings('observation').length > 0
  const served = useThings('service').length > 0
  const called = useThings('watch_note').length > 0
  const expected = useThings('return').length > 0
  const { unread } = useInstructions()
  const [guide, setGuide] = useState(() => localStorage.getItem(GUIDE) !== account)
  const [order, setOrder] = useState<'urgency' | 'door'>(() =>
    localStorage.getItem(ORDER) === 'door' ? 'door' : 'urgency',
  )
  const views = useMemo(() => [...tasks, ...notices], [tasks, notices])
  const { seen, mark } = useSeen(account, views)
  const { syncing } = useStrip()
  const first = useRef(Object.keys(seen).length === 0)
  useEffect(() => {
    // At the first start everything would be news, so all that comes until the phone is level counts as seen.
    if (!first.current || views.length === 0) return
    first.current = syncing || loading
    mark()
  }, [views, mark, syncing, loading])
  const open = tasks.filter(isOpen)
  const changed = changedSince(open, seen)
  const fresh = new Set(changed.map((task) => task.id))
  const has = (mine?.duties.length ?? 0) > 0
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
        <Banners />
        {guide && has ? (
          <Guide
            onDone={() => {
              localStorage.setItem(GUIDE, account)
              setGuide(false)
            }}
          />
        ) : null}
        {has ? null : <NoDuty />}
        {unread > 0 ? (
          <Go href={paths.instructions()} className="card">
            <b>{t('instructions.unread', { n: unread })}</b>
          </Go>
        ) : null}
        <Suspense fallback={null}>
          {observed ? <Observed /> : null}
          {served ? <Services /> : null}
          {called ? <Watches /> : null}
          {expected ? <Returns /> : null}
        </Suspense>
        <Changed tasks={changed} notices={changedSince(notices, seen)} onSeen={mark} />
        {open.length > 0 ? (
          <Segments
            label={t('order')}
            value={order}
            choices={[
              { value: 'urgency', label: t('order.urgency') },
              { value: 'door', label: t('order.door') },
            ]}
            onChange={(next) => {
              localStorage.setItem(ORDER, next)
              setOrder(next)
            }}
          />
        ) : null}
        {has && whole && open.length === 0 ? <Empty why={t('empty')} todo={t('empty.todo')} /> : null}
        {order === 'urgency' ? <ByUrgency tasks={tasks} fresh={fresh} /> : <ByDoor tasks={tasks} fresh={fresh} />}
        <Again />
      </main>
    </>
  )
}
