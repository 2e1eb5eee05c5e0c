/**
 * Stage two (PEOPLE-15): sealed addresses that wait become a grid and, where the register knows the door, a household; the rest
 * stands in the queue of the lowest area that is certain, with the reason. Chunk by chunk, each its own transaction: it can be
 * stopped at any moment, run by several processes, and goes on where it was.
 */
import { contains, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { buildGazetteer } from '@weiwang/domain/people/address/gazetteer'
import type { Gazetteer } from '@weiwang/domain/people/address/gazetteer'
import { commonArea, resolveAddress } from '@weiwang/domain/people/address/resolve'
import type { Resolved } from '@weiwang/domain/people/address/resolve'
import type { UnresolvedLine } from '@weiwang/domain/people/api'
import type { Ctx } from '../core/ctx.ts'
import { KeyDestroyed } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import type { Place } from './places.ts'
import { placePersons } from './places.ts'
import { resolveAlias } from './store.ts'
import type { Door, EstateArea, Point, Waiting } from './store-places.ts'
import {
  areaRows,
  dropPending,
  estatesOf,
  gazetteerMark,
  householdsAt,
  learnedAliases,
  lockPresent,
  onlyGrids,
  pointsOf,
  rehome,
  takePending,
} from './store-places.ts'
import { putUnresolved } from './store-register.ts'

const GRID_LEVEL = 6

type Why = UnresolvedLine['why']
export type Verdict = { area: AreaCode; householdId: string | null; why: Why | null }

const cached = new WeakMap<Server, { mark: string; gazetteer: Gazetteer }>()

/** The names of the resolver, built anew when areas or learned names have changed. */
async function gazetteerOf(server: Server, ctx: Ctx): Promise<Gazetteer> {
  const mark = await gazetteerMark(ctx.db)
  const known = cached.get(server)
  if (known?.mark === mark) return known.gazetteer
  const learned = (await learnedAliases(ctx.db)).map(({ alias, code }) => ({
    alias,
    codes: [code],
    kind: 'other' as const,
  }))
  const gazetteer = buildGazetteer(await areaRows(ctx.db), learned, ctx.root)
  cached.set(server, { mark, gazetteer })
  return gazetteer
}

/** Resolves what waits, at most `limit` persons; returns how many were taken, placed and left in the queue of unresolved. */
export async function resolvePersons(
  server: Server,
  options: { limit: number; chunk?: number },
): Promise<{ taken: number; placed: number; unresolved: number }> {
  const sum = { taken: 0, placed: 0, unresolved: 0 }
  const chunk = options.chunk ?? 500
  while (sum.taken < options.limit) {
    const size = Math.min(chunk, options.limit - sum.taken)
    const done = await server.asSystem('people.resolve', (ctx) => resolveChunk(server, ctx, size))
    sum.taken += done.taken
    sum.placed += done.placed
    sum.unresolved += done.unresolved
    if (done.taken < size) break
  }
  return sum
}

type Opened = { row: Waiting; text: string | null; resolved: Resolved | null }

async function resolveChunk(
  server: Server,
  ctx: Ctx,
  limit: number,
): Promise<{ taken: number; placed: number; unresolved: number }> {
  const rows = await takePending(ctx.db, limit)
  if (rows.length === 0) return { taken: 0, placed: 0, unresolved: 0 }
  const gazetteer = await gazetteerOf(server, ctx)
  const opened = await Promise.all(rows.map((row) => open(ctx, row, gazetteer)))
  const register = await readRegister(ctx, opened)
  const verdicts = opened.map((o) => ({ ...o, verdict: judge(o, register, ctx.root) }))
  await dropPending(
    ctx.db,
    rows.map((row) => row.person_id),
  )
  const places = verdicts.filter((v) => v.verdict.why === null).map((v) => placeOf(ctx, v))
  const outcome = await placePersons(ctx, places)
  const left = verdicts.filter((v) => v.verdict.why !== null)
  const waiting = await leaveUnresolved(ctx, left)
  const changed = [...[...outcome].filter(([, o]) => o === 'moved').map(([id]) => id), ...waiting]
  if (changed.length > 0) ctx.emit('person.resolved', { personIds: changed })
  return { taken: rows.length, placed: places.length, unresolved: waiting.length }
}

async function open(ctx: Ctx, row: Waiting, gazetteer: Gazetteer): Promise<Opened> {
  try {
    const text = await ctx.keys.open(
      { table: 'address_pending', row: row.person_id, column: 'address_sealed' },
      row.address_sealed,
    )
    return { row, text, resolved: resolveAddress({ text, prior: row.home_area }, gazetteer) }
  } catch (error) {
    if (error instanceof KeyDestroyed) return { row, text: null, resolved: null }
    throw error
  }
}

function placeOf(ctx: Ctx, { row, text, verdict }: Opened & { verdict: Verdict }): Place {
  return {
    personId: row.person_id,
    area: verdict.area,
    householdId: verdict.householdId,
    kind: 'unknown',
    address: text,
    source: row.source,
    placed: false,
    fromDay: ctx.today,
  }
}

/** Unresolved persons wait at the verdict's area, unless they have a residence already: then the home stays as it is. */
async function leaveUnresolved(ctx: Ctx, left: readonly (Opened & { verdict: Verdict })[]): Promise<string[]> {
  const roots = await resolveAlias(
    ctx.db,
    left.map((v) => v.row.person_id),
  )
  const present = await lockPresent(ctx.db, [...new Set(roots.values())])
  const lines = left.flatMap((v) => {
    const id = roots.get(v.row.person_id) ?? v.row.person_id
    const at = present.get(id)
    // A register or a worker has said where they live: the feed's address is of no use.
    return !at || at.placed === true ? [] : [{ v, id, area: at.area === null ? v.verdict.area : at.home_area }]
  })
  const unique = [...new Map(lines.map((line) => [line.id, line])).values()]
  const sealed = await Promise.all(
    unique.map(async ({ v, id, area }) => {
      const { seal } = await ctx.keys.sealer(v.row.emergency_id, ctx.now)
      const address = v.text === null ? null : seal({ table: 'unresolved', row: id, column: 'address_sealed' }, v.text)
      return { personId: id, area, sealed: address, why: v.verdict.why ?? 'not_found' }
    }),
  )
  await rehome(
    ctx.db,
    unique.map(({ id, area }) => ({ personId: id, area })),
    ctx.now,
  )
  await putUnresolved(ctx.db, sealed, ctx.now)
  return unique.map(({ id }) => id)
}

export type Register = {
  doors: Map<string, Door[]>
  points: Map<string, Point[]>
  estates: Map<string, EstateArea[]>
  onlyGrid: Map<string, string>
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>()
  for (const row of rows) {
    const list = map.get(key(row))
    if (list) list.push(row)
    else map.set(key(row), [row])
  }
  return map
}

function countyFor({ row, resolved }: Opened): AreaCode | null {
  const code = resolved?.code ?? ''
  if (code.length >= 6) return code.slice(0, 6)
  return row.home_area.length >= 6 && contains(code, row.home_area) ? row.home_area.slice(0, 6) : null
}

/** What the register knows about the streets, estates and doors of one chunk: four statements. */
async function readRegister(ctx: Ctx, opened: readonly Opened[]): Promise<Register> {
  const streets = new Map<string, { county: string; street: string }>()
  const estates = new Map<string, { county: string; estate: string }>()
  const villages = new Set<string>()
  for (const o of opened) {
    const county = countyFor(o)
    const code = o.resolved?.code ?? ''
    if (code.length === 12) villages.add(code)
    if (county === null || o.resolved === null) continue
    for (const street of [o.resolved.rest.street, o.resolved.rest.estate]) {
      if (street !== null) streets.set(`${county}${street}`, { county, street })
    }
    const { estate } = o.resolved.rest
    if (estate !== null) estates.set(`${county}${estate}`, { county, estate })
  }
  return {
    doors: grouped(
      await householdsAt(
        ctx.db,
        opened.map((o) => o.row.address_hash),
      ),
      (d) => d.hash,
    ),
    points: grouped(await pointsOf(ctx.db, [...streets.values()]), (p) => `${p.county}${p.street}`),
    estates: grouped(await estatesOf(ctx.db, [...estates.values()]), (e) => `${e.county}${e.estate}`),
    onlyGrid: await onlyGrids(ctx.db, [...villages]),
  }
}

/** Door, house number or building of the register first, then the village's only grid; else the reason why not. */
export function judge(o: Opened, register: Register, root: AreaCode): Verdict {
  const { row, resolved } = o
  if (o.text === null || resolved === null) return { area: row.home_area, householdId: null, why: 'unreadable' }
  const certain = resolved.code ?? ''
  if (certain !== '' && !nested(certain, root)) return { area: row.home_area, householdId: null, why: 'outside' }
  const door = atDoor(register, row, certain)
  if (door !== null) return door
  const area = certain === '' || contains(certain, row.home_area) ? row.home_area : certain
  const found = byRegister(o, register, certain)
  if (found !== null && found.length >= 15) return { area: found, householdId: null, why: null }
  const only = certain.length === 12 ? register.onlyGrid.get(certain) : undefined
  if (only !== undefined) return { area: only, householdId: null, why: null }
  if (area.length >= 15 && (certain === '' ? false : contains(certain, area)))
    return { area, householdId: null, why: null }
  return { area: found !== null && found.length > area.length ? found : area, householdId: null, why: whyNot(resolved) }
}

function whyNot(resolved: Resolved): Why {
  if (resolved.how.some((line) => line.startsWith('ADDR-5'))) return 'ambiguous'
  if (resolved.code === null) return 'not_found'
  return levelOf(resolved.code) === GRID_LEVEL - 1 ? 'no_grid' : 'coarse'
}

function nested(a: AreaCode, b: AreaCode): boolean {
  return contains(a, b) || contains(b, a)
}

/** The same address text as a household of the register, in the place that is certain or in the home county. */
function atDoor(register: Register, row: Waiting, certain: AreaCode): Verdict | null {
  const county = row.home_area.slice(0, 6)
  const doors = (register.doors.get(row.address_hash.toString('hex')) ?? []).filter((d) =>
    certain === '' ? county.length === 6 && contains(county, d.area) : nested(certain, d.area),
  )
  const first = doors[0]
  if (!first) return null
  if (doors.length === 1) return { area: first.area, householdId: first.id, why: null }
  const area = doors.map((d) => d.area).reduce(commonArea)
  return area.length >= 15 ? { area, householdId: null, why: null } : null
}

function byRegister(o: Opened, register: Register, certain: AreaCode): AreaCode | null {
  const county = countyFor(o)
  const rest = o.resolved?.rest
  if (county === null || rest === undefined) return null
  const areas: AreaCode[] = []
  if (rest.street !== null && rest.number !== null) {
    const { number } = rest
    for (const p of register.points.get(`${county}${rest.street}`) ?? []) if (holds(p, number)) areas.push(p.area)
  }
  if (rest.estate !== null) {
    for (const p of register.points.get(`${county}${rest.estate}`) ?? [])
      if (p.building === null || p.building === rest.building) areas.push(p.area)
    const blocks = register.estates.get(`${county}${rest.estate}`) ?? []
    const mine = blocks.filter((b) => b.building !== null && digits(b.building) === digits(rest.building ?? ''))
    for (const b of mine.length > 0 ? mine : blocks) areas.push(b.area)
  }
  const fitting = areas.filter((area) => certain === '' || nested(certain, area))
  return fitting.length === 0 ? null : fitting.reduce(commonArea)
}

function digits(building: string): string {
  return building.replace(/(号楼|幢|栋|座|楼|#)$/u, '')
}

/** PEOPLE-15: the range of a street's numbers, on one side (1 odd, 2 even) or both (0). */
function holds(p: Point, number: number): boolean {
  if (p.number_from === null || number < p.number_from || number > (p.number_to ?? p.number_from)) return false
  return p.parity === 0 || (p.parity === 1) === (number % 2 === 1)
}
