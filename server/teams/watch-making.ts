/**
 * Watches from the register (WATCH-1 to WATCH-3): seen first, then made. What stands already stays as it is; only doors in no
 * watch are divided, grid by grid, each in the grid's lock.
 */
import { createHash } from 'node:crypto'
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { MadeWatches, MakeWatches } from '@weiwang/domain/teams/api'
import type { WatchPreview } from '@weiwang/domain/teams/api'
import { coverageTooWide, previewOld, tooManyUnits } from '@weiwang/domain/teams/problems'
import { divide, MOST_UNITS, unitCodes, WATCH_KINDS } from '@weiwang/domain/teams/watch'
import type { Unit } from '@weiwang/domain/teams/watch'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { jobProgress, startJob } from '../core/progress.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { villagesIn } from '../areas/store.ts'
import { groupBy } from './group.ts'
import { codesTaken, doorsWithout, insertWatches, lockGridsIn, placeDoors } from './store-watch.ts'
import type { RegisterDoor } from './store-watch.ts'
import { tellWatches } from './watch-telling.ts'

const GRID_DIGITS = 15
const COUNTY_DIGITS = 6
const VILLAGE_DIGITS = 12
const SHOWN = 50

type Divided = { grid: AreaCode; units: Unit[]; doors: RegisterDoor[] }

function dividedOf(doors: readonly RegisterDoor[]): Divided[] {
  return [...groupBy(doors, (door) => door.area.slice(0, GRID_DIGITS))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([grid, of]) => ({ grid, units: divide(of), doors: of }))
}

/** Which doors go with which: a door that came, went or moved meanwhile makes another seal. */
function sealOf(divided: readonly Divided[]): string {
  const hash = createHash('sha256')
  for (const { grid, units } of divided)
    for (const unit of units) hash.update(`${grid} ${unit.kind} ${unit.doors.join(' ')}\n`)
  return hash.digest('base64url')
}

/** What would be made. Up to a county; a county of a hundred thousand doors is read once and divided in a second. */
export async function previewWatches(ctx: Ctx, args: { area: AreaCode }): Promise<WatchPreview> {
  permit(ctx, 'bulk', { kind: 'watch', area: args.area })
  if (args.area.length < COUNTY_DIGITS) throw coverageTooWide({})
  const divided = dividedOf(await doorsWithout(ctx.db, args.area))
  const units = divided.flatMap(({ grid, units: of }) => of.map((unit) => ({ grid, ...unit })))
  return {
    area: args.area,
    doors: divided.reduce((sum, one) => sum + one.doors.length, 0),
    units: units.length,
    byKind: WATCH_KINDS.flatMap((kind) => {
      const sizes = units.filter((unit) => unit.kind === kind).map((unit) => unit.doors.length)
      if (sizes.length === 0) return []
      const doors = sizes.reduce((sum, n) => sum + n, 0)
      const least = sizes.reduce((min, n) => Math.min(min, n), Infinity)
      return [{ kind, units: sizes.length, doors, least, most: sizes.reduce((max, n) => Math.max(max, n), 0) }]
    }),
    first: units.slice(0, SHOWN).map(({ grid, kind, name, doors }) => ({ grid, kind, name, doors: doors.length })),
    seal: sealOf(divided),
  }
}

export type GridUnits = { grid: AreaCode; units: readonly Unit[] }
type Made = 'register' | 'grown' | 'areas' | 'split'
type LeaderOf = { account: string | null; name: string | null }

