/**
 * What is left of an address when the areas are taken away: street, number, estate, building, unit, room, group (ADDR-7).
 * Numbers of doors stay text: "3-1" and "附1" are not numbers.
 */
export type Rest = {
  street: string | null
  /** House number in the street; `附1` and `-1` stand in `sub`. */
  number: number | null
  sub: string | null
  /** Estate, hamlet or building name: 阳光花园, 李庄. */
  estate: string | null
  building: string | null
  unit: string | null
  room: string | null
  /** Villager or residents' group: 3 for 三组. */
  group: number | null
  text: string
}

const DIGITS: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  两: 2,
}
const N = '(?:\\d{1,4}|[一二三四五六七八九十]{1,3})'

const GROUP = new RegExp(`第?(${N})(?:(?:村民|居民)?小?组|生产队|大?队)`)
const STREET =
  /^(.{1,14}?(?:大道|大街|公路|路|街|巷|弄|里|道|坊|浜|圩埂|河沿))(?:(\d{1,5})(?:[-之](\d{1,3})(?=号)|号?附(\d{1,3})(?:号|$))?(号|弄|$)?(?!楼|室|幢|栋|座|单元|组))?/
const BUILDING = new RegExp(
  `(?:第?((?:${N}|[A-Z甲乙丙丁东西南北])(?:-?[A-Z\\d])?)(?:号楼|幢|栋|座|#楼?|楼(?!下|上|盘)))`,
)
const UNIT = new RegExp(`((?:${N}|[A-Z甲乙丙丁东西中]))(?:单元|门洞|梯)`)
const ROOM = /(?<![\dA-Z])([A-Z]?\d{2,5}[A-Z]?)(?:室|房|号房|户)|(?<![\dA-Z])(\d{3,4}[A-Z]?)$/
const DASHED3 = /(\d{1,4})-(\d{1,2})-(\d{2,4}[A-Z]?)(?:室|号)?$/
const DASHED2 = /(\d{1,4})-(\d{2,4}[A-Z]?)(?:室)?$/
const HOUSE = /(\d{1,4})(?:-(\d{1,3}))?号(?!楼)/

/** Chinese or Arabic numerals up to 99 as a number; null when it is neither. */
export function numeral(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text)
  const m = /^([一二三四五六七八九两])?(十)?([一二三四五六七八九零〇])?$/.exec(text)
  if (!m || text === '') return null
  const [, tens, ten, ones] = m
  if (ten === undefined) return ones === undefined ? (DIGITS[tens ?? ''] ?? null) : null
  return (tens === undefined ? 1 : (DIGITS[tens] ?? 0)) * 10 + (ones === undefined ? 0 : (DIGITS[ones] ?? 0))
}

function label(text: string): string {
  const n = numeral(text)
  return n === null ? text : String(n)
}

/** Parses normalised text (see normalise.ts) without the names of areas. */
export function parseRest(text: string): Rest {
  const rest: Rest = {
    street: null,
    number: null,
    sub: null,
    estate: null,
    building: null,
    unit: null,
    room: null,
    group: null,
    text,
  }
  if (text.length === 0) return rest
  let left = takeGroup(text, rest)
  left = takeStreet(left, rest)
  left = takeDoor(left, rest)
  const estate = left.replace(/^[\d号-]+|[-#号]+$/g, '')
  if (estate.length >= 2) rest.estate = estate
  return rest
}

function takeGroup(text: string, rest: Rest): string {
  if (!text.includes('组') && !text.includes('队')) return text
  const m = GROUP.exec(text)
  if (!m?.[1]) return text
  rest.group = numeral(m[1])
  return text.slice(0, m.index) + text.slice(m.index + m[0].length)
}

function takeStreet(text: string, rest: Rest): string {
  const m = STREET.exec(text)
  if (!m?.[1]) return text
  // 花园街 is a street, 阳光里 an estate: without a number 里 and 坊 are not taken for a street.
  if (m[2] === undefined && /[里坊道]$/.test(m[1]) && !m[1].endsWith('大道')) return text
  rest.street = m[1]
  if (m[2] !== undefined) rest.number = Number(m[2])
  rest.sub = m[3] ?? m[4] ?? null
  return text.slice(m[0].length)
}

/** Building, unit and room in whatever way they are written; gives back what stands before them. */
function takeDoor(text: string, rest: Rest): string {
  let left = text
  const three = DASHED3.exec(left)
  if (three) {
    rest.building = three[1] ?? null
    rest.unit = three[2] ?? null
    rest.room = three[3] ?? null
    return left.slice(0, three.index)
  }
  let first = left.length
  const take = (re: RegExp): string | null => {
    const m = re.exec(left)
    if (!m) return null
    first = Math.min(first, m.index)
    left = left.slice(0, m.index) + ' '.repeat(m[0].length) + left.slice(m.index + m[0].length)
    return label(m[1] ?? m[2] ?? '')
  }
  rest.building = take(BUILDING)
  rest.unit = take(UNIT)
  const two = rest.building === null && rest.unit === null ? DASHED2.exec(left) : null
  if (two) {
    rest.building = two[1] ?? null
    rest.room = two[2] ?? null
    return left.slice(0, two.index)
  }
  rest.room = take(ROOM)
  takeHouse(left, rest, (at) => {
    first = Math.min(first, at)
  })
  return left.slice(0, first).trim()
}

/** "李庄25号", "阳光花园25号": a number without a street; in an estate it is the building's. */
function takeHouse(left: string, rest: Rest, at: (index: number) => void): void {
  if (rest.number !== null) return
  const house = HOUSE.exec(left)
  if (!house?.[1]) return
  rest.number = Number(house[1])
  rest.sub = rest.sub ?? house[2] ?? null
  at(house.index)
}
