import type { Actor } from '@weiwang/domain/access/actor'
import { cutTo } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import type { CONTACT_ROLES } from '@weiwang/domain/sync/contacts'
import { areaNames } from '../access/store.ts'
import type { Server } from '../core/server.ts'
import { putContactAction } from '../sync/contacts.ts'

type Role = (typeof CONTACT_ROLES)[number]
const COUNTY = 3
const TOWN = 4

const OF_COUNTY: readonly [Role, string][] = [
  ['centre', '网格化服务管理中心（演练）'],
  ['clinic', '疾控中心（演练）'],
]
const OF_TOWN: readonly [Role, string][] = [
  ['clinic', '社区卫生服务中心（演练）'],
  ['police', '派出所（演练）'],
]
const OF_VILLAGE: readonly [Role, string][] = [['supervisor', '网格长（演练）']]

/** No exchange begins with four noughts, so that nobody is ever reached: 0512-0000 0001, 0002 and on. */
function number(n: number): string {
  return `0512-0000 ${String(n).padStart(4, '0')}`
}

/** Whom the workers of the exercise call: made-up numbers for its county, towns and villages, set as a desk sets them. */
export async function putContacts(server: Server, operator: Actor, plans: readonly VillagePlan[]): Promise<number> {
  const villages = plans.map(({ village }) => village.code)
  const places: [AreaCode, readonly [Role, string][]][] = [
    ...[...new Set(villages.map((code) => cutTo(code, COUNTY)))].map((code) => [code, OF_COUNTY] as const),
    ...[...new Set(villages.map((code) => cutTo(code, TOWN)))].map((code) => [code, OF_TOWN] as const),
    ...villages.map((code) => [code, OF_VILLAGE] as const),
  ].map(([code, offices]) => [code, offices])
  const names = await server.asSystem('exercise.contacts', (ctx) =>
    areaNames(
      ctx.db,
      places.map(([code]) => code),
    ),
  )
  let n = 0
  for (const [area, offices] of places) {
    for (const [role, office] of offices)
      await server.run(putContactAction, operator, {
        area,
        role,
        name: `${names.get(area) ?? area}${office}`.slice(0, 60),
        phone: number(++n),
      })
  }
  return n
}
