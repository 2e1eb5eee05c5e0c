/** Reads of the health code's tables. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { ReturnRow } from '../healthcode/reg-return-store.ts'

/** The code id that somebody shows today, on a phone or on paper; the newest when there are several. */
export async function codeIdOfDay(db: Db, personHash: Buffer, day: Day, now: Date): Promise<string | null> {
  const { rows } = await sql<{ code_id: Buffer }>`
    select code_id from code_holder where person_hash = ${personHash} and day <= ${day}::date and until_at > ${now} and replaced_at is null
    order by (day = ${day}::date) desc, issued_at desc limit 1`.execute(db)
  return rows[0]?.code_id.toString('hex') ?? null
}

export type HoldingPass = {
  id: string
  number: string
  masked: string
  reason: string
  issued_at: Date
  until_at: Date
}

/** Temporary passes of a county that hold, the first to end first. */
export async function passesOfCounty(db: Db, county: string, now: Date, limit: number): Promise<HoldingPass[]> {
  const { rows } = await sql<HoldingPass>`
    select id, number, masked, reason, issued_at, until_at from hardship_pass
    where county = ${county} and revoked_at is null and until_at >= ${now} order by until_at, id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Passes that were issued since a day, by id, whose person is still known. */
export async function passesSince(db: Db, day: Day, limit: number): Promise<{ id: string; person_id: string }[]> {
  const { rows } = await sql<{ id: string; person_id: string }>`
    select id, person_id from hardship_pass where issued_day >= ${day}::date and person_id is not null
    order by issued_day desc limit ${limit}`.execute(db)
  return rows
}

/** Returns to an area that nobody has seen come, by the day on which they are expected. */
export async function expectedBehind(
  db: Db,
  area: AreaCode,
  days: { from: Day; to: Day },
  limit: number,
): Promise<{ rows: ReturnRow[]; total: number }> {
  const where = sql`${inScope('r.area', [area])} and r.expected_day between ${days.from}::date and ${days.to}::date
    and r.state in ('submitted', 'triaged', 'host_notified', 'no_show') and r.blanked_at is null`
  const { rows } = await sql<ReturnRow>`
    select r.* from return_registration r where ${where} order by r.expected_day, r.id limit ${limit}`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from return_registration r where ${where}`.execute(
    db,
  )
  return { rows, total: counted.rows[0]?.n ?? 0 }
}
