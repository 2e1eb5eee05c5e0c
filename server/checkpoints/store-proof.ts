/** SQL of the certificate of deletion: what tables and indexes still reach of a day, and what says that it went. */
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'

/**
 * Rows of a day, asked of the table itself and of its indexes: both answers have to be the same, and the larger is told. What a page
 * still holds of a deleted row until it is used again is sealed bytes without a key.
 */
export async function reachOf(db: Db, day: Day): Promise<{ table: string; rows: number }[]> {
  const count = async (): Promise<Record<string, number>> => {
    const { rows } = await sql<{ t: string; n: number }>`
      select 'passage' as t, count(*)::int as n from passage where day = ${day}::date
      union all select 'passage_opening', count(*)::int from passage_opening where day = ${day}::date and result_sealed is not null
      union all select 'gate_named', count(*)::int from gate_named where day = ${day}::date
      union all select 'gate_referral', count(*)::int from gate_referral where day = ${day}::date and blanked_at is null`.execute(
      db,
    )
    return Object.fromEntries(rows.map((row) => [row.t, row.n]))
  }
  await sql`select set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_indexonlyscan', 'off', true)`.execute(
    db,
  )
  const byTable = await count()
  await sql`select set_config('enable_indexscan', 'on', true), set_config('enable_bitmapscan', 'on', true), set_config('enable_indexonlyscan', 'on', true), set_config('enable_seqscan', 'off', true)`.execute(
    db,
  )
  const byIndex = await count()
  await sql`select set_config('enable_seqscan', 'on', true)`.execute(db)
  return Object.keys(byTable).map((table) => ({ table, rows: Math.max(byTable[table] ?? 0, byIndex[table] ?? 0) }))
}

export async function keysOfDay(
  db: Db,
  day: Day,
): Promise<{ id: string; emergency_id: string; destroyed_at: Date | null }[]> {
  return db
    .selectFrom('passage_key')
    .select(['id', 'emergency_id', 'destroyed_at'])
    .where('day', '=', day)
    .orderBy('id')
    .execute()
}

const Tables = z.record(z.string(), z.number())

/** Manifests of the rules that delete passages, whose cut-off had passed the day. */
export async function manifestsOfDay(
  db: Db,
  day: Day,
): Promise<{ manifest: string; at: string; tables: Record<string, number>; hash: string }[]> {
  const { rows } = await sql<{ id: string; at: Date; tables: unknown; hash: Buffer }>`
    select m.id, m.at, m.tables, m.hash from deletion_manifest m
    where m.rule in ('passage', 'passage_key') and m.cutoff > ${day}::date
      and m.at >= (select coalesce(min(k.destroyed_at), '-infinity') - interval '1 day' from passage_key k where k.day = ${day}::date)
      and m.at <= (select coalesce(max(k.destroyed_at), '-infinity') + interval '1 day' from passage_key k where k.day = ${day}::date)
    order by m.id limit 200`.execute(db)
  return rows.map((row) => ({
    manifest: row.id,
    at: row.at.toISOString(),
    tables: Tables.catch({}).parse(row.tables),
    hash: row.hash.toString('hex'),
  }))
}

/** Lines of the trail that say that passages were exported: the program has no such act. */
export async function exportsMade(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from audit where thing in ('passage', 'passage_opening', 'gate') and verb like '%export%'`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

export async function keptDays(db: Db, limit: number): Promise<{ day: Day; rows: number; keys: number }[]> {
  const { rows } = await sql<{ day: Day; rows: number; keys: number }>`
    select k.day, (select count(*)::int from passage p where p.day = k.day) as rows,
      (count(*) filter (where k.destroyed_at is null))::int as keys
    from passage_key k group by k.day order by k.day desc limit ${limit}`.execute(db)
  return rows
}