/** Writes what `divide` says of some grids of one county, in one statement each. @throws tooManyUnits */
export async function writeUnits(
  ctx: Ctx,
  grids: readonly GridUnits[],
  areaOf: ReadonlyMap<string, AreaCode>,
  made: Made,
  leader: LeaderOf = { account: null, name: null },
): Promise<{ ids: string[]; doors: number }> {
  const some = grids.filter(({ units }) => units.length > 0)
  const taken = await codesTaken(
    ctx.db,
    some.map(({ grid }) => grid),
  )
  const rows = some.flatMap(({ grid, units }) => {
    const codes = unitCodes(grid, units, taken.get(grid) ?? new Set())
    if (codes === null) throw tooManyUnits({ grid, most: MOST_UNITS })
    return units.map((unit, i) => ({
      doors: unit.doors,
      watch: {
        county: countyOf(grid),
        id: newId(ctx.now),
        area: grid,
        code: codes[i] ?? '',
        kind: unit.kind,
        name: unit.name,
        leader_account: leader.account,
        leader_name: leader.name,
        made,
        opened_at: ctx.now,
        updated_at: ctx.now,
      },
    }))
  })
  await insertWatches(
    ctx.db,
    rows.map(({ watch }) => watch),
  )
  const doors = await placeDoors(
    ctx.db,
    rows.flatMap(({ watch, doors: ids }) =>
      ids.map((id) => ({
        county: watch.county,
        household_id: id,
        watch_id: watch.id,
        area: areaOf.get(id) ?? watch.area,
      })),
    ),
    ctx.now,
  )
  return { ids: rows.map(({ watch }) => watch.id), doors }
}

/** Divides what stands in no watch within an area of one county, in the caller's transaction. */
export async function makeIn(
  ctx: Ctx,
  area: AreaCode,
  seal: string | null,
): Promise<{ watches: number; doors: number }> {
  // Locked before the doors are read: what others placed meanwhile is theirs.
  await lockGridsIn(ctx.db, area)
  const doors = await doorsWithout(ctx.db, area)
  const divided = dividedOf(doors)
  if (seal !== null && sealOf(divided) !== seal) throw previewOld({})
  const made = await writeUnits(ctx, divided, new Map(doors.map((door) => [door.id, door.area])), 'register')
  await tellWatches(ctx, countyOf(area), made.ids)
  return { watches: made.ids.length, doors: made.doors }
}

/** WATCH-3: makes what was seen. A village at once; more than that village by village in the background. */
export const makeWatches = defineAction({
  name: 'watch.make',
  input: MakeWatches,
  output: MadeWatches,
  run: async (ctx, args) => {
    permit(ctx, 'bulk', { kind: 'watch', area: args.area })
    if (args.area.length < COUNTY_DIGITS) throw coverageTooWide({})
    if (args.area.length >= VILLAGE_DIGITS) {
      const made = await makeIn(ctx, args.area, args.seal)
      ctx.audit({ verb: 'watch.make', thing: 'watch', thingId: args.area, area: args.area, detail: made })
      return { ...made, jobId: null }
    }
    if (sealOf(dividedOf(await doorsWithout(ctx.db, args.area))) !== args.seal) throw previewOld({})
    const villages = await villagesIn(ctx.db, args.area)
    const jobId = await startJob(ctx, {
      kind: 'watches',
      title: { zh: '划分联防单元', en: 'Divide into watches' },
      area: args.area,
      subject: args.area,
      total: villages.length,
    })
    ctx.emit('watches.make', { jobId, area: args.area, by: ctx.actor.name })
    ctx.audit({ verb: 'watch.make', thing: 'watch', thingId: args.area, area: args.area, detail: { jobId } })
    return { watches: 0, doors: 0, jobId }
  },
})

const Order = z.object({ jobId: z.uuid(), area: z.string(), by: z.string() })

/** Village by village, each its own transaction. A second run finds the rest: what is placed is not divided again. */
export async function makeByVillage(server: Server, payload: unknown): Promise<void> {
  const { jobId, area } = Order.parse(payload)
  const villages = await server.asSystem('watches.make', (ctx) => villagesIn(ctx.db, area))
  const sum = { watches: 0, doors: 0 }
  for (const [i, village] of villages.entries()) {
    await server.asSystem('watches.make', async (ctx) => {
      const made = await makeIn(ctx, village.code, null)
      sum.watches += made.watches
      sum.doors += made.doors
      if (made.watches > 0)
        ctx.audit({ verb: 'watch.make', thing: 'watch', thingId: village.code, area: village.code, detail: made })
      await jobProgress(ctx, jobId, { state: 'running', done: i + 1, step: village.name })
    })
  }
  await server.asSystem('watches.make', (ctx) => jobProgress(ctx, jobId, { state: 'done', result: sum }))
}
