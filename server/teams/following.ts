/**
 * What watches and teams do when the register changes. Doors that come, move or go keep standing in one watch (WATCH-5); when areas
 * are reorganised a watch follows most of its doors (WATCH-10) and a team its door (TEAM-12).
 */
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { divide, joins, outgrown, unitCodes, WATCH_KINDS } from '@weiwang/domain/teams/watch'
import type { Standing } from '@weiwang/domain/teams/watch'
import { z } from 'zod'
import { followChange } from '../areas/following.ts'
import { changesFrom, hasFollowed, markFollowed, unfollowed } from '../areas/store-following.ts'
import { codesNow } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { fillTeam, releaseTeam } from './actions.ts'
import { groupBy } from './group.ts'
import { doorsById, moveTeam } from './store.ts'
import { teamsInEnded, teamsOfDoors } from './store-follow.ts'
import type { TeamRow } from './store.ts'
import {
  codesTaken,
  dividedGrids,
  doorsNow,
  doorsOfWatches,
  lockGrid,
  placeDoors,
  registerDoors,
  removeDoors,
  setDoorArea,
  standingOf,
  updateWatch,
  watchesInEnded,
  watchesOfGrid,
} from './store-watch.ts'
import type { RegisterDoor, WatchDbRow } from './store-watch.ts'
import { tellTeams } from './telling.ts'
import { endEmpty } from './watch-acts.ts'
import { writeUnits } from './watch-making.ts'
import { tellWatches } from './watch-telling.ts'

const Changed = z.object({ householdIds: z.array(z.uuid()).default([]) })
const Followed = z.object({ changeId: z.uuid(), room: z.string().optional() })
const Kind = z.enum(WATCH_KINDS)
const GRID_DIGITS = 15
const CHUNK = 200
const LEFT_MS = 120_000
const ZERO = '00000000-0000-0000-0000-000000000000'

const gridOf = (area: AreaCode): AreaCode => area.slice(0, GRID_DIGITS)

/** The register says that doors look different now. Only grids that are divided already take them in by themselves. */
export async function followDoors(server: Server, payload: unknown): Promise<void> {
  const { householdIds } = Changed.parse(payload)
  for (let i = 0; i < householdIds.length; i += CHUNK)
    await server.asSystem('teams.doors', (ctx) => placeChanged(ctx, householdIds.slice(i, i + CHUNK)))
}

async function placeChanged(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const doors = await registerDoors(ctx.db, ids)
  const at = new Map(doors.map((door) => [door.id, door]))
  const grids = new Set([
    ...doors.filter((door) => door.area.length >= GRID_DIGITS).map((door) => gridOf(door.area)),
    ...(await standingOf(ctx.db, ids)).map((one) => one.grid),
  ])
  for (const grid of [...grids].toSorted()) await lockGrid(ctx.db, grid)
  const ended = await endedGrids(ctx, [...grids])
  const standing = await standingOf(ctx.db, ids)
  const left = new Map<string, Set<string>>()
  for (const one of standing) {
    const door = at.get(one.household_id)
    // A watch of an ended grid follows as a whole (WATCH-10); its doors wait for it.
    if (ended.has(one.grid)) continue
    if (door && door.county === one.county && gridOf(door.area) === one.grid) {
      await setDoorArea(ctx.db, one.county, door.id, door.area)
      continue
    }
    await removeDoors(ctx.db, one.county, [one.household_id])
    left.set(one.county, (left.get(one.county) ?? new Set()).add(one.watch_id))
  }
  const still = new Set((await standingOf(ctx.db, ids)).map((one) => one.household_id))
  const homeless = doors.filter((door) => !still.has(door.id) && door.area.length >= GRID_DIGITS)
  const divided = await dividedGrids(ctx.db, [...new Set(homeless.map((door) => gridOf(door.area)))])
  const touched = new Map(left)
  for (const [grid, of] of [...groupBy(homeless, (door) => gridOf(door.area))].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    if (!divided.has(grid)) continue
    const ids = await joinGrid(ctx, grid, of)
    touched.set(countyOf(grid), new Set([...(touched.get(countyOf(grid)) ?? []), ...ids]))
  }
  for (const [county, watches] of touched) {
    for (const id of left.get(county) ?? []) if (await endEmpty(ctx, county, id)) watches.delete(id)
    await tellWatches(ctx, county, [...watches])
  }
  await followTeams(ctx, ids)
}

