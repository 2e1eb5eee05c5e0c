import { useEffect, useState } from 'react'
import { z } from 'zod'
import { useMay, useMe } from '../../session/me.ts'
import { centre } from '../texts.ts'
import { findRooms, loadReadings } from './findRooms.ts'
import type { Readings } from './findRooms.ts'
import { GROUPS, roomsOf } from './rooms.ts'
import type { Group, GroupKey, Room } from './rooms.ts'

/** The rooms of whoever is logged in. */
export function useRooms(): Group[] {
  const may = useMay()
  const { roles } = useMe()
  return roomsOf({ roles, reads: (kind) => may('read', kind) })
}

let known: Readings | null = null

/** The rooms meant by what was typed; by pinyin too, as soon as the readings are here. */
export function useFoundRooms(typed: string): Room[] {
  const groups = useRooms()
  const [readings, setReadings] = useState(() => known)
  const wanted = readings === null && /[a-z]/i.test(typed)
  useEffect(() => {
    if (!wanted) return
    let gone = false
    // Without them names still answer.
    loadReadings().then(
      (loaded) => {
        known = loaded
        if (!gone) setReadings(() => loaded)
      },
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [wanted])
  return findRooms(typed, groups, centre, readings)
}

const STORED = 'weiwang.rooms'
const Stored = z.partialRecord(z.enum(GROUPS), z.boolean())
type Opened = z.output<typeof Stored>

function stored(): Opened {
  try {
    return Stored.catch({}).parse(JSON.parse(localStorage.getItem(STORED) ?? '{}'))
  } catch {
    return {}
  }
}

/** Which groups somebody has opened or closed on this computer; the others are null. */
export function useOpened(): [of: (key: GroupKey) => boolean | null, set: (key: GroupKey, open: boolean) => void] {
  const [opened, setOpened] = useState(stored)
  const set = (key: GroupKey, open: boolean): void => {
    const next = { ...opened, [key]: open }
    setOpened(next)
    try {
      localStorage.setItem(STORED, JSON.stringify(next))
    } catch {
      // A browser that keeps nothing forgets this with the page.
    }
  }
  return [(key) => opened[key] ?? null, set]
}
