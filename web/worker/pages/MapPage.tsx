import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { byDoor, isOpen } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoors, useTasks } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import { placed, SIDE } from '../plan.ts'
import { DoorItem } from './Cards.tsx'

/** The doors of my grids where they lie, drawn here without anybody's map, and the list of the same doors beside it. */
export function MapPage(): ReactNode {
  const { t } = useTranslation('worker')
  const doors = useDoors()
  const tasks = useTasks()
  const [chosen, setChosen] = useState<string | null>(null)
  const due = useMemo(() => new Set(tasks.filter(isOpen).map((task) => task.body.householdId)), [tasks])
  const plan = useMemo(() => placed(doors), [doors])
  const known = plan.points.map(({ door }) => door).toSorted(byDoor)
  const shown: DoorView[] = chosen === null ? known : known.filter((door) => door.id === chosen)
  return (
    <>
      <Head title={t('map')} back={paths.doors()} />
      <main className="phone-main">
        {known.length === 0 ? (
          <Empty why={t('map.none')} todo={t('map.none.todo')} />
        ) : (
          <>
            <svg
              className="plan"
              viewBox={`0 0 ${SIDE} ${SIDE}`}
              role="img"
              aria-label={t('map.label', { n: known.length })}
            >
              {plan.points.map(({ door, x, y }) => (
                <g key={door.id} onClick={() => setChosen(door.id)} className="plan-door" data-due={due.has(door.id)}>
                  <circle cx={x} cy={y} r={26} className="plan-touch" />
                  {due.has(door.id) ? (
                    <path d={`M${x} ${y - 13}l13 22h-26z`} data-chosen={door.id === chosen} />
                  ) : (
                    <circle cx={x} cy={y} r={9} data-chosen={door.id === chosen} />
                  )}
                </g>
              ))}
            </svg>
            <p className="card-place">
              {t('map.scale', { m: plan.metres })} · {t('map.unknown', { n: doors.length - known.length })}
            </p>
            {chosen === null ? null : <BigButton onClick={() => setChosen(null)}>{t('map.all')}</BigButton>}
            {shown.map((door) => (
              <DoorItem key={door.id} door={door} />
            ))}
          </>
        )}
      </main>
    </>
  )
}
