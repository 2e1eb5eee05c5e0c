import { createHash } from 'node:crypto'
import { cutoffDay, cutoffOf, RETENTION } from '@weiwang/domain/access/retention'
import type { RetentionRule } from '@weiwang/domain/access/retention'
import type { Retention } from '@weiwang/domain/access/api'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { countDue, insertManifest, sweepSome, sweepsOf, waitForSweeper } from './retention-store.ts'
import type { CutOff, Sweep } from './retention-store.ts'

const BATCH = 5000

type DueFigures = z.infer<typeof Retention>

/**
 * DELETE-2: what is past its end, by rule, within the actor's scope; the centre's first page shows the sum. Run it under reach
 * `all`: tables of the server itself have no area and count for whoever sees the whole deployment.
 */
export async function dueForDeletion(ctx: Ctx): Promise<DueFigures> {
  const whole = ctx.scope.includes(ctx.root) || ctx.scope.includes('')
  const rules: DueFigures['rules'] = []
  for (const rule of RETENTION) {
    const cut = cutOf(rule, ctx.today, ctx.zone)
    let due = 0
    let oldest: Date | null = null
    for (const sweep of sweepsOf(rule.id, cut)) {
      const found = await countDue(ctx.db, sweep, ctx.scope, whole)
      due += found.due
      if (found.oldest && (oldest === null || found.oldest < oldest)) oldest = found.oldest
    }
    rules.push({
      rule: rule.id,
      say: rule.say,
      days: rule.days,
      cutoff: cut.at.toISOString(),
      due,
      oldest: oldest?.toISOString() ?? null,
    })
  }
  return { due: rules.reduce((sum, rule) => sum + rule.due, 0), rules }
}

function cutOf(rule: RetentionRule, today: string, zone: string): CutOff {
  return { at: cutoffOf(rule, today, zone), day: cutoffDay(rule, today) }
}

export type Swept = { rule: string; tables: Record<string, number>; rows: number }

/**
 * DELETE-1, DELETE-3: runs the table of rules under the role that alone deletes. Each batch is a transaction with its manifest,
 * so a crash leaves neither rows gone without a line nor a line without rows gone.
 */
export async function runRetention(server: Server, only?: string): Promise<Swept[]> {
  const done: Swept[] = []
  for (const rule of RETENTION.filter((r) => only === undefined || r.id === only)) {
    const cut = cutOf(rule, server.clock.today(), server.clock.zone)
    const tables: Record<string, number> = {}
    for (const sweep of sweepsOf(rule.id, cut)) {
      const n = await sweepAll(server, sweep, { rule: rule.id, cutoff: cut.at, emergencyId: null })
      if (n > 0) tables[sweep.table] = (tables[sweep.table] ?? 0) + n
    }
    done.push({ rule: rule.id, tables, rows: Object.values(tables).reduce((a, b) => a + b, 0) })
  }
  return done
}

/** Sweeps one table until nothing is left; returns how many rows went. */
export async function sweepAll(
  server: Server,
  sweep: Sweep,
  as: { rule: string; cutoff: Date; emergencyId: string | null },
): Promise<number> {
  let total = 0
  for (;;) {
    const n = await sweepBatch(server, sweep, as)
    total += n
    if (n < BATCH) return total
  }
}

async function sweepBatch(
  server: Server,
  sweep: Sweep,
  as: { rule: string; cutoff: Date; emergencyId: string | null },
): Promise<number> {
  return server.retentionPool.db.transaction().execute(async (db) => {
    await waitForSweeper(db)
    const keys = await sweepSome(db, sweep, BATCH)
    if (keys.length === 0) return 0
    const now = server.clock.now()
    const hash = createHash('sha256').update(keys.join('\n')).digest()
    await insertManifest(db, {
      id: newId(now),
      ...as,
      tables: { [sweep.table]: keys.length },
      rows: keys.length,
      hash,
      at: now,
    })
    return keys.length
  })
}
