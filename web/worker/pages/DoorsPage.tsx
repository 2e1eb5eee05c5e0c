import { useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { Line } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { byDoor, isOpen } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoors, useMine, usePhone, usePhoneState, useSearch, useTasks } from '../phone/hooks.tsx'
import type { DoorView } from '../phone/types.ts'
import { DoorItem, PersonItem } from './Cards.tsx'
import { Strip } from './Strip.tsx'

const NONE: readonly never[] = []

function Found({ text }: { text: string }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const { hits, busy } = useSearch(text)
  const { whole } = usePhoneState()
  if (hits.length === 0 && !whole) return <Empty why={t('banner.partial')} todo={t('banner.partial.body')} />
  if (hits.length === 0) {
    return busy ? (
      <p className="group">{c('loading')}</p>
    ) : (
      <Empty why={t('search.none')} todo={t('search.none.todo')} />
    )
  }
  return (
    <section aria-label={t('search.found')}>
      <p className="group">{c('total', { total: grouped(hits.length) })}</p>
      {hits.map((hit) =>
        hit.kind === 'door' ? (
          <DoorItem key={hit.door.id} door={hit.door} />
        ) : (
          <PersonItem
            key={hit.person.id}
            person={hit.person}
            door={hit.person.body.householdId ? phone.shelf.door(hit.person.body.householdId) : null}
          />
        ),
      )}
    </section>
  )
}

type Building = { name: string; doors: DoorView[] }

/** By estate and building in walking order. */
function buildingsOf(doors: readonly DoorView[]): Building[] {
  const found = new Map<string, Building>()
  for (const door of doors.toSorted(byDoor)) {
    const name = [door.body.estate, door.body.building].filter(Boolean).join(' ')
    const here = found.get(name) ?? { name, doors: [] }
    here.doors.push(door)
    found.set(name, here)
  }
  return [...found.values()]
}

/** What is folded is not drawn: a grid has hundreds of doors. */
function Fold({ head, isOpen, children }: { head: ReactNode; isOpen: boolean; children: () => ReactNode }): ReactNode {
  const [open, setOpen] = useState(isOpen)
  return (
    <details className="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="group">{head}</summary>
      {open ? children() : null}
    </details>
  )
}

function Buildings(): ReactNode {
  const { t } = useTranslation('worker')
  const doors = useDoors()
  const tasks = useTasks()
  const { loading, whole } = usePhoneState()
  const duties = useMine()?.duties ?? NONE
  const buildings = useMemo(() => buildingsOf(doors), [doors])
  const waiting = useMemo(() => {
    const counts = new Map<string, number>()
    for (const task of tasks) {
      const id = task.body.householdId
      if (id && isOpen(task)) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    return counts
  }, [tasks])
  if (doors.length === 0 && duties.length === 0) return <Empty why={t('noScope')} todo={t('noScope.todo')} />
  if (doors.length === 0 && !whole) return <Empty why={t('banner.partial')} todo={t('banner.partial.body')} />
  if (doors.length === 0 && !loading) return <Empty why={t('doors.empty')} todo={t('doors.empty.todo')} />
  return buildings.map(({ name, doors: here }) => (
    <Fold
      key={name}
      isOpen={buildings.length === 1}
      head={
        <>
          {name || t('door.unknown')} · {t('doors.count', { n: grouped(here.length) })}
          {here.some((door) => waiting.has(door.id)) ? <b> · {t('doors.open')}</b> : null}
        </>
      }
    >
      {() => here.map((door) => <DoorItem key={door.id} door={door} tasks={waiting.get(door.id) ?? 0} />)}
    </Fold>
  ))
}

/** Doors and people of my grids: found by name, pinyin, end of a telephone or house number, without a net. */
export function DoorsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const [text, setText] = useState('')
  const hasDuty = (useMine()?.duties.length ?? 0) > 0
  const hasPlaces = useDoors().some((door) => door.body.position)
  const asked = text.trim()
  return (
    <>
      <Head title={t('tab.doors')} end={hasDuty ? <Go href={paths.newDoor()}>{t('door.new')}</Go> : null} />
      <Strip />
      <main className="phone-main">
        <search>
          <Line label={t('search')} help={t('search.help')} pad="search" value={text} onChange={setText} />
        </search>
        {asked === '' && hasPlaces ? (
          <p>
            <Go href={paths.map()} className="big">
              {t('map')}
            </Go>
          </p>
        ) : null}
        {asked === '' ? <Buildings /> : <Found text={asked} />}
      </main>
    </>
  )
}
