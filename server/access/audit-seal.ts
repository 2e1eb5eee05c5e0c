import { createHash } from 'node:crypto'
import { blockText, headText } from '@weiwang/domain/access/canonical'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import type { Server } from '../core/server.ts'
import {
  insertBlock,
  insertHead,
  lastBlock,
  lastHead,
  takeSealer,
  unchainedHeads,
  unsealedChains,
  unsealedLines,
} from './audit-store.ts'
import type { Chain } from './audit-store.ts'

/**
 * AUDIT-2, AUDIT-3: within a minute the lines of a county and day are chained into numbered blocks, and after the day's end the
 * last blocks of all counties into one chain of days, whose newest hash is kept elsewhere. A line that commits late (a long
 * transaction) simply falls into a later block.
 */
const SETTLE_MS = 3000
const MOST_LINES = 5000
/** A day is finished for the chain of days when no transaction of it can still be under way. */
const DAY_GRACE_MINUTES = 15
export const FIRST_HASH = Buffer.alloc(32)

export function chainHash(prev: Buffer, text: string): Buffer {
  return createHash('sha256').update(prev).update(text, 'utf8').digest()
}

/** Seals whatever is settled; returns how many blocks and heads were made. Harmless to repeat and to run twice at once. */
export async function sealAudit(server: Server): Promise<{ blocks: number; heads: number }> {
  const before = new Date(server.clock.now().getTime() - SETTLE_MS)
  const chains = await unsealedChains(server.jobsPool.db, before)
  let blocks = 0
  for (const chain of chains) {
    while (await sealOne(server, chain, before)) blocks++
  }
  return { blocks, heads: await chainDays(server) }
}

/** One block, one transaction. */
async function sealOne(server: Server, chain: Chain, before: Date): Promise<boolean> {
  return server.asSystem('audit.seal', async (ctx) => {
    if (!(await takeSealer(ctx.db))) return false
    const lines = await unsealedLines(ctx.db, chain, before, MOST_LINES)
    if (lines.length === 0) return false
    const previous = await lastBlock(ctx.db, chain)
    const prev = previous?.hash ?? FIRST_HASH
    const n = (previous?.n ?? 0) + 1
    const hash = chainHash(prev, blockText({ ...chain, n }, lines))
    await insertBlock(ctx.db, { ...chain, n, lines, prev, hash, at: ctx.now })
    return true
  })
}

/** The last day that is over for the chain of days. */
function lastFinishedDay(server: Server): Day {
  const now = server.clock.now()
  const today = server.clock.today()
  const settled = now.getTime() >= instantOf(today, server.clock.zone).getTime() + DAY_GRACE_MINUTES * 60_000
  return addDays(today, settled ? -1 : -2)
}

/** One head for all finished days since the last one, so that a pause of the jobs leaves no hole in the chain. */
async function chainDays(server: Server): Promise<number> {
  const day = lastFinishedDay(server)
  return server.asSystem('audit.head', async (ctx) => {
    if (!(await takeSealer(ctx.db))) return 0
    const last = await lastHead(ctx.db)
    if (last && last.day >= day) return 0
    const heads = await unchainedHeads(ctx.db, day)
    if (heads.length === 0) return 0
    const prev = last?.hash ?? FIRST_HASH
    await insertHead(ctx.db, { day, heads, prev, hash: chainHash(prev, headText(day, heads)), sealedAt: ctx.now })
    return 1
  })
}
