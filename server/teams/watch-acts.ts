/** Watches changed by hand (WATCH-4, WATCH-6): named, led, joined, parted; doors moved. Always inside one grid, in its lock. */
import { contains, countyOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import {
  ChangedWatch,
  JoinWatches,
  MoveDoor,
  NameLeader,
  OpenedLeader,
  OpenLeader,
  RenameWatch,
  SplitWatch,
} from '@weiwang/domain/teams/api'
import { notLeader, otherGrid, splitNeedsBoth, tooManyUnits, watchEnded } from '@weiwang/domain/teams/problems'
import { MOST_UNITS, unitCodes } from '@weiwang/domain/teams/watch'
import { z } from 'zod'
import { findAccount, insertNotices } from '../access/account-store.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import {
  allDoorIds,
  codesTaken,
  findWatch,
  insertWatches,
  lockGrid,
  lockWatch,
  moveDoors,
  placeDoors,
  registerDoors,
  standingOf,
  updateWatch,
} from './store-watch.ts'
import type { WatchDbRow } from './store-watch.ts'
import { tellWatches } from './watch-telling.ts'

const LeaderText = z.object({ name: z.string(), phone: z.string().nullable() })

/** Loads in the scope, permits, takes the grid's lock. @throws notFound, notAllowed, watchEnded */
async function openFor(ctx: Ctx, id: string): Promise<WatchDbRow> {
  const seen = await findWatch(ctx.db, ctx.scope, id)
  if (!seen) throw notFound({ thing: 'watch' })
  permit(ctx, 'file', { kind: 'watch', area: seen.area })
  await lockGrid(ctx.db, seen.area)
  const watch = await lockWatch(ctx.db, ctx.scope, id)
  if (!watch) throw notFound({ thing: 'watch' })
  if (watch.ended_at !== null) throw watchEnded({})
  return watch
}

async function changed(
  ctx: Ctx,
  watch: WatchDbRow,
  verb: string,
  detail: Record<string, unknown>,
): Promise<z.output<typeof ChangedWatch>> {
  const doors = (await allDoorIds(ctx.db, watch)).length
  ctx.audit({
    verb: `watch.${verb}`,
    thing: 'watch',
    thingId: watch.id,
    area: watch.area,
    detail: { ...detail, doors },
  })
  return { id: watch.id, doors, version: watch.version + 1 }
}

/** WATCH-6: an account of the role in the county, or a neighbour without one, whose name and number are sealed. */
export const nameLeader = defineAction({
  name: 'watch.leader',
  input: NameLeader,
  output: ChangedWatch,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await openFor(ctx, args.id)
    const none = {
      leader_account: null,
      leader_name: null,
      leader_sealed: null,
      emergency_id: null,
      updated_at: ctx.now,
    }
    const { leader } = args
    if (leader.kind === 'none') await updateWatch(ctx.db, watch, none)
    else if (leader.kind === 'account') {
      const account = await findAccount(ctx.db, [countyOf(watch.area)], leader.accountId, ctx.today)
      if (!account || account.state === 'closed' || !account.roles.includes('watch_leader'))
        throw notLeader({ accountId: leader.accountId })
      await updateWatch(ctx.db, watch, { ...none, leader_account: account.id, leader_name: account.name })
      await insertNotices(ctx.db, [
        {
          accountId: account.id,
          id: newId(ctx.now),
          kind: 'watch.leader',
          body: { zh: `您是联防单元“${watch.name}”的联防长`, en: `You lead the watch “${watch.name}”` },
          at: ctx.now,
        },
      ])
    } else {
      const { id: emergencyId } = await requireOpenEmergency(ctx, watch.area)
      const text = JSON.stringify({ name: leader.name, phone: leader.phone ?? null })
      const at = { emergencyId, now: ctx.now, table: 'watch', row: watch.id, column: 'leader_sealed' }
      const leader_sealed = await ctx.keys.seal(at, text)
      await updateWatch(ctx.db, watch, { ...none, leader_sealed, emergency_id: emergencyId })
    }
    await tellWatches(ctx, watch.county, [watch.id])
    return changed(ctx, watch, 'leader', { kind: leader.kind })
  },
})

export const openLeader = defineAction({
  name: 'watch.open_leader',
  input: OpenLeader,
  output: OpenedLeader,
  secret: true,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await findWatch(ctx.db, ctx.scope, args.id)
    if (!watch?.leader_sealed) throw notFound({ thing: 'watch' })
    permit(ctx, 'open', { kind: 'person', area: watch.area })
    const place = { table: 'watch', row: watch.id, column: 'leader_sealed' }
    const opened = LeaderText.parse(JSON.parse(await ctx.keys.open(place, watch.leader_sealed)))
    ctx.audit({
      verb: 'watch.open_leader',
      thing: 'watch',
      thingId: watch.id,
      area: watch.area,
      purpose: args.purpose,
    })
    return opened
  },
})

