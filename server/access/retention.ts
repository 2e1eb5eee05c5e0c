import { createHash } from 'node:crypto'
import { cutoffDay, cutoffOf, RETENTION } from '@weiwang/domain/access/retention'
import type { RetentionRule } from '@weiwang/domain/access/retention'
import type { Retention } from '@weiwang/domain/access/api'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import {
  countDue,
  deleteChunk,
  dueDayKeys,
  emergencyIds,
  insertManifest,
  sayDestroyed,
  sweepsOf,
  waitForSweeper,
} from './retention-store.ts'
import type { CutOff, DayKeyRow, Family } from './retention-store.ts'

type DueFigures = z.infer<typeof Retention>

/**
 * DELETE-2: what is past its end, by rule, within the actor's scope; the centre's first page shows the sum. Run it under reach
 * `all`: tables of the server itself have no area and count for whoever sees the whole deployment.
 */
export async function dueForDeletion(ctx: Ctx): Promise<DueFigures> {
  const whole = ctx.scope.includes(ctx.root) || ctx.scope.includes('')
  const rules: DueFigures['rules'] = []
  for (const rule of RETENTION) {
    const cut = cutOf(rule, ctx)
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

function cutOf(rule: RetentionRule, at: { now: Date; today: string; zone: string }): CutOff {
  return { at: cutoffOf(rule, at.today, at.zone), day: cutoffDay(rule, at.today), now: at.now }
}

export type Swept = { rule: string; tables: Record<string, number>; rows: number }

/**
 * DELETE-1, DELETE-3: runs the table of rules under the role that alone deletes. Each batch is a transaction with its manifest,
 * so a crash leaves neither rows gone without a line nor a line without rows gone.
 */
export async function runRetention(server: Server, only?: string): Promise<Swept[]> {
  const done: Swept[] = []
  for (const rule of RETENTION.filter((r) => only === undefined || r.id === only)) {
    const cut = cutOf(rule, { now: server.clock.now(), today: server.clock.today(), zone: server.clock.zone })
    const tables: Record<string, number> = {}
    for (const family of sweepsOf(rule.id, cut)) {
      let chunk: Record<string, number> | null
      while ((chunk = await sweepChunk(server, family, { rule: rule.id, cutoff: cut.at })) !== null) {
        for (const [table, n] of Object.entries(chunk)) tables[table] = (tables[table] ?? 0) + n
      }
    }
    if (rule.id === 'passage') {
      const keys = await destroyDayKeys(server, (db) => dueDayKeys(db, cut.day), { emergencyId: null, cutoff: cut.at })
      await destroyStray(server, cut.day)
      if (keys > 0) tables['passage_key'] = keys
    }
    done.push({ rule: rule.id, tables, rows: Object.values(tables).reduce((a, b) => a + b, 0) })
  }
  return done
}

/** One chunk and its manifest in one transaction; null when nothing is due any more. */
async function sweepChunk(
  server: Server,
  family: Family,
  as: { rule: string; cutoff: Date },
): Promise<Record<string, number> | null> {
  return server.retentionPool.db.transaction().execute(async (db) => {
    await waitForSweeper(db)
    const { tables, keys } = await deleteChunk(db, family)
    if (keys.length === 0) return null
    const now = server.clock.now()
    const hash = createHash('sha256').update(keys.join('\n')).digest()
    const rows = Object.values(tables).reduce((a, b) => a + b, 0)
    await insertManifest(db, { id: newId(now), emergencyId: null, ...as, tables, rows, hash, at: now })
    return tables
  })
}

/**
 * GATE-12: the keys of days go when their passages have gone: first the file, which no backup holds, then the line that says so with
 * its manifest. Killed between the two it finds the file gone and says it again.
 */
export async function destroyDayKeys(
  server: Server,
  due: (db: RetentionDb) => Promise<DayKeyRow[]>,
  of: { emergencyId: string | null; cutoff: Date },
): Promise<number> {
  return server.retentionPool.db.transaction().execute(async (db) => {
    await waitForSweeper(db)
    const rows = await due(db)
    if (rows.length === 0) return 0
    for (const row of rows) server.keys.days.destroy({ emergencyId: row.emergency_id, day: row.day })
    const ids = rows.map((row) => row.id)
    const now = server.clock.now()
    await sayDestroyed(db, ids, now)
    const hash = createHash('sha256').update(ids.toSorted().join('\n')).digest()
    await insertManifest(db, {
      id: newId(now),
      rule: 'passage_key',
      tables: { passage_key: ids.length },
      rows: ids.length,
      hash,
      at: now,
      ...of,
    })
    return ids.length
  })
}
type RetentionDb = Parameters<typeof insertManifest>[0]

/** A key whose transaction did not commit has no line and sealed nothing that is kept; it goes at its term all the same. */
async function destroyStray(server: Server, before: string): Promise<void> {
  for (const emergencyId of await emergencyIds(server.jobsPool.db))
    for (const day of server.keys.days.daysOf(emergencyId))
      if (day < before) server.keys.days.destroy({ emergencyId, day })
}
