/**
 * What every action does at its end, as one statement: the line of the trail, the answer under its key, the numbers of grids and
 * the counters. Rows that many want are taken here and nowhere earlier, so that they are held from here to the commit alone, and by
 * everybody in one order (key, clocks, counters of grids, of towns, of sources; each by its key), so that no two wait in a ring.
 *
 * The text depends on which of these there are and not on how many, so that the server parses and plans few of them, once each.
 */
import { countyOf } from '@weiwang/domain/areas/code'
import { countedParts, sourceParts } from './counters.ts'
import type { CounterStep, SourceStep } from './counters.ts'
import { actorId } from './ctx.ts'
import type { AuditLine, Ctx, EmitOptions, FeedItem, LastInsert } from './ctx.ts'
import type { Step } from './db/flight.ts'
import { Said, turnOf } from './db/said.ts'
import { gatheredParts } from './feed.ts'
import { newId } from './ids.ts'

/** What an action leaves to its end. */
export type Gathered = {
  audit: AuditLine[]
  feed: FeedItem[]
  last: LastInsert[]
  counts: CounterStep[]
  sources: SourceStep[]
  events: { event: string; payload: object; options: EmitOptions }[]
}

export function nothing(): Gathered {
  return { audit: [], feed: [], last: [], counts: [], sources: [], events: [] }
}

export type Keyed = { county: string; key: string; action: string; hash: Buffer }

const TRAIL = `insert into audit (county, area, verb, thing, thing_id, purpose, ids, id, detail, day, at, actor, actor_name, outcome, request_id)`

function trail(said: Said, ctx: Ctx, lines: readonly AuditLine[], outcome: 'done' | 'refused'): string {
  const rows = lines.map(({ area, verb, thing, thingId, purpose, ids, detail }) => ({
    county: countyOf(area),
    area,
    verb,
    thing,
    thing_id: thingId,
    purpose: purpose ?? null,
    ids: ids ?? [],
    id: newId(ctx.now),
    detail: detail ?? {},
  }))
  const same = [ctx.today, ctx.now, actorId(ctx), ctx.actor.name, outcome, ctx.requestId]
  const [one] = rows
  if (one && rows.length === 1) {
    const values = [...Object.values({ ...one, detail: JSON.stringify(one.detail) }), ...same]
    return `trail as (${TRAIL} values (${said.list(values)}))`
  }
  return `trail as (${TRAIL}
      select l.*, ${said.of(ctx.today)}::date, ${said.of(ctx.now)}::timestamptz, ${said.of(same[2])}::uuid, ${said.list(same.slice(3))}
      from json_to_recordset(${said.of(JSON.stringify(rows))}::json)
        as l (county text, area text, verb text, thing text, thing_id text, purpose text, ids uuid[], id uuid, detail jsonb)
    )`
}

/** SYNC-1: of several equal requests at once, one wins the unique key; the others wait for it here, before they hold anything else. */
function keptAnswer(said: Said, ctx: Ctx, keyed: Keyed, answer: unknown): string {
  const row = [keyed.county, keyed.key, keyed.action, actorId(ctx), keyed.hash, JSON.stringify(answer ?? null), ctx.now]
  return `kept as (
      insert into idempotency (county, key, action, actor, args_hash, answer, at) values (${said.list(row)})
      on conflict (county, key) do nothing returning 1 as n
    )`
}

function lastInsert(said: Said, { table, key, row }: LastInsert, after: string): string {
  const columns = Object.keys(row)
  const values = said.list(Object.values(row))
  return `insert into ${table} (${columns.join(', ')}) ${after === '' ? `values (${values})` : `select ${values} from ${after}`}
      on conflict (${key.join(', ')}) do nothing returning 1 as n`
}

/** SQLSTATE of division_by_zero: the statement itself says that it may not be committed. */
export const LOST = '22012'

/**
 * Fails with `LOST` when an equal request has won the key, or another the row: then nothing may be committed, and its answer is the
 * answer.
 * @returns no step when nothing was left to the end
 */
export function lastSteps(
  ctx: Ctx,
  gathered: Gathered,
  end: { outcome: 'done' | 'refused'; once?: { keyed: Keyed; answer: unknown } | undefined },
): Step[] {
  const { audit, feed, counts, sources } = gathered
  const said = new Said()
  const parts: string[] = []
  // Each waits for the one before it, whatever order the planner would choose.
  let won = ''
  if (audit.length > 0) parts.push(trail(said, ctx, audit, end.outcome))
  if (end.once) {
    parts.push(keptAnswer(said, ctx, end.once.keyed, end.once.answer))
    won = 'kept'
  }
  for (const [i, insert] of gathered.last.entries()) {
    parts.push(`last_${i} as (${lastInsert(said, insert, won)})`)
    won = `last_${i}`
  }
  let turn = won === '' ? '(select 1) turn' : won
  const follow = (made: { parts: string[]; last: string }): void => {
    parts.push(...made.parts)
    if (made.parts.length > 0) turn = turnOf(made.last)
  }
  if (feed.length > 0) follow(gatheredParts(said, feed, { at: ctx.now, turn }))
  if (counts.length > 0) follow(countedParts(said, counts, turn))
  if (sources.length > 0) follow(sourceParts(said, sources, turn))
  if (parts.length === 0) return []
  const end_ = won === '' ? 'select 1' : `select 1 / count(*) from ${won}`
  return [{ text: `with ${parts.join(', ')} ${end_}`, values: said.values }]
}
