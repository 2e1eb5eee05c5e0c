/** The resolver's names and points, read once and kept in memory; a cheap mark tells when they must be read again. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { buildGazetteer } from '@weiwang/domain/people/address/gazetteer'
import type { Gazetteer } from '@weiwang/domain/people/address/gazetteer'
import { indexPoints } from '@weiwang/domain/people/address/register'
import type { AddressPoints } from '@weiwang/domain/people/address/register'
import type { Db } from '../core/db/connect.ts'
import type { Server } from '../core/server.ts'
import { areaRows, gazetteerMark, learnedAliases, pointMarks, pointsOf } from './store-places.ts'

type Kept<T> = { mark: string; value: T }
type Cache = { gazetteer: Kept<Gazetteer> | null; points: Map<AreaCode, Kept<AddressPoints>> }

const caches = new WeakMap<Server, Cache>()
/** Points of so many counties stay in memory (a province has about a hundred). */
const MAX_COUNTIES = 120

function cacheOf(server: Server): Cache {
  const known = caches.get(server)
  if (known) return known
  const made: Cache = { gazetteer: null, points: new Map() }
  caches.set(server, made)
  return made
}

/** Names of the areas and learned names; building them anew takes about 150 ms for a province. */
export async function gazetteerOf(server: Server, db: Db, root: AreaCode): Promise<Gazetteer> {
  const cache = cacheOf(server)
  const mark = await gazetteerMark(db)
  if (cache.gazetteer?.mark === mark) return cache.gazetteer.value
  const learned = (await learnedAliases(db)).map(({ alias, code }) => ({
    alias,
    codes: [code],
    kind: 'other' as const,
  }))
  const value = buildGazetteer(await areaRows(db), learned, root)
  cache.gazetteer = { mark, value }
  return value
}

/** The address points of counties, indexed for the resolver. */
export async function pointsOfCounties(
  server: Server,
  db: Db,
  counties: readonly AreaCode[],
): Promise<Map<AreaCode, AddressPoints>> {
  const { points } = cacheOf(server)
  const marks = await pointMarks(db, counties)
  const found = new Map<AreaCode, AddressPoints>()
  for (const county of counties) {
    const mark = marks.get(county) ?? '0'
    const known = points.get(county)
    const value = known?.mark === mark ? known.value : indexPoints(await pointsOf(db, county))
    found.set(county, value)
    points.delete(county)
    points.set(county, { mark, value })
  }
  while (points.size > MAX_COUNTIES) {
    const oldest = points.keys().next().value
    if (oldest === undefined) break
    points.delete(oldest)
  }
  return found
}
