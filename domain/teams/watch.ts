import type { AreaCode } from '../areas/code.ts'

/**
 * Watches (联防单元): each door of a grid stands in one, with one neighbour who answers for it. Pure: the doors of the register
 * in, units out. WATCH-1: a building of flats is one, ten rural doors along the order of addresses are one, ten shops of a street
 * are one.
 */
export const WATCH_KINDS = ['households', 'building', 'shops'] as const
export type WatchKind = (typeof WATCH_KINDS)[number]

/** Ten doors; a rest of up to four goes with the last unit (WATCH-2). */
export const WATCH_DOORS = 10
const REST = 4
/** What grows beyond this is parted when a door joins (WATCH-5). */
export const MOST_DOORS = WATCH_DOORS + REST
/** Numbers of units under a grid: three digits. */
export const MOST_UNITS = 999

const GRID_DIGITS = 15

export type WatchDoor = {
  id: string
  area: AreaCode
  kind: string
  estate: string | null
  building: string | null
  door: string | null
}

export type Unit = {
  kind: WatchKind
  /** What it is called: the building, the street or hamlet with its first and last door. */
  name: string
  /** The unit of the register in which most of its doors lie already; null without one. */
  code: AreaCode | null
  doors: string[]
}

const SHOPS = new Set(['shop', 'business'])
/** A villagers' group stands where a building would and is none. */
const GROUP = /(组|队|社|屯)$/

export function watchKind(door: Pick<WatchDoor, 'kind' | 'building'>): WatchKind {
  if (SHOPS.has(door.kind)) return 'shops'
  return door.building !== null && door.building !== '' && !GROUP.test(door.building) ? 'building' : 'households'
}

const NUMBER = /(\d+)|(\D+)/g

/** Address parts as people count them: 2 before 10, 3幢 before 12幢. Codes of characters and not a locale: the same everywhere. */
export function byAddress(a: string | null, b: string | null): number {
  const [left, right] = [(a ?? '').match(NUMBER) ?? [], (b ?? '').match(NUMBER) ?? []]
  for (const [i, x] of left.entries()) {
    const y = right[i]
    if (y === undefined) return 1
    const [m, n] = [Number(x), Number(y)]
    if (!Number.isNaN(m) && !Number.isNaN(n)) {
      if (m !== n) return m - n
    } else if (x !== y) return x < y ? -1 : 1
  }
  return left.length - right.length
}

