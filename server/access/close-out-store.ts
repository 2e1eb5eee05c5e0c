import { upper } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import type { CloseOut } from '../core/db/types.ts'
import { CHUNK } from './retention-store.ts'
import type { Family } from './retention-store.ts'

/**
 * DELETE-5: everything personal of an emergency, as families of tables chosen by the emergency. Tests hold this list against the columns of the database, so that a table
 * added later cannot be forgotten.
 */
export type Of = { emergencyId: string; area: AreaCode; endedAt: Date }

const OF_PERSON: readonly string[] = [
  'identity',
  'residence',
  'person_alias',
  'person_review',
  'unresolved',
  'address_pending',
  'person_key',
  'person_made',
  'grade',
  'grade_now',
  'grade_manual',
  'grade_dirty',
  'grade_touch',
  'grade_next',
  'grade_found',
  'grade_near',
  'code',
  'code_event',
  'code_misuse',
  'open_task',
  'open_observation',
  'contradiction_event',
  'contradiction',
  'contradiction_due',
  'fact_batch',
  'fact_denied',
  'fact',
  'account_person',
  'registration',
  'declaration',
  'registration_change',
]

/**
 * A family of which not every row in reach is deleted: `settle` locks the rows of one chunk, gives away what somebody else still
 * needs, and says what is left of them to delete.
 */
export type CloseOutFamily = Family & { settle?: (db: Db) => Promise<{ given: number; due: RawBuilder<boolean> }> }

