import type { AreaCode } from '@weiwang/domain/areas/code'
import { pathOf } from '@weiwang/domain/areas/code'
import type { ObservationEvent } from '@weiwang/domain/observation/event'
import { nobodyAnswers, ObservationState, stateOf, stepOf } from '@weiwang/domain/observation/fold'
import { ObservationRules, SHIPPED_RULES } from '@weiwang/domain/observation/measure'
import { openOuting } from '@weiwang/domain/observation/outing'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type {
  DB,
  Observation,
  ObservationEvent as EventTable,
  ObservationRules as RulesTable,
} from '../core/db/types.ts'

/** Observations one by one and in handfuls: rows, events, the lock, papers, rules. Lists are in store-lists.ts. */
export type ObservationRow = Selectable<Observation>
export type Loaded = { row: ObservationRow; state: ObservationState }
export type RulesRow = Selectable<RulesTable>

function at(iso: string): Date
function at(iso: string | null): Date | null
function at(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso)
}

/** What a state writes into its row: everything that lists, figures and timers ask for. */
export function rowOf(state: ObservationState) {
  return {
    area: state.area,
    responsible_area: state.responsibleArea,
    household_id: state.householdId,
    group_id: state.groupId,
    responder_person_id: state.responderPersonId,
    state: stateOf(state),
    step: stepOf(state),
    exposure_day: state.exposureDay,
    start_day: state.startDay,
    end_day: state.endDay,
    count_from: state.from,
    team_id: state.teamId,
    missed: state.missed,
    in_care: state.symptoms !== null || (state.care !== null && state.care.stage !== 'returned'),
    in_breach: state.breach !== null,
    shortening: state.shortening !== null,
    release_checked: state.releaseCheck !== null,
    outing_asked: state.outingAsked !== null,
    outing_open: openOuting(state.outings) !== null,
    unanswered: nobodyAnswers(state),
    opened_day: state.openedDay,
    opened_at: at(state.openedAt),
    lapsed_day: state.lapsedDay,
    lapsed_at: at(state.lapsedAt),
    outcome: state.outcome,
    ended_day: state.endedDay,
    ended_at: at(state.endedAt),
    follow_up_day: state.followUpDay,
    delete_day: state.deleteDay,
    updated_at: at(state.updatedAt),
    version: state.version,
  }
}

/** A row with the state that it carries. */
export function loadedOf(row: ObservationRow): Loaded {
  return { row, state: ObservationState.parse(row.current) }
}

/** In scope by the place of stay or by the area that counts it (case 17). */
function seen(scope: readonly AreaCode[]) {
  return sql<boolean>`(${inScope('observation.area', scope)} or ${inScope('observation.responsible_area', scope)})`
}

