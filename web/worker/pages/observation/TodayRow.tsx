import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Go } from '../../Go.tsx'
import { isDue } from '../../observation/watched.ts'
import { useWatchedDoors } from '../../observation/useWatched.ts'
import { paths } from '../../paths.ts'

/** On Today: how many doors under observation have something due now. */
export function TodayRow(): ReactNode {
  const { t } = useTranslation('worker')
  const doors = useWatchedDoors()
  if (doors.length === 0) return null
  const due = doors.filter((door) => door.people.some(isDue)).length
  return (
    <Go href={paths.observation()} className="card">
      {due > 0 ? <b>{t('obs.today', { n: due })}</b> : t('obs.today.none', { n: doors.length })}
    </Go>
  )
}
