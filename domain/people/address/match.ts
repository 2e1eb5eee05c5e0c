/** Where in an address the names of areas stand: every reading is kept here, the choice is made in resolve.ts. */
import { headOf } from './gazetteer.ts'
import type { Gazetteer, Group } from './gazetteer.ts'
import type { Normal } from './normalise.ts'

export type Token = {
  start: number
  /** Behind the name and the words that belong to it (社区居委会, 办事处). */
  end: number
  group: Group
  /** A written name begins here as far as the text shows: a break, the start, or behind the end of something. */
  edge: boolean
  weight: number
  /** What stood behind a village's stem: its own kind, the other kind, or a group number; null for other names. */
  behind: 'same' | 'other' | 'group' | 'bare' | null
}

/** ADDR-4: a name followed by one of these names a road, a park or an estate, not the area. */
const ROAD =
  /(?:[东西南北中新老前后大小上下内外一二三四五六七八九十0-9]{0,2})(?:路|街(?!道)|大道|大街|巷|弄|公路|高架|大桥|大厦|广场|公园|饭店|宾馆|酒店|商城|花园|小区|公寓|山庄|新村|家园|小学|中学|医院)/y
const STREET = /[东西南北中]?(?:路|街(?!道)|大道|大街|巷|弄)/y
const COMMUNITY = [
  '社区居民委员会',
  '社区居委会',
  '社区村委会',
  '社区居委',
  '居民委员会',
  '居委会',
  '居委',
  '社区',
] as const
const VILLAGE = ['村民委员会', '村村民委员会', '村村委会', '村委会', '行政村', '村委', '村'] as const
const GROUP = /第?[0-9一二三四五六七八九十]{1,3}(?:组|队|大队|村民小组|生产队)/y
const OFFICE = ['街道办事处', '办事处', '人民政府', '管委会', '政府', '街道办'] as const
/** A name may begin behind these. */
const ENDS = new Set(Array.from('省市区县旗镇乡村道路街巷弄里号幢栋楼室组社盟场园', (c) => c.charCodeAt(0)))

function matchesAt(re: RegExp, text: string, at: number): boolean {
  re.lastIndex = at
  return re.test(text)
}

function lengthOf(words: readonly string[], text: string, at: number): number {
  for (const w of words) if (text.startsWith(w, at)) return w.length
  return 0
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57
}

function behindVillage(
  { text, breaks }: Normal,
  end: number,
  kind: Group['village'],
): { end: number; behind: Token['behind'] } {
  const community = lengthOf(COMMUNITY, text, end)
  if (community > 0) return { end: end + community, behind: kind === 'community' ? 'same' : 'other' }
  // 周庄居: the committee in one letter, when nothing follows that could make a longer word of it.
  if (
    text.charCodeAt(end) === 23_621 &&
    (end + 1 === text.length || breaks[end + 1] === 1 || isDigit(text.charCodeAt(end + 1)))
  )
    return { end: end + 1, behind: kind === 'community' ? 'same' : 'other' }
  const village = lengthOf(VILLAGE, text, end)
  if (village > 0 && !matchesAt(STREET, text, end + village))
    return { end: end + village, behind: kind === 'village' ? 'same' : 'other' }
  if (matchesAt(GROUP, text, end)) return { end, behind: 'group' }
  return { end, behind: 'bare' }
}

const VILLAGE_WEIGHT = { same: 11, other: 9, group: 7, bare: 0 } as const

function token(n: Normal, start: number, length: number, group: Group): Token | null {
  const { text } = n
  const end = start + length
  const edge = start === 0 || n.breaks[start] === 1 || ENDS.has(text.charCodeAt(start - 1))
  const base = { start, end, group, edge, weight: group.weight, behind: null }
  switch (group.form) {
    case 'short':
    case 'under':
    case 'street':
      return matchesAt(ROAD, text, end) ? null : base
    case 'base': {
      const b = behindVillage(n, end, group.village)
      if (b.behind === 'bare' || b.behind === null) return null
      // Longer stems first, and a stem whose weight was lowered by its source stays below.
      return {
        ...base,
        end: b.end,
        behind: b.behind,
        weight: VILLAGE_WEIGHT[b.behind] - (11 - group.weight) + length * 0.1,
      }
    }
    case 'full':
    case 'variant':
    case 'old':
    case 'other': {
      // 海安镇路, 通州区路: a road may carry a whole name.
      if (matchesAt(STREET, text, end)) return null
      return group.level === 4 ? { ...base, end: end + lengthOf(OFFICE, text, end) } : base
    }
  }
}

/** All readings in order of their start; at most `MAX_TOKENS`, far more than any real address has. */
const MAX_TOKENS = 60

export function findTokens(n: Normal, gazetteer: Gazetteer): Token[] {
  const tokens: Token[] = []
  const { text } = n
  for (let i = 0; i + 1 < text.length; i++) {
    const list = gazetteer.byHead.get(headOf(text, i))
    if (list === undefined) continue
    for (const name of list) {
      if (!text.startsWith(name.text, i)) continue
      for (const group of name.groups) {
        const t = token(n, i, name.text.length, group)
        if (t !== null) tokens.push(t)
      }
    }
    if (tokens.length >= MAX_TOKENS) break
  }
  return tokens
}
