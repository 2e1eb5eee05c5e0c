/**
 * Stage two (PEOPLE-15): sealed addresses that wait become a grid and, where the register knows the door, a household; the rest
 * stands in the queue of the lowest area that is certain, with the reason. Chunk by chunk, each its own transaction: it can be
 * stopped at any moment, run by several processes, and goes on where it was.
 */
import { contains, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Gazetteer } from '@weiwang/domain/people/address/gazetteer'
import { indexPoints, resolveInRegister } from '@weiwang/domain/people/address/register'
import type { AddressPoints } from '@weiwang/domain/people/address/register'
import { commonArea, resolveAddress } from '@weiwang/domain/people/address/resolve'
import type { Resolved } from '@weiwang/domain/people/address/resolve'
import type { UnresolvedLine } from '@weiwang/domain/people/api'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { openText } from './opening.ts'
import type { Place } from './places.ts'
import { placePersons } from './places.ts'
import { countStock } from './stock.ts'
import { resolveAlias } from './store.ts'
import { gazetteerOf, pointsOfCounties } from './gazetteer.ts'
import type { Door, Waiting } from './store-places.ts'
import { dropPending, estatesOf, householdsAt, lockPresent, onlyGrids, rehome, takePending } from './store-places.ts'
import { putUnresolved } from './store-register.ts'

const VILLAGE_LEVEL = 5

/** The source of an address that somebody has declared as the own home. */
export const OWN_ADDRESS = 'registration'

type Why = UnresolvedLine['why']
export type Verdict = { area: AreaCode; householdId: string | null; why: Why | null }

const NO_POINTS = indexPoints([])

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
  const gazetteer = await gazetteerOf(server, ctx.db, ctx.root)
  const opened = await Promise.all(rows.map((row) => open(ctx, row, gazetteer)))
  const register = await readRegister(server, ctx, opened)
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
  const text = await openText(
    ctx,
    { table: 'address_pending', row: row.person_id, column: 'address_sealed' },
    row.address_sealed,
  )
  return { row, text, resolved: text === null ? null : resolveAddress({ text, prior: row.home_area }, gazetteer) }
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
    own: row.source === OWN_ADDRESS,
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
    return !at || (at.placed === true && v.row.source !== OWN_ADDRESS)
      ? []
      : [{ v, id, area: at.area === null ? v.verdict.area : at.home_area }]
  })
  const unique = [...new Map(lines.map((line) => [line.id, line])).values()]
  const sealed = await Promise.all(
    unique.map(async ({ v, id, area }) => {
      const { seal } = await ctx.keys.sealer(v.row.emergency_id, ctx.now)
      const address = v.text === null ? null : seal({ table: 'unresolved', row: id, column: 'address_sealed' }, v.text)
      return { personId: id, area, sealed: address, why: v.verdict.why ?? 'not_found' }
    }),
  )
  const moved = await rehome(
    ctx.db,
    unique
      .filter(({ id, area }) => present.get(id)?.home_area !== area)
      .map(({ id, area }) => ({ personId: id, area })),
    ctx.now,
  )
  countStock(ctx, 'stock_people', moved)
  await putUnresolved(ctx.db, sealed, ctx.now)
  return unique.map(({ id }) => id)
}

export type Register = {
  doors: Map<string, Door[]>
  /** Address points by county: those of the register, and those that its households' estates and buildings make. */
  points: Map<string, AddressPoints>
  estates: Map<string, AddressPoints>
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

/** What the register knows about the streets, estates and doors of one chunk. */
export async function readRegister(server: Server, ctx: Ctx, opened: readonly Opened[]): Promise<Register> {
  const counties = new Set<string>()
  const estates = new Map<string, { county: string; estate: string }>()
  const villages = new Set<string>()
  for (const o of opened) {
    const county = countyFor(o)
    const code = o.resolved?.code ?? ''
    if (code.length === 12) villages.add(code)
    if (county === null || o.resolved === null) continue
    counties.add(county)
    const { estate } = o.resolved.rest
    if (estate !== null) estates.set(`${county}${estate}`, { county, estate })
  }
  const blocks = (await estatesOf(ctx.db, [...estates.values()])).map((b) => ({
    village: b.area.slice(0, 12),
    street: b.estate,
    numberFrom: null,
    numberTo: null,
    parity: 0,
    building: b.building,
    area: b.area,
  }))
  return {
    doors: grouped(
      await householdsAt(
        ctx.db,
        opened.map((o) => o.row.address_hash),
      ),
      (d) => d.hash,
    ),
    points: await pointsOfCounties(server, ctx.db, [...counties]),
    estates: new Map(
      [...grouped(blocks, (b) => b.area.slice(0, 6))].map(([county, rows]) => [county, indexPoints(rows)]),
    ),
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
  const refined = refine(o, resolved, register)
  const code = refined.code ?? ''
  if (code.length >= 15) return { area: code, householdId: null, why: null }
  const only = code.length === 12 ? register.onlyGrid.get(code) : undefined
  if (only !== undefined) return { area: only, householdId: null, why: null }
  // The text says less than what is known already: it waits there.
  const area = code === '' || contains(code, row.home_area) ? row.home_area : code
  return { area, householdId: null, why: whyNot(refined) }
}

function refine(o: Opened, resolved: Resolved, register: Register): Resolved {
  const county = countyFor(o)
  if (county === null) return resolved
  const byPoints = resolveInRegister(resolved, register.points.get(county) ?? NO_POINTS)
  if ((byPoints.code ?? '').length >= 15) return byPoints
  return resolveInRegister(byPoints, register.estates.get(county) ?? NO_POINTS)
}

function whyNot(resolved: Resolved): Why {
  if (resolved.how.some((line) => line.startsWith('ADDR-5'))) return 'ambiguous'
  if (resolved.code === null) return 'not_found'
  return levelOf(resolved.code) === VILLAGE_LEVEL ? 'no_grid' : 'coarse'
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