/** The observation that may be acted on here, locked until the transaction ends; null outside the scope and when there is none. */
export async function lockObservation(db: Db, scope: readonly AreaCode[], id: string): Promise<Loaded | null> {
  const row = await db
    .selectFrom('observation')
    .selectAll()
    .where('id', '=', id)
    .where('blanked_at', 'is', null)
    .where(inScope('observation.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ? loadedOf(row) : null
}

/** What is open at these doors, the earliest first. */
export async function openAtDoors(
  db: Db,
  doors: readonly { county: string; householdId: string }[],
): Promise<Loaded[]> {
  if (doors.length === 0) return []
  const { rows } = await sql<ObservationRow>`
    select o.* from observation o
    where o.county = any(${[...new Set(doors.map((door) => door.county))]}::text[])
      and o.household_id = any(${doors.map((door) => door.householdId)}::uuid[]) and o.ended_at is null and o.blanked_at is null
    order by o.opened_at, o.id limit 5000`.execute(db)
  return rows.map(loadedOf)
}

/** Several, locked in the order of their ids. */
export async function lockObservations(db: Db, scope: readonly AreaCode[], ids: readonly string[]): Promise<Loaded[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('observation')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .where('blanked_at', 'is', null)
    .where(inScope('observation.area', scope))
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(loadedOf)
}

export async function findObservation(db: Db, scope: readonly AreaCode[], id: string): Promise<Loaded | null> {
  const row = await db
    .selectFrom('observation')
    .selectAll()
    .where('id', '=', id)
    .where('blanked_at', 'is', null)
    .where(seen(scope))
    .executeTakeFirst()
  return row ? loadedOf(row) : null
}

export async function groupOf(db: Db, county: string, groupId: string): Promise<Loaded[]> {
  const rows = await db
    .selectFrom('observation')
    .selectAll()
    .where('county', '=', county)
    .where('group_id', '=', groupId)
    .orderBy('id')
    .limit(50)
    .execute()
  return rows.map(loadedOf)
}

export async function insertObservation(db: Db, row: InsertObject<DB, 'observation'>): Promise<void> {
  await db.insertInto('observation').values(row).execute()
}

export async function updateObservation(
  db: Db,
  row: { county: string; id: string },
  state: ObservationState,
  more: UpdateObject<DB, 'observation'> = {},
): Promise<void> {
  await db
    .updateTable('observation')
    .set({ ...rowOf(state), current: json(state), ...more })
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

/**
 * The step `serve` (OBS-7): counts again the open services at the door of a service, or of its person where there is no door, into
 * every open observation there.
 */
export async function countServices(db: Db, county: string, serviceId: string): Promise<void> {
  await sql`
    with s as (select household_id, person_id from service where county = ${county} and id = ${serviceId}::uuid)
    update observation o set services_open = (
      select count(*) from service v where v.county = ${county} and v.ended_at is null
        and (v.household_id = o.household_id or (v.household_id is null and v.person_id = o.person_id)))
    from s where o.county = ${county} and o.ended_at is null
      and (o.household_id = s.household_id or (s.household_id is null and o.person_id = s.person_id))`.execute(db)
}

/** `sealed`: the text that a person typed, with the event of number `n`. */
export async function appendEvents(
  db: Db,
  of: { county: string; id: string; responsibleArea: string },
  events: readonly ObservationEvent[],
  sealed: { n: number; text: Buffer } | null,
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('observation_event')
    .values(
      events.map((event) => ({
        county: of.county,
        observation_id: of.id,
        n: event.n,
        area: event.area,
        responsible_area: of.responsibleArea,
        kind: event.kind,
        body: json(event.body),
        by: event.by,
        text_sealed: sealed?.n === event.n ? sealed.text : null,
        occurred_at: at(event.occurredAt),
        recorded_at: at(event.recordedAt),
      })),
    )
    .execute()
}

export async function history(db: Db, county: string, id: string): Promise<Selectable<EventTable>[]> {
  return db
    .selectFrom('observation_event')
    .selectAll()
    .where('county', '=', county)
    .where('observation_id', '=', id)
    .orderBy('n')
    .execute()
}

/** The next reference number of a county: seven digits and two check digits (ISO 7064, mod 97-10), after a `G` 观. */
export async function nextReference(db: Db, county: string): Promise<string> {
  const { n } = await db
    .insertInto('observation_number')
    .values({ county, n: 1 })
    .onConflict((oc) => oc.column('county').doUpdateSet({ n: sql<number>`observation_number.n + excluded.n` }))
    .returning('n')
    .executeTakeFirstOrThrow()
  return `G${String(n).padStart(7, '0')}${String(98 - ((n * 100) % 97)).padStart(2, '0')}`
}

// ---- The lock (OBS-5) ------------------------------------------------------------------------------------------------------

/** False when another open observation of the person holds it. */
export async function takeLock(db: Db, lock: InsertObject<DB, 'open_observation'>): Promise<boolean> {
  const row = await db
    .insertInto('open_observation')
    .values(lock)
    .onConflict((oc) => oc.column('person_id').doNothing())
    .returning('observation_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function releaseLock(db: Db, personId: string, id: string): Promise<void> {
  await db.deleteFrom('open_observation').where('person_id', '=', personId).where('observation_id', '=', id).execute()
}

export type OpenLock = { personId: string; county: string; id: string }

export async function openLocksOf(db: Db, personIds: readonly string[]): Promise<OpenLock[]> {
  if (personIds.length === 0) return []
  const rows = await db
    .selectFrom('open_observation')
    .selectAll()
    .where('person_id', 'in', [...new Set(personIds)])
    .orderBy('observation_id')
    .execute()
  return rows.map((row) => ({ personId: row.person_id, county: row.county, id: row.observation_id }))
}

// ---- What is due (cases 66, 67) ----------------------------------------------------------------------------------------------

/**
 * Open observations whose last day is over and that no timer has looked at: released by themselves when they were checked, lapsed
 * 12 h later. `lapsed` is the last day that has lapsed, `today` today; skipped when another worker has them.
 */
export async function dueObservations(
  db: Db,
  of: { today: string; lapsed: string; after: string },
  limit: number,
): Promise<Loaded[]> {
  const rows = await db
    .selectFrom('observation')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('lapsed_at', 'is', null)
    .where('end_day', '<', of.today)
    .where('id', '>', of.after)
    .where((eb) =>
      eb.or([eb('end_day', '<=', of.lapsed), eb('release_checked', '=', true), eb('measure', '=', 'self_monitoring')]),
    )
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(loadedOf)
}

/** Released ones whose call was due before a day and has not come about. */
export async function unreached(db: Db, before: string, after: string, limit: number): Promise<Loaded[]> {
  const rows = await db
    .selectFrom('observation')
    .selectAll()
    .where('follow_up_day', '<', before)
    .where('blanked_at', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map(loadedOf)
}

// ---- Papers ------------------------------------------------------------------------------------------------------------------

/** @returns false when one lies there under this id already */
export async function insertPaper(db: Db, paper: InsertObject<DB, 'observation_paper'>): Promise<boolean> {
  const made = await db
    .insertInto('observation_paper')
    .values(paper)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** The commitment that names a picture, by whom it was entered; null when none of this observation does. */
export async function committedWith(
  db: Db,
  county: string,
  observationId: string,
  photoId: string,
): Promise<{ by: string | null } | null> {
  const { rows } = await sql<{ by: string | null }>`
    select by from observation_event where county = ${county} and observation_id = ${observationId}::uuid
      and kind = 'committed' and body ->> 'photoId' = ${photoId} limit 1`.execute(db)
  return rows[0] ?? null
}

/** The same wherever the observation lies; for pictures that a phone hands in without a session. */
export async function paperNamed(
  db: Db,
  observationId: string,
  photoId: string,
): Promise<{ by: string | null } | null> {
  const loaded = await findObservation(db, [''], observationId)
  return loaded ? committedWith(db, loaded.row.county, observationId, photoId) : null
}

/** Who stored the picture; null when it is not here. */
export async function paperPhotoBy(db: Db, observationId: string, photoId: string): Promise<string | null> {
  const row = await db
    .selectFrom('observation_paper')
    .select('by')
    .where('observation_id', '=', observationId)
    .where('id', '=', photoId)
    .where('kind', '=', 'photo')
    .executeTakeFirst()
  return row?.by ?? null
}

export async function findPaper(
  db: Db,
  county: string,
  observationId: string,
  id: string,
): Promise<{ kind: string; sealed: Buffer; hash: Buffer | null } | null> {
  const row = await db
    .selectFrom('observation_paper')
    .select(['kind', 'sealed', 'hash'])
    .where('county', '=', county)
    .where('observation_id', '=', observationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

// ---- People and places -----------------------------------------------------------------------------------------------------------

export type Home = { personId: string; area: AreaCode; masked: string; sex: number; householdId: string | null }

/** Persons that the transaction sees, with where they live now. */
export async function homesOf(db: Db, ids: readonly string[]): Promise<Map<string, Home>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<Home>`
    select p.person_id as "personId", p.home_area as area, p.masked, p.sex, r.household_id as "householdId"
    from person p left join residence r on r.person_id = p.person_id and r.to_day is null
    where p.person_id = any(${[...new Set(ids)]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.personId, row]))
}

/** Who lives at a door now. */
export async function livingAt(
  db: Db,
  householdId: string,
): Promise<{ personId: string; masked: string; sex: number; hasPhone: boolean }[]> {
  const { rows } = await sql<{ personId: string; masked: string; sex: number; hasPhone: boolean }>`
    select p.person_id as "personId", p.masked, p.sex, p.phone_hash is not null as "hasPhone"
    from residence r join person p on p.person_id = r.person_id
    where r.household_id = ${householdId}::uuid and r.to_day is null
    order by p.person_id limit 50`.execute(db)
  return rows
}

/** The holders of accounts, as persons. */
export async function ownPersonsOf(db: Db, accounts: readonly string[]): Promise<string[]> {
  if (accounts.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select person_id as id from account_person
    where account_id = any(${[...accounts]}::uuid[]) and relation = 'self' and ended_at is null
    order by since, person_id`.execute(db)
  return rows.map((row) => row.id)
}

export async function doorAt(
  db: Db,
  scope: readonly AreaCode[],
  id: string,
): Promise<{ id: string; area: string } | null> {
  const row = await db
    .selectFrom('household')
    .select(['id', 'area'])
    .where('id', '=', id)
    .where(inScope('household.area', scope))
    .executeTakeFirst()
  return row ?? null
}

/** Who answers a task with `HERE_HOME_OBS`: its person, door and the visit that said so. */
export type Answered = {
  county: string
  area: string
  personId: string | null
  householdId: string | null
  disposition: string | null
  reasons: unknown
}

export async function answeredTask(db: Db, county: string, id: string): Promise<Answered | null> {
  const row = await db
    .selectFrom('task')
    .select(['county', 'area', 'person_id', 'household_id', 'disposition', 'reasons'])
    .where('county', '=', county)
    .where('id', '=', id)
    .where('answered_at', 'is not', null)
    .executeTakeFirst()
  if (!row) return null
  const { person_id, household_id, ...rest } = row
  return { ...rest, personId: person_id, householdId: household_id }
}

/** A visit without a task that says so, with the persons it met. */
export async function visitSaying(
  db: Db,
  county: string,
  id: string,
): Promise<(Omit<Answered, 'personId' | 'reasons'> & { taskId: string | null; personIds: string[] }) | null> {
  const row = await db
    .selectFrom('visit')
    .select(['county', 'area', 'task_id', 'household_id', 'disposition'])
    .where('county', '=', county)
    .where('id', '=', id)
    .where('superseded_by', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const persons = await db
    .selectFrom('visit_person')
    .select('person_id')
    .where('county', '=', county)
    .where('visit_id', '=', id)
    .orderBy('person_id')
    .execute()
  return {
    county: row.county,
    area: row.area,
    taskId: row.task_id,
    householdId: row.household_id,
    disposition: row.disposition,
    personIds: persons.map((person) => person.person_id),
  }
}

/** Who made an account: whoever did may not approve what it asks (ACCESS-6). */
export async function creatorOf(db: Db, accountId: string): Promise<string | null> {
  const row = await db.selectFrom('account').select('created_by').where('id', '=', accountId).executeTakeFirst()
  return row?.created_by ?? null
}

/** Whose telephone stands on a notice: people on duty over an area today, by role, the nearest first. */
export async function onDutyAt(
  db: Db,
  area: AreaCode,
  today: string,
  roles: readonly string[],
): Promise<{ name: string; phone_sealed: Buffer | null; id: string }[]> {
  const { rows } = await sql<{ name: string; phone_sealed: Buffer | null; id: string }>`
    select a.id, a.name, a.phone_sealed from account a join duty d on d.account_id = a.id
    where a.state = 'active' and d.ended_at is null and d.from_day <= ${today}::date and (d.to_day is null or d.to_day >= ${today}::date)
      and d.area in (${sql.join(pathOf(area))}) and exists (select from account_role r where r.account_id = a.id and r.role in (${sql.join(roles)}))
    order by length(d.area) desc, a.id limit 1`.execute(db)
  return rows
}

// ---- Rule sets (OBS-4) -------------------------------------------------------------------------------------------------------------

export type Rules = { id: string | null; version: number; rules: ObservationRules }

/** What holds at an area: the version in force of the nearest area around that has one; what is shipped otherwise. */
export async function rulesFor(db: Db, area: AreaCode): Promise<Rules & { area: string }> {
  const rows = await db
    .selectFrom('observation_rules')
    .selectAll()
    .where('area', 'in', pathOf(area))
    .where('state', '=', 'in_force')
    .execute()
  const nearest = rows.toSorted((a, b) => b.area.length - a.area.length)[0]
  if (!nearest) return { id: null, version: 0, rules: SHIPPED_RULES, area: '' }
  return {
    id: nearest.id,
    version: nearest.version,
    area: nearest.area,
    rules: ObservationRules.catch(SHIPPED_RULES).parse(nearest.rules),
  }
}

export async function rulesAround(db: Db, area: AreaCode): Promise<RulesRow[]> {
  return db
    .selectFrom('observation_rules')
    .selectAll()
    .where('area', 'in', pathOf(area))
    .orderBy('proposed_at', 'desc')
    .limit(100)
    .execute()
}

export async function lockRules(db: Db, id: string): Promise<RulesRow | null> {
  const row = await db.selectFrom('observation_rules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row ?? null
}

export async function nextRulesVersion(db: Db, area: AreaCode): Promise<number> {
  const { n } = await db
    .selectFrom('observation_rules')
    .select(sql<number>`coalesce(max(version), 0)::int + 1`.as('n'))
    .where('area', '=', area)
    .executeTakeFirstOrThrow()
  return n
}

export async function insertRules(db: Db, row: InsertObject<DB, 'observation_rules'>): Promise<void> {
  await db.insertInto('observation_rules').values(row).execute()
}

export async function replaceRules(db: Db, area: AreaCode): Promise<void> {
  await db
    .updateTable('observation_rules')
    .set({ state: 'replaced' })
    .where('area', '=', area)
    .where('state', '=', 'in_force')
    .execute()
}

export async function updateRules(db: Db, id: string, set: UpdateObject<DB, 'observation_rules'>): Promise<void> {
  await db.updateTable('observation_rules').set(set).where('id', '=', id).execute()
}

// ---- Alarms (OBS-20) ------------------------------------------------------------------------------------------------------------------

export async function insertAlarms(db: Db, rows: InsertObject<DB, 'observation_alarm'>[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('observation_alarm')
    .values(rows)
    .onConflict((oc) => oc.columns(['county', 'observation_id', 'account_id']).doNothing())
    .execute()
}
