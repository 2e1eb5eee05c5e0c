/**
 * The names of areas as an address may write them, found by their first two characters (ADDR-2). Built once from the rows
 * of the divisions and the aliases; about 27,000 areas make 60,000 names in about 150 ms.
 */
import { ALIASES, UNDER_PARENT } from '../../areas/aliases.ts'
import type { Alias } from '../../areas/aliases.ts'
import { countyOf, levelOf, parentOf } from '../../areas/code.ts'
import type { AreaCode, AreaLevel } from '../../areas/code.ts'
import { shortName, villageStem } from '../../areas/name.ts'
import { normalName } from './normalise.ts'

/**
 * How a name was written: `full` official; `variant` another kind of town (镇 for 街道); `old` and `other` from the aliases;
 * `short` without its kind; `base` a village without 社区/村 (counts only with what follows); `under` only below its parent;
 * `bare` a village name that is whole without a suffix (国庆新村), `street` X街 for X街道: both need confirmation.
 */
export type Form = 'full' | 'variant' | 'old' | 'other' | 'short' | 'base' | 'under' | 'street'

/** All areas of one level that share one written name in one form. */
export type Group = {
  level: AreaLevel
  form: Form
  weight: number
  village: 'community' | 'village' | null
  codes: AreaCode[]
}
export type Name = { text: string; groups: Group[] }
export type Row = { code: AreaCode; name: string }

export type Town = { code: AreaCode; stem: string; name: string }

export type Gazetteer = {
  byHead: ReadonlyMap<number, readonly Name[]>
  names: ReadonlyMap<AreaCode, string>
  /** Official towns by county, for names with one wrong character. */
  towns: ReadonlyMap<AreaCode, readonly Town[]>
  home: string
}

const FULL: Readonly<Record<number, number>> = { 1: 6, 2: 10, 3: 12, 4: 12, 5: 11 }
const SHORT: Readonly<Record<number, number>> = { 1: 4, 2: 7, 3: 7, 4: 5 }
/** Names of the code list that are headings, not places. */
const HEADINGS = /^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$/
export function headOf(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1)
}

class Builder {
  readonly names = new Map<string, Name>()

  add(text: string, code: AreaCode, form: Form, weight: number, village: Group['village'] = null): void {
    if (text.length < 2) return
    const level = levelOf(code)
    let name = this.names.get(text)
    if (!name) this.names.set(text, (name = { text, groups: [] }))
    // One area under one text keeps its strongest form.
    for (const g of name.groups) {
      if (!g.codes.includes(code)) continue
      if (g.weight >= weight || g.level !== level) return
      g.codes.splice(g.codes.indexOf(code), 1)
    }
    const group = name.groups.find((g) => g.level === level && g.form === form && g.village === village)
    if (group) group.codes.push(code)
    else name.groups.push({ level, form, weight, village, codes: [code] })
  }
}

function addUpToCounty(b: Builder, code: AreaCode, name: string): void {
  const level = levelOf(code)
  if (HEADINGS.test(name)) return
  const text = normalName(name)
  b.add(text, code, 'full', FULL[level] ?? 0)
  const short = shortName(text, level)
  if (short !== null) b.add(short, code, 'short', SHORT[level] ?? 0)
  if (short !== null && text.endsWith('自治州')) b.add(`${short}州`, code, 'short', SHORT[level] ?? 0)
}

const TOWN_KINDS: Readonly<Record<string, readonly string[]>> = {
  街道: ['镇', '乡', '街办', '办事处'],
  镇: ['街道', '乡', '街办'],
  乡: ['镇', '街道'],
}

function addTown(
  b: Builder,
  code: AreaCode,
  name: string,
  taken: ReadonlySet<string>,
  countyName: string,
  cityName: string,
): void {
  const plain = name.normalize('NFKC')
  b.add(normalName(plain), code, 'full', weightOfTown(normalName(plain), code, countyName))
  const inside = /\((.{3,})\)/.exec(plain)?.[1]
  if (inside !== undefined) b.add(normalName(inside), code, 'other', 10)
  const main = normalName(plain.replace(/\(.*?\)/g, ''))
  if (main !== normalName(plain)) b.add(main, code, 'full', 12)
  for (const part of main.split('-')) if (part !== main && part.length >= 3) b.add(part, code, 'other', 10)
  if (isQuasi(code)) return addQuasiTown(b, code, main, countyName, cityName)
  const m = /^(.+?)(街道|镇|乡)$/.exec(main)
  const [, stem, kind] = m ?? []
  if (stem === undefined || kind === undefined) return
  const county = countyOf(code)
  const put = (text: string, form: Form, weight: number) => {
    if (!taken.has(county + text)) b.add(text, code, form, weight)
  }
  for (const other of TOWN_KINDS[kind] ?? []) put(stem + other, 'variant', 10)
  if (/[镇乡]$/.test(stem)) put(stem, 'variant', 10)
  // 湖南路 alone is the road; only a village behind it makes it the street office.
  else put(stem, /[路街巷道弄门桥]$/.test(stem) ? 'street' : 'short', 5)
  if (kind === '街道') put(`${stem}街`, 'street', 5)
}

/** 江宁开发区 names the county too: it must not weigh less than 江宁 followed by 开发区. */
function weightOfTown(text: string, code: AreaCode, countyName: string): number {
  const county = shortName(countyName, 3)
  return isQuasi(code) && county !== null && text.startsWith(county) ? 21 : 12
}

function isQuasi(code: AreaCode): boolean {
  return code[6] === '4' || code[6] === '5'
}

