import { createHash } from 'node:crypto'
import { isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { Helper, MAX_GRIDS } from '@weiwang/domain/sync/api'
import type { Mine } from '@weiwang/domain/sync/api'
import { desksAround } from '../access/account-store.ts'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { contactsAround, dutiesOf, gridsInside } from './store-feed.ts'
import type { DutyOf } from './store-feed.ts'

const GRID = 15

/** One grid that the account covers today, and the part of it when the duty is a unit alone. */
export type Covered = { grid: AreaCode; unit: AreaCode | null; duty: DutyOf }

/**
 * The grids of today's duties, each once (ACCESS-1). A duty over a village or town covers the grids inside it; whoever covers
 * more than a phone can hold sees the first and works at a desk for the rest.
 */
export async function coveredBy(ctx: Ctx): Promise<Covered[]> {
  const duties = await dutiesOf(ctx.db, ctx.actor.id, ctx.today)
  const wide = duties.filter((duty) => duty.area.length < GRID)
  const inside = await gridsInside(
    ctx.db,
    wide.map((duty) => duty.area),
    ctx.today,
    MAX_GRIDS,
  )
  const found = new Map<AreaCode, Covered>()
  const put = (grid: AreaCode, unit: AreaCode | null, duty: DutyOf): void => {
    const before = found.get(grid)
    // Two units of one grid are the whole grid to the phone; the server still decides door by door.
    found.set(grid, before ? { ...before, unit: before.unit === unit ? unit : null } : { grid, unit, duty })
  }
  for (const duty of duties) {
    if (duty.area.length >= GRID) put(duty.area.slice(0, GRID), duty.area.length > GRID ? duty.area : null, duty)
    else for (const grid of inside.filter((code) => code.startsWith(duty.area))) put(grid, null, duty)
  }
  return [...found.values()].toSorted((a, b) => (a.grid < b.grid ? -1 : 1)).slice(0, MAX_GRIDS)
}

/** Whom a worker calls: the numbers set by the centres around, and the nearest desk that has a telephone. */
export async function helpersFor(ctx: Ctx, area: AreaCode): Promise<Helper[]> {
  const around = isAreaCode(area) ? pathOf(area).filter((code) => code !== '') : []
  const helpers = new Map<string, Helper>()
  for (const row of await contactsAround(ctx.db, around)) {
    const parsed = Helper.safeParse(row)
    if (parsed.success && !helpers.has(row.role)) helpers.set(row.role, parsed.data)
  }
  if (!helpers.has('supervisor')) {
    const [desk] = await desksAround(ctx.db, around, { limit: 1, telephone: true })
    if (desk?.phone_sealed) {
      const place = { table: 'account', row: desk.id, column: 'phone_sealed' }
      helpers.set('supervisor', {
        role: 'supervisor',
        name: desk.name,
        phone: await ctx.keys.open(place, desk.phone_sealed),
      })
    }
  }
  return [...helpers.values()]
}

export type MineOptions = { durableTo: string | null; exercise: boolean }

export async function mineOf(
  ctx: Ctx,
  covered: readonly Covered[],
  home: AreaCode,
  options: MineOptions,
): Promise<Mine> {
  const names = await areaNames(
    ctx.db,
    covered.flatMap(({ grid }) => pathOf(grid)),
  )
  const nameOf = (code: AreaCode): string => names.get(code) ?? code
  const rest = {
    account: { id: ctx.actor.id, name: ctx.actor.name },
    duties: covered.map(({ grid, unit, duty }) => ({
      grid,
      name: say(nameOf(grid), nameOf(grid)),
      areaName: pathOf(grid)
        .filter((code) => code.length >= 6 && code.length < GRID)
        .map(nameOf)
        .join(' '),
      fromDay: duty.from_day,
      toDay: duty.to_day,
      standIn: duty.stands_in_for !== null,
      unit,
    })),
    helpers: await helpersFor(ctx, covered[0]?.grid ?? home),
    durableTo: options.durableTo,
    zone: ctx.zone,
    exercise: options.exercise,
  }
  const version = createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16)
  return { version, ...rest }
}
