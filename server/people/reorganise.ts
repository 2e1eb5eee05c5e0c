/**
 * AREA-5: when areas are split, merged or moved, doors, residents and what the register knows about streets follow. Chunk by
 * chunk, each its own transaction; what has moved no longer lies inside the old area, so a walk that was killed goes on by
 * beginning anew, and a second one finds nothing.
 */
import { contains, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { followChange } from '../areas/following.ts'
import type { Following } from '../areas/following.ts'
import { changesFrom, markFollowed, unfollowed } from '../areas/store-following.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { addressHash } from './identity.ts'
import { openText } from './opening.ts'
import { countStock } from './stock.ts'
import { changeResidences, lockPresent, rehome } from './store-places.ts'
import type { NewResidence, Present } from './store-places.ts'
import { putPending, putUnresolved } from './store-register.ts'
import {
  doorsInside,
  FIRST,
  homesOf,
  moveDoors,
  movePoints,
  personsInside,
  pointsInside,
  residentsOf,
} from './store-reorganise.ts'
import type { OldHome, Place } from './store-reorganise.ts'
import { tellChanged } from './told.ts'

const Changed = z.object({ changeId: z.uuid() })
const DOORS = 200
const PERSONS = 500
/** What a killed process left is taken up after so long. */
const LEFT_MS = 120_000

export async function followAreas(server: Server, payload: unknown): Promise<void> {
  const { changeId } = Changed.parse(payload)
  const ids = await server.asSystem('people.areas', (ctx) => changesFrom(ctx.db, changeId))
  for (const id of ids) await followOne(server, id)
}

export async function takeUpAreas(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - LEFT_MS)
  const ids = await server.asSystem('people.areas', (ctx) => unfollowed(ctx.db, 'people', before))
  for (const id of ids) await followOne(server, id)
}

async function followOne(server: Server, changeId: string): Promise<void> {
  const following = await server.asSystem('people.areas', (ctx) => followChange(ctx.db, changeId))
  if (following === null) return
  const walk = async (step: (ctx: Ctx, after: Place) => Promise<Place | null>) => {
    for (let at: Place | null = FIRST; at !== null;) {
      const after: Place = at
      at = await server.asSystem('people.areas', (ctx) => step(ctx, after))
    }
  }
  // Points first: an address that is resolved meanwhile already leads to an area that exists.
  await walk((ctx, after) => pointChunk(ctx, following, after))
  await walk((ctx, after) => doorChunk(ctx, changeId, following, after, DOORS))
  await walk((ctx, after) => personChunk(ctx, changeId, following, after))
  await server.asSystem('people.areas', async (ctx) => {
    const first = await markFollowed(ctx.db, changeId, 'people', ctx.now)
    if (first) ctx.emit('areas.followed', { changeId, room: 'people' })
  })
}

/** One chunk of doors, for tests of a kill between chunks. */
export async function followDoorsOnce(server: Server, changeId: string, size: number): Promise<void> {
  await server.asSystem('people.areas', async (ctx) => {
    const following = await followChange(ctx.db, changeId)
    if (following !== null) await doorChunk(ctx, changeId, following, FIRST, size)
  })
}

async function pointChunk(ctx: Ctx, following: Following, after: Place): Promise<Place | null> {
  const points = await pointsInside(ctx.db, following.tops, after, PERSONS)
  const moves = points.map((p) => ({
    id: p.id,
    from: p.area,
    to: following.pointGoesTo({ area: p.area, estate: p.street, building: p.building }),
  }))
  await movePoints(
    ctx.db,
    moves.filter((m) => m.from !== m.to),
  )
  return nextOf(points, PERSONS)
}

/** Null at the end. */
function nextOf(rows: readonly Place[], size: number): Place | null {
  const last = rows.at(-1)
  return rows.length < size || last === undefined ? null : { area: last.area, id: last.id }
}

/** Persons are locked before doors, as everywhere. */
async function doorChunk(
  ctx: Ctx,
  changeId: string,
  following: Following,
  after: Place,
  size: number,
): Promise<Place | null> {
  const doors = await doorsInside(ctx.db, following.tops, after, size)
  const moves = doors
    .map((door) => ({ id: door.id, from: door.area, to: following.goesTo(door) }))
    .filter((m) => m.from !== m.to)
  const toOf = new Map(moves.map((m) => [m.id, m.to]))
  const present = await lockPresent(ctx.db, await residentsOf(ctx.db, [...toOf.keys()]))
  countStock(ctx, 'stock_doors', await moveDoors(ctx.db, moves, ctx.now))
  tellChanged(ctx, { householdIds: moves.map((move) => move.id) })
  await moveHomes(
    ctx,
    { changeId, following },
    [...present.values()].flatMap((at) => {
      const to = at.household_id === null ? undefined : toOf.get(at.household_id)
      return to === undefined ? [] : [{ at, to }]
    }),
  )
  return nextOf(doors, size)
}

type Move = { at: Present; to: AreaCode }

/**
 * AREA-5: a new residence row from the day of the change; the old one keeps its code. Tasks and grades are told by
 * `person.rehomed`: nobody has moved, so it is no transfer.
 */
