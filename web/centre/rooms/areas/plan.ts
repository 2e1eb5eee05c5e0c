import type { ChangePlan, DoorLine } from '@weiwang/domain/areas/api'
import type { Chosen } from '../../parts/AreaPick.tsx'

export const KINDS = ['split', 'merge', 'rename', 'move'] as const
export type Kind = (typeof KINDS)[number]

/** What is being put together on the screen; a share is the number of the part that takes it. */
export type Draft = {
  kind: Kind
  area: Chosen | null
  name: string
  /** merge: the others, and whose code goes on (empty: a new one). */
  others: readonly Chosen[]
  into: string
  /** move */
  to: Chosen | null
  /** split */
  parts: readonly string[]
  rest: number
  areas: Readonly<Record<string, number>>
  buildings: Readonly<Record<string, number>>
  doors: Readonly<Record<string, number>>
}

export const START: Draft = {
  kind: 'split',
  area: null,
  name: '',
  others: [],
  into: '',
  to: null,
  parts: ['', ''],
  rest: 0,
  areas: {},
  buildings: {},
  doors: {},
}

export type Place = { estate: string | null; building: string | null }

/** A building as the key of a share, and back. */
export function keyOf({ estate, building }: Place): string {
  return JSON.stringify([estate, building])
}

function placeOf(key: string): Place {
  const read: unknown = JSON.parse(key)
  const [estate, building]: unknown[] = Array.isArray(read) ? read : []
  return {
    estate: typeof estate === 'string' ? estate : null,
    building: typeof building === 'string' ? building : null,
  }
}

const takenBy = (shares: Readonly<Record<string, number>>, part: number): string[] =>
  Object.entries(shares).flatMap(([key, to]) => (to === part ? [key] : []))

/** The plan of the request, or null while something is missing. What goes to the rest is not named. */
export function planOf(draft: Draft): ChangePlan | null {
  const { area } = draft
  if (area === null) return null
  const name = draft.name.trim()
  switch (draft.kind) {
    case 'rename':
      return name === '' ? null : { kind: 'rename', code: area.code, name }
    case 'move':
      return draft.to === null ? null : { kind: 'move', code: area.code, to: draft.to.code }
    case 'merge':
      if (name === '' || draft.others.length === 0) return null
      return {
        kind: 'merge',
        codes: [area.code, ...draft.others.map((one) => one.code)],
        name,
        ...(draft.into === '' ? {} : { into: draft.into }),
      }
    case 'split':
      if (draft.parts.length < 2 || draft.parts.some((part) => part.trim() === '')) return null
      return {
        kind: 'split',
        code: area.code,
        parts: draft.parts.map((part, i) => ({
          name: part.trim(),
          share: {
            areas: takenBy(draft.areas, i),
            buildings: i === draft.rest ? [] : takenBy(draft.buildings, i).map(placeOf),
            households: takenBy(draft.doors, i),
          },
        })),
        rest: draft.rest,
      }
  }
}

/** Puts keys to a part; null takes them back to the rest. */
export function give(
  shares: Readonly<Record<string, number>>,
  keys: readonly string[],
  part: number | null,
): Readonly<Record<string, number>> {
  const next = { ...shares }
  for (const key of keys) {
    if (part === null) delete next[key]
    else next[key] = part
  }
  return next
}

/** After a part was removed: its shares go to the rest, later parts move up. */
export function withoutPart(draft: Draft, gone: number): Draft {
  const kept = (shares: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(shares).flatMap(([key, to]) => (to === gone ? [] : [[key, to > gone ? to - 1 : to] as const])),
    )
  return {
    ...draft,
    parts: draft.parts.filter((_, i) => i !== gone),
    rest: draft.rest === gone ? 0 : draft.rest > gone ? draft.rest - 1 : draft.rest,
    areas: kept(draft.areas),
    buildings: kept(draft.buildings),
    doors: kept(draft.doors),
  }
}

const numberOf = (door: string | null): number | null => {
  // The last number is the door's own: 1单元101室 is 101.
  const digits = /(\d+)\D*$/.exec(door ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Doors whose number lies between two, both included: 101 to 304, 9号 to 25号. */
export function doorsBetween(doors: readonly DoorLine[], from: string, to: string): string[] {
  const [a, b] = [numberOf(from), numberOf(to)]
  if (a === null || b === null) return []
  return doors.flatMap((door) => {
    const n = numberOf(door.door)
    return n !== null && n >= Math.min(a, b) && n <= Math.max(a, b) ? [door.id] : []
  })
}
