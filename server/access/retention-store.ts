import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { addTo, STOCK_DAY } from '../core/counters.ts'
import type { CounterStep, Stock } from '../core/counters.ts'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'

/**
 * What the retention role deletes: families of tables, a parent chosen by a condition and the tables whose rows belong to it. A
 * chunk of a family is one statement. Table and column names are written here and in close-out-store.ts, nowhere else; the list of
 * the parent's keys is what the manifest's hash is over.
 */
export type Family = {
  parent: string
  key: readonly string[]
  due: RawBuilder<boolean>
  children: readonly Child[]
  /** Parents in one transaction. */
  chunk: number
  /** Columns emptied instead of the row deleted; the row without them holds nothing personal and still counts. */
  blank?: Readonly<Record<string, RawBuilder<unknown>>>
  /** Which of the rows a counter of what is there counts, and where (STAT-15): it goes down with them. */
  stock?: { metric: Stock; area: string; counts: RawBuilder<boolean> }
}
export type Child = { table: string; on: readonly string[] }

/** A family of the retention table: where it lies, for a centre's figure, and since when, for its oldest. */
export type Sweep = Family & { area: string | null; since: RawBuilder<Date | null> }

export const CHUNK = 20_000

/** Instants before `at` and days before `day` are past their end. */
export type CutOff = { at: Date; day: string; now: Date }

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

