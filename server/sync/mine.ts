import { createHash } from 'node:crypto'
import { isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { Helper, MAX_GRIDS } from '@weiwang/domain/sync/api'
import type { Mine } from '@weiwang/domain/sync/api'
import { desksAround } from '../access/account-store.ts'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Keyring } from '../core/keys/keyring.ts'
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

/**
 * What is told of a place, the same for all its phones: names, and whom to call, with one number opened. Read once and kept for a
 * few seconds, so that a phone that asks whether anything is new costs neither look-up nor opening; a change of contacts forgets it.
 */
const KEPT_MS = 10_000
const MOST_PLACES = 5_000

type Kept<T> = Map<AreaCode, { value: T; until: number }>
type Known = { helpers: Kept<Helper[]>; names: Kept<Map<AreaCode, string>> }
const known = new WeakMap<Keyring, Known>()

function knownHere(ctx: Ctx): Known {
  const found = known.get(ctx.keys) ?? { helpers: new Map(), names: new Map() }
  known.set(ctx.keys, found)
  return found
}

async function keptAt<T>(kept: Kept<T>, area: AreaCode, read: () => Promise<T>): Promise<T> {
  const now = performance.now()
  const found = kept.get(area)
  if (found && found.until > now) return found.value
  const value = await read()
  if (kept.size >= MOST_PLACES) kept.clear()
  kept.set(area, { value, until: now + KEPT_MS })
  return value
}

/** After a change of contacts or duties in this process; others hear of it when what they keep is a few seconds old. */
export function forgetPlaces(ctx: Pick<Ctx, 'keys'>): void {
  known.delete(ctx.keys)
}

/** Whom a worker calls: the numbers set by the centres around, and the nearest desk that has a telephone. */
export async function helpersFor(ctx: Ctx, area: AreaCode): Promise<Helper[]> {
  return keptAt(knownHere(ctx).helpers, area, () => readHelpers(ctx, area))
}

async function readHelpers(ctx: Ctx, area: AreaCode): Promise<Helper[]> {
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

/** Names of a grid and of what lies around it. */
function namesAround(ctx: Ctx, grid: AreaCode): Promise<Map<AreaCode, string>> {
  return keptAt(knownHere(ctx).names, grid, () => areaNames(ctx.db, pathOf(grid)))
}

export type MineOptions = { durableTo: string | null; exercise: boolean }

export async function mineOf(
  ctx: Ctx,
  covered: readonly Covered[],
  home: AreaCode,
  options: MineOptions,
): Promise<Mine> {
  const names = new Map<AreaCode, string>()
  for (const { grid } of covered) for (const [code, name] of await namesAround(ctx, grid)) names.set(code, name)
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
