import { useRouterState } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MenuPanel } from '../../kit/centre/surfaces.tsx'
import { Mark } from '../../kit/common/Mark.tsx'
import { useMedia } from '../../kit/common/useMedia.ts'
import { grouped } from '../../words/numbers.ts'
import { GoLink, useGo } from '../parts/GoLink.tsx'
import { useNewEscalations } from '../rooms/escalations/useNew.ts'
import { isCurrent } from './rooms.ts'
import type { Group, Room } from './rooms.ts'
import { useFoundRooms, useOpened, useRooms } from './useRooms.ts'

/** So few are seen at a glance: they are neither folded nor searched. */
const FEW = 10

function usePathname(): string {
  return useRouterState({ select: (s) => s.location.pathname })
}

function Count({ n }: { n: number }): ReactNode {
  const { t } = useTranslation('centre')
  if (n === 0) return null
  return (
    <span className="nav-n">
      <span aria-hidden="true">{grouped(n)}</span>
      <span className="visually-hidden">{t('room.escalations.new', { n: grouped(n) })}</span>
    </span>
  )
}

function RoomLink({ room, told }: { room: Room; told: number }): ReactNode {
  const { t } = useTranslation('centre')
  const pathname = usePathname()
  return (
    <GoLink href={room.path} current={isCurrent(room, pathname)}>
      {t(room.key)}
      {room.key === 'room.escalations' ? <Count n={told} /> : null}
    </GoLink>
  )
}

function RoomList({ id, rooms, told }: { id?: string; rooms: readonly Room[]; told: number }): ReactNode {
  return (
    <ul id={id}>
      {rooms.map((room) => (
        <li key={room.key}>
          <RoomLink room={room} told={told} />
        </li>
      ))}
    </ul>
  )
}

/** A group that is folded still shows the room in which one stands. */
function RoomGroup({
  group,
  open,
  onOpen,
  told,
}: {
  group: Group
  open: boolean
  onOpen: (open: boolean) => void
  told: number
}): ReactNode {
  const { t } = useTranslation('centre')
  const pathname = usePathname()
  const id = useId()
  const shown = open ? group.rooms : group.rooms.filter((room) => isCurrent(room, pathname))
  const hides = (key: Room['key']): boolean =>
    group.rooms.some((room) => room.key === key) && !shown.some((room) => room.key === key)
  return (
    <div className="nav-group">
      <h2>
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => onOpen(!open)}>
          <Mark sign="down" size="0.9em" />
          {t(`nav.group.${group.key}`)}
          {hides('room.escalations') ? <Count n={told} /> : null}
        </button>
      </h2>
      <RoomList id={id} rooms={shown} told={told} />
    </div>
  )
}

function FoundRooms({ found, told }: { found: readonly Room[]; told: number }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <output className="nav-said">
        {found.length === 0 ? t('nav.none') : t('nav.found', { n: grouped(found.length) })}
      </output>
      <RoomList rooms={found} told={told} />
    </>
  )
}

function Groups({ told }: { told: number }): ReactNode {
  const groups = useRooms()
  const pathname = usePathname()
  const [opened, setOpened] = useOpened()
  return groups.map((group, at) => {
    // Until somebody says otherwise: what is the matter, and where one stands.
    const open = opened(group.key) ?? (at === 0 || group.rooms.some((room) => isCurrent(room, pathname)))
    return (
      <RoomGroup key={group.key} group={group} open={open} onOpen={(next) => setOpened(group.key, next)} told={told} />
    )
  })
}

/** Found by typing, or by group; on every screen the same. */
function Rooms(): ReactNode {
  const { t } = useTranslation('centre')
  const groups = useRooms()
  const told = useNewEscalations()
  const go = useGo()
  const pathname = usePathname()
  // What was typed to come here is not looked for from here.
  const [typing, setTyping] = useState({ at: pathname, text: '' })
  const typed = typing.at === pathname ? typing.text : ''
  const setTyped = (text: string): void => setTyping({ at: pathname, text })
  const found = useFoundRooms(typed)
  const nav = useRef<HTMLElement>(null)
  const all = groups.flatMap(({ rooms }) => rooms)
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [pathname])
  const enter = (event: FormEvent): void => {
    event.preventDefault()
    const [first] = found
    if (!first) return
    setTyped('')
    go(first.path)
  }
  return (
    <nav className="desk-nav" aria-label={t('nav')} ref={nav}>
      {all.length > FEW ? (
        <search>
          <form onSubmit={enter}>
            <input
              type="search"
              aria-label={t('nav.find')}
              placeholder={t('nav.find')}
              title={t('nav.find.help')}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || typed === '') return
                // In the drawer the first Escape empties the field, the next one closes.
                event.stopPropagation()
                setTyped('')
              }}
            />
          </form>
        </search>
      ) : null}
      {typed.trim() !== '' ? (
        <FoundRooms found={found} told={told} />
      ) : all.length > FEW ? (
        <Groups told={told} />
      ) : (
        <RoomList rooms={all} told={told} />
      )}
    </nav>
  )
}

/** A narrow screen has no column to spare: one button says where one is and opens the rooms over the page. */
function Menu(): ReactNode {
  const { t } = useTranslation('centre')
  const pathname = usePathname()
  const told = useNewEscalations()
  // Open on the page on which it was opened: whoever has gone on has chosen.
  const [openAt, setOpenAt] = useState<string | null>(null)
  const open = openAt === pathname
  const setOpen = (next: boolean): void => setOpenAt(next ? pathname : null)
  const button = useRef<HTMLButtonElement>(null)
  const closed = useRef(false)
  const here = useRooms()
    .flatMap(({ rooms }) => rooms)
    .find((room) => isCurrent(room, pathname))
  return (
    <>
      <button
        ref={button}
        type="button"
        className="plain nav-menu"
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Mark sign="menu" /> {here ? t('nav.menu', { room: t(here.key) }) : t('nav')}
        <Count n={told} />
      </button>
      <MenuPanel
        title={t('nav')}
        open={open}
        onClose={() => {
          closed.current = true
          setOpen(false)
        }}
        onClosed={() => {
          // Who chose a room goes on in it (the page has taken the focus); who only closed goes on where he was.
          if (closed.current) button.current?.focus()
          closed.current = false
        }}
      >
        <div
          role="presentation"
          onClickCapture={(event) => {
            if (event.target instanceof Element && event.target.closest('a')) setTimeout(() => setOpen(false), 0)
          }}
        >
          <Rooms />
        </div>
      </MenuPanel>
    </>
  )
}

export function Nav(): ReactNode {
  return useMedia('(max-width: 900px)') ? <Menu /> : <Rooms />
}
