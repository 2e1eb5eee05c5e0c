import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { Known } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { isOpen } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoor, usePerson, useTasksOf } from '../phone/hooks.tsx'
import type { PersonView } from '../phone/types.ts'
import { TaskItem } from './Cards.tsx'
import { Marks } from './Marks.tsx'
import { Whom } from './Whom.tsx'

function Opened({ person }: { person: PersonView }): ReactNode {
  const { t } = useTranslation('worker')
  const door = useDoor(person.body.householdId ?? '')
  const tasks = useTasksOf({ personId: person.id })
  const sex = person.body.sex === 1 ? t('sex.1') : person.body.sex === 2 ? t('sex.2') : ''
  return (
    <>
      <section className="card">
        <span className="card-door">{person.name ?? person.body.masked}</span>
        {person.local ? <span className="card-place">{t('state.here')}</span> : null}
        <Known
          rows={[
            sex ? [t('sex'), sex] : null,
            person.birth ? [t('birth'), person.birth] : null,
            person.documentEnd ? [t('documentEnd'), person.documentEnd] : null,
            door
              ? [
                  t('livesAt'),
                  <Go key="d" href={paths.door(door.id)}>
                    {door.label ?? t('door.unknown')}
                  </Go>,
                ]
              : null,
          ]}
        />
        <Whom person={person} />
        {person.local ? null : (
          <p className="links">
            <Go href={paths.editPerson(person.id)}>{t('person.edit')}</Go>
            <Go href={paths.movePerson(person.id)}>{t('move')}</Go>
          </p>
        )}
      </section>
      <Marks marks={person.marks} />
      {tasks.filter(isOpen).map((task) => (
        <TaskItem key={task.id} task={task} />
      ))}
    </>
  )
}

export function PersonPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const person = usePerson(id)
  return (
    <>
      <Head title={t('person')} back={paths.doors()} />
      <main className="phone-main">
        {person ? <Opened person={person} /> : <Empty why={t('person.gone')} todo={t('door.gone.todo')} />}
      </main>
    </>
  )
}
