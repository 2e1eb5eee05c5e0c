import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Due } from '../../clock.tsx'
import { Go } from '../../Go.tsx'
import { useWatchedDoors } from '../../observation/useWatched.ts'
import { paths } from '../../paths.ts'
import { useDayWords, useNameOf, useWhyWords } from './parts.tsx'

/** On a door's page: who is observed here and what is due. */
export function DoorRow({ householdId }: { householdId: string }): ReactNode {
  const { t } = useTranslation('worker')
  const name = useNameOf()
  const day = useDayWords()
  const why = useWhyWords()
  const door = useWatchedDoors().find((one) => one.householdId === householdId)
  if (!door) return null
  return (
    <Go href={paths.observed(door.id)} className="card">
      <b className="card-name">{t('obs.door', { n: door.people.length })}</b>
      {door.people.map((one) => (
        <span key={one.id} style={{ display: 'block' }}>
          {name(one)} · {day(one)}
          {one.why === 'none' ? null : (
            <b>
              {' · '}
              {why(one)} {one.why === 'reading' && one.at ? <Due at={one.at.toISOString()} /> : null}
            </b>
          )}
        </span>
      ))}
    </Go>
  )
}
