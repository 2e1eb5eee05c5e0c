import type { DoorView } from './phone/types.ts'

/** Side of the drawing, in its own units. */
export const SIDE = 720
const EDGE = 40
const METRES_A_DEGREE = 111_320
/** A plan of one door would otherwise be infinitely large. */
const LEAST_METRES = 40

export type Plan = { points: { door: DoorView; x: number; y: number }[]; metres: number }

/**
 * Doors with a known position on a flat plan, north above; a grid is some hundred metres, so the earth is flat here. `metres` is
 * the width of what is drawn.
 */
export function placed(doors: readonly DoorView[]): Plan {
  const known = doors.flatMap((door) => (door.body.position ? [{ door, ...door.body.position }] : []))
  if (known.length === 0) return { points: [], metres: 0 }
  const middle = known.reduce((sum, { lat }) => sum + lat, 0) / known.length
  const narrow = Math.cos((middle * Math.PI) / 180)
  const flat = known.map(({ door, lat, lng }) => ({
    door,
    east: lng * narrow * METRES_A_DEGREE,
    north: lat * METRES_A_DEGREE,
  }))
  const east = extent(flat.map((one) => one.east))
  const north = extent(flat.map((one) => one.north))
  const span = Math.max(east.span, north.span, LEAST_METRES)
  const scale = (SIDE - 2 * EDGE) / span
  const points = flat.map((one) => ({
    door: one.door,
    x: Math.round(SIDE / 2 + (one.east - east.middle) * scale),
    y: Math.round(SIDE / 2 - (one.north - north.middle) * scale),
  }))
  return { points, metres: Math.round(span) }
}

function extent(values: readonly number[]): { middle: number; span: number } {
  const least = Math.min(...values)
  const most = Math.max(...values)
  return { middle: (least + most) / 2, span: most - least }
}