async function endedGrids(ctx: Ctx, grids: readonly AreaCode[]): Promise<Set<AreaCode>> {
  const now = await codesNow(ctx.db, grids)
  return new Set(grids.filter((grid) => !now.has(grid)))
}

/** WATCH-5: doors of one grid, each to the watch of its neighbours; what outgrows itself is parted, what has no like begins one. */
async function joinGrid(ctx: Ctx, grid: AreaCode, doors: readonly RegisterDoor[]): Promise<Set<string>> {
  const county = countyOf(grid)
  const watches = await watchesOfGrid(ctx.db, grid)
  const inWatch = groupBy(
    await doorsOfWatches(
      ctx.db,
      county,
      watches.map((watch) => watch.id),
    ),
    (door) => door.watch_id,
  )
  const standing: (Standing & { doors: RegisterDoor[] })[] = watches.map((watch) => ({
    id: watch.id,
    kind: Kind.parse(watch.kind),
    doors: [...(inWatch.get(watch.id) ?? [])],
  }))
  const touched = new Set<string>()
  const alone: RegisterDoor[] = []
  for (const door of doors) {
    const to = joins(door, standing)
    const watch = standing.find((one) => one.id === to)
    if (!watch) {
      alone.push(door)
      continue
    }
    await placeDoors(ctx.db, [{ county, household_id: door.id, watch_id: watch.id, area: door.area }], ctx.now)
    watch.doors.push(door)
    touched.add(watch.id)
  }
  const areaOf = new Map([...doors, ...standing.flatMap((watch) => watch.doors)].map((door) => [door.id, door.area]))
  for (const watch of standing.filter((one) => touched.has(one.id))) {
    const go = outgrown(watch.kind, watch.doors)
    if (go.length === 0) continue
    const [unit] = divide(watch.doors.filter((door) => go.includes(door.id)))
    if (!unit) continue
    await removeDoors(ctx.db, county, go)
    const parted = await writeUnits(ctx, [{ grid, units: [{ ...unit, code: null, doors: go }] }], areaOf, 'grown')
    for (const id of parted.ids) touched.add(id)
    ctx.audit({ verb: 'watch.grown', thing: 'watch', thingId: watch.id, area: grid, detail: { moved: go.length } })
  }
  const begun = await writeUnits(ctx, [{ grid, units: divide(alone) }], areaOf, 'grown')
  for (const id of begun.ids) touched.add(id)
  for (const id of touched) await updateWatch(ctx.db, { county, id }, { updated_at: ctx.now })
  return touched
}

/** TEAM-12: a team goes where its door went; into another county it ends there and a new one is formed here. */
async function followTeams(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const teams = await teamsOfDoors(ctx.db, ids)
  await carryTeams(ctx, teams)
}

async function carryTeams(ctx: Ctx, teams: readonly TeamRow[]): Promise<void> {
  const doors = new Map(
    (
      await doorsById(
        ctx.db,
        teams.map((team) => team.household_id),
        [''],
      )
    ).map((door) => [door.id, door]),
  )
  for (const team of teams) {
    const door = doors.get(team.household_id)
    if (!door || door.area === team.area) continue
    if (door.county === team.county) {
      const from = gridOf(team.area)
      await moveTeam(ctx.db, team, door.area, ctx.now)
      if (from !== gridOf(door.area) && from.length === GRID_DIGITS)
        ctx.feed({ grid: from, kind: 'team', id: team.id, body: { gone: true, area: team.area } })
      await tellTeams(ctx, team.county, [team.id])
      ctx.audit({ verb: 'team.follow', thing: 'team', thingId: team.id, area: door.area, detail: { from: team.area } })
      continue
    }
    await releaseTeam(ctx, { county: team.county, householdId: team.household_id, why: 'moved' })
    const [first, ...others] = team.observations
    const at = { county: door.county, householdId: door.id, area: door.area }
    await fillTeam(ctx, { ...at, ...(first === undefined ? {} : { observationId: first }) })
    for (const observationId of others) await fillTeam(ctx, { ...at, observationId })
  }
}

// ---- areas ----------------------------------------------------------------------------------------------------------------