export const renameWatch = defineAction({
  name: 'watch.rename',
  input: RenameWatch,
  output: ChangedWatch,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await openFor(ctx, args.id)
    await updateWatch(ctx.db, watch, { name: args.name, updated_at: ctx.now })
    await tellWatches(ctx, watch.county, [watch.id])
    return changed(ctx, watch, 'rename', {})
  },
})

/** WATCH-4: the doors named go to a new watch of the same grid, which has no leader yet. */
export const splitWatch = defineAction({
  name: 'watch.split',
  input: SplitWatch,
  output: ChangedWatch,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await openFor(ctx, args.id)
    const all = await allDoorIds(ctx.db, watch)
    const go = [...new Set(args.householdIds)]
    if (go.length >= all.length || !go.every((id) => all.includes(id))) throw splitNeedsBoth({})
    const taken = await codesTaken(ctx.db, [watch.area])
    const codes = unitCodes(watch.area, [{ code: null }], taken.get(watch.area) ?? new Set())
    if (!codes?.[0]) throw tooManyUnits({ grid: watch.area, most: MOST_UNITS })
    await insertWatches(ctx.db, [
      {
        county: watch.county,
        id: args.newId,
        area: watch.area,
        code: codes[0],
        kind: watch.kind,
        name: args.name,
        made: 'split',
        opened_at: ctx.now,
        updated_at: ctx.now,
      },
    ])
    await moveDoors(ctx.db, watch.county, go, args.newId, ctx.now)
    await updateWatch(ctx.db, watch, { updated_at: ctx.now })
    await tellWatches(ctx, watch.county, [watch.id, args.newId])
    return changed(ctx, watch, 'split', { to: args.newId, moved: go.length })
  },
})

/** WATCH-4: the other's doors come here and it ends; its code is not given again. */
export const joinWatches = defineAction({
  name: 'watch.join',
  input: JoinWatches,
  output: ChangedWatch,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await openFor(ctx, args.id)
    const other = await lockWatch(ctx.db, ctx.scope, args.other)
    if (!other || other.id === watch.id) throw notFound({ thing: 'watch' })
    if (other.area !== watch.area) throw otherGrid({})
    if (other.ended_at !== null) throw watchEnded({})
    await moveDoors(ctx.db, watch.county, await allDoorIds(ctx.db, other), watch.id, ctx.now)
    const ended = { leader_account: null, leader_name: null, leader_sealed: null, emergency_id: null }
    await updateWatch(ctx.db, other, { ...ended, ended_at: ctx.now, updated_at: ctx.now })
    await updateWatch(ctx.db, watch, { updated_at: ctx.now })
    await tellWatches(ctx, watch.county, [watch.id, other.id])
    return changed(ctx, watch, 'join', { other: other.id })
  },
})

/** WATCH-4: one door to another watch of its grid; also a door that stood in none. */
export const moveDoor = defineAction({
  name: 'watch.move',
  input: MoveDoor,
  output: ChangedWatch,
  reach: 'county',
  run: async (ctx, args) => {
    const watch = await openFor(ctx, args.to)
    const [door] = await registerDoors(ctx.db, [args.householdId])
    if (!door || !ctx.scope.some((area) => contains(area, door.area))) throw notFound({ thing: 'household' })
    if (!contains(watch.area, door.area)) throw otherGrid({})
    const [stands] = (await standingOf(ctx.db, [door.id])).filter((one) => one.county === door.county)
    if (stands) await moveDoors(ctx.db, door.county, [door.id], watch.id, ctx.now)
    else
      await placeDoors(
        ctx.db,
        [{ county: door.county, household_id: door.id, watch_id: watch.id, area: door.area }],
        ctx.now,
      )
    await updateWatch(ctx.db, watch, { updated_at: ctx.now })
    const from = stands && stands.watch_id !== watch.id ? [stands.watch_id] : []
    await tellWatches(ctx, watch.county, [watch.id, ...from])
    // A watch that its last door has left is over.
    for (const id of from) await endEmpty(ctx, watch.county, id)
    return changed(ctx, watch, 'move', { household: door.id, from: from[0] ?? null })
  },
})

/** WATCH-5: a watch that its last door has left has nobody to answer for. @returns whether it ended */
export async function endEmpty(ctx: Ctx, county: string, id: string): Promise<boolean> {
  if ((await allDoorIds(ctx.db, { county, id })).length > 0) return false
  await updateWatch(
    ctx.db,
    { county, id },
    {
      ended_at: ctx.now,
      updated_at: ctx.now,
      leader_account: null,
      leader_name: null,
      leader_sealed: null,
      emergency_id: null,
    },
  )
  await tellWatches(ctx, county, [id])
  return true
}