export function addressOrder(a: WatchDoor, b: WatchDoor): number {
  return (
    byAddress(a.estate, b.estate) ||
    byAddress(a.building, b.building) ||
    byAddress(a.door, b.door) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

/** Runs of ten; the rest of up to four stays with the last run, so that no unit of a few doors is left over. */
function tens(doors: readonly WatchDoor[]): WatchDoor[][] {
  const runs: WatchDoor[][] = []
  for (let i = 0; i < doors.length; i += WATCH_DOORS) runs.push(doors.slice(i, i + WATCH_DOORS))
  const last = runs.at(-1)
  const former = runs.at(-2)
  if (last && former && last.length <= REST) {
    former.push(...last)
    runs.pop()
  }
  return runs
}

function label(door: WatchDoor): string {
  return [door.building, door.door].filter(Boolean).join('')
}

function unitOf(kind: WatchKind, doors: readonly WatchDoor[]): Unit {
  const [first, last] = [doors[0], doors.at(-1)]
  const place = first?.estate ?? ''
  const span = first && last ? (first === last ? label(first) : `${label(first)}–${label(last)}`) : ''
  const codes = new Map<string, number>()
  for (const { area } of doors) if (area.length > GRID_DIGITS) codes.set(area, (codes.get(area) ?? 0) + 1)
  const [code] = [...codes].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return {
    kind,
    name: kind === 'building' ? `${place}${first?.building ?? ''}` : `${place}${span}`,
    code: code?.[0] ?? null,
    doors: doors.map((door) => door.id),
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}

/** WATCH-1: divides the doors of one grid that stand in no watch yet. Every door goes into exactly one unit. */
export function divide(doors: readonly WatchDoor[]): Unit[] {
  const sorted = doors.toSorted(addressOrder)
  const of = (kind: WatchKind): WatchDoor[] => sorted.filter((door) => watchKind(door) === kind)
  return [
    ...groupBy(of('building'), (door) => `${door.estate ?? ''}\u0000${door.building ?? ''}`).map((group) =>
      unitOf('building', group),
    ),
    ...tens(of('households')).map((group) => unitOf('households', group)),
    ...groupBy(of('shops'), (door) => door.estate ?? '')
      .flatMap(tens)
      .map((group) => unitOf('shops', group)),
  ]
}

/** Codes of new units under a grid: the unit of the register where nobody has it yet, otherwise the next free number. */
export function unitCodes(
  grid: AreaCode,
  units: readonly Pick<Unit, 'code'>[],
  taken: ReadonlySet<AreaCode>,
): AreaCode[] | null {
  const used = new Set(taken)
  const kept = units.map(({ code }) => {
    if (code === null || !code.startsWith(grid) || used.has(code)) return null
    used.add(code)
    return code
  })
  let n = 0
  const next = (): AreaCode | null => {
    for (n++; n <= MOST_UNITS; n++) {
      const code = `${grid}${String(n).padStart(3, '0')}`
      if (!used.has(code)) return code
    }
    return null
  }
  const codes: AreaCode[] = []
  for (const code of kept) {
    const given = code ?? next()
    if (given === null) return null
    codes.push(given)
  }
  return codes
}

export type Standing = { id: string; kind: WatchKind; doors: readonly WatchDoor[] }

/**
 * WATCH-5: where a door that came later belongs: its building; otherwise the unit of the neighbour before it (after it, when it
 * is the first) of the same kind and street. Null: none of its kind stands here, so that it begins one.
 */
export function joins(door: WatchDoor, watches: readonly Standing[]): string | null {
  const kind = watchKind(door)
  const same = watches.filter((watch) => watch.kind === kind)
  if (kind === 'building') {
    const fits = (other: WatchDoor): boolean => other.estate === door.estate && other.building === door.building
    // Of a building that was parted, the part of the nearest door.
    return nearestOf(door, same, fits)
  }
  return nearestOf(door, same, (other) => kind === 'households' || other.estate === door.estate)
}

function nearestOf(door: WatchDoor, watches: readonly Standing[], fits: (other: WatchDoor) => boolean): string | null {
  let former: { id: string; door: WatchDoor } | null = null
  let later: { id: string; door: WatchDoor } | null = null
  for (const watch of watches)
    for (const other of watch.doors) {
      if (other.id === door.id || !fits(other)) continue
      if (addressOrder(other, door) < 0) {
        if (!former || addressOrder(other, former.door) > 0) former = { id: watch.id, door: other }
      } else if (!later || addressOrder(other, later.door) < 0) later = { id: watch.id, door: other }
    }
  return former?.id ?? later?.id ?? null
}

/** WATCH-5: a unit of tens that has grown too large parts in the middle of its addresses: these go to the new one. */
export function outgrown(kind: WatchKind, doors: readonly WatchDoor[]): string[] {
  if (kind === 'building' || doors.length <= MOST_DOORS) return []
  return doors
    .toSorted(addressOrder)
    .slice(Math.ceil(doors.length / 2))
    .map((door) => door.id)
}

/** What a leader may know of a door (WATCH-7): where it is, how many live there, whether help is wanted. Nothing else, ever. */
export const LEADER_FIELDS = ['householdId', 'building', 'door', 'members', 'help'] as const
export type LeaderDoor = {
  householdId: string
  building: string | null
  door: string | null
  members: number
  help: boolean
}

/** The one mask for leaders: takes by name, so that what a later version knows of a door does not come along. */
export function leaderDoor(door: LeaderDoor): LeaderDoor {
  const { householdId, building, door: number, members, help } = door
  return { householdId, building, door: number, members, help }
}

/** What a leader may write: the bell was rung, something is to be known, or help is asked for. */
export const NOTE_KINDS = ['rang', 'note', 'help'] as const
export type NoteKind = (typeof NOTE_KINDS)[number]
export const RANG = ['well', 'no_answer', 'wants_help'] as const
export type Rang = (typeof RANG)[number]