export function familiesOf(of: Of): CloseOutFamily[] {
  const emergency = sql<boolean>`emergency_id = ${of.emergencyId}`
  const campaigns = sql<boolean>`campaign_id in (select id from campaign where emergency_id = ${of.emergencyId})`
  const batches = sql<boolean>`batch_id in (select id from batch where emergency_id = ${of.emergencyId})`
  const here = (column: string, time: string): RawBuilder<boolean> =>
    sql<boolean>`${sql.ref(column)} >= ${of.area} and ${sql.ref(column)} < ${upper(of.area)} and ${sql.ref(time)} <= ${of.endedAt}`
  const alone = (parent: string, key: readonly string[], due: RawBuilder<boolean>): Family => ({
    parent,
    key,
    due,
    children: [],
    chunk: CHUNK,
  })
  return [
    {
      parent: 'visit',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'visit_person', on: ['county', 'visit_id'] },
        { table: 'photo', on: ['county', 'visit_id'] },
      ],
      chunk: CHUNK,
    },
    {
      parent: 'task',
      key: ['county', 'id'],
      due: campaigns,
      children: [
        { table: 'task_event', on: ['county', 'task_id'] },
        { table: 'task_transfer', on: ['county', 'task_id'] },
        { table: 'escalation', on: ['county', 'task_id'] },
      ],
      chunk: CHUNK,
    },
    {
      parent: 'observation',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'observation_event', on: ['county', 'observation_id'] },
        { table: 'observation_paper', on: ['county', 'observation_id'] },
        { table: 'observation_alarm', on: ['county', 'observation_id'] },
        { table: 'reading', on: ['county', 'observation_id'] },
        { table: 'reading_due', on: ['county', 'observation_id'] },
        { table: 'reading_call', on: ['county', 'observation_id'] },
        { table: 'reading_link', on: ['county', 'observation_id'] },
        { table: 'reading_slot', on: ['county', 'observation_id'] },
      ],
      chunk: CHUNK,
    },
    { parent: 'push', key: ['id'], due: campaigns, children: [{ table: 'list_entry', on: ['push_id'] }], chunk: 1 },
    alone('open_task', ['person_id', 'campaign_id'], campaigns),
    alone('fact_batch', ['batch_id', 'person_id', 'fact_id'], batches),
    alone('batch_reject', ['batch_id', 'row', 'col'], batches),
    {
      parent: 'fact',
      key: ['person_id', 'fact_id'],
      due: sql<boolean>`${batches} and not exists (select ${otherSayers(of)} and b.person_id = fact.person_id and b.fact_id = fact.fact_id)`,
      children: [{ table: 'fact_batch', on: ['person_id', 'fact_id'] }],
      chunk: CHUNK,
      settle: (db) => settleFacts(db, of, batches),
    },
    {
      parent: 'person',
      key: ['person_id'],
      due: emergency,
      children: OF_PERSON.map((table) => ({ table, on: ['person_id'] })),
      chunk: CHUNK,
      // A record that was merged into another stands in no list.
      stock: {
        metric: 'stock_people',
        area: 'home_area',
        counts: sql<boolean>`not exists (select from person_alias a where a.person_id = person.person_id)`,
      },
    },
    {
      parent: 'service',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'service_event', on: ['county', 'service_id'] },
        { table: 'service_photo', on: ['county', 'service_id'] },
      ],
      chunk: CHUNK,
    },
    // Slots outlive their observation as counts; with the emergency they go too.
    alone('reading_slot', ['county', 'observation_id', 'day', 'part'], emergency),
    alone('reading_message', ['id'], emergency),
    alone('service_rule', ['county', 'id'], emergency),
    alone('medicine', ['county', 'id'], emergency),
    {
      parent: 'dispute',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'dispute_event', on: ['county', 'dispute_id'] },
        { table: 'dispute_access', on: ['county', 'dispute_id'] },
      ],
      chunk: CHUNK,
    },
    {
      parent: 'contradiction',
      key: ['person_id', 'id'],
      due: emergency,
      children: [{ table: 'contradiction_event', on: ['person_id', 'contradiction_id'] }],
      chunk: CHUNK,
    },
    {
      parent: 'objection',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'objection_event', on: ['county', 'objection_id'] },
        { table: 'objection_proof', on: ['county', 'objection_id'] },
      ],
      chunk: CHUNK,
    },
    alone('hardship_pass', ['county', 'id'], emergency),
    {
      parent: 'org',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'org_officer', on: ['county', 'org_id'] },
        { table: 'org_member', on: ['county', 'org_id'] },
        { table: 'org_list', on: ['county', 'org_id'] },
        { table: 'org_roll', on: ['county', 'org_id'] },
        { table: 'resumption', on: ['county', 'org_id'] },
        { table: 'resumption_event', on: ['county', 'org_id'] },
      ],
      chunk: CHUNK,
    },
    alone('address_pending', ['person_id'], emergency),
    {
      parent: 'household',
      key: ['county', 'id'],
      due: emergency,
      children: [{ table: 'watch_door', on: ['county', 'household_id'] }],
      chunk: CHUNK,
      stock: { metric: 'stock_doors', area: 'area', counts: sql<boolean>`true` },
    },
    {
      parent: 'team',
      key: ['county', 'id'],
      due: emergency,
      children: [
        { table: 'team_seat', on: ['county', 'team_id'] },
        { table: 'team_member', on: ['county', 'team_id'] },
      ],
      chunk: CHUNK,
    },
    alone('passage', ['county', 'id'], emergency),
    alone('passage_opening', ['county', 'id'], emergency),
    alone('gate_referral', ['county', 'id'], emergency),
    alone('gate_named', ['county', 'id'], emergency),
    alone('gate_lookup', ['county', 'id'], here('area', 'at')),
    alone('force_health', ['county', 'id'], emergency),
    alone('force_kit', ['county', 'id'], emergency),
    alone('force_turn', ['county', 'id'], emergency),
    alone('force_handover', ['county', 'id'], emergency),
    alone('force_attachment', ['county', 'id'], emergency),
    alone('force_member', ['county', 'id'], emergency),
    // Whom to speak to at an organisation and at an estate.
    {
      ...alone('force_org', ['county', 'id'], emergency),
      blank: { contact_sealed: sql`null`, emergency_id: sql`null` },
    },
    {
      ...alone('force_estate', ['county', 'id'], emergency),
      blank: { contact_sealed: sql`null`, emergency_id: sql`null` },
    },
    alone('watch_note', ['county', 'id'], emergency),
    // A neighbour without an account who led a watch.
    { ...alone('watch', ['county', 'id'], emergency), blank: { leader_sealed: sql`null`, emergency_id: sql`null` } },
    // Of whoever was carried over to a later emergency and registered before.
    alone('registration', ['person_id'], emergency),
    alone('declaration', ['person_id', 'id'], emergency),
    alone('registration_change', ['person_id', 'id'], emergency),
    alone('registration_held', ['id'], emergency),
    alone('registration_draft', ['account_id', 'subject'], emergency),
    {
      parent: 'return_registration',
      key: ['county', 'id'],
      due: emergency,
      children: [{ table: 'return_event', on: ['county', 'return_id'] }],
      chunk: CHUNK,
    },
    alone('code_holder', ['person_hash', 'code_id'], emergency),
    alone('field_conflict', ['thing_id', 'id'], emergency),
    alone('draft', ['account_id', 'form', 'version', 'subject'], emergency),
    alone('sealed_photo', ['account_id', 'id'], emergency),
    alone('help_call', ['id', 'county'], here('area', 'recorded_at')),
    // What a grid wrote beside its receipt, and at which doors it was; the instruction itself says nothing about anybody.
    {
      ...alone(
        'receipt',
        ['county', 'instruction_id', 'area'],
        sql<boolean>`note_sealed is not null and ${here('area', 'sent_at')}`,
      ),
      blank: { note_sealed: sql`null` },
    },
    alone('instruction_door', ['county', 'instruction_id', 'household_id'], here('area', 'at')),
    alone('grade_manual_batch', ['id'], here('area', 'proposed_at')),
    alone('batch', ['id'], emergency),
    // First answers and phone feeds carry what the rows carried.
    alone('idempotency', ['county', 'key'], here('county', 'at')),
    alone('handover', ['id', 'county'], here('area', 'recorded_at')),
    alone('grid_feed', ['county', 'grid', 'kind', 'id'], here('grid', 'at')),
  ]
}

