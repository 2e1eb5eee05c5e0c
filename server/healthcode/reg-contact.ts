import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { desksAround } from '../access/account-store.ts'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'

/** Whom to call: the nearest desk of the town or county that has a telephone; its name where none has. */
export async function deskOf(ctx: Ctx, area: AreaCode): Promise<{ name: string; phone: string | null }> {
  const around = area === '' ? [] : pathOf(area).filter((code) => code.length >= 4 && code.length <= 9)
  const names = await areaNames(ctx.db, around.length === 0 ? [area] : around)
  const [desk] = around.length === 0 ? [] : await desksAround(ctx.db, around, { limit: 1, telephone: true })
  const code = desk?.area ?? around.find((one) => one.length === 6) ?? area
  const phone = desk
    ? await openText(ctx, { table: 'account', row: desk.id, column: 'phone_sealed' }, desk.phone_sealed)
    : null
  return { name: `${names.get(code) ?? code} 网格中心`, phone }
}
