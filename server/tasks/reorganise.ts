/**
 * TASK-17: open tasks follow their area: to where the door or person now is, within what the area became; to its one successor,
 * otherwise to the parent, when that is not certain. Nobody has moved: within a county it is no transfer, the clock runs on and
 * whoever has accepted keeps it. What is answered keeps its area (case 32).
 */
import { contains, countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { NewTaskEvent } from '@weiwang/domain/tasks/event'
import { z } from 'zod'
import { followChange } from '../areas/following.ts'
import { changesFrom, hasFollowed, markFollowed, unfollowed } from '../areas/store-following.ts'
import { codesNow, standsAt, successorsNow } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { resolveAlias } from '../people/store.ts'
import { changeTask, openSuccessor } from './change.ts'
import { giveBack } from './react.ts'
import { followReceipts } from './receipts-follow.ts'
import { lockTasks } from './store.ts'
import type { Loaded } from './store.ts'
import {
  assigneesInside,
  doorAreas,
  endedTasks,
  endedTasksInside,
  endedTasksOf,
  homesOf,
  moveLock,
} from './store-reorganise.ts'
import type { Home } from './store-reorganise.ts'

const Rehomed = z.object({ changeId: z.uuid(), personIds: z.array(z.string()) })
const Followed = z.object({ changeId: z.uuid() })
const ZERO = '00000000-0000-0000-0000-000000000000'
const CHUNK = 200
const LEFT_MS = 120_000

type Next = (ctx: Ctx, after: string) => Promise<string[]>

async function moveAll(server: Server, changeId: string | null, next: Next, chunk = CHUNK): Promise<void> {
  for (let after = ZERO; ;) {
    const ids = await server.asSystem('tasks.areas', async (ctx) => {
      const found = await next(ctx, after)
      await moveChunk(ctx, changeId, found)
      return found
    })
    const last = ids.at(-1)
    if (ids.length < chunk || last === undefined) return
    after = last
  }
}

/** People's doors have just followed: their open tasks go along at once. */
export async function followRehomed(server: Server, payload: unknown): Promise<void> {
  const { changeId, personIds } = Rehomed.parse(payload)
  await moveAll(server, changeId, (ctx, after) => endedTasksOf(ctx.db, personIds, after, CHUNK))
}

/**
 * Another room has followed a change to its end. After people, what is left inside the old areas goes; after people and access,
 * whoever has a task that he no longer covers gives it back (TASK-15), which before would have taken it from all of them.
 */
export async function followAreas(server: Server, payload: unknown): Promise<void> {
  const { changeId } = Followed.parse(payload)
  const ids = await server.asSystem('tasks.areas', (ctx) => changesFrom(ctx.db, changeId))
  for (const id of ids) await followOne(server, id)
}

async function followOne(server: Server, changeId: string): Promise<void> {
  const { following, people, access } = await server.asSystem('tasks.areas', async (ctx) => ({
    following: await followChange(ctx.db, changeId),
    people: await hasFollowed(ctx.db, changeId, 'people'),
    access: await hasFollowed(ctx.db, changeId, 'access'),
  }))
  if (following === null || !people) return
  await moveAll(server, changeId, (ctx, after) => endedTasksInside(ctx.db, following.tops, after, CHUNK))
  await followReceipts(server)
  if (!access) return
  const became = following.tops.flatMap((top) => [...following.becomes(top), following.stands(top)])
  const assignees = await server.asSystem('tasks.areas', (ctx) => assigneesInside(ctx.db, became))
  for (const id of assignees) await giveBack(server, id)
  await server.asSystem('tasks.areas', (ctx) => markFollowed(ctx.db, changeId, 'tasks', ctx.now))
}

/**
 * Case 42: no task stays where nobody is: what a killed process left, what a push made by an old home, what was reopened in
 * an area that has ended since.
 */
export async function takeUpAreas(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - LEFT_MS)
  const ids = await server.asSystem('tasks.areas', (ctx) => unfollowed(ctx.db, 'tasks', before))
  for (const id of ids) await followOne(server, id)
  const underWay = await server.asSystem('tasks.areas', (ctx) => unfollowed(ctx.db, 'people', ctx.now))
  if (underWay.length > 0) return
  await moveAll(server, null, (ctx, after) => endedTasks(ctx.db, after, CHUNK))
  await followReceipts(server)
}