/** Another room has followed a change; after people, whose doors lie where they belong now, watches and teams go along. */
export async function followAreas(server: Server, payload: unknown): Promise<void> {
  const { changeId } = Followed.parse(payload)
  const ids = await server.asSystem('teams.areas', (ctx) => changesFrom(ctx.db, changeId))
  for (const id of ids) await followOne(server, id)
}

export async function takeUpAreas(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - LEFT_MS)
  const ids = await server.asSystem('teams.areas', (ctx) => unfollowed(ctx.db, 'teams', before))
  for (const id of ids) await followOne(server, id)
}

async function followOne(server: Server, changeId: string): Promise<void> {
  const ready = await server.asSystem('teams.areas', async (ctx) => ({
    following: await followChange(ctx.db, changeId),
    people: await hasFollowed(ctx.db, changeId, 'people'),
    done: await hasFollowed(ctx.db, changeId, 'teams'),
  }))
  if (ready.following === null || !ready.people || ready.done) return
  for (let after: string | null = ZERO; after !== null;) {
    const from: string = after
    after = await server.asSystem('teams.areas', (ctx) => watchChunk(ctx, from))
  }
  for (let after: string | null = ZERO; after !== null;) {
    const from: string = after
    after = await server.asSystem('teams.areas', async (ctx) => {
      const teams = await teamsInEnded(ctx.db, from, CHUNK)
      await carryTeams(ctx, teams)
      return teams.length < CHUNK ? null : (teams.at(-1)?.id ?? null)
    })
  }
  await server.asSystem('teams.areas', async (ctx) => {
    const first = await markFollowed(ctx.db, changeId, 'teams', ctx.now)
    if (first) ctx.emit('areas.followed', { changeId, room: 'teams' })
  })
}

async function watchChunk(ctx: Ctx, after: string): Promise<string | null> {
  const watches = await watchesInEnded(ctx.db, after, CHUNK)
  for (const watch of watches) await carryWatch(ctx, watch)
  return watches.length < CHUNK ? null : (watches.at(-1)?.id ?? null)
}

/** WATCH-10: with its name and leader to the grid of most of its doors; the doors that went elsewhere are a watch of their own there. */
async function carryWatch(ctx: Ctx, watch: WatchDbRow): Promise<void> {
  await lockGrid(ctx.db, watch.area)
  const doors = (await doorsNow(ctx.db, watch)).filter((door) => door.area.length >= GRID_DIGITS)
  const groups = [...groupBy(doors, (door) => gridOf(door.area))].toSorted(
    ([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1),
  )
  const leader = { account: watch.leader_account, name: watch.leader_name }
  const areaOf = new Map(doors.map((door) => [door.id, door.area]))
  ctx.feed({ grid: watch.area, kind: 'watch', id: watch.id, body: { gone: true } })
  for (const [i, [grid, of]] of groups.entries()) {
    await lockGrid(ctx.db, grid)
    const county = countyOf(grid)
    if (i === 0 && county === watch.county) {
      const taken = await codesTaken(ctx.db, [grid])
      const codes = unitCodes(grid, [{ code: null }], taken.get(grid) ?? new Set())
      if (!codes?.[0]) continue
      await updateWatch(ctx.db, watch, { area: grid, code: codes[0], updated_at: ctx.now })
      for (const door of of) await setDoorArea(ctx.db, county, door.id, door.area)
      await tellWatches(ctx, county, [watch.id])
      continue
    }
    const [unit] = divide(of)
    if (!unit) continue
    const ids = of.map((door) => door.id)
    await removeDoors(ctx.db, watch.county, ids)
    const made = await writeUnits(
      ctx,
      [
        {
          grid,
          units: [
            { ...unit, kind: Kind.parse(watch.kind), name: i === 0 ? watch.name : unit.name, code: null, doors: ids },
          ],
        },
      ],
      areaOf,
      'areas',
      i === 0 ? leader : undefined,
    )
    await tellWatches(ctx, county, made.ids)
  }
  await endEmpty(ctx, watch.county, watch.id)
  ctx.audit({
    verb: 'watch.follow',
    thing: 'watch',
    thingId: watch.id,
    area: groups[0]?.[0] ?? watch.area,
    detail: { from: watch.area, parts: groups.length },
  })
}
