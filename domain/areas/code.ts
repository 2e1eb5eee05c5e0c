/**
 * Area codes are prefixes (design section 3): province 2 digits, city 4, county 6, town 9, village 12, grid 15, unit 18.
 * Containment is a range over bytes, `code >= outer and code < upper(outer)`, never LIKE.
 */
export type AreaCode = string

export type AreaLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7

const LEVEL_OF_LENGTH: Readonly<Record<number, AreaLevel>> = { 2: 1, 4: 2, 6: 3, 9: 4, 12: 5, 15: 6, 18: 7 }
const LENGTHS: readonly number[] = [2, 4, 6, 9, 12, 15, 18]

export const AREA_PATTERN = /^\d{2}(\d{2}(\d{2}(\d{3}(\d{3}(\d{3}(\d{3})?)?)?)?)?)?$/

export function isAreaCode(text: string): boolean {
  return AREA_PATTERN.test(text)
}

export function levelOf(code: AreaCode): AreaLevel {
  const level = levelOfLength(code.length)
  if (level === undefined) throw new RangeError(`not an area code: ${code}`)
  return level
}

export function levelOfLength(digits: number): AreaLevel | undefined {
  return LEVEL_OF_LENGTH[digits]
}

/** How long the codes one level below an area are, at the last level its own; of the whole, those of provinces. */
export function childLength(area: AreaCode): number {
  return LENGTHS[area === '' ? 0 : levelOf(area)] ?? area.length
}

/** The code cut to a level, or the code itself when it is already as coarse. */
export function cutTo(code: AreaCode, level: AreaLevel): AreaCode {
  return code.slice(0, LENGTHS[level - 1])
}

export function parentOf(code: AreaCode): AreaCode | null {
  const level = levelOf(code)
  return level === 1 ? null : code.slice(0, LENGTHS[level - 2])
}

/** The distribution key of work in a place: the first six digits, or the code itself above a county. */
export function countyOf(code: AreaCode): AreaCode {
  return code.slice(0, 6)
}

/** The first code after everything inside: ':' follows '9' in ASCII. */
export function upper(code: AreaCode): string {
  return `${code}:`
}

export function contains(outer: AreaCode, inner: AreaCode): boolean {
  return inner.startsWith(outer)
}

/** From the province down to the code itself. */
export function pathOf(code: AreaCode): AreaCode[] {
  const level = levelOf(code)
  return LENGTHS.slice(0, level).map((length) => code.slice(0, length))
}
