import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, HonestState } from '../../../kit/common/Notice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Due } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { isDue, isPressing } from '../../observation/watched.ts'
import type { WatchedDoor } from '../../observation/watched.ts'
import { useWatchedDoors } from '../../observation/useWatched.ts'
import { paths } from '../../paths.ts'
import { Long } from '../Long.tsx'
import { Strip as Sending } from '../Strip.tsx'
import { MiniStrip, useDayWords, useDoorOf, useNameOf, useWhyWords } from './parts.tsx'

function DoorCard({ door }: { door: WatchedDoor }): ReactNode {
  const { t } = useTranslation('worker')
  const doorOf = useDoorOf()
  const name = useNameOf()
  const day = useDayWords()
  const why = useWhyWords()
  const waiting = door.people.reduce((sum, one) => sum + one.waiting, 0)
  return (
    <Go href={paths.observed(door.id)} className="card">
      <span className="card-door">{doorOf(door.householdId)}</span>
      {door.people.map((one) => (
        <span key={one.id} style={{ display: 'block' }}>
          <span className="card-who">
            <b>{name(one)}</b>
            <span>{day(one)}</span>
          </span>
          <MiniStrip of={one} />
          {isDue(one) ? (
            <span className="card-due" data-late={isPressing(one)}>
              {why(one)}{' '}
              {one.at && (one.why === 'reading' || one.why === 'missed') ? <Due at={one.at.toISOString()} /> : null}
            </span>
          ) : null}
        </span>
      ))}
      {waiting > 0 ? <HonestState state="here" word={t('obs.waiting', { n: waiting })} /> : null}
    </Go>
  )
}

/** Doors under observation, the most pressing first; computed here, with or without a net. */
export function ObservedDoorsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const doors = useWatchedDoors()
  const due = doors.filter((door) => door.people.some(isDue))
  const rest = doors.filter((door) => !door.people.some(isDue))
  return (
    <>
      <Head title={t('obs.title')} back={paths.today()} />
      <Sending />
      <main className="phone-main">
        {doors.length === 0 ? <Empty why={t('obs.empty')} todo={t('obs.empty.todo')} /> : null}
        {[
          { head: t('obs.due'), list: due },
          { head: t('obs.rest'), list: rest },
        ].map(({ head, list }) =>
          list.length === 0 ? null : (
            <section key={head} aria-label={head}>
              <h2 className="group">
                {head} · {grouped(list.length)}
              </h2>
              <Long>
                {list.map((door) => (
                  <DoorCard key={door.id} door={door} />
                ))}
              </Long>
            </section>
          ),
        )}
      </main>
    </>
  )
}
