import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

/** Who works at a batch, over all processes of a deployment: in the batch's row, with the time until which it counts. */

/** A holder that has said nothing for so long is gone, whatever became of it: killed, cut off, or standing still. */
const CLAIM = sql`interval '30 seconds'`
/** How often a holder says that it is there. */
export const BEAT_MS = 10_000
/** How long a process leaves a batch whose file it does not have to one that may have it. */
const FOREIGN = sql`interval '10 minutes'`

/**
 * Takes a batch for a holder. Free is what nobody holds, what was not heard of in time, and what a holder holds whose session
 * has ended: a killed process is replaced at once. A row that is locked is being worked on.
 * @returns null when somebody else is at it; `fresh`: somebody was at it within ten minutes
 */
export async function claimBatch(db: Db, id: string, holder: string): Promise<{ fresh: boolean } | null> {
  const { rows } = await sql<{ held_by: string | null; lapsed: boolean; fresh: boolean }>`
    select held_by, coalesce(held_until < clock_timestamp(), true) as lapsed,
      coalesce(held_until > clock_timestamp() - ${FOREIGN}, false) as fresh
    from batch where id = ${id}::uuid for update skip locked`.execute(db)
  const row = rows[0]
  if (row === undefined) return null
  if (row.held_by !== null && !row.lapsed && !(await isGone(db, row.held_by))) return null
  await beat(db, id, row.held_by, holder)
  return { fresh: row.fresh }
}

/** A holder's session keeps a lock in its name for as long as it lives. */
async function isGone(db: Db, holder: string): Promise<boolean> {
  const { rows } = await sql<{ got: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${holder}, 5)) as got`.execute(db)
  return rows[0]?.got === true
}

async function beat(db: Db, id: string, from: string | null, to: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update batch set held_by = ${to}::uuid, held_until = clock_timestamp() + ${CLAIM}
    where id = ${id}::uuid and held_by is not distinct from ${from}::uuid`.execute(db)
  return numAffectedRows === 1n
}

/** False when another one has taken the batch meanwhile. */
export async function renewClaim(db: Db, id: string, holder: string): Promise<boolean> {
  return beat(db, id, holder, holder)
}

export async function releaseClaim(db: Db, id: string, holder: string): Promise<void> {
  await sql`update batch set held_by = null where id = ${id}::uuid and held_by = ${holder}::uuid`.execute(db)
}