async function moveHomes(
  ctx: Ctx,
  change: { changeId: string; following: Following },
  moves: readonly Move[],
): Promise<Map<string, { text: string | null; home: OldHome | undefined }>> {
  const homes = await homesOf(
    ctx.db,
    moves.map(({ at }) => at.person_id),
  )
  const texts = new Map<string, { text: string | null; home: OldHome | undefined }>()
  const rows: NewResidence[] = []
  for (const { at, to } of moves) {
    const home = homes.get(at.person_id)
    const place = { table: 'residence', row: at.id ?? '', column: 'address_sealed' }
    const text = await openText(ctx, place, home?.address_sealed ?? null)
    texts.set(at.person_id, { text, home })
    rows.push(await nextResidence(ctx, { at, to }, text, home, change.following))
  }
  countStock(ctx, 'stock_people', await changeResidences(ctx.db, rows, ctx.now))
  tellChanged(ctx, { personIds: moves.map(({ at }) => at.person_id) })
  tellRehomed(
    ctx,
    change.changeId,
    moves.map(({ at }) => at.person_id),
  )
  return texts
}

async function nextResidence(
  ctx: Ctx,
  { at, to }: Move,
  text: string | null,
  home: OldHome | undefined,
  { onDay }: Following,
): Promise<NewResidence> {
  const id = newId(ctx.now)
  // Who moved in after the day of the change lives in the new area from the first day on.
  const fromDay = at.from_day !== null && at.from_day > onDay ? at.from_day : onDay
  const sealed =
    text === null
      ? null
      : (await ctx.keys.sealer(at.emergency_id, ctx.now)).seal(
          { table: 'residence', row: id, column: 'address_sealed' },
          text,
        )
  return {
    id,
    personId: at.person_id,
    area: to,
    householdId: at.household_id,
    kind: at.kind ?? 'unknown',
    certainty: levelOf(to),
    addressSealed: sealed,
    source: home?.source ?? '',
    placed: at.placed === true,
    fromDay,
    lastDay: addDays(fromDay, -1),
    hadOne: true,
    homeArea: at.home_area,
  }
}

function tellRehomed(ctx: Ctx, changeId: string, personIds: readonly string[]): void {
  if (personIds.length > 0) ctx.emit('person.rehomed', { changeId, personIds })
}

const GRID_LEVEL = 6

/**
 * People of no door: with their area where it became one, at the parent where it became several; then they wait for a grid as
 * everybody without one does (PEOPLE-15), by their address where there is one.
 */
async function personChunk(ctx: Ctx, changeId: string, following: Following, after: Place): Promise<Place | null> {
  const found = await personsInside(ctx.db, following.tops, after, PERSONS)
  const inside = (area: string) => following.tops.some((top) => contains(top, area))
  const present = [
    ...(
      await lockPresent(
        ctx.db,
        found.map((p) => p.id),
      )
    ).values(),
  ].filter((at) => inside(at.home_area))
  const resident = present.filter((at) => at.area !== null && inside(at.area))
  const moves = resident.map((at) => ({ at, to: following.stands(at.area ?? '') })).filter((m) => m.to !== m.at.area)
  const texts = await moveHomes(ctx, { changeId, following }, moves)
  const listed = present
    .filter((at) => at.area === null || !inside(at.area))
    .map((at) => ({ personId: at.person_id, area: at.area ?? following.stands(at.home_area), from: at.home_area }))
    .filter((p) => p.area !== p.from)
  countStock(ctx, 'stock_people', await rehome(ctx.db, listed, ctx.now))
  tellRehomed(
    ctx,
    changeId,
    listed.map((p) => p.personId),
  )
  const lost = moves.filter(({ at, to }) => levelOf(to) < GRID_LEVEL && levelOf(at.area ?? to) >= GRID_LEVEL)
  await queueAgain(ctx, lost, texts)
  return nextOf(found, PERSONS)
}

/** PEOPLE-13: in one queue only; whoever waits already goes on waiting there. */
async function queueAgain(
  ctx: Ctx,
  lost: readonly Move[],
  texts: ReadonlyMap<string, { text: string | null; home: OldHome | undefined }>,
): Promise<void> {
  for (const { at, to } of lost) {
    if (at.waiting) continue
    const { text, home } = texts.get(at.person_id) ?? { text: null, home: undefined }
    const row = at.person_id
    // What a register or a worker has said is not read from an address again: a person decides.
    if (text !== null && at.placed !== true) {
      const { seal } = await ctx.keys.sealer(at.emergency_id, ctx.now)
      const sealed = seal({ table: 'address_pending', row, column: 'address_sealed' }, text)
      const pending = { personId: row, area: to, sealed, hash: addressHash(ctx.keys, text), source: home?.source ?? '' }
      await putPending(ctx.db, [pending], { emergencyId: at.emergency_id, now: ctx.now })
      ctx.emit('people.pending', {}, { key: 'areas' })
      continue
    }
    const sealed =
      text === null
        ? null
        : (await ctx.keys.sealer(at.emergency_id, ctx.now)).seal(
            { table: 'unresolved', row, column: 'address_sealed' },
            text,
          )
    await putUnresolved(ctx.db, [{ personId: row, area: to, sealed, why: 'no_grid' }], ctx.now)
  }
}