/** Parks and farms carry the name of their county in front, and are called 开发区 by whoever lives there. */
function addQuasiTown(b: Builder, code: AreaCode, main: string, countyName: string, cityName: string): void {
  const cut = [
    cityName,
    countyName,
    shortName(cityName, 2) ?? '',
    shortName(countyName, 3) ?? '',
    '海门市',
    '高淳县',
    '江苏省',
    '江苏',
    '国家',
    '国营',
  ]
  let rest = main
  for (let again = true; again;) {
    const prefix = cut.find((p) => p.length >= 2 && rest.startsWith(p) && rest.length - p.length >= 3)
    again = prefix !== undefined
    if (prefix !== undefined) rest = rest.slice(prefix.length)
    if (again) b.add(rest, code, rest.length >= 4 ? 'other' : 'under', 9)
  }
  if (!main.endsWith('开发区') && !main.endsWith('高新区') && !main.endsWith('经开区')) return
  const tech = main.includes('高新')
  for (const text of tech ? ['高新区', '高新技术开发区'] : ['开发区', '经开区', '经济开发区', '经济技术开发区'])
    b.add(text, code, 'under', 9)
  const county = shortName(countyName, 3)
  if (county !== null)
    for (const text of tech ? ['高新区'] : ['开发区', '经开区', '经济开发区']) b.add(county + text, code, 'other', 10)
}

const NUMERALS: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
}

/** The stems under which a village may be written, without 社区, 村 or the words for its committee. */
export function villageStems(name: string): { stems: string[]; kind: 'community' | 'village' } {
  const plain = name.normalize('NFKC')
  const main = normalName(plain.replace(/\(.*?\)/g, ''))
  const { stem, kind } = villageStem(main)
  const stems = new Set([stem])
  if (/[^新]村$/.test(stem) && stem.length >= 2) stems.add(stem.slice(0, -1))
  const numbered = /第([一二三四五六七八九])/.exec(stem)
  if (numbered)
    for (const form of [numbered[1] ?? '', NUMERALS[numbered[1] ?? ''] ?? ''])
      stems.add(stem.replace(numbered[0], form))
  return { stems: [...stems], kind }
}

function addVillage(b: Builder, code: AreaCode, name: string): void {
  const { stems, kind } = villageStems(name)
  for (const stem of stems) {
    if (stem.length >= 2) b.add(stem, code, 'base', 11, kind)
    // One character alone is no name; with 村 it is (汪村).
    else if (stem.length === 1) b.add(`${stem}村`, code, 'full', 8, kind)
  }
  const inside = /\(含(.{2,})村村委\)/.exec(name.normalize('NFKC'))?.[1]
  if (inside !== undefined) b.add(normalName(inside), code, 'base', 10, 'village')
}

function addAliases(b: Builder, list: readonly Alias[], known: ReadonlyMap<AreaCode, string>, form: Form | null): void {
  for (const { alias, codes, kind } of list) {
    for (const code of codes) {
      if (!known.has(code)) continue
      const as: Form = form ?? (kind === 'old' ? 'old' : 'other')
      b.add(normalName(alias), code, as, as === 'under' ? 9 : as === 'old' ? 11 : 10)
      const short = levelOf(code) === 3 && as === 'old' ? shortName(alias, 3) : null
      if (short !== null) b.add(short, code, 'short', 6)
    }
  }
}

/**
 * Builds the names from rows of areas (levels 1 to 5; finer ones are the register's business) and further aliases, for
 * instance learned ones. `home` is the province whose towns and villages are known.
 */
export function buildGazetteer(rows: readonly Row[], learned: readonly Alias[] = [], home = '32'): Gazetteer {
  const b = new Builder()
  const names = new Map<AreaCode, string>()
  for (const { code, name } of rows) names.set(code, name)
  const taken = new Set<string>()
  for (const { code, name } of rows) if (code.length === 9) taken.add(countyOf(code) + normalName(name))
  for (const { code, name } of rows) {
    if (code.length <= 6) addUpToCounty(b, code, name)
    else if (code.length === 9)
      addTown(b, code, name, taken, names.get(code.slice(0, 6)) ?? '', names.get(code.slice(0, 4)) ?? '')
    else if (code.length === 12) addVillage(b, code, name)
  }
  addAliases(b, ALIASES, names, null)
  addAliases(b, UNDER_PARENT, names, 'under')
  addAliases(b, learned, names, 'other')
  const byHead = new Map<number, Name[]>()
  for (const name of b.names.values()) {
    const groups = name.groups.filter((g) => g.codes.length > 0)
    if (groups.length === 0) continue
    const head = headOf(name.text, 0)
    const list = byHead.get(head)
    if (list) list.push({ text: name.text, groups })
    else byHead.set(head, [{ text: name.text, groups }])
  }
  return { byHead, names, towns: townsByCounty(rows), home }
}

function townsByCounty(rows: readonly Row[]): Map<AreaCode, Town[]> {
  const towns = new Map<AreaCode, Town[]>()
  for (const { code, name } of rows) {
    if (code.length !== 9 || isQuasi(code)) continue
    const text = normalName(name)
    const town = { code, name: text, stem: text.replace(/(?:街道|镇|乡)$/, '') }
    const list = towns.get(countyOf(code))
    if (list) list.push(town)
    else towns.set(countyOf(code), [town])
  }
  return towns
}

/** The area directly above in the divisions that exist: a municipality's districts hang on the heading below it. */
export function isDirectlyBelow(code: AreaCode, above: AreaCode): boolean {
  return parentOf(code) === above
}
