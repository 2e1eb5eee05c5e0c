import { sql } from 'kysely'
import type { InsertObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { DB } from '../core/db/types.ts'
import { findServiceRow } from './service-store.ts'

/** Pictures of services. A step names a picture; it comes by its own way, before or after. */

/** @returns false when one lies there under this id already */
export async function insertServicePhoto(db: Db, photo: InsertObject<DB, 'service_photo'>): Promise<boolean> {
  const made = await db
    .insertInto('service_photo')
    .values(photo)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findServicePhoto(
  db: Db,
  county: string,
  serviceId: string,
  id: string,
): Promise<{ sealed: Buffer; hash: Buffer } | null> {
  const row = await db
    .selectFrom('service_photo')
    .select(['sealed', 'hash'])
    .where('county', '=', county)
    .where('service_id', '=', serviceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** Which of these have come. */
export async function photosHere(db: Db, county: string, serviceId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('service_photo')
    .select('id')
    .where('county', '=', county)
    .where('service_id', '=', serviceId)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** Who took the step that names the picture; null when none does. */
export async function namedBy(db: Db, county: string, serviceId: string, photoId: string): Promise<string | null> {
  const { rows } = await sql<{ by: string | null }>`
    select by from service_event where county = ${county} and service_id = ${serviceId}::uuid and kind in ('done', 'pictured', 'cost')
      and (body ->> 'photo' = ${photoId} or body #>> '{cost,receiptPhoto}' = ${photoId}) limit 1`.execute(db)
  return rows[0]?.by ?? null
}

/** The same wherever the service lies; for pictures that a phone hands in without a session. */
export async function serviceNamedBy(db: Db, serviceId: string, photoId: string): Promise<string | null> {
  const row = await findServiceRow(db, serviceId)
  return row ? namedBy(db, row.county, serviceId, photoId) : null
}

/** Who stored the picture; null when it is not here. */
export async function servicePhotoBy(db: Db, serviceId: string, photoId: string): Promise<string | null> {
  const row = await db
    .selectFrom('service_photo')
    .select('by')
    .where('service_id', '=', serviceId)
    .where('id', '=', photoId)
    .executeTakeFirst()
  return row?.by ?? null
}
