/** Words of household registers, and one spelling of an address for its hash (PEOPLE-12). */
import type { z } from 'zod'
import type { CreateHousehold } from './api.ts'
import { plain } from './reading.ts'

export type HouseholdKind = z.infer<typeof CreateHousehold>['kind']
export type HouseholdUse = z.infer<typeof CreateHousehold>['use']

const KINDS: readonly (readonly [RegExp, HouseholdKind])[] = [
  [/^(home|住宅|自住|家庭|住户|居民户?|民宅|普通住宅)$/i, 'home'],
  [/^(group_rental|群租房?|合租房?)$/i, 'group_rental'],
  [/^(rental|出租房?|租赁房?|租房|出租屋)$/i, 'rental'],
  [/^(shop|店铺?|商铺|门店|沿街商铺|九小场所)$/i, 'shop'],
  [/^(dormitory|宿舍|集体宿舍|员工宿舍|工棚)$/i, 'dormitory'],
  [/^(business|企业|单位|公司|工厂|机关)$/i, 'business'],
]
const USES: readonly (readonly [RegExp, HouseholdUse])[] = [
  [/^(self|自住|自用|自有|常住)$/i, 'self'],
  [/^(rented|出租|租用|租住|已租|承租)$/i, 'rented'],
  [/^(vacant|空置|空房|空关|无人|闲置|空户)$/i, 'vacant'],
  [/^(unassigned|未知|不详|未分配|未登记)$/i, 'unassigned'],
]

function word<T>(table: readonly (readonly [RegExp, T])[], text: string): T | null {
  const t = plain(text)
  for (const [pattern, value] of table) if (pattern.test(t)) return value
  return null
}

/** Null for a word that is not known: the row says so and is not guessed at. */
export function readHouseholdKind(text: string): HouseholdKind | null {
  return word(KINDS, text)
}

export function readHouseholdUse(text: string): HouseholdUse | null {
  return word(USES, text)
}

/** For hashing and comparing only: half-width, no spaces or punctuation, capitals. */
export function normaliseAddress(text: string): string {
  return plain(text)
    .toUpperCase()
    .replace(/[\s,，.。;；、'"“”()（）]/g, '')
    .replace(/[—–‐]/g, '-')
}