/** Batches (t) of other emergencies (e) that are not closed out, with the facts (b) that they say too. */
function otherSayers(of: Of): RawBuilder<unknown> {
  return sql`from fact_batch b join batch t on t.id = b.batch_id join emergency e on e.id = t.emergency_id
    where t.emergency_id <> ${of.emergencyId} and e.state in ('open', 'ended') and t.state not in ('failed', 'withdrawing', 'withdrawn')`
}

/**
 * DELETE-5: a fact that a batch of another emergency says as well is from now on that batch's, an open emergency before an ended
 * one. The rows are locked before it is asked who else says them, so that a load that says one at this moment is seen.
 */
async function settleFacts(
  db: Db,
  of: Of,
  batches: RawBuilder<boolean>,
): Promise<{ given: number; due: RawBuilder<boolean> }> {
  const { rows } = await sql<{ person_id: string; fact_id: string }>`
    select person_id, fact_id from fact where ${batches} order by person_id, fact_id limit ${CHUNK} for update`.execute(
    db,
  )
  const keys = sql`select * from unnest(${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.fact_id)}::uuid[]) as u(person_id, fact_id)`
  const { numAffectedRows } = await sql`
    update fact f set batch_id = o.batch_id
    from (
      select distinct on (b.person_id, b.fact_id) b.person_id, b.fact_id, b.batch_id ${otherSayers(of)}
        and (b.person_id, b.fact_id) in (${keys})
      order by b.person_id, b.fact_id, (e.state = 'open') desc, t.received_at, t.id
    ) o
    where f.person_id = o.person_id and f.fact_id = o.fact_id`.execute(db)
  return { given: Number(numAffectedRows ?? 0), due: sql<boolean>`${batches} and (person_id, fact_id) in (${keys})` }
}

