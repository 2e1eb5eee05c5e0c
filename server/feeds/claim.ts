import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Server } from '../core/server.ts'
import { BEAT_MS, claimBatch, releaseClaim, renewClaim } from './store-claim.ts'

/** The batch is somebody else's now: this process stood still for so long that it was given up. */
class ClaimLost extends Error {}

export type Claim = {
  /** Somebody was at the batch within the last ten minutes. */
  fresh: boolean
  /** @throws when the batch has been taken by another; `alone` ends then, quietly. */
  check: () => void
}

/**
 * One worker at a batch, over all processes. It says every ten seconds that it is there; when it is killed, loses the database
 * or stands still, another one goes on. Two at once would do no harm, as chunks are guarded by the batch's row and cursor.
 * False when another one is at it.
 */
export async function alone(server: Server, batchId: string, run: (claim: Claim) => Promise<void>): Promise<boolean> {
  const holder = randomUUID()
  const client = await server.jobsPool.raw.connect()
  let sound = false
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 5))', [holder])
    const done = await held(server, batchId, holder, run)
    await client.query('select pg_advisory_unlock(hashtextextended($1, 5))', [holder])
    sound = true
    return done
  } finally {
    letGo(client, sound)
  }
}

/** A session that may still hold the lock is ended, not given back. */
function letGo(client: PoolClient, sound: boolean): void {
  client.release(!sound)
}

async function held(
  server: Server,
  batchId: string,
  holder: string,
  run: (claim: Claim) => Promise<void>,
): Promise<boolean> {
  const claimed = await server.asSystem('batch.claim', (ctx) => claimBatch(ctx.db, batchId, holder))
  if (claimed === null) return false
  let lost = false
  let beating = Promise.resolve()
  const beat = async (): Promise<void> => {
    try {
      lost = !(await renewClaim(server.jobsPool.db, batchId, holder))
    } catch (error) {
      server.log.warn({ err: error, batch: batchId }, 'the claim on a batch could not be renewed')
    }
  }
  const timer = setInterval(() => {
    beating = beating.then(beat)
  }, BEAT_MS)
  try {
    await run({
      fresh: claimed.fresh,
      check: () => {
        if (lost) throw new ClaimLost()
      },
    })
    return true
  } catch (error) {
    if (error instanceof ClaimLost) return false
    throw error
  } finally {
    clearInterval(timer)
    await beating
    await releaseClaim(server.jobsPool.db, batchId, holder).catch((error: unknown) =>
      server.log.warn({ err: error, batch: batchId }, 'the claim on a batch lapses by itself'),
    )
  }
}
