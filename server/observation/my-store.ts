import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { ObservationRow } from './store.ts'
import type { ServiceRow } from './service-store.ts'

/** What a resident's page asks the database: by persons, never by area. */
const MOST = 50

/** Observations of these persons and of those for whom they answer, open ones first, then the newest. */
export async function observationsOf(db: Db, persons: readonly string[]): Promise<ObservationRow[]> {
  if (persons.length === 0) return []
  const { rows } = await sql<ObservationRow>`
    select o.* from observation o
    where o.blanked_at is null and (o.person_id = any(${[...persons]}::uuid[]) or o.responder_person_id = any(${[...persons]}::uuid[]))
    order by o.ended_at is not null, o.opened_day desc, o.id limit ${MOST}`.execute(db)
  return rows
}

/** Services asked for by the account, or for one of these persons, since a moment. */
export async function servicesOf(
  db: Db,
  of: { account: string; persons: readonly string[]; since: Date },
): Promise<ServiceRow[]> {
  const { rows } = await sql<ServiceRow>`
    select s.* from service s
    where s.asked_at >= ${of.since} and (s.asked_by = ${of.account}::uuid or s.person_id = any(${[...of.persons]}::uuid[]))
    order by s.asked_at desc, s.id limit ${MOST}`.execute(db)
  return rows
}
