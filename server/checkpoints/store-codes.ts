/** Reads of the health code's tables. */
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

/** The code id that somebody shows today, on a phone or on paper; the newest when there are several. */
export async function codeIdOfDay(db: Db, personHash: Buffer, day: Day, now: Date): Promise<string | null> {
  const { rows } = await sql<{ code_id: Buffer }>`
    select code_id from code_holder where person_hash = ${personHash} and day <= ${day}::date and until_at > ${now} and replaced_at is null
    order by (day = ${day}::date) desc, issued_at desc limit 1`.execute(db)
  return rows[0]?.code_id.toString('hex') ?? null
}

export type HoldingPass = { number: string; masked: string; reason: string; issued_at: Date; until_at: Date }

/** Temporary passes of a county that hold, the first to end first. */
export async function passesOfCounty(db: Db, county: string, now: Date, limit: number): Promise<HoldingPass[]> {
  const { rows } = await sql<HoldingPass>`
    select number, masked, reason, issued_at, until_at from hardship_pass
    where county = ${county} and revoked_at is null and until_at >= ${now} order by until_at, id limit ${limit}`.execute(
    db,
  )
  return rows
}
