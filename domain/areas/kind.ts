import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { levelOf } from './code.ts'
import type { AreaCode, AreaLevel } from './code.ts'

/**
 * AREA-2: what kind of area a row is. Levels 1 to 5 are official divisions, statistical development zones (county codes
 * whose fifth digit is 7; their towns lie inside neighbouring counties) or quasi areas (parks, farms, prisons, "virtual"
 * communities). Grids are comprehensive 综合 or dedicated 专属; units say what they are made of.
 */
export const AREA_KINDS = [
  'official',
  'zone',
  'quasi',
  'comprehensive',
  'dedicated',
  'building',
  'group',
  'enterprise',
  'shops',
  'cluster',
] as const
export type AreaKind = (typeof AREA_KINDS)[number]

export const KIND_NAMES: Readonly<Record<AreaKind, Say>> = {
  official: say('行政区划', 'official division'),
  zone: say('开发区', 'development zone'),
  quasi: say('类似区划', 'quasi division'),
  comprehensive: say('综合网格', 'comprehensive grid'),
  dedicated: say('专属网格', 'dedicated grid'),
  building: say('楼栋', 'building'),
  group: say('村民小组', 'villager group'),
  enterprise: say('企业单位', 'enterprise'),
  shops: say('沿街商铺', 'shops on a street'),
  cluster: say('十户联组', 'household cluster'),
}

export const LEVEL_NAMES: Readonly<Record<AreaLevel, Say>> = {
  1: say('省', 'province'),
  2: say('设区市', 'city'),
  3: say('县（市、区）', 'county'),
  4: say('镇（街道）', 'town'),
  5: say('村（社区）', 'village'),
  6: say('网格', 'grid'),
  7: say('微网格', 'unit'),
}

/** County codes 3xxx7x are statistical development zones without county status of their own. */
export function isZoneCode(code: AreaCode): boolean {
  return code.length >= 6 && code[4] === '7' && code.startsWith('32')
}

/** The kind of an official row by its statistical code and name (levels 1 to 5). */
export function kindOfDivision(code: AreaCode, name: string): AreaKind {
  const level = levelOf(code)
  if (level === 3) return isZoneCode(code) ? 'zone' : 'official'
  if (level === 4) return code[6] === '4' || code[6] === '5' ? 'quasi' : 'official'
  if (level === 5) return code[9] === '4' || code[9] === '5' || /虚拟(社区|生活区)/.test(name) ? 'quasi' : 'official'
  return 'official'
}
