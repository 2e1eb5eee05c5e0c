import type { AreaCode } from '../areas/code.ts'
import { contains, isAreaCode } from '../areas/code.ts'
import { say } from '../core/say.ts'
import type { Reading } from '../people/reading.ts'
import { fault, plain, read } from '../people/reading.ts'

/**
 * FEED-14: the place of a stay, by code or by name, county at the finest (FEED-1). A name must say one place: 鼓楼区 alone is
 * one of four and is refused with the candidates; 南京市鼓楼区 is certain. Province, city and county names and their short
 * forms are known, other names come as aliases.
 */
export type NamedArea = { code: AreaCode; name: string }

export type PlaceLookup = (text: string) => Reading<AreaCode>

const NOT_NAMES = /^(市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划|省直辖|全国)$/
const SUFFIXES: Readonly<Record<number, RegExp>> = {
  2: /(?:壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)$/,
  4: /(?:市|地区|盟|(?:[\u4e00-\u9fff]{1,3}族)*自治州)$/,
  6: /(?:市|区|县|旗)$/,
}
const FINEST = 6

const unknownPlace = () =>
  fault(
    'PLACE_UNKNOWN',
    'FEED-14',
    say('地名或区划代码不认识', 'The place is not known by name or code'),
    say('请写省、市、县三级名称或六位区划代码', 'Write province, city and county, or the six-digit code'),
  )
const ambiguousPlace = (names: string) =>
  fault(
    'PLACE_AMBIGUOUS',
    'FEED-14',
    say(`地名不唯一：${names}`, `The name stands for several places: ${names}`),
    say('请补全上级地名或改用区划代码', 'Add the names above it, or use the code'),
  )

function shortName(code: AreaCode, name: string): string | null {
  const short = name.replace(SUFFIXES[code.length] ?? /$^/, '')
  return short.length >= 2 && short !== name ? short : null
}

/** A six- or longer-digit code with the trailing zeros cut, as the statistics offices write it. */
export function readAreaCode(text: string): AreaCode | null {
  if (!/^\d{2,18}$/.test(text)) return null
  const cut = text.slice(0, FINEST)
  for (const length of [6, 4, 2]) {
    if (cut.length >= length && !cut.slice(0, length).endsWith('00'))
      return isAreaCode(cut.slice(0, length)) ? cut.slice(0, length) : null
  }
  return null
}

type Index = { names: Map<string, AreaCode[]>; byCode: Map<AreaCode, string>; longest: number }

function buildIndex(areas: Iterable<NamedArea>, aliases: Iterable<NamedArea>): Index {
  const names = new Map<string, AreaCode[]>()
  const byCode = new Map<AreaCode, string>()
  let longest = 1
  const add = (name: string, code: AreaCode): void => {
    const codes = names.get(name)
    if (codes === undefined) names.set(name, [code])
    else if (!codes.includes(code)) codes.push(code)
    longest = Math.max(longest, name.length)
  }
  for (const { code, name } of areas) {
    if (code.length > FINEST) continue
    byCode.set(code, name)
    if (NOT_NAMES.test(name)) continue
    add(name, code)
    const short = shortName(code, name)
    if (short !== null) add(short, code)
  }
  for (const { code, name } of aliases) if (byCode.has(code)) add(plain(name).replace(/\s/g, ''), code)
  return { names, byCode, longest }
}

/** All ways of reading names from the front that stay inside one another; the reading that goes deepest wins. */
function parse(index: Index, text: string, at: number, inside: AreaCode | null, found: Map<AreaCode, number>): void {
  if (inside !== null) found.set(inside, Math.max(found.get(inside) ?? 0, at))
  for (let length = Math.min(index.longest, text.length - at); length >= 2; length--) {
    for (const code of index.names.get(text.slice(at, at + length)) ?? []) {
      if (inside === null || (code.length > inside.length && contains(inside, code)))
        parse(index, text, at + length, code, found)
    }
  }
}

function choose(codes: AreaCode[]): AreaCode | null {
  const outermost = codes.toSorted((a, b) => a.length - b.length)[0]
  if (outermost === undefined) return null
  // 海南 and 吉林 alone are the province; otherwise one must contain all the others.
  if (outermost.length === 2 && codes.filter((c) => c.length === 2).length === 1) return outermost
  return codes.every((c) => contains(outermost, c)) ? outermost : null
}

/** Makes the look-up over provinces, cities and counties; `aliases` are old and other names with the codes of today. */
export function placeLookup(areas: Iterable<NamedArea>, aliases: Iterable<NamedArea> = []): PlaceLookup {
  const index = buildIndex(areas, aliases)
  const answers = new Map<string, Reading<AreaCode>>()
  const path = (code: AreaCode): string =>
    [2, 4, 6].flatMap((n) => (n <= code.length ? (index.byCode.get(code.slice(0, n)) ?? []) : [])).join('')
  const look = (input: string): Reading<AreaCode> => {
    const text = plain(input)
      .replace(/^中国/, '')
      .replace(/[\s\-—–/\\·,，、;；>]+/g, '')
    if (/^\d+$/.test(text)) {
      const code = readAreaCode(text)
      return code !== null && index.byCode.has(code) ? read(code) : unknownPlace()
    }
    const found = new Map<AreaCode, number>()
    parse(index, text, 0, null, found)
    const reach = Math.max(0, ...found.values())
    const codes = [...found].filter(([, at]) => at === reach).map(([code]) => code)
    const deepest = codes.filter((c) => !codes.some((o) => o !== c && contains(c, o) && reach < text.length))
    if (deepest.length === 0) return unknownPlace()
    const code = choose(deepest)
    if (code === null) return ambiguousPlace(deepest.slice(0, 5).map(path).join('、'))
    // What follows a county or a city is finer than we keep; behind a bare province it may be a city misspelt.
    return reach < text.length && code.length === 2 ? unknownPlace() : read(code)
  }
  return (input) => {
    const known = answers.get(input)
    if (known !== undefined) return known
    const answer = look(input)
    // A hostile file must not fill the memory with names.
    if (answers.size > 20_000) answers.clear()
    answers.set(input, answer)
    return answer
  }
}
