import { SearchAnswer as AreasFound } from '@weiwang/domain/areas/api'
import { SearchAnswer as PeopleFound } from '@weiwang/domain/people/api'
import { TaskPage } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../api/http.ts'
import { q } from '../../api/query.ts'
import { TextField } from '../../kit/centre/controls.tsx'
import { Dialog } from '../../kit/centre/surfaces.tsx'
import { useMay } from '../../session/me.ts'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { useDesk } from '../parts/desk.ts'
import { GoLink, useGo } from '../parts/GoLink.tsx'
import { useLater } from '../parts/useLater.ts'
import { paths } from '../paths.ts'
import type { Room } from './rooms.ts'
import { useFoundRooms } from './useRooms.ts'

const FEW = 8

function Found({ text, rooms, onGo }: { text: string; rooms: readonly Room[]; onGo: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const { area } = useDesk()
  const areas = useQuery(q(AreasFound, '/api/areas/search', { q: text, within: area, limit: FEW }))
  const people = useQuery({
    queryKey: ['/api/people/search', text, area],
    enabled: may('read', 'person'),
    queryFn: () =>
      send(PeopleFound, { path: '/api/people/search', body: { text, area, limit: FEW }, key: crypto.randomUUID() }),
  })
  const tasks = useQuery({
    ...q(TaskPage, '/api/tasks', { reference: text, area, limit: FEW }),
    enabled: may('read', 'task') && /^[A-Za-z0-9-]{4,20}$/.test(text),
  })
  const none =
    rooms.length === 0 &&
    areas.data?.items.length === 0 &&
    (people.data?.items.length ?? 0) === 0 &&
    (tasks.data?.items.length ?? 0) === 0
  return (
    <div
      onClickCapture={(event) =>
        event.target instanceof Element && event.target.closest('a') ? setTimeout(onGo, 0) : undefined
      }
      role="presentation"
    >
      {none && !people.isFetching ? <output>{t('find.none')}</output> : null}
      <ProblemNotice error={people.error} />
      {rooms.length > 0 ? <p className="find-head">{t('find.rooms')}</p> : null}
      <ul className="find-list">
        {rooms.map((room) => (
          <li key={room.key}>
            <GoLink href={room.path}>{t(room.key)}</GoLink>
          </li>
        ))}
      </ul>
      {(people.data?.items.length ?? 0) > 0 ? <p className="find-head">{t('find.people')}</p> : null}
      <ul className="find-list">
        {(people.data?.items ?? []).map((p) => (
          <li key={p.personId}>
            <GoLink href={paths.person(p.personId)}>
              {p.masked} <small>{p.areaName}</small>
            </GoLink>
          </li>
        ))}
      </ul>
      {(tasks.data?.items.length ?? 0) > 0 ? <p className="find-head">{t('find.tasks')}</p> : null}
      <ul className="find-list">
        {(tasks.data?.items ?? []).map((task) => (
          <li key={task.id}>
            <GoLink href={paths.tasks({ open: task.id })}>
              {task.reference} {task.masked} <small>{task.areaName}</small>
            </GoLink>
          </li>
        ))}
      </ul>
      {(areas.data?.items.length ?? 0) > 0 ? <p className="find-head">{t('find.areas')}</p> : null}
      <ul className="find-list">
        {(areas.data?.items ?? []).map((a) => (
          <li key={a.code}>
            <GoLink href={paths.figures({ area: a.code })}>
              {a.name} <small>{a.where}</small>
            </GoLink>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Ctrl K: rooms, people, task numbers and areas in my scope; Enter goes to the first room. */
export function FindAnything(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const later = useLater(text.trim(), 350)
  const rooms = useFoundRooms(text)
  const go = useGo()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen(true)
      }
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <button type="button" className="plain" onClick={() => setOpen(true)}>
        {t('find')}
        <kbd>Ctrl K</kbd>
      </button>
      <Dialog title={t('find.title')} open={open} onClose={() => setOpen(false)} no={c('act.close')}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const [first] = rooms
            if (!first) return
            setOpen(false)
            go(first.path)
          }}
        >
          <TextField label={t('find.label')} value={text} onChange={setText} help={t('find.help')} />
        </form>
        {later ? <Found text={later} rooms={rooms} onGo={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  )
}
