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

/** For whom somebody is asked on the own page: persons, and doors of the register as a whole. */
export type Whose = { persons: ReadonlySet<string>; doors: ReadonlySet<string> }

export function doorKey(county: string, householdId: string | null): string {
  return `${county}/${householdId ?? ''}`
}

/**
 * These persons, and, as long as they are observed, those for whom they answer and the doors where one of them stays: what a worker
 * asked for a child, or for the door as a whole, is theirs to see and to confirm.
 */
export async function servedWith(db: Db, persons: readonly string[]): Promise<Whose> {
  if (persons.length === 0) return { persons: new Set(), doors: new Set() }
  const { rows } = await sql<{ personId: string; county: string; householdId: string | null }>`
    select o.person_id as "personId", o.county, o.household_id as "householdId" from observation o
    where o.ended_at is null and o.blanked_at is null
      and (o.person_id = any(${[...persons]}::uuid[]) or o.responder_person_id = any(${[...persons]}::uuid[]))
    order by o.opened_day desc, o.id limit ${MOST}`.execute(db)
  return {
    persons: new Set([...persons, ...rows.map((row) => row.personId)]),
    doors: new Set(rows.flatMap((row) => (row.householdId === null ? [] : [doorKey(row.county, row.householdId)]))),
  }
}

/** Services asked for by the account, for one of these persons, or for one of these doors as a whole, since a moment. */
export async function servicesOf(db: Db, of: { account: string; whose: Whose; since: Date }): Promise<ServiceRow[]> {
  const doors = [...of.whose.doors].map((door) => door.split('/'))
  const counties = doors.flatMap(([county]) => county ?? [])
  const households = doors.flatMap(([, household]) => household ?? [])
  const { rows } = await sql<ServiceRow>`
    select s.* from service s
    where s.asked_at >= ${of.since}
      and (s.asked_by = ${of.account}::uuid or s.person_id = any(${[...of.whose.persons]}::uuid[])
        or (s.county = any(${counties}::text[]) and s.household_id = any(${households}::uuid[]) and s.person_id is null))
    order by s.asked_at desc, s.id limit ${MOST}`.execute(db)
  return rows
}
