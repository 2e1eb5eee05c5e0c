import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { z } from 'zod'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from './connect.ts'

/**
 * Lists in a fixed order over any area, at the cost of a page (case 38). A table that is listed has two indexes that begin
 * with a key and go on in the list's order: the county, and `village` (the first twelve digits of the area). A
 * page over an area is the best n rows of the best n rows of each key: a city reads its ten counties, a town its villages.
 */
export type PageKeys = { by: 'county' | 'village'; keys: string[] }

const VILLAGE = 12

export async function pageKeys(db: Db, areas: readonly AreaCode[], own = false): Promise<PageKeys> {
  const fine = areas.length > 0 && areas.every((area) => area.length >= 9)
  if (!fine) return { by: 'county', keys: own ? areas.map((area) => area.slice(0, 6)) : await countyKeys(db, areas) }
  const towns = own ? [] : areas.filter((area) => area.length === 9)
  const keys = new Set(areas.map((area) => area.slice(0, VILLAGE)))
  for (const village of await codesInside(db, towns, VILLAGE)) keys.add(village)
  return { by: 'village', keys: [...keys] }
}

async function countyKeys(db: Db, areas: readonly AreaCode[]): Promise<string[]> {
  const keys = new Set(areas.map((area) => area.slice(0, 6)))
  for (const digits of [4, 6]) {
    const coarser = areas.filter((area) => area.length < digits)
    for (const code of await codesInside(db, coarser, digits)) keys.add(code)
  }
  return [...keys]
}

/** Codes of a length inside areas, of every version: old rows keep old codes. */
async function codesInside(db: Db, areas: readonly AreaCode[], digits: number): Promise<string[]> {
  if (areas.length === 0) return []
  const ranges = areas.map((area) => sql`(code >= ${area} and code < ${upper(area)})`)
  const { rows } = await sql<{ code: string }>`
    select distinct code from area where char_length(code) = ${digits} and (${sql.join(ranges, sql` or `)})`.execute(db)
  return rows.map((row) => row.code)
}

/** `key = …` for the lateral part of a page query; the key stands as `k.key`. */
export function keyIs(by: PageKeys['by']): RawBuilder<boolean> {
  return by === 'county' ? sql<boolean>`t.county = k.key` : sql<boolean>`t.village = k.key`
}

export function keyRows(keys: PageKeys): RawBuilder<unknown> {
  return sql`unnest(${keys.keys}::text[]) as k(key)`
}

/** A cursor is the place of the last row in the list's order; what is not one of ours reads as the beginning. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

export function decodeCursor<T extends z.ZodType>(shape: T, cursor: string | undefined): z.output<T> | null {
  if (cursor === undefined) return null
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * Runs a page query on the index of the list's order. The planner knows the average key and not the one asked for: for a
 * dense village it would rather read all of its rows and sort them than read a page in order (measured: 46 ms against 1 ms).
 */
export async function inListOrder<T>(db: Db, run: () => Promise<T>): Promise<T> {
  await sql`select set_config('enable_bitmapscan', 'off', true)`.execute(db)
  const answer = await run()
  await sql`select set_config('enable_bitmapscan', 'on', true)`.execute(db)
  return answer
}
