/**
 * Makes the generated part of the labelled addresses (domain/people/address/labelled): real division names made dirty in
 * two different ways, `tune` and `held`. Run once; the files are committed, and the held one is not made again after its
 * errors were seen. Prints to stdout: node --conditions=source --import tsx server/areas/generate-labelled.ts held
 *
 * The label is worked out from the names that were left in the text, by plain search over the divisions, and not by the
 * resolver: the lowest area common to all villages that fit.
 */
import { pathToFileURL } from 'node:url'
import { readDivisions } from './divisions.ts'

const divisions = readDivisions('jiangsu')
const names = new Map(divisions.map((d) => [d.code, d.name]))
const villages = divisions.filter(
  (d) =>
    d.code.length === 12 && /^[0-3]/.test(d.code.slice(9)) && /^[0-3]/.test(d.code.slice(6)) && !/[（(]/.test(d.name),
)

/** mulberry32: small, seeded and good enough for picking. */
function random(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Place = { code: string; city: string; county: string; town: string; village: string; stem: string }
type Kept = { city: boolean; county: boolean; town: boolean; village: boolean }
type Row = { text: string; prior: string; code: string }

const stemOf = (name: string) =>
  name.replace(/(社区居民委员会|社区居委会|村村民委员会|村村委会|村民委员会|村委会|居民委员会|居委会|社区)$/, '')
const short = (name: string) => (name.length > 2 ? name.slice(0, -1) : name)

function placeOf(code: string): Place {
  const name = (length: number) => names.get(code.slice(0, length)) ?? ''
  return { code, city: name(4), county: name(6), town: name(9), village: name(12), stem: stemOf(name(12)) }
}

const isVillageName = (name: string) => /村委会$|村民委员会$/.test(name)

function common(codes: string[]): string {
  const first = codes[0] ?? ''
  for (const length of [12, 9, 6, 4, 2])
    if (codes.every((c) => c.startsWith(first.slice(0, length)))) return first.slice(0, length)
  return ''
}

/** What a reader who knows all names could say for certain: all places that fit what is written, or those of the prior. */
function label(p: Place, kept: Kept, prior: string): string {
  const finest = kept.village ? 12 : kept.town ? 9 : kept.county ? 6 : 4
  const fits = divisions.filter((d) => {
    if (d.code.length !== finest) return false
    const q = placeOf(d.code)
    return (
      (!kept.city || q.city === p.city) &&
      (!kept.county || q.county === p.county) &&
      (!kept.town || q.town === p.town) &&
      (!kept.village || stemOf(d.name) === p.stem)
    )
  })
  const sameKind = kept.village ? fits.filter((d) => isVillageName(d.name) === isVillageName(p.village)) : fits
  // 社渚社区 and 社渚村 in one town are told apart by the word that is written; in two towns they are not.
  const told = fits.filter(
    (d) => sameKind.includes(d) || !sameKind.some((s) => s.code.slice(0, 9) === d.code.slice(0, 9)),
  )
  const near = prior === '' ? [] : told.filter((d) => d.code.startsWith(prior))
  return common((near.length > 0 ? near : told).map((d) => d.code)) || '-'
}

type Tools = { r: () => number; pick: <T>(list: readonly T[]) => T; chance: (p: number) => boolean }

function tools(seed: number): Tools {
  const r = random(seed)
  return {
    r,
    pick: <T>(list: readonly T[]): T => {
      const item = list[Math.floor(r() * list.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    chance: (p) => r() < p,
  }
}

const villageForm = (p: Place) =>
  isVillageName(p.village) ? (p.stem.endsWith('村') ? p.stem : `${p.stem}村`) : `${p.stem}社区`

/** The way of `tune`: parts dropped, short names, another kind of town, wrong order, traditional and full-width characters. */
function tune(p: Place, t: Tools): Row {
  const kept: Kept = { city: t.chance(0.6), county: t.chance(0.85), town: t.chance(0.85), village: t.chance(0.8) }
  if (!kept.county && !kept.city) kept.county = true
  const prior = t.chance(0.3) ? p.code.slice(0, 6) : ''
  const town = t.chance(0.15) ? p.town.replace(/街道$/, '镇').replace(/乡$/, '镇') : p.town
  const door = t.pick([
    '绿地大道12号',
    '茶亭东街8号3幢',
    '花园街77号2单元301室',
    '人民路5-1号',
    '3组',
    '12组9号',
    '建设路18号阳光花园5栋1单元602',
    '北京东路6号',
    '',
  ])
  const parts = [
    kept.city ? (t.chance(0.5) ? p.city : short(p.city)) : '',
    kept.county ? (t.chance(0.7) ? p.county : short(p.county)) : '',
    kept.town ? town : '',
    kept.village ? villageForm(p) : '',
  ]
  const written = parts.filter((x) => x !== '')
  let text = t.chance(0.12) ? [door, ...written.toReversed()].join(' ') : written.join(t.chance(0.2) ? ' ' : '') + door
  if (t.chance(0.3)) text = `江苏${t.chance(0.7) ? '省' : ''}${text}`
  if (t.chance(0.15)) text = text.replace(/[0-9]/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
  if (t.chance(0.12))
    text = text.replace(
      /[区县镇东苏州无锡盐扬]/g,
      (c) => ({ 区: '區', 县: '縣', 镇: '鎮', 东: '東', 苏: '蘇', 锡: '錫', 盐: '鹽', 扬: '揚' })[c] ?? c,
    )
  return { text, prior, code: label(p, kept, prior) }
}

const OLD: Readonly<Record<string, string>> = {
  '320613': '港闸区',
  '320614': '海门市',
  '320803': '楚州区',
  '320706': '新浦区',
  '320812': '清浦区',
  '320213': '北塘区',
  '320508': '沧浪区',
  '320104': '白下区',
  '321003': '维扬区',
  '320413': '金坛市',
  '320509': '吴江市',
  '320904': '大丰市',
  '321012': '江都市',
  '321204': '姜堰市',
  '320312': '铜山县',
  '320115': '江宁县',
  '320685': '海安县',
  '320707': '赣榆县',
  '320813': '洪泽县',
}

/** The way of `held`: labels, names and phones around it, separators, doubled heads, brackets, old names, committee words, typos. */
function held(p: Place, t: Tools): Row {
  const kept: Kept = { city: t.chance(0.5), county: t.chance(0.8), town: t.chance(0.9), village: t.chance(0.85) }
  if (!kept.county && !kept.city) kept.city = true
  const prior = t.chance(0.4) ? (t.chance(0.6) ? p.code.slice(0, 6) : p.code.slice(0, 4)) : ''
  const old = OLD[p.code.slice(0, 6)]
  const county = old !== undefined && t.chance(0.5) ? old : t.chance(0.25) ? short(p.county) : p.county
  const isVillage = isVillageName(p.village)
  const village = t.pick([
    villageForm(p),
    villageForm(p),
    p.village,
    isVillage ? `${p.stem}村委会`.replace('村村', '村') : `${p.stem}居委会`,
    isVillage ? `${p.stem.replace(/村$/, '')}村委` : `${p.stem}社区居民委员会`,
  ])
  let town = p.town
  if (t.chance(0.04) && town.length >= 4) town = town.slice(0, 1) + town.slice(2)
  else if (t.chance(0.12)) town = town.replace(/街道$/, '街道办事处').replace(/镇$/, '镇政府')
  else if (t.chance(0.1)) town = town.replace(/街道$/, '办事处')
  const sep = t.pick(['', '', '', '，', '/', ' | ', '-', '　'])
  const parts = [
    kept.city ? p.city : '',
    kept.county ? county : '',
    kept.town ? town : '',
    kept.village ? village : '',
  ].filter((x) => x !== '')
  const door = t.pick([
    '三组15号',
    '第五村民小组',
    '（原供销社旁）',
    '解放西路238号',
    '幸福里3#-2-1102',
    '新村路上海花园9幢B座',
    '六号楼乙单元',
    '老街106号附2',
    '扬州路44弄7号',
    '盛世名门 12-2-503室',
    '沿街门面房',
    '',
    '',
  ])
  let text = parts.join(sep) + door
  if (t.chance(0.15) && parts.length >= 3) text = `${parts.slice(1).join(sep)}${door}（${parts[0] ?? ''}）`
  if (t.chance(0.12) && kept.city) text = `江苏省${p.city}${text}`
  else if (t.chance(0.2)) text = `江苏省${text}`
  if (t.chance(0.1)) text = `现住址：${text}`
  if (t.chance(0.08))
    text = `${t.pick(['王建国', '李小红', '欧阳丽'])} 13${Math.floor(t.r() * 1e9)
      .toString()
      .padStart(9, '0')} ${text}`
  if (t.chance(0.06))
    text = `${text} 邮编22${Math.floor(t.r() * 10_000)
      .toString()
      .padStart(4, '0')}`
  return { text, prior, code: label(p, kept, prior) }
}

/** `count` rows, the cities in turn, so that all thirteen are there. */
function generateLabelled(way: 'tune' | 'held', count: number): Row[] {
  const t = tools(way === 'tune' ? 2_020_022 : 2_022_0401)
  const cities = [...new Set(villages.map((v) => v.code.slice(0, 4)))]
  return Array.from({ length: count }, (_, i) => {
    const inCity = villages.filter((v) => v.code.startsWith(cities[i % cities.length] ?? ''))
    const place = placeOf(t.pick(inCity).code)
    return way === 'tune' ? tune(place, t) : held(place, t)
  })
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const way = process.argv[2] === 'held' ? 'held' : 'tune'
  for (const r of generateLabelled(way, 156)) process.stdout.write(`${r.text}\t${r.prior}\t${r.code}\tgenerated\n`)
}
