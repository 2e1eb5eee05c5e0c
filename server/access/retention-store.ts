import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'

/**
 * What the retention role deletes. Table and column names come from this file alone; conditions are written here as SQL. A sweep
 * names the key of its table, because the list of keys is what the manifest's hash is over.
 */
export type Sweep = {
  table: string
  key: readonly string[]
  /** Column of the area, when the table has one: what a centre sees of the figure. */
  area: string | null
  due: RawBuilder<boolean>
  /** Columns emptied instead of the row deleted; the row without them holds nothing personal and still counts. */
  blank?: Readonly<Record<string, RawBuilder<unknown>>>
  /** The moment that the period counts from, for "oldest". */
  since: RawBuilder<Date | null>
}

export type CutOff = { at: Date; day: string }

/** The sweeps of a rule, children before parents. An unknown rule is a fault of the program. */
export function sweepsOf(rule: string, cut: CutOff): Sweep[] {
  const make = SWEEPS[rule]
  if (!make) throw new RangeError(`no sweep for the retention rule ${rule}`)
  return make(cut)
}

const overCampaigns = (cut: CutOff): RawBuilder<unknown> =>
  sql`select id from campaign where ended_at < ${cut.at} or (ended_at is null and ends < ${cut.day})`
const overEmergencies = (cut: CutOff): RawBuilder<unknown> =>
  sql`select id from emergency where state in ('ended', 'closed_out') and ended_at < ${cut.at}`

/** The same words as the partial index `visit_detail`, so that finding what is due does not read every visit. */
const VISIT_DETAIL = sql`(answers <> '{}' or answers_sealed is not null or note_sealed is not null or reason_sealed is not null or answer is not null)`

const SWEEPS: Record<string, (cut: CutOff) => Sweep[]> = {
  visit_detail: (cut) => [
    {
      table: 'visit_person',
      key: ['county', 'visit_id', 'person_id'],
      area: 'area',
      due: sql`(county, visit_id) in (select county, id from visit where campaign_id in (${overCampaigns(cut)}))`,
      since: sql`null::timestamptz`,
    },
    {
      table: 'visit',
      key: ['county', 'id'],
      area: 'area',
      due: sql`campaign_id in (${overCampaigns(cut)}) and ${VISIT_DETAIL}`,
      blank: {
        answers: sql`'{}'::jsonb`,
        answers_sealed: sql`null`,
        note_sealed: sql`null`,
        answer: sql`null`,
        reason_sealed: sql`null`,
      },
      since: sql`min(recorded_at)`,
    },
  ],
  code_history: (cut) => [
    { table: 'grade_now', key: ['person_id'], area: 'home_area', due: ofPersons(cut), since: sql`min(recorded_at)` },
    { table: 'grade', key: ['person_id', 'n'], area: 'home_area', due: ofPersons(cut), since: sql`min(recorded_at)` },
  ],
  batch_reject: (cut) => [
    {
      table: 'batch_reject',
      key: ['batch_id', 'row', 'col'],
      area: 'area',
      due: sql`batch_id in (select id from batch where finished_at < ${cut.at})`,
      since: sql`null::timestamptz`,
    },
  ],
  idempotency: (cut) => [internal('idempotency', ['county', 'key'], sql`at < ${cut.at}`, sql`min(at)`)],
  one_time_code: (cut) => [internal('one_time_code', ['id'], sql`expires_at < ${cut.at}`, sql`min(expires_at)`)],
  login_try: (cut) => [internal('login_try', ['subject_hash', 'at', 'id'], sql`at < ${cut.at}`, sql`min(at)`)],
  session: (cut) => [
    internal(
      'session',
      ['id'],
      sql`coalesce(ended_at, expires_at) < ${cut.at}`,
      sql`min(coalesce(ended_at, expires_at))`,
    ),
    internal(
      'device',
      ['id'],
      sql`last_seen_at < ${cut.at} and not exists (select from session where session.device_id = device.id)`,
      sql`min(last_seen_at)`,
    ),
  ],
  recovery: (cut) => [
    {
      table: 'recovery',
      key: ['id'],
      area: 'area',
      due: sql`state <> 'asked' and decided_at < ${cut.at}`,
      since: sql`min(decided_at)`,
    },
  ],
  sms_shown: (cut) => [internal('sms_shown', ['id'], sql`at < ${cut.at}`, sql`min(at)`)],
  notice: (cut) => [internal('notice', ['account_id', 'id'], sql`at < ${cut.at}`, sql`min(at)`)],
  job: (cut) => [
    {
      table: 'job_progress',
      key: ['id'],
      area: 'area',
      due: sql`finished_at < ${cut.at}`,
      since: sql`min(finished_at)`,
    },
  ],
  audit: (cut) => [
    { table: 'audit', key: ['county', 'day', 'id'], area: 'area', due: sql`day < ${cut.day}`, since: sql`min(at)` },
  ],
}

