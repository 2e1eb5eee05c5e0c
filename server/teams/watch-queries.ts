/** What desks and workers read of watches. */
import { levelOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import type { ListWatches, UncoveredDoor, WatchCoverage, WatchDetail, WatchRow } from '@weiwang/domain/teams/api'
import { coverageTooWide } from '@weiwang/domain/teams/problems'
import { addressOrder, WATCH_KINDS } from '@weiwang/domain/teams/watch'
import { z } from 'zod'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areaNames } from '../people/store.ts'
import { forcePlace } from './force-place.ts'
import { readable } from './queries.ts'
import {
  coverageOf,
  doorsOfWatches,
  findWatch,
  leaderChoices,
  listUncovered,
  listWatches,
  openHelpAt,
  watchesOfGrid,
  watchLine,
} from './store-watch.ts'
import type { WatchLine } from './store-watch.ts'

const Kind = z.enum(WATCH_KINDS)
const COUNTY_DIGITS = 6
const GRID_LEVEL = 6
const MOST_LEADERS = 200
/** A neighbour without an account has a name only for who opens it. */
const NEIGHBOUR = '*'

function present(row: WatchLine, nameOf: (code: string) => string): WatchRow {
  const leader =
    row.leader_account !== null
      ? { kind: 'account' as const, accountId: row.leader_account, name: row.leader_name ?? '' }
      : row.leader_sealed !== null
        ? { kind: 'neighbour' as const, accountId: null, name: NEIGHBOUR }
        : null
  return {
    id: row.id,
    county: row.county,
    code: row.code,
    area: row.area,
    areaName: nameOf(row.area),
    kind: Kind.parse(row.kind),
    name: row.name,
    leader,
    doors: row.doors,
    people: row.people,
    openHelp: row.open_help,
    version: row.version,
  }
}

export async function readWatches(ctx: Ctx, args: ListWatches) {
  const place = await forcePlace(ctx, args, 'watch')
  const page = await listWatches(ctx.db, { ...place, kind: args.kind ?? null, list: args.list }, args)
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  return { items: page.rows.map((row) => present(row, nameOf)), next: page.next, total: page.total }
}

export async function readWatch(ctx: Ctx, args: { id: string }): Promise<WatchDetail> {
  const watch = await findWatch(ctx.db, ctx.scope, args.id)
  if (!watch) throw notFound({ thing: 'watch' })
  permit(ctx, 'read', { kind: 'watch', area: watch.area })
  const line = await watchLine(ctx.db, watch.county, watch.id)
  if (!line) throw notFound({ thing: 'watch' })
  const doors = (await doorsOfWatches(ctx.db, watch.county, [watch.id])).toSorted(addressOrder)
  const help = await openHelpAt(ctx.db, watch.county, [watch.id])
  const others = (await watchesOfGrid(ctx.db, watch.area)).filter((one) => one.id !== watch.id)
  const sizes = new Map<string, number>()
  for (const door of await doorsOfWatches(
    ctx.db,
    watch.county,
    others.map((one) => one.id),
  ))
    sizes.set(door.watch_id, (sizes.get(door.watch_id) ?? 0) + 1)
  return {
    ...present(line, await areaNames(ctx.db, [watch.area])),
    doorList: doors.map((door) => ({
      householdId: door.id,
      estate: door.estate,
      building: door.building,
      door: door.door,
      members: door.members,
      kind: door.kind,
      help: door.needs || help.has(door.id),
    })),
    neighbours: others.map(({ id, name, code }) => ({ id, name, code, doors: sizes.get(id) ?? 0 })),
  }
}

/** WATCH-3. Up to a county: it looks at every door of the register. @throws coverageTooWide */
export async function readCoverage(ctx: Ctx, args: { area?: string | undefined }): Promise<WatchCoverage> {
  const areas = readable(ctx, args.area, 'watch')
  if (areas.some((area) => area.length < COUNTY_DIGITS)) throw coverageTooWide({})
  const sum = await coverageOf(ctx.db, areas)
  const inNone = sum.doors - sum.in_one - sum.in_two
  return {
    area: areas[0] ?? '',
    doors: sum.doors,
    inOne: sum.in_one,
    inNone,
    inTwo: sum.in_two,
    astray: sum.astray,
    watches: sum.watches,
    noLeader: sum.no_leader,
    large: sum.large,
    openHelp: sum.open_help,
    holds: inNone === 0 && sum.in_two === 0 && sum.astray === 0,
  }
}

export async function readUncovered(
  ctx: Ctx,
  args: { area?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const areas = readable(ctx, args.area, 'watch')
  if (areas.some((area) => area.length < COUNTY_DIGITS)) throw coverageTooWide({})
  // PEOPLE-11: door numbers stand only in the list of a grid.
  const doors = areas.every((area) => levelOf(area) >= GRID_LEVEL)
  const page = await listUncovered(ctx.db, areas, args)
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items = page.rows.map((row): UncoveredDoor => ({
    householdId: row.id,
    estate: row.estate,
    building: row.building,
    door: row.door === null ? null : doors ? row.door : '*',
    area: row.area,
    areaName: nameOf(row.area),
    kind: row.kind,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readLeaders(ctx: Ctx, args: { area: string }) {
  permit(ctx, 'read', { kind: 'watch', area: args.area })
  const rows = await leaderChoices(ctx.db, args.area.slice(0, COUNTY_DIGITS), MOST_LEADERS)
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return {
    items: rows.map((row) => ({ accountId: row.id, name: row.name, areaName: nameOf(row.area), watches: row.watches })),
  }
}