/** One chunk of what is left, for tests of a kill between chunks. */
export async function followTasksOnce(server: Server, changeId: string, size: number): Promise<void> {
  await server.asSystem('tasks.areas', async (ctx) => {
    const following = await followChange(ctx.db, changeId)
    if (following) await moveChunk(ctx, changeId, await endedTasksInside(ctx.db, following.tops, ZERO, size))
  })
}

type Places = {
  home: (loaded: Loaded) => Home | null
  /** The person's own area has ended too and people has not followed yet: it is not known where the task belongs. */
  waits: (home: Home | null) => boolean
  door: (loaded: Loaded) => AreaCode | null
  /** What an area or one that it lay in has become, through every later change. */
  became: Map<AreaCode, AreaCode[]>
  stands: Map<AreaCode, AreaCode>
}

async function placesOf(ctx: Ctx, tasks: readonly Loaded[]): Promise<Places> {
  const persons = tasks.flatMap(({ row }) => row.person_id ?? [])
  const roots = await resolveAlias(ctx.db, persons)
  const homes = await homesOf(ctx.db, [...new Set(persons.map((id) => roots.get(id) ?? id))])
  const doors = await doorAreas(
    ctx.db,
    tasks.flatMap(({ state }) => state.householdId ?? []),
  )
  const areas = [...new Set(tasks.map(({ state }) => state.area))]
  const known = [...areas, ...Array.from(homes.values(), (home) => home.area)]
  const codes = [...new Set(known.flatMap(pathOf))]
  const standing = await codesNow(ctx.db, codes)
  const ended = new Set(codes.filter((code) => !standing.has(code)))
  const now = await successorsNow(ctx.db, [...ended])
  return {
    home: ({ row }) => (row.person_id === null ? null : (homes.get(roots.get(row.person_id) ?? row.person_id) ?? null)),
    waits: (home) => home !== null && ended.has(home.area),
    door: ({ state }) => (state.householdId === null ? null : (doors.get(state.householdId) ?? null)),
    became: new Map(areas.map((area) => [area, pathOf(area).flatMap((code) => now.get(code) ?? [])])),
    stands: await standsAt(ctx.db, areas),
  }
}

async function moveChunk(ctx: Ctx, changeId: string | null, ids: readonly string[]): Promise<void> {
  const tasks = (await lockTasks(ctx.db, [''], ids)).filter(
    ({ state }) => state.answeredAt === null && state.closedAt === null,
  )
  if (tasks.length === 0) return
  const places = await placesOf(ctx, tasks)
  for (const loaded of tasks) {
    const { area } = loaded.state
    const home = places.home(loaded)
    if (places.waits(home)) continue
    const inside = (code: AreaCode | null | undefined): code is AreaCode =>
      code !== null && code !== undefined && (places.became.get(area) ?? []).some((one) => contains(one, code))
    // A task that was passed to this area by hand follows the area, and not the home that the register still says.
    const door = places.door(loaded)
    const to = inside(home?.area) ? home.area : inside(door) ? door : (places.stands.get(area) ?? area)
    if (to !== area && to !== '') await moveOne(ctx, loaded, { changeId, to, home })
  }
}

async function moveOne(
  ctx: Ctx,
  loaded: Loaded,
  move: { changeId: string | null; to: AreaCode; home: Home | null },
): Promise<void> {
  const { row, state } = loaded
  const { changeId, to, home } = move
  const from = state.area
  const householdId = home !== null && home.area === to ? home.householdId : null
  // Above the county there is no list of work to stand in: a task stays under its old code, in the figures of the level above.
  if (to.length < 6) return
  if (countyOf(to) === countyOf(from)) {
    const event: NewTaskEvent = { kind: 'reorganised', body: { on: ctx.today, from, to, changeId, householdId } }
    await changeTask(ctx, loaded, [event], { by: null })
    if (row.person_id !== null) await moveLock(ctx.db, row.id, row.person_id, to)
    return
  }
  if (row.person_id === null) return
  // No row changes its distribution key: the task ends there and goes on here under the same root.
  const successor = { county: countyOf(to), taskId: newId(ctx.now), area: to }
  const after = await changeTask(ctx, loaded, [{ kind: 'moved', body: { on: ctx.today, to, successor } }], { by: null })
  await openSuccessor(ctx, {
    id: successor.taskId,
    area: to,
    personId: row.person_id,
    householdId,
    masked: home?.masked ?? row.masked,
    from: { loaded: after, area: from },
  })
}
