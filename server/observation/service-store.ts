import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { readServiceEvent } from '@weiwang/domain/observation/service-event'
import type { ServiceEvent } from '@weiwang/domain/observation/service-event'
import { foldService, nextTelling } from '@weiwang/domain/observation/service-fold'
import type { ServiceState } from '@weiwang/domain/observation/service-fold'
import { URGENCY_RANK } from '@weiwang/domain/observation/service-kind'
import { HELPER_ROLES } from '@weiwang/domain/observation/service-rank'
import type { Candidate } from '@weiwang/domain/observation/service-rank'
import { sql } from 'kysely'
import type { InsertObject, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Service, ServiceEvent as ServiceEventTable } from '../core/db/types.ts'

/** Services one by one: rows, events, who could bring them. Lists are in service-store-lists.ts. */
export type ServiceRow = Selectable<Service>
export type LoadedService = { row: ServiceRow; state: ServiceState }

function at(iso: string): Date
function at(iso: string | null): Date | null
function at(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso)
}

/** What a state writes into its row: everything that lists, figures and timers ask for. */
export function rowOfService(state: ServiceState) {
  return {
    area: state.area,
    kind: state.kind,
    urgency: state.urgency,
    rank: URGENCY_RANK[state.urgency],
    state: state.state,
    asker: state.asker,
    window_from: at(state.windowFrom),
    window_to: at(state.windowTo),
    due_by: at(state.dueBy),
    round_day: state.roundDay,
    offered_to: state.offeredTo,
    offer_until: at(state.offerUntil),
    next_offer: at(state.nextOffer),
    taken_by: state.takenBy,
    escalated: state.escalated,
    next_escalation: at(nextTelling(state)?.at ?? null),
    proof: state.proof,
    proof_photo: state.proofPhoto,
    cost_cents: state.cost?.cents ?? null,
    paid_by: state.cost?.paidBy ?? null,
    receipt_photo: state.cost?.receiptPhoto ?? null,
    rating: state.rating,
    reason: state.reason,
    asked_at: at(state.askedAt),
    asked_day: state.askedDay,
    done_at: at(state.doneAt),
    done_day: state.doneDay,
    ended_at: at(state.endedAt),
    ended_day: state.endedDay,
    updated_at: at(state.updatedAt),
    version: state.version,
  }
}

export async function withState(db: Db, rows: ServiceRow[]): Promise<LoadedService[]> {
  const loaded: LoadedService[] = []
  for (const row of rows) {
    const lines = await serviceHistory(db, row.county, row.id)
    const events: ServiceEvent[] = []
    for (const line of lines) {
      const at_ = { occurredAt: line.occurred_at.toISOString(), recordedAt: line.recorded_at.toISOString() }
      const event = readServiceEvent({ ...line, ...at_ })
      if (event) events.push(event)
    }
    // Past its days a service has lost its events and stays as a count.
    if (events.length > 0) loaded.push({ row, state: foldService(events) })
  }
  return loaded
}

export async function serviceHistory(db: Db, county: string, id: string): Promise<Selectable<ServiceEventTable>[]> {
  return db
    .selectFrom('service_event')
    .selectAll()
    .where('county', '=', county)
    .where('service_id', '=', id)
    .orderBy('n')
    .execute()
}

/** By id alone, wherever it lies, locked: the caller says who may. */
export async function lockService(db: Db, id: string): Promise<LoadedService | null> {
  const rows = await db.selectFrom('service').selectAll().where('id', '=', id).forUpdate().execute()
  return (await withState(db, rows))[0] ?? null
}

export async function findService(db: Db, id: string): Promise<LoadedService | null> {
  const rows = await db.selectFrom('service').selectAll().where('id', '=', id).execute()
  return (await withState(db, rows))[0] ?? null
}