/** Rows that a close-out would delete now, by parent table. */
export async function countFamilies(db: Db, of: Of): Promise<Record<string, number>> {
  const tables: Record<string, number> = {}
  for (const family of familiesOf(of)) {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from ${sql.table(family.parent)} where ${family.due}`.execute(db)
    const n = rows[0]?.n ?? 0
    if (n > 0) tables[family.parent] = n
  }
  return tables
}

// ---- Keys and the record itself ------------------------------------------------------------------------------------------------

/** The deletion that reaches backups: without its data key a sealed copy is noise. The row stays as evidence. */
export async function destroyKeys(db: Db, emergencyId: string, at: Date): Promise<string[]> {
  const rows = await db
    .updateTable('data_key')
    .set({ wrapped: null, destroyed_at: at })
    .where('emergency_id', '=', emergencyId)
    .where('destroyed_at', 'is', null)
    .returning('id')
    .execute()
  return rows.map((row) => row.id).toSorted()
}

export async function keysOf(
  db: Db,
  emergencyId: string,
): Promise<{ id: string; month: string; destroyed_at: Date | null }[]> {
  return db
    .selectFrom('data_key')
    .select(['id', 'month', 'destroyed_at'])
    .where('emergency_id', '=', emergencyId)
    .orderBy('id')
    .execute()
}

export type CloseOutRow = Selectable<CloseOut>

export async function findCloseOut(db: Db, emergencyId: string): Promise<CloseOutRow | null> {
  const row = await db.selectFrom('close_out').selectAll().where('emergency_id', '=', emergencyId).executeTakeFirst()
  return row ?? null
}

/** How far the close-outs of these emergencies are, by emergency. */
export async function closeOutsOf(db: Db, emergencyIds: readonly string[]): Promise<Map<string, CloseOutRow>> {
  if (emergencyIds.length === 0) return new Map()
  const rows = await db.selectFrom('close_out').selectAll().where('emergency_id', 'in', emergencyIds).execute()
  return new Map(rows.map((row) => [row.emergency_id, row]))
}

export async function lockCloseOut(db: Db, emergencyId: string): Promise<CloseOutRow | null> {
  const row = await db
    .selectFrom('close_out')
    .selectAll()
    .where('emergency_id', '=', emergencyId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export type NewCloseOut = {
  id: string
  emergencyId: string
  by: string | null
  byName: string
  byCreatedBy: string | null
  at: Date
}

/** False when it is already proposed. */
export async function insertCloseOut(db: Db, c: NewCloseOut): Promise<boolean> {
  const made = await db
    .insertInto('close_out')
    .values({
      id: c.id,
      emergency_id: c.emergencyId,
      state: 'proposed',
      proposed_by: c.by,
      proposed_by_name: c.byName,
      proposed_by_created_by: c.byCreatedBy,
      proposed_at: c.at,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(made.numInsertedOrUpdatedRows ?? 0) === 1
}

export async function approveCloseOutRow(
  db: Db,
  id: string,
  by: { id: string | null; name: string },
  at: Date,
): Promise<void> {
  await db
    .updateTable('close_out')
    .set({ state: 'running', approved_by: by.id, approved_by_name: by.name, approved_at: at })
    .where('id', '=', id)
    .execute()
}

export async function finishCloseOut(db: Db, id: string, certificate: object, at: Date): Promise<void> {
  await db
    .updateTable('close_out')
    .set({ state: 'done', done_at: at, certificate: json(certificate) })
    .where('id', '=', id)
    .execute()
}

export type ManifestLine = { id: string; rule: string; tables: unknown; rows: number; hash: string }

/** What an emergency's close-out has deleted so far, chunk by chunk. */
export async function manifestsOf(db: Db, emergencyId: string): Promise<ManifestLine[]> {
  const rows = await db
    .selectFrom('deletion_manifest')
    .select(['id', 'rule', 'tables', 'rows', 'hash'])
    .where('emergency_id', '=', emergencyId)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, hash: row.hash.toString('hex') }))
}
