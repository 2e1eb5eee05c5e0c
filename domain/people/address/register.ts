/**
 * ADDR-8 (unit level): the register's own address points take an address from the village, or from the county, to a grid or
 * unit: number ranges of streets (odd and even sides), buildings of estates, hamlets. What two points of different areas
 * answer is certain only to their common area.
 */
import { contains, levelOf } from '../../areas/code.ts'
import type { AreaCode } from '../../areas/code.ts'
import { normalName } from './normalise.ts'
import { numeral } from './parse.ts'
import { CERTAIN, commonArea } from './resolve.ts'
import type { Resolved } from './resolve.ts'

/** One row of the table address_point. `street` holds the name of a street, an estate or a hamlet. */
export type AddressPoint = {
  village: AreaCode
  street: string
  numberFrom: number | null
  numberTo: number | null
  /** 0 both sides of the street, 1 odd numbers, 2 even numbers. */
  parity: number
  building: string | null
  area: AreaCode
}

/** The points of one county by normalised street or estate; build it once per county and run. */
export type AddressPoints = { byName: ReadonlyMap<string, readonly AddressPoint[]>; names: readonly string[] }

export function indexPoints(points: Iterable<AddressPoint>): AddressPoints {
  const byName = new Map<string, AddressPoint[]>()
  for (const point of points) {
    const name = normalName(point.street)
    const list = byName.get(name)
    if (list) list.push(point)
    else byName.set(name, [point])
  }
  return { byName, names: [...byName.keys()].toSorted((a, b) => b.length - a.length) }
}

/** "3", "3幢", "三号楼" and "3栋" are one building. */
function buildingLabel(text: string): string {
  const bare = normalName(text)
    .replace(/^第/, '')
    .replace(/(?:号楼|幢|栋|座|号|楼|#)$/, '')
  const n = numeral(bare)
  return n === null ? bare : String(n)
}

function numberFits(point: AddressPoint, n: number | null): boolean {
  if (point.numberFrom === null && point.numberTo === null) return true
  if (n === null) return false
  if (point.numberFrom !== null && n < point.numberFrom) return false
  if (point.numberTo !== null && n > point.numberTo) return false
  return point.parity === 0 || (point.parity === 1) === (n % 2 === 1)
}

function buildingFits(point: AddressPoint, building: string | null): boolean {
  return point.building === null || (building !== null && buildingLabel(point.building) === buildingLabel(building))
}

/** The names under which the rest may be registered: its street, its estate, an estate that begins or ends with a known name. */
function candidates(resolved: Resolved, points: AddressPoints): { name: string; number: number | null }[] {
  const { rest } = resolved
  const found: { name: string; number: number | null }[] = []
  const add = (name: string | null) => {
    if (name !== null && points.byName.has(name) && !found.some((f) => f.name === name))
      found.push({ name, number: rest.number })
  }
  add(rest.street)
  add(rest.estate)
  if (found.length === 0 && rest.text.length >= 2 && points.names.length <= 20_000) {
    for (const name of points.names)
      if (name.length >= 2 && rest.text.includes(name)) return [{ name, number: rest.number }]
  }
  return found
}

/**
 * Refines a resolved address with the address points of its county. Nothing is claimed outside the area that was already
 * certain; without a match the answer stays as it was.
 */
export function resolveInRegister(resolved: Resolved, points: AddressPoints): Resolved {
  const bound = resolved.code ?? resolved.fallback ?? ''
  if (bound === '') return resolved
  for (const { name, number } of candidates(resolved, points)) {
    const here = (points.byName.get(name) ?? []).filter((p) => contains(bound, p.area) || contains(p.area, bound))
    const house = resolved.rest.building ?? (number === null ? null : String(number))
    const fits = here.filter((p) => numberFits(p, number) && buildingFits(p, house))
    // A point that names the building says more than one that only names the estate.
    const exact = fits.filter((p) => p.building !== null)
    const area = (exact.length > 0 ? exact : fits)
      .map((p) => p.area)
      .reduce((a, b) => (a === '' ? b : commonArea(a, b)), '')
    if (area.length > bound.length || (area !== '' && resolved.code === null))
      return refined(resolved, area, exact.length > 0 ? 96 : 93, name)
  }
  return { ...resolved, how: [...resolved.how, `ADDR-8 unregistered ${bound}`] }
}

function refined(resolved: Resolved, area: AreaCode, certainty: number, name: string): Resolved {
  const levels = resolved.levels.filter((l) => contains(l.code, area) && l.certainty >= CERTAIN)
  for (const length of [2, 4, 6, 9, 12, 15, 18]) {
    if (length > area.length || levels.some((l) => l.code.length === length)) continue
    levels.push({ level: levelOf(area.slice(0, length)), code: area.slice(0, length), certainty })
  }
  levels.sort((a, b) => a.level - b.level)
  return {
    ...resolved,
    code: area,
    level: levelOf(area),
    levels,
    score: certainty,
    fallback: null,
    how: [...resolved.how, `ADDR-8 point ${area} ${name}`],
  }
}
