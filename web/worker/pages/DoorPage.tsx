import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { isOpen, standing } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoor, useMembers, usePhoneState, useTasksOf, useVisits } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import { purposesFor } from '../visit/forms.ts'
import { TaskItem, useKindWord } from './Cards.tsx'
import { usePurposeWord } from './VisitPage.tsx'
import { Hazards } from './Hazards.tsx'
import { Marks } from './Marks.tsx'
import { VisitLine } from './VisitLine.tsx'
import { Whom } from './Whom.tsx'

const Older = lazy(() => import('./online/OlderVisits.tsx').then((part) => ({ default: part.OlderVisits })))
const Observed = lazy(() => import('./observation/DoorRow.tsx').then((part) => ({ default: part.DoorRow })))
const Services = lazy(() => import('./services/Rows.tsx').then((part) => ({ default: part.DoorRow })))
const FEW = 10

function Visits({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const me = usePhoneState().account?.id
  const [older, setOlder] = useState(false)
  const visits = standing(useVisits({ householdId: door.id }))
  return (
    <>
      <h2 className="group">{t('visits.before')}</h2>
      {visits.length === 0 ? <p className="card-place">{t('visits.none30')}</p> : null}
      {visits.slice(0, FEW).map((visit) => (
        <VisitLine key={visit.id} visit={visit}>
          {visit.body.by === me && !visit.body.taskId ? (
            <p>
              <Go href={`${paths.visit(door.id)}?corrects=${visit.id}`}>{t('correct')}</Go>
            </p>
          ) : null}
        </VisitLine>
      ))}
      {older ? (
        <Suspense fallback={null}>
          <Older householdId={door.id} />
        </Suspense>
      ) : (
        <BigButton onClick={() => setOlder(true)}>{t('visits.older')}</BigButton>
      )}
    </>
  )
}

function Members({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const members = useMembers(door.id)
  return (
    <>
      <h2 className="group">{t('people')}</h2>
      {members.length === 0 ? <p className="card-place">{t('people.none')}</p> : null}
      {members.map((person) => (
        <section className="card" key={person.id}>
          <Go href={paths.person(person.id)} className="card-name">
            {person.name ?? person.body.masked}
          </Go>
          <span className="card-place">
            {[person.birth, person.local ? t('state.here') : ''].filter(Boolean).join(' · ')}
          </span>
          <Whom person={person} whole={false} />
        </section>
      ))}
      <p>
        <Go href={paths.newPerson(door.id)} className="big">
          {t('person.new')}
        </Go>
      </p>
      <p>
        <Go href={paths.register(door.id)} className="big">
          {t('proxy.title')}
        </Go>
      </p>
    </>
  )
}

function Opened({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const kindWord = useKindWord()
  const purposeWord = usePurposeWord()
  const tasks = useTasksOf({ householdId: door.id }).filter(isOpen)
  const [usual, ...others] = purposesFor(door.body.kind)
  const members = useMembers(door.id)
  const short = [door.body.building, door.body.door].filter(Boolean).join(' ') || t('door.unknown')
  return (
    <main className="phone-main">
      <section className="card">
        <span className="card-door">{short}</span>
        <span className="card-place">{[door.body.estate, door.address].filter(Boolean).join(' · ')}</span>
        <span className="card-who">
          {kindWord(door.body.kind)} · {t('members', { n: members.length })}
        </span>
        {door.local ? <span className="card-place">{t('state.here')}</span> : null}
        <Hazards hazards={door.body.hazards} />
        {door.local ? null : (
          <p>
            <Go href={paths.editDoor(door.id)}>{t('door.edit')}</Go>
          </p>
        )}
      </section>
      <Marks marks={door.marks} />
      <Suspense fallback={null}>
        <Observed householdId={door.id} />
        <Services householdId={door.id} local={door.local} />
      </Suspense>
      <p>
        <Go href={paths.visit(door.id)} className="big big-primary">
          {usual ? purposeWord(usual) : t('door.file')}
        </Go>
      </p>
      <details className="fold">
        <summary className="group">{t('door.otherVisit')}</summary>
        <div className="big-row">
          {others.map((purpose) => (
            <Go key={purpose} href={paths.visit(door.id, purpose)} className="big">
              {purposeWord(purpose)}
            </Go>
          ))}
        </div>
      </details>
      {tasks.length > 0 ? <h2 className="group">{t('door.tasks', { n: tasks.length })}</h2> : null}
      {tasks.map((task) => (
        <TaskItem key={task.id} task={task} plain />
      ))}
      <Members door={door} />
      <Visits door={door} />
    </main>
  )
}

/** One door: who lives there, what to take care of, what was found before, and a visit without a task. */
export function DoorPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useDoor(id)
  return (
    <>
      <Head title={door?.body.estate ?? t('tab.doors')} back={paths.doors()} />
      {door ? (
        <Opened key={id} door={door} />
      ) : (
        <main className="phone-main">
          <Empty why={t('door.gone')} todo={t('door.gone.todo')} />
        </main>
      )}
    </>
  )
}