function ofPersons(cut: CutOff): RawBuilder<boolean> {
  return sql`person_id in (select person_id from person where emergency_id in (${overEmergencies(cut)}))`
}

function internal(
  table: string,
  key: readonly string[],
  due: RawBuilder<boolean>,
  since: RawBuilder<Date | null>,
): Sweep {
  return { table, key, area: null, due, since }
}

/** Counting stops here: a figure of this size says "very many", and counting on would cost what deleting costs. */
export const MOST_COUNTED = 1_000_000

/** How much is due, in a scope; tables without an area belong to the deployment and count for who sees all of it. */
export async function countDue(
  db: Db,
  sweep: Sweep,
  scope: readonly AreaCode[],
  whole: boolean,
): Promise<{ due: number; oldest: Date | null }> {
  if (sweep.area === null && !whole) return { due: 0, oldest: null }
  const here = sweep.area === null ? sql<boolean>`true` : inScope(`${sweep.table}.${sweep.area}`, scope)
  const where = sql`from ${sql.table(sweep.table)} where ${sweep.due} and ${here}`
  const { rows } = await sql<{
    due: number
  }>`select count(*) as due from (select 1 ${where} limit ${MOST_COUNTED}) as counted`.execute(db)
  const due = rows[0]?.due ?? 0
  if (due === 0) return { due, oldest: null }
  const oldest = await sql<{ oldest: Date | null }>`select ${sweep.since} as oldest ${where}`.execute(db)
  return { due, oldest: oldest.rows[0]?.oldest ?? null }
}

/** Deletes (or empties) at most `limit` rows; returns their keys as texts in order, for the manifest. */
export async function sweepSome(db: Db, sweep: Sweep, limit: number): Promise<string[]> {
  const table = sql.table(sweep.table)
  const key = sql.join(sweep.key.map((column) => sql.ref(`${sweep.table}.${column}`)))
  const chosen = sql`(${key}) in (select ${key} from ${table} where ${sweep.due} limit ${limit})`
  const text = sql.join(
    sweep.key.map((column) => sql`${sql.ref(`${sweep.table}.${column}`)}::text`),
    sql` || '/' || `,
  )
  const blank = Object.entries(sweep.blank ?? {}).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  const { rows } =
    blank.length === 0
      ? await sql<{ k: string }>`delete from ${table} where ${chosen} returning ${text} as k`.execute(db)
      : await sql<{ k: string }>`update ${table} set ${sql.join(blank)} where ${chosen} returning ${text} as k`.execute(
          db,
        )
  return rows.map((row) => row.k).toSorted()
}

// ---- Manifests -----------------------------------------------------------------------------------------------------------------

export type Manifest = {
  id: string
  emergencyId: string | null
  rule: string
  cutoff: Date
  tables: Record<string, number>
  rows: number
  hash: Buffer
  at: Date
}
const Tables = z.record(z.string(), z.number())

export async function insertManifest(db: Db, m: Manifest): Promise<void> {
  await db
    .insertInto('deletion_manifest')
    .values({
      id: m.id,
      emergency_id: m.emergencyId,
      rule: m.rule,
      cutoff: m.cutoff,
      tables: json(m.tables),
      rows: m.rows,
      hash: m.hash,
      at: m.at,
    })
    .execute()
}

export async function listManifests(
  db: Db,
  page: { limit: number; cursor?: string | undefined; emergency?: string | undefined },
): Promise<Paged<Manifest>> {
  let base = db.selectFrom('deletion_manifest')
  if (page.emergency !== undefined) base = base.where('emergency_id', '=', page.emergency)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor)
  const rows = await query.execute()
  const manifests = rows.map(({ emergency_id, tables, ...row }) => ({
    ...row,
    emergencyId: emergency_id,
    tables: Tables.catch({}).parse(tables),
  }))
  return paged(manifests, page.limit, total, (row) => row.id)
}

/** One deletion at a time: two would choose the same rows and the second would find them gone. */
export async function waitForSweeper(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('weiwang.retention'))`.execute(db)
}