const SWEEPS: Record<string, (cut: CutOff) => Sweep[]> = {
  visit_detail: (cut) => [
    {
      parent: 'visit',
      key: ['county', 'id'],
      area: 'area',
      due: sql`blanked_at is null and campaign_id in (${overCampaigns(cut)})`,
      children: [
        { table: 'visit_person', on: ['county', 'visit_id'] },
        { table: 'photo', on: ['county', 'visit_id'] },
      ],
      chunk: CHUNK,
      blank: {
        answers: sql`'{}'::jsonb`,
        answers_sealed: sql`null`,
        note_sealed: sql`null`,
        position_sealed: sql`null`,
        answer: sql`null`,
        reason_sealed: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
      since: sql`min(recorded_at)`,
    },
  ],
  observation: (cut) => [
    {
      parent: 'observation',
      key: ['county', 'id'],
      area: 'area',
      due: sql`blanked_at is null and ended_day < ${cut.day}`,
      children: [
        { table: 'observation_event', on: ['county', 'observation_id'] },
        { table: 'observation_paper', on: ['county', 'observation_id'] },
        { table: 'observation_alarm', on: ['county', 'observation_id'] },
        { table: 'reading', on: ['county', 'observation_id'] },
        { table: 'reading_due', on: ['county', 'observation_id'] },
        { table: 'reading_call', on: ['county', 'observation_id'] },
        { table: 'reading_link', on: ['county', 'observation_id'] },
      ],
      chunk: CHUNK,
      // Who it was goes; that somebody was observed stays, so that a figure and its list agree for ever.
      blank: {
        person_id: sql`null`,
        household_id: sql`null`,
        group_id: sql`null`,
        responder_person_id: sql`null`,
        masked: sql`''`,
        address_sealed: sql`null`,
        unit_sealed: sql`null`,
        current: sql`'{}'::jsonb`,
        blanked_at: sql`${cut.now}`,
      },
      since: sql`min(ended_at)`,
    },
  ],
  code_history: (cut) => [
    sweep('grade_now', ['person_id'], 'home_area', ofPersons(cut), sql`min(recorded_at)`),
    sweep('grade', ['person_id', 'n'], 'home_area', ofPersons(cut), sql`min(recorded_at)`),
    sweep('code', ['person_id'], 'home_area', ofPersons(cut), sql`min(changed_at)`),
    sweep('code_event', ['person_id', 'n'], 'home_area', ofPersons(cut), sql`min(at)`),
  ],
  // As long as passages, which know a code id alone: until then the contacts of a case can be found by it.
  code_holder: (cut) => [
    sweep('code_holder', ['person_hash', 'code_id'], null, sql`until_at < ${cut.at}`, sql`min(until_at)`),
    sweep('code_revocation', ['n'], null, sql`until_at < ${cut.at}`, sql`min(until_at)`),
    sweep('code_phone_key', ['key_hash'], null, sql`day < ${cut.day}::date`, sql`min(day)::timestamptz`),
  ],
  code_misuse: (cut) => [sweep('code_misuse', ['person_id', 'id'], 'home_area', sql`at < ${cut.at}`, sql`min(at)`)],
  batch_reject: (cut) => [
    sweep(
      'batch_reject',
      ['batch_id', 'row', 'col'],
      'area',
      sql`batch_id in (select id from batch where finished_at < ${cut.at})`,
      sql`null::timestamptz`,
    ),
  ],
  idempotency: (cut) => [sweep('idempotency', ['county', 'key'], null, sql`at < ${cut.at}`, sql`min(at)`)],
  handover: (cut) => [sweep('handover', ['id', 'county'], 'area', sql`decided_at < ${cut.at}`, sql`min(decided_at)`)],
  draft: (cut) => [
    sweep(
      'draft',
      ['account_id', 'form', 'version', 'subject'],
      null,
      sql`recorded_at < ${cut.at}`,
      sql`min(recorded_at)`,
    ),
  ],
  // The present declaration is what holds; a replaced one is kept as long as somebody may ask what was said.
  declaration: (cut) => [
    sweep('declaration', ['person_id', 'id'], 'home_area', sql`superseded_at < ${cut.at}`, sql`min(superseded_at)`),
    {
      ...sweep('return_registration', ['county', 'id'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
      children: [{ table: 'return_event', on: ['county', 'return_id'] }],
    },
    sweep('registration_held', ['id'], 'area', sql`decided_at < ${cut.at}`, sql`min(decided_at)`),
  ],
  registration_draft: (cut) => [
    sweep('registration_draft', ['account_id', 'subject'], null, sql`at < ${cut.at}`, sql`min(at)`),
  ],
  registration_change: (cut) => [
    sweep('registration_change', ['person_id', 'id'], 'home_area', sql`at < ${cut.at}`, sql`min(at)`),
  ],
  help_call: (cut) => [sweep('help_call', ['id', 'county'], 'area', sql`closed_at < ${cut.at}`, sql`min(closed_at)`)],
  field_conflict: (cut) => [
    sweep('field_conflict', ['thing_id', 'id'], 'area', sql`decided_at < ${cut.at}`, sql`min(decided_at)`),
  ],
  service: (cut) => [
    services(cut, sql`observation_id is null and ended_at < ${cut.at}`),
    sweep('service_rule', ['id', 'county'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
    sweep('medicine', ['id', 'county'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
  ],
  service_observed: (cut) => [
    services(cut, sql`observation_id is not null and ended_at is not null and observation_ended_at < ${cut.at}`),
  ],
  dispute: (cut) => [
    {
      ...sweep(
        'dispute',
        ['id', 'county'],
        'area',
        sql`blanked_at is null and closed_at < ${cut.at}`,
        sql`min(closed_at)`,
      ),
      children: [
        { table: 'dispute_event', on: ['dispute_id', 'county'] },
        { table: 'dispute_access', on: ['dispute_id', 'county'] },
      ],
      blank: {
        household_id: sql`null`,
        mediator: sql`null`,
        recorded_by: sql`null`,
        visit_id: sql`null`,
        parties_sealed: sql`null`,
        words_sealed: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
    },
  ],
  contradiction: (cut) => [
    {
      ...sweep('contradiction', ['person_id', 'id'], 'home_area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
      children: [{ table: 'contradiction_event', on: ['person_id', 'contradiction_id'] }],
    },
  ],
  objection: (cut) => [
    {
      ...sweep(
        'objection',
        ['id', 'county'],
        'area',
        sql`blanked_at is null and closed_at < ${cut.at}`,
        sql`min(closed_at)`,
      ),
      children: [
        { table: 'objection_event', on: ['objection_id', 'county'] },
        { table: 'objection_proof', on: ['objection_id', 'county'] },
      ],
      // Whose it was and what was said goes; that there was one, of which rule and source, stays.
      blank: {
        person_id: sql`null`,
        masked: sql`''`,
        by: sql`null`,
        reasons: sql`'[]'::jsonb`,
        words_sealed: sql`null`,
        relative_sealed: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
    },
  ],
  hardship_pass: (cut) => [
    {
      ...sweep(
        'hardship_pass',
        ['id', 'county'],
        'area',
        sql`blanked_at is null and until_at < ${cut.at}`,
        sql`min(until_at)`,
      ),
      blank: {
        person_id: sql`null`,
        masked: sql`''`,
        to_sealed: sql`null`,
        issued_by: sql`null`,
        revoked_by: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
    },
  ],
  org: (cut) => [
    {
      ...sweep('org', ['county', 'id'], 'area', sql`closed_at < ${cut.at}`, sql`min(closed_at)`),
      children: [
        { table: 'org_officer', on: ['county', 'org_id'] },
        { table: 'org_member', on: ['county', 'org_id'] },
        { table: 'org_list', on: ['county', 'org_id'] },
        { table: 'org_roll', on: ['county', 'org_id'] },
        { table: 'resumption', on: ['county', 'org_id'] },
        { table: 'resumption_event', on: ['county', 'org_id'] },
      ],
    },
  ],
  org_member: (cut) => [
    sweep('org_member', ['county', 'org_id', 'id'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
    sweep('org_list', ['county', 'org_id', 'id'], 'area', sql`at < ${cut.at}`, sql`min(at)`),
    sweep('org_roll', ['county', 'org_id', 'day'], 'area', sql`day < ${cut.day}::date`, sql`min(at)`),
  ],
  team: (cut) => [
    {
      ...sweep('team', ['county', 'id'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
      children: [
        { table: 'team_seat', on: ['county', 'team_id'] },
        { table: 'team_member', on: ['county', 'team_id'] },
      ],
    },
    sweep(
      'team_leave',
      ['county', 'id'],
      'area',
      sql`(ended_at < ${cut.at} or to_day < ${cut.day}::date)`,
      sql`min(coalesce(ended_at, at))`,
    ),
  ],
  force_health: (cut) => [
    sweep(
      'force_health',
      ['county', 'id'],
      'area',
      sql`reported_at < ${cut.at} and (rest_until is null or rest_until < ${cut.day}::date)`,
      sql`min(reported_at)`,
    ),
  ],
  // What was found goes with the passages; that somebody opened them, by which case, stays until the close-out.
  passage: (cut) => [
    sweep('passage', ['county', 'id'], 'area', sql`day < ${cut.day}::date`, sql`min(at)`),
    // The first answer to a referral leads from its gate to a task, and so to a person (GATE-15).
    sweep('idempotency', ['county', 'key'], null, sql`action = 'gate.refer' and at < ${cut.at}`, sql`min(at)`),
    sweep('gate_named', ['county', 'id'], 'area', sql`day < ${cut.day}::date`, sql`min(at)`),
    {
      ...sweep(
        'passage_opening',
        ['county', 'id'],
        'area',
        sql`state <> 'gone' and day < ${cut.day}::date`,
        sql`min(proposed_at)`,
      ),
      blank: { state: sql`'gone'`, reason_sealed: sql`null`, note_sealed: sql`null`, result_sealed: sql`null` },
    },
  ],
  gate_referral: (cut) => [
    {
      ...sweep(
        'gate_referral',
        ['county', 'id'],
        'area',
        sql`blanked_at is null and day < ${cut.day}::date`,
        sql`min(at)`,
      ),
      blank: {
        passage_id: sql`null`,
        home_area: sql`null`,
        called: sql`null`,
        masked: sql`''`,
        private_sealed: sql`null`,
        person_id: sql`null`,
        task_county: sql`null`,
        task_id: sql`null`,
        reference: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
    },
  ],
  gate_lookup: (cut) => [sweep('gate_lookup', ['county', 'id'], 'area', sql`at < ${cut.at}`, sql`min(at)`)],
  force_turn: (cut) => [
    {
      ...sweep(
        'force_turn',
        ['county', 'id'],
        'area',
        sql`blanked_at is null and ends_at < ${cut.at}`,
        sql`min(ends_at)`,
      ),
      // Who stood there goes; that somebody did stays, so that a figure and its list agree for ever.
      blank: {
        account_id: sql`null`,
        account_name: sql`''`,
        mended_by: sql`null`,
        mended_why: sql`null`,
        blanked_at: sql`${cut.now}`,
      },
    },
  ],
  force_kit: (cut) => [sweep('force_kit', ['county', 'id'], 'area', sql`at < ${cut.at}`, sql`min(at)`)],
  force: (cut) => [
    sweep('force_member', ['county', 'id'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
    sweep('force_attachment', ['county', 'id'], 'area', sql`ended_at < ${cut.at}`, sql`min(ended_at)`),
    sweep('force_handover', ['county', 'id'], 'area', sql`done_at < ${cut.at}`, sql`min(done_at)`),
  ],
  watch_note: (cut) => [
    sweep('watch_note', ['county', 'id'], 'area', sql`recorded_at < ${cut.at}`, sql`min(recorded_at)`),
  ],
  phone_try: (cut) => [
    sweep(
      'phone_try',
      ['device', 'account_id', 'started_at'],
      'area',
      sql`started_at < ${cut.at}`,
      sql`min(started_at)`,
    ),
  ],
  one_time_code: (cut) => [sweep('one_time_code', ['id'], null, sql`expires_at < ${cut.at}`, sql`min(expires_at)`)],
  login_try: (cut) => [sweep('login_try', ['subject_hash', 'at', 'id'], null, sql`at < ${cut.at}`, sql`min(at)`)],
  session: (cut) => [
    sweep(
      'session',
      ['id'],
      null,
      sql`coalesce(ended_at, expires_at) < ${cut.at}`,
      sql`min(coalesce(ended_at, expires_at))`,
    ),
    sweep(
      'account_proof',
      ['session_id'],
      null,
      sql`at < ${cut.at} and not exists (select from session where session.id = account_proof.session_id)`,
      sql`min(at)`,
    ),
    sweep(
      'device',
      ['id'],
      null,
      sql`last_seen_at < ${cut.at} and not exists (select from session where session.device_id = device.id)`,
      sql`min(last_seen_at)`,
    ),
  ],
  recovery: (cut) => [
    sweep('recovery', ['id'], 'area', sql`state <> 'asked' and decided_at < ${cut.at}`, sql`min(decided_at)`),
  ],
  sms_shown: (cut) => [sweep('sms_shown', ['id'], null, sql`at < ${cut.at}`, sql`min(at)`)],
  reading_message: (cut) => [sweep('reading_message', ['id'], 'area', sql`at < ${cut.at}`, sql`min(at)`)],
  notice: (cut) => [sweep('notice', ['account_id', 'id'], null, sql`at < ${cut.at}`, sql`min(at)`)],
  job: (cut) => [sweep('job_progress', ['id'], 'area', sql`finished_at < ${cut.at}`, sql`min(finished_at)`)],
  // What is gone is cleared away only after the floor of its grid was raised, so that a phone from before begins anew (SYNC-9).
  grid_feed: (cut) => [
    sweep(
      'grid_feed',
      ['county', 'grid', 'kind', 'id'],
      'grid',
      sql`at < ${cut.at} and (kind in ('visit', 'notice') or (kind = 'service' and body ->> 'state' = 'done') or (body ->> 'gone' is not null
        and n <= (select floor from grid_clock c where c.county = grid_feed.county and c.grid = grid_feed.grid)))`,
      sql`min(at)`,
    ),
  ],
  audit: (cut) => [sweep('audit', ['county', 'day', 'id'], 'area', sql`day < ${cut.day}`, sql`min(at)`)],
}

function ofPersons(cut: CutOff): RawBuilder<boolean> {
  return sql`person_id in (select person_id from person where emergency_id in (${overEmergencies(cut)}))`
}

/** A service without whom it was for and what was wanted, which still counts. */
function services(cut: CutOff, due: RawBuilder<boolean>): Sweep {
  return {
    ...sweep('service', ['id', 'county'], 'area', sql`blanked_at is null and ${due}`, sql`min(ended_at)`),
    children: [
      { table: 'service_event', on: ['service_id', 'county'] },
      { table: 'service_photo', on: ['service_id', 'county'] },
    ],
    blank: {
      household_id: sql`null`,
      person_id: sql`null`,
      observation_id: sql`null`,
      masked: sql`''`,
      words_sealed: sql`null`,
      asked_by: sql`null`,
      offered_to: sql`null`,
      taken_by: sql`null`,
      proof_photo: sql`null`,
      receipt_photo: sql`null`,
      blanked_at: sql`${cut.now}`,
    },
  }
}

function sweep(
  parent: string,
  key: readonly string[],
  area: string | null,
  due: RawBuilder<boolean>,
  since: RawBuilder<Date | null>,
): Sweep {
  return { parent, key, area, due, since, children: [], chunk: CHUNK }
}

/** Counting stops here: a figure of this size says "very many", and counting on would cost what deleting costs. */
export const MOST_COUNTED = 1_000_000

/** How much is due, in a scope; tables without an area belong to the deployment and count for who sees all of it. */
export async function countDue(
  db: Db,
  family: Sweep,
  scope: readonly AreaCode[],
  whole: boolean,
): Promise<{ due: number; oldest: Date | null }> {
  if (family.area === null && !whole) return { due: 0, oldest: null }
  const here = family.area === null ? sql<boolean>`true` : inScope(`${family.parent}.${family.area}`, scope)
  const where = sql`from ${sql.table(family.parent)} where ${family.due} and ${here}`
  const { rows } = await sql<{
    due: number
  }>`select count(*) as due from (select 1 ${where} limit ${MOST_COUNTED}) as counted`.execute(db)
  const due = rows[0]?.due ?? 0
  if (due === 0) return { due, oldest: null }
  const oldest = await sql<{ oldest: Date | null }>`select ${family.since} as oldest ${where}`.execute(db)
  return { due, oldest: oldest.rows[0]?.oldest ?? null }
}

export type Chunk = { tables: Record<string, number>; keys: string[]; steps: CounterStep[] }

/** Deletes (or empties) one chunk of a family with what belongs to it, in one statement; keys as texts in order. */
export async function deleteChunk(db: Db, family: Family): Promise<Chunk> {
  const refs = (table: string, columns: readonly string[]): RawBuilder<unknown> =>
    sql.join(columns.map((column) => sql.ref(`${table}.${column}`)))
  const parent = sql.table(family.parent)
  const key = refs(family.parent, family.key)
  const chosen = refs('chosen', family.key)
  const text = sql.join(
    family.key.map((column) => sql`${sql.ref(`${family.parent}.${column}`)}::text`),
    sql` || '/' || `,
  )
  const children = family.children.map(
    ({ table, on }, i) =>
      sql`${sql.raw(`d${i}`)} as (delete from ${sql.table(table)} where (${refs(table, on)}) in (select ${chosen} from chosen) returning 1)`,
  )
  const blank = Object.entries(family.blank ?? {}).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  const act = blank.length === 0 ? sql`delete from ${parent}` : sql`update ${parent} set ${sql.join(blank)}`
  const { stock } = family
  const place = stock
    ? sql`case when ${stock.counts} then left(${sql.ref(`${family.parent}.${stock.area}`)}, 15) end`
    : sql`null::text`
  const gone = sql`gone as (${act} where (${key}) in (select ${chosen} from chosen) returning ${text} as k, ${place} as a)`
  const counts = family.children.map(
    (child, i) =>
      sql`select ${child.table}::text as t, count(*) as n, null::text as k, null::text as a from ${sql.raw(`d${i}`)}`,
  )
  const { rows } = await sql<{ t: string; n: number; k: string | null; a: string | null }>`
    with chosen as materialized (select ${key} from ${parent} where ${family.due} limit ${family.chunk}), ${sql.join([...children, gone])}
    ${sql.join([sql`select ${family.parent}::text as t, 1::bigint as n, k, a from gone`, ...counts], sql` union all `)}`.execute(
    db,
  )
  const tables: Record<string, number> = {}
  for (const row of rows) if (row.n > 0) tables[row.t] = (tables[row.t] ?? 0) + row.n
  const steps = stock
    ? rows.flatMap(({ a }) => (a === null ? [] : [{ area: a, day: STOCK_DAY, metric: stock.metric, n: -1 }]))
    : []
  return { tables, keys: rows.flatMap((row) => (row.k === null ? [] : [row.k])).toSorted(), steps }
}

/** As the last statements of the chunk: rows of counters are held from here to the commit, of grids before those of towns. */
export async function takeFromStock(db: Db, steps: readonly CounterStep[]): Promise<void> {
  await addTo(db, 'stat_day', steps)
  await addTo(
    db,
    'stat_town',
    steps.map((step) => ({ ...step, area: step.area.slice(0, 9) })),
  )
}

// ---- Keys of days ---------------------------------------------------------------------------------------------------------------

export type DayKeyRow = { id: string; emergency_id: string; day: string }

/** Keys of days before this one that are not said to be destroyed yet. */
export async function dueDayKeys(db: Db, day: string): Promise<DayKeyRow[]> {
  const { rows } = await sql<DayKeyRow>`
    select id, emergency_id, day from passage_key where destroyed_at is null and day < ${day}::date order by day, id limit ${CHUNK}`.execute(
    db,
  )
  return rows
}

export async function dayKeysOf(db: Db, emergencyId: string): Promise<DayKeyRow[]> {
  const { rows } = await sql<DayKeyRow>`
    select id, emergency_id, day from passage_key where destroyed_at is null and emergency_id = ${emergencyId} order by day, id`.execute(
    db,
  )
  return rows
}

export async function emergencyIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('emergency').select('id').execute()
  return rows.map((row) => row.id)
}

export async function sayDestroyed(db: Db, ids: readonly string[], at: Date): Promise<void> {
  await sql`update passage_key set destroyed_at = ${at} where id = any(${[...ids]}::uuid[])`.execute(db)
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

/** For whoever takes rows out of a deletion's reach: none runs meanwhile, and what one has deleted is seen to be gone. */
export async function waitForNoSweep(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('weiwang.retention'))`.execute(db)
}
