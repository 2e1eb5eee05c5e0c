import { sql } from 'kysely'
import type { Db } from '../db/connect.ts'

const START = Date.UTC(2020, 0, 1)

/**
 * The number of a restore, for epochs of grids: no other restore ever has it, not even a second one of the same backup, and so
 * phones that saw the first begin anew after the second too (SYNC-8). Seconds since 2020, real time.
 */
export function numberOf(at: Date): number {
  return Math.floor((at.getTime() - START) / 1000)
}

export async function noteRestored(db: Db, at: Date): Promise<void> {
  await sql`insert into setting (key, value) values ('restored', ${JSON.stringify({ at: at.toISOString() })}::jsonb)
    on conflict (key) do update set value = excluded.value`.execute(db)
}

/** When this database was last put back from a backup, real time; null: never. */
export async function restoredAt(db: Db): Promise<Date | null> {
  const { rows } = await sql<{ at: string }>`select value ->> 'at' as at from setting where key = 'restored'`.execute(
    db,
  )
  return rows[0] ? new Date(rows[0].at) : null
}
