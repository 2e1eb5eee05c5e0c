import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { HonestState } from '../../kit/common/Notice.tsx'
import { dayWords, dueWords } from '../../words/time.ts'
import { Grade, useClock } from '../clock.tsx'
import { Go } from '../Go.tsx'
import { isOpen } from '../order.ts'
import { paths } from '../paths.ts'
import { usePhoneState } from '../phone/hooks.tsx'
import type { DoorView, PersonView, TaskView } from '../phone/types.ts'

function DueLine({ task }: { task: TaskView }): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const { body } = task
  if (!isOpen(task)) {
    if (body.state === 'closed') return <span className="card-due">{t('task.closed')}</span>
    return <HonestState state="here" word={t(task.returned ? 'returned.here' : 'filed.here')} />
  }
  const due = dueWords(new Date(body.answerBy), clock)
  return (
    <span className="card-due" data-late={due.late} style={{ display: 'block' }}>
      {body.state === 'waiting' && body.dueDay ? t('waits', { day: dayWords(body.dueDay, clock) }) : due.text}
      {body.state === 'pushed' && body.acceptBy && !task.accepted ? ` · ${t('toAccept')}` : ''}
    </span>
  )
}

/** House number largest, then who and what, then when due. */
export function TaskItem({
  task,
  isNew = false,
  plain = false,
}: {
  task: TaskView
  isNew?: boolean
  plain?: boolean
}): ReactNode {
  const { t } = useTranslation('worker')
  const { whole, loading } = usePhoneState()
  const isComing = task.body.householdId && task.door === null && (!whole || loading)
  return (
    <Go href={paths.task(task.id)} className="card">
      {plain ? null : (
        <span className="card-door">{task.door?.label ?? t(isComing ? 'door.coming' : 'door.unknown')}</span>
      )}
      <span className="card-who">
        <b>{task.person?.name ?? task.body.masked}</b>
        <Grade grade={task.body.grade} />
        <span>{t('what.check')}</span>
        {isNew ? <b className="fresh">{t('fresh')}</b> : null}
      </span>
      <DueLine task={task} />
    </Go>
  )
}

const KINDS = ['home', 'shop', 'rental', 'group_rental', 'dormitory', 'business'] as const

export function useKindWord(): (kind: string) => string {
  const { t } = useTranslation('worker')
  return (kind) => {
    const known = KINDS.find((one) => one === kind)
    return known ? t(`doorKind.${known}`) : kind
  }
}

export function DoorItem({
  door,
  tasks = 0,
  children,
}: {
  door: DoorView
  tasks?: number
  children?: ReactNode
}): ReactNode {
  const { t } = useTranslation('worker')
  const kindWord = useKindWord()
  const short = [door.body.building, door.body.door].filter(Boolean).join(' ')
  return (
    <Go href={paths.door(door.id)} className="card">
      <span className="card-door">{short || door.label || t('door.unknown')}</span>
      <span className="card-place">{[door.body.estate, kindWord(door.body.kind)].filter(Boolean).join(' · ')}</span>
      <span className="card-who">
        <span>{t('members', { n: door.body.members })}</span>
        {tasks > 0 ? <b>{t('door.tasks', { n: tasks })}</b> : null}
        {door.body.hazards.length > 0 ? <b>{t('door.hazards')}</b> : null}
        {door.local ? <span>{t('state.here')}</span> : null}
      </span>
      {children}
    </Go>
  )
}

export function PersonItem({ person, door }: { person: PersonView; door: DoorView | null }): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <Go href={paths.person(person.id)} className="card">
      <b className="card-name">{person.name ?? person.body.masked}</b>
      <span className="card-place">{door?.label ?? t('door.unknown')}</span>
      {person.local ? <span className="card-place">{t('state.here')}</span> : null}
    </Go>
  )
}
