import type { AreaCode } from '@weiwang/domain/areas/code'
import type { DEALT, ListEscalations } from '@weiwang/domain/tasks/api'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, inListOrder, keyRows, pageKeys } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Escalation } from '../core/db/types.ts'
import { cut } from './store-lists.ts'
import type { Paged, Paging } from './store-lists.ts'

/** Who was told that a task is late, and what became of it (TASK-18). */
export type EscalationRow = Selectable<Escalation>

export async function insertEscalations(db: Db, rows: readonly InsertObject<DB, 'escalation'>[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('escalation')
    .values([...rows])
    .onConflict((oc) => oc.doNothing())
    .execute()
}

export type EscalationFilter = {
  /** Where their tasks may lie now. */
  areas: readonly AreaCode[]
  /** Told to this account; everybody's when null. */
  account: string | null
  state: ListEscalations['state']
  urgency: number | null
}

function narrowed(filter: EscalationFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [inScope('t.area', filter.areas)]
  if (filter.account !== null) parts.push(sql`e.account_id = ${filter.account}`)
  if (filter.urgency !== null) parts.push(sql`e.urgency = ${filter.urgency}`)
  if (filter.state === 'open') parts.push(sql`e.dealt is null`)
  else if (filter.state === 'new') parts.push(sql`e.dealt is null and e.seen_at is null`)
  else if (filter.state === 'seen') parts.push(sql`e.dealt is null and e.seen_at is not null`)
  else parts.push(sql`e.dealt is not null`)
  return sql.join(parts, sql` and `)
}

const JOINED = sql`escalation e join task t on t.county = e.county and t.id = e.task_id`
const Place = z.tuple([z.number(), z.iso.datetime(), z.uuid(), z.number(), z.uuid()])

/** Red first, then the longest waiting. A person's own are one range of an index, an area's one range for each county. */
export async function listEscalations(db: Db, filter: EscalationFilter, paging: Paging): Promise<Paged<EscalationRow>> {
  const n = paging.limit + 1
  const after = decodeCursor(Place, paging.cursor)
  const rest =
    after === null
      ? sql`true`
      : sql`(e.urgency, e.at, e.task_id, e.n, e.account_id) > (${after[0]}::smallint, ${after[1]}::timestamptz, ${after[2]}::uuid, ${after[3]}::int, ${after[4]}::uuid)`
  const order = (alias: string) =>
    sql.raw(['urgency', 'at', 'task_id', 'n', 'account_id'].map((c) => `${alias}.${c}`).join(', '))
  const from = async (): Promise<RawBuilder<unknown>> => {
    if (filter.account !== null)
      return sql`(select e.* from ${JOINED} where ${narrowed(filter)} and ${rest} order by ${order('e')} limit ${n}) x`
    const { keys } = await pageKeys(
      db,
      filter.areas.map((area) => area.slice(0, 6)),
    )
    return sql`${keyRows({ by: 'county', keys })} cross join lateral (
      select e.* from ${JOINED} where e.county = k.key and ${narrowed(filter)} and ${rest} order by ${order('e')} limit ${n}) x`
  }
  const page = sql<EscalationRow>`select x.* from ${await from()} order by ${order('x')} limit ${n}`
  const { rows } = await inListOrder(db, () => page.execute(db))
  return cut(rows, paging.limit, await totalOf(db, filter), (row) => [
    row.urgency,
    row.at.toISOString(),
    row.task_id,
    row.n,
    row.account_id,
  ])
}

async function totalOf(db: Db, filter: EscalationFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${JOINED} where ${narrowed(filter)}`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** Reads them for one person: the tasks that were new to him. Tasks that have left the reader's areas are nobody's business here. */
export async function markSeen(
  db: Db,
  areas: readonly AreaCode[],
  account: string,
  items: readonly { taskId: string; n: number }[],
  at: Date,
): Promise<{ task_id: string; area: string }[]> {
  const { rows } = await sql<{ task_id: string; area: string }>`
    update escalation e set seen_at = ${at}
    from json_to_recordset(${JSON.stringify(items)}::json) as i("taskId" uuid, n int), task t
    where e.task_id = i."taskId" and e.n = i.n and e.account_id = ${account} and e.seen_at is null
      and t.county = e.county and t.id = e.task_id and ${inScope('t.area', areas)}
    returning e.task_id, t.area`.execute(db)
  return rows
}

/** What still waits of a task, up to one of its escalations; for everybody who was told. */
export async function markDealt(
  db: Db,
  at: { county: string; taskId: string; upTo?: number },
  dealt: { how: (typeof DEALT)[number]; by: string | null; at: Date },
): Promise<number> {
  let query = db
    .updateTable('escalation')
    .set({ dealt: dealt.how, dealt_by: dealt.by, dealt_at: dealt.at })
    .where('county', '=', at.county)
    .where('task_id', '=', at.taskId)
    .where('dealt', 'is', null)
  if (at.upTo !== undefined) query = query.where('n', '<=', at.upTo)
  const result = await query.executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Whether an account was told of this task. */
export async function wasTold(db: Db, county: string, taskId: string, account: string): Promise<boolean> {
  const row = await db
    .selectFrom('escalation')
    .select('n')
    .where('county', '=', county)
    .where('task_id', '=', taskId)
    .where('account_id', '=', account)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
