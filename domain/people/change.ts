/**
 * What becomes of one field that a phone wants changed (PEOPLE-19, SYNC-19): compared with what stands there now and with what the
 * phone saw, field by field. Nothing is overwritten that its writer has not seen.
 */

/**
 * applied: it stood as the writer saw it, or as the writer's own earlier change left it. same: it stands already, or the writer
 * changed nothing. superseded: a later change by the same writer, from the same sight, is in already. held: two people say
 * different things, and somebody decides.
 */
export type Verdict = 'applied' | 'same' | 'superseded' | 'held'

/** The last change of this field that came from a phone. */
export type LastEdit = { by: string; from: string; to: string; at: Date }

export type Sight = {
  /** Values in the form that is compared (normalised); '' is nothing. */
  current: string
  from: string
  to: string
  by: string
  at: Date
  last: LastEdit | null
}

/**
 * `from` is the last version of the server that the phone saw, not its own earlier edit, so two edits made offline both start from
 * it (case 46): the writer's own change in between is not somebody else's. Items may come out of order; the later one stays.
 */
export function judge({ current, from, to, by, at, last }: Sight): Verdict {
  const own = last !== null && last.by === by && last.from === from && last.to === current ? last : null
  if (own !== null && own.at > at) return current === to ? 'same' : 'superseded'
  if (current === to) return 'same'
  if (own !== null) return 'applied'
  if (from === to) return 'same'
  return current === from ? 'applied' : 'held'
}

export type Position = { lat: number; lng: number; accuracy: number }

/** PEOPLE-23: beyond this a position tells the building at best, not the door. */
export const DOOR_ACCURACY = 50

/** To about a tenth of a metre: more digits are noise. */
export function roundPosition({ lat, lng, accuracy }: Position): Position {
  const six = (n: number) => Math.round(n * 1e6) / 1e6
  return { lat: six(lat), lng: six(lng), accuracy: Math.round(accuracy * 10) / 10 }
}
