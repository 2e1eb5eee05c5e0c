import { plain } from '../people/reading.ts'
import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'

/**
 * FEED-4: what no feed may carry (design, lines we do not cross): positions finer than county and day, cells, tracks,
 * device and body marks, and anything about opinion, belief, ethnicity, petition or "stability". Such a column refuses the
 * whole file, by its name or by what stands in it.
 */
export type Refusal = { what: 'position' | 'cell' | 'track' | 'device' | 'body' | 'person'; say: Say }

const REFUSALS: Record<Refusal['what'], Say> = {
  position: say('经纬度或坐标', 'coordinates'),
  cell: say('基站或通信小区', 'radio cells'),
  track: say('轨迹', 'tracks'),
  device: say('设备标识', 'device identifiers'),
  body: say('生物特征', 'biometric marks'),
  person: say(
    '民族、宗教、政治、观点、信访或“维稳”信息',
    'ethnicity, religion, politics, opinion, petition or "stability"',
  ),
}

const NAMES: readonly (readonly [Refusal['what'], RegExp])[] = [
  [
    'position',
    /经度|纬度|经纬|坐标|定位|位置点|geo_?hash|\bgps\b|\bgeo(m|metry|json)?\b|coord|\blat(itude)?\b|\bl(on|ng)(gitude)?\b|\bwkt\b|\bpoi\b/,
  ],
  [
    'cell',
    /基站|扇区|小区(号|id|编号|标识|识别|码)|位置区|跟踪区|信令|\bcell[ _-]?(id|tower|site|code)\b|\be?cgi\b|\blac\b|\btac\b|\bci\b|\be?nodeb\b|\bgnb\b|base ?station|\bsector\b/,
  ],
  ['track', /轨迹|行踪|行动路线|路径|途经点|\btrack|traject|\broute points?\b|\bitinerary points?\b|waypoint/],
  [
    'device',
    /\bimei\b|\bimsi\b|\bmac( ?address)?\b|\bidfa\b|\boaid\b|设备号|设备标识|蓝牙|bluetooth|wi-?fi|\bssid\b|\bip ?(address|地址)|^ip$/,
  ],
  ['body', /人脸|指纹|虹膜|声纹|dna|faceprint|face ?id|fingerprint|\biris\b|biometric/],
  [
    'person',
    /民族|族别|种族|宗教|信仰|教派|政治面貌|党派|党员|政治|观点|言论|立场|思想|信访|上访|访民|维稳|稳控|重点人员类别|涉稳|前科|ethnic|\brace\b|religio|belief|faith|politic|party member|opinion|petition|stability|sexual|性取向/,
  ],
]

/** Camel case and underscores are word breaks: `cellId`, `cell_id` and `Cell ID` are one. */
function words(header: string): string {
  return plain(header)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-.]+/g, ' ')
    .toLowerCase()
}

export function refusedHeader(header: string): Refusal | null {
  const name = words(header)
  for (const [what, pattern] of NAMES) if (pattern.test(name)) return { what, say: REFUSALS[what] }
  return null
}

// Two decimal degrees, in either order, with at least three decimals: 31.2304,121.4737 · 121.4737°E 31.2304°N.
const PAIR = /(?:^|[^\d.])-?\d{1,3}\.\d{3,}\s*°?\s*[NSEW]?\s*[,;，；\s]\s*-?\d{1,3}\.\d{3,}(?:[^\d]|$)/i
const WKT = /\b(?:multi)?(?:point|linestring|polygon)\s*z?\s*\(/i
const DEGREES = /\d{1,3}\s*°\s*\d{1,2}\s*[′'’]/
// MCC 460 with network, area and cell.
const CGI = /(?:^|\D)460[-:_ ]?\d{2}[-:_ ]\d{3,9}[-:_ ]\d{3,10}(?:\D|$)/

/** A value that is a position or a cell, wherever it stands. */
export function refusedValue(text: string): Refusal | null {
  if (!/[.°(:_-]/.test(text)) return null
  if (PAIR.test(text) || WKT.test(text) || DEGREES.test(text)) return { what: 'position', say: REFUSALS.position }
  return CGI.test(text) ? { what: 'cell', say: REFUSALS.cell } : null
}

const LONE = /^-?\d{1,3}\.\d{4,}$/

/**
 * A column that is one half of a position: nearly all its values are decimals with four places or more within the range of
 * degrees. Money and temperatures have fewer places.
 */
export function refusedColumn(values: readonly string[]): Refusal | null {
  const said = values.filter((v) => v !== '')
  if (said.length === 0) return null
  if (said.some((v) => refusedValue(v) !== null)) return refusedValue(said.find((v) => refusedValue(v) !== null) ?? '')
  const degrees = said.filter((v) => LONE.test(v) && Math.abs(Number(v)) <= 180)
  return said.length >= 3 && degrees.length >= said.length * 0.8 ? { what: 'position', say: REFUSALS.position } : null
}