export async function findServiceRow(db: Db, id: string): Promise<ServiceRow | null> {
  return (await db.selectFrom('service').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** False when a service of this id is there already. */
export async function insertService(db: Db, row: InsertObject<DB, 'service'>): Promise<boolean> {
  const made = await db
    .insertInto('service')
    .values(row)
    .onConflict((oc) => oc.columns(['id', 'county']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function updateService(db: Db, row: { county: string; id: string }, state: ServiceState): Promise<void> {
  await db
    .updateTable('service')
    .set(rowOfService(state))
    .where('id', '=', row.id)
    .where('county', '=', row.county)
    .execute()
}

/** `sealed`: the text that a person typed, with the event of number `n`. */
export async function appendServiceEvents(
  db: Db,
  county: string,
  serviceId: string,
  events: readonly ServiceEvent[],
  sealed: { n: number; text: Buffer } | null,
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('service_event')
    .values(
      events.map((event) => ({
        county,
        service_id: serviceId,
        n: event.n,
        area: event.area,
        kind: event.kind,
        body: json(event.body),
        by: event.by,
        text_sealed: sealed?.n === event.n ? sealed.text : null,
        occurred_at: new Date(event.occurredAt),
        recorded_at: new Date(event.recordedAt),
      })),
    )
    .execute()
}

// ---- Where and for whom -----------------------------------------------------------------------------------------------------------

export type PersonAt = { personId: string; masked: string; area: AreaCode; householdId: string | null }

/** A person by the record that stands for him, and where he lives now; null outside the scope. */
export async function personAt(db: Db, scope: readonly AreaCode[], id: string): Promise<PersonAt | null> {
  const { rows } = await sql<PersonAt>`
    select p.person_id as "personId", p.masked, coalesce(r.area, p.home_area) as area, r.household_id as "householdId"
    from person p left join residence r on r.person_id = p.person_id and r.to_day is null
    where p.person_id = coalesce((select target from person_alias where person_id = ${id}::uuid),
        (select person_id from person_made where id = ${id}::uuid), ${id}::uuid)
      and (${inScope('p.home_area', scope)} or ${inScope('r.area', scope)})`.execute(db)
  return rows[0] ?? null
}

export async function openAtDoor(db: Db, county: string, householdId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from service where county = ${county} and household_id = ${householdId}::uuid and ended_at is null`.execute(
    db,
  )
  return rows[0]?.n ?? 0
}

/** Somebody with what is sealed of him: who is rung for a service. */
export type Rung = { personId: string; name: Buffer | null; phone: Buffer | null }

/**
 * SERV-13: whom somebody rings who brings it: the person with a telephone of his own, otherwise who answers for him; for a whole door
 * who answers for those observed there, otherwise somebody of the door who has one. Who has none comes last, so that there is a name.
 */
export async function whoToRing(
  db: Db,
  of: { county: string; householdId: string | null; personId: string | null },
): Promise<Rung | null> {
  const { rows } = await sql<Rung>`
    with near as (
      select ${of.personId}::uuid as person_id, 0 as rank where ${of.personId}::uuid is not null
      union all
      select coalesce(o.responder_person_id, o.person_id), 1 from observation o
      where o.ended_at is null and o.blanked_at is null
        and case when ${of.personId}::uuid is null then o.county = ${of.county} and o.household_id = ${of.householdId}::uuid
                 else o.person_id = ${of.personId}::uuid end
      union all
      select r.person_id, 2 from residence r where r.household_id = ${of.householdId}::uuid and r.to_day is null
    )
    select n.person_id as "personId", p.name_sealed as name, i.phone_sealed as phone
    from near n join person p on p.person_id = n.person_id left join identity i on i.person_id = n.person_id
    order by i.phone_sealed is null, n.rank, n.person_id limit 1`.execute(db)
  return rows[0] ?? null
}

/** The name of a person as it is sealed. */
export async function sealedName(db: Db, personId: string): Promise<Buffer | null> {
  const row = await db.selectFrom('person').select('name_sealed').where('person_id', '=', personId).executeTakeFirst()
  return row?.name_sealed ?? null
}

// ---- Who could bring it ---------------------------------------------------------------------------------------------------------------

/**
 * Everybody whose duty of today contains the door or lies in its village, with what he has in hand. The skills and the teams of a
 * door are looked up by `extra`, where other rooms keep them.
 */
export async function candidatesAt(
  db: Db,
  area: AreaCode,
  today: string,
): Promise<Omit<Candidate, 'team' | 'skills'>[]> {
  const around = pathOf(area)
  const village = area.slice(0, 12)
  const { rows } = await sql<Omit<Candidate, 'team' | 'skills'>>`
    select a.id, a.name, array_agg(distinct d.area) as areas,
      array(select role from account_role r where r.account_id = a.id) as roles,
      (select count(*)::int from service s where s.ended_at is null and (s.taken_by = a.id or s.offered_to = a.id)) as load
    from duty d join account a on a.id = d.account_id
    where d.ended_at is null and d.from_day <= ${today}::date and (d.to_day is null or d.to_day >= ${today}::date)
      and (d.area = any(${around}::text[]) or ${inScope('d.area', [village])}) and a.state = 'active'
      and exists (select from account_role r where r.account_id = a.id and r.role = any(${[...HELPER_ROLES]}::text[]))
    group by a.id, a.name order by a.id limit 500`.execute(db)
  return rows
}

/** Who sits in the team of a door today; a seat whose person is on leave is the stand-in's. */
export async function teamAt(
  db: Db,
  door: { county: string; householdId: string | null },
  today: string,
): Promise<Set<string>> {
  if (door.householdId === null) return new Set()
  const { rows } = await sql<{ account_id: string }>`
    select m.account_id from team t join team_member m on m.county = t.county and m.team_id = t.id
    where t.county = ${door.county} and t.household_id = ${door.householdId}::uuid and t.ended_at is null and m.ended_at is null
      and m.from_day <= ${today}::date and (m.to_day is null or m.to_day >= ${today}::date)`.execute(db)
  return new Set(rows.map((row) => row.account_id))
}

// ---- What time has made true ------------------------------------------------------------------------------------------------------------

/** Services whose next offer, or whose offer's end, is due; locked, those that somebody else works at passed over. */
export async function offersDue(db: Db, now: Date, limit: number): Promise<LoadedService[]> {
  const { rows } = await sql<ServiceRow>`
    select s.* from service s where s.ended_at is null and (s.next_offer <= ${now} or s.offer_until <= ${now})
    order by s.rank, s.due_by, s.id limit ${limit} for update skip locked`.execute(db)
  return withState(db, rows)
}

export async function tellingsDue(db: Db, now: Date, limit: number): Promise<LoadedService[]> {
  const { rows } = await sql<ServiceRow>`
    select s.* from service s where s.ended_at is null and s.next_escalation <= ${now}
    order by s.next_escalation, s.id limit ${limit} for update skip locked`.execute(db)
  return withState(db, rows)
}

/** Open services that lie where no area is any more. */
/** What an account has in hand in a county. */
export async function servicesTakenBy(
  db: Db,
  county: string,
  account: string,
  limit: number,
): Promise<LoadedService[]> {
  const { rows } = await sql<ServiceRow>`
    select * from service where county = ${county} and taken_by = ${account}::uuid and ended_at is null order by id limit ${limit} for update`.execute(
    db,
  )
  return withState(db, rows)
}

export async function servicesNowhere(db: Db, after: string, limit: number): Promise<LoadedService[]> {
  const { rows } = await sql<ServiceRow>`
    select s.* from service s where s.ended_at is null and s.id > ${after}::uuid
      and not exists (select from area a where a.code = s.area and a.valid_to is null)
    order by s.id limit ${limit} for update skip locked`.execute(db)
  return withState(db, rows)
}

/** Areas that are no more, in which something repeats or somebody's medicine is noted. */
export async function endedAreasOfRules(db: Db): Promise<string[]> {
  const { rows } = await sql<{ area: string }>`
    select distinct x.area from (
      select area from service_rule where state = 'active' union select area from medicine where ended_at is null
    ) x where not exists (select from area a where a.code = x.area and a.valid_to is null) limit 1000`.execute(db)
  return rows.map((row) => row.area)
}

export async function moveRules(db: Db, from: AreaCode, to: AreaCode): Promise<void> {
  await db
    .updateTable('service_rule')
    .set({ area: to })
    .where('area', '=', from)
    .where('state', '=', 'active')
    .execute()
  await db.updateTable('medicine').set({ area: to }).where('area', '=', from).where('ended_at', 'is', null).execute()
}

/** Kept ninety days from here on: the observation that they belonged to has ended (DELETE-1). */
export async function endWithObservation(db: Db, observationId: string, now: Date): Promise<void> {
  await db
    .updateTable('service')
    .set({ observation_ended_at: now })
    .where('observation_id', '=', observationId)
    .where('observation_ended_at', 'is', null)
    .execute()
  await db
    .updateTable('service_rule')
    .set({ state: 'ended', ended_at: now, next_day: null })
    .where('observation_id', '=', observationId)
    .where('state', '=', 'active')
    .execute()
}
