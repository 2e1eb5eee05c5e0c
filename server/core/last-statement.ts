/**
 * What every action does at its end, as one statement: the line of the trail, the answer under its key, the numbers of grids and
 * the counters. Rows that many want are taken here and nowhere earlier, so that they are held from here to the commit alone, and by
 * everybody in one order (key, clocks, counters of grids, of towns, of sources; each by its key), so that no two wait in a ring.
 */
import { countyOf } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { countedParts, sourceParts } from './counters.ts'
import type { CounterStep, SourceStep } from './counters.ts'
import { actorId } from './ctx.ts'
import type { AuditLine, Ctx, EmitOptions, FeedItem } from './ctx.ts'
import { kept } from './db/connect.ts'
import { gatheredItems, numbered } from './feed.ts'
import { newId } from './ids.ts'

/** What an action leaves to its end. */
export type Gathered = {
  audit: AuditLine[]
  feed: FeedItem[]
  last: RawBuilder<unknown>[]
  counts: CounterStep[]
  sources: SourceStep[]
  events: { event: string; payload: object; options: EmitOptions }[]
}

export function nothing(): Gathered {
  return { audit: [], feed: [], last: [], counts: [], sources: [], events: [] }
}

export type Keyed = { county: string; key: string; action: string; hash: Buffer }

function trail(ctx: Ctx, lines: readonly AuditLine[], outcome: 'done' | 'refused'): RawBuilder<unknown> {
  const rows = lines.map(({ area, verb, thing, thingId, purpose, ids, detail }) => ({
    county: countyOf(area),
    id: newId(ctx.now),
    area,
    verb,
    thing,
    thing_id: thingId,
    purpose: purpose ?? null,
    ids: ids ?? [],
    detail: detail ?? {},
  }))
  return sql`trail as (
      insert into audit (county, day, id, at, area, actor, actor_name, verb, thing, thing_id, outcome, purpose, ids, detail, request_id)
      select county, ${ctx.today}::date, id, ${ctx.now}::timestamptz, area, ${actorId(ctx)}::uuid, ${ctx.actor.name}, verb, thing, thing_id,
        ${outcome}, purpose, ids, detail, ${ctx.requestId}
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as l (county text, id uuid, area text, verb text, thing text, thing_id text, purpose text, ids uuid[], detail jsonb)
    )`
}

/** SYNC-1: of several equal requests at once, one wins the unique key; the others wait for it here, before they hold anything else. */
function keptAnswer(ctx: Ctx, keyed: Keyed, answer: unknown): RawBuilder<unknown> {
  return sql`kept as (
      insert into idempotency (county, key, action, actor, args_hash, answer, at)
      values (${keyed.county}, ${keyed.key}, ${keyed.action}, ${actorId(ctx)}::uuid, ${keyed.hash}, ${JSON.stringify(answer ?? null)}::json, ${ctx.now})
      on conflict (county, key) do nothing returning key
    )`
}

/** @returns false when an equal request has won the key, or another the row: then nothing may be committed, and its answer is the answer. */
export async function writeLast(
  ctx: Ctx,
  gathered: Gathered,
  end: { outcome: 'done' | 'refused'; once?: { keyed: Keyed; answer: unknown } | undefined },
): Promise<boolean> {
  const { audit, feed, counts, sources } = gathered
  const parts: RawBuilder<unknown>[] = []
  const rows = [...(end.once ? ['kept'] : []), ...gathered.last.map((_, i) => `last_${i}`)]
  const exist = rows.map((name) => sql`exists (select from ${sql.ref(name)})`)
  const won = exist.length === 0 ? sql`true` : sql`(${sql.join(exist, sql` and `)})`
  // Each waits for the one before it, whatever order the planner would choose.
  let before: RawBuilder<unknown> = sql`(select 1 as n) turn`
  const follows = (name: string, ...of: RawBuilder<unknown>[]): void => {
    parts.push(...of)
    before = sql`(select count(*) as n from ${sql.ref(name)}) turn`
  }
  if (audit.length > 0) parts.push(trail(ctx, audit, end.outcome))
  if (end.once) parts.push(keptAnswer(ctx, end.once.keyed, end.once.answer))
  for (const [i, insert] of gathered.last.entries()) parts.push(sql`${sql.ref(`last_${i}`)} as (${insert})`)
  if (feed.length > 0) follows('clock', gatheredItems(feed), numbered(ctx.now, won))
  if (counts.length > 0) follows('towns', countedParts(counts, { won, before }))
  if (sources.length > 0) parts.push(sourceParts(sources, { won, before }))
  if (parts.length === 0) return true
  const done = await sql<{ won: boolean }>`with ${sql.join(parts)} select ${won} as won ${kept}`.execute(ctx.db)
  return done.rows[0]?.won ?? false
}
