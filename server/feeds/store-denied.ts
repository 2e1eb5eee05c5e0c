import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

/**
 * Corrections that last (FEED-42). A correction covers what one source says of one person: the same kind, place, value and degree,
 * on days that lie inside the days corrected. Loads take the lock shared and look for corrections after they have stored; a
 * correction takes it alone: so each fact is seen by one of the two, whichever comes first.
 */
export async function waitForDenials(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended('fact_denied', 5))`.execute(db)
}

export async function lockDenials(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('fact_denied', 5))`.execute(db)
}

const COVERS = sql`f.kind = d.kind and f.source = d.source and f.place is not distinct from d.place
  and f.value is not distinct from d.value and f.degree is not distinct from d.degree
  and f.from_day >= d.from_day and f.to_day <= d.to_day`

/** Of the facts that a batch has just stored, those on which a correction stands. Most sources have none, and cost one look. */
export async function deniedAmong(
  db: Db,
  batch: { source: string; now: Date },
  packed: { persons: string; ids: string },
): Promise<Set<string>> {
  const any = await sql`select from fact_denied where source = ${batch.source} and lifted_at is null limit 1`.execute(
    db,
  )
  if (any.rows.length === 0) return new Set()
  const { rows } = await sql<{ person_id: string; fact_id: string; id: string }>`
    select f.person_id, f.fact_id, d.id
    from unnest(${packed.persons}::uuid[], ${packed.ids}::uuid[]) as u(person_id, fact_id)
    join fact_denied d on d.person_id = u.person_id and d.source = ${batch.source} and d.lifted_at is null
    join fact f on f.person_id = u.person_id and f.fact_id = u.fact_id and ${COVERS}
    order by f.person_id, f.fact_id, d.id`.execute(db)
  if (rows.length === 0) return new Set()
  const keys = sql`unnest(${rows.map((r) => r.person_id)}::uuid[], ${rows.map((r) => r.fact_id)}::uuid[], ${rows.map((r) => r.id)}::uuid[]) as u(person_id, fact_id, id)`
  await sql`
    update fact f set withdrawn_at = coalesce(f.withdrawn_at, ${batch.now}::timestamptz), denied_by = u.id
    from ${keys} where f.person_id = u.person_id and f.fact_id = u.fact_id and f.denied_by is null`.execute(db)
  await sql`
    update fact_denied d set hits = d.hits + u.n, hit_at = ${batch.now}::timestamptz
    from (select person_id, id, count(*) as n from ${keys} group by 1, 2) u
    where d.person_id = u.person_id and d.id = u.id`.execute(db)
  return new Set(rows.map((row) => row.fact_id))
}

export type Denial = {
  id: string
  personId: string
  source: string
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from: string
  to: string
}

/** Writes corrections and withdraws every live fact that they cover. Returns how many facts ceased. The lock is held already. */
export async function insertDenials(
  db: Db,
  denials: readonly Denial[],
  of: { reason: string; reasonId: string; by: string | null; now: Date },
): Promise<number> {
  if (denials.length === 0) return 0
  await db
    .insertInto('fact_denied')
    .values(
      denials.map((d) => ({
        person_id: d.personId,
        id: d.id,
        source: d.source,
        kind: d.kind,
        place: d.place,
        value: d.value,
        degree: d.degree,
        from_day: d.from,
        to_day: d.to,
        reason: of.reason,
        reason_id: of.reasonId,
        by: of.by,
        at: of.now,
      })),
    )
    .onConflict((oc) =>
      oc.columns(['person_id', 'id']).doUpdateSet((eb) => ({
        reason: eb.ref('excluded.reason'),
        reason_id: eb.ref('excluded.reason_id'),
        by: eb.ref('excluded.by'),
        at: eb.ref('excluded.at'),
        lifted_at: null,
        lifted_by: null,
      })),
    )
    .execute()
  const { rows } = await sql<{ fact_id: string }>`
    update fact f set withdrawn_at = coalesce(f.withdrawn_at, ${of.now}::timestamptz), denied_by = d.id
    from fact_denied d
    where (d.person_id, d.id) in (select * from unnest(${denials.map((d) => d.personId)}::uuid[], ${denials.map((d) => d.id)}::uuid[]))
      and f.person_id = d.person_id and f.denied_by is null and ${COVERS}
    returning f.fact_id`.execute(db)
  return rows.length
}

/** Lifts corrections: what they held down lives again where a batch that is not withdrawn says it. The lock is held already. */
export async function liftDenials(
  db: Db,
  keys: readonly { personId: string; id: string }[],
  of: { by: string | null; now: Date },
): Promise<void> {
  if (keys.length === 0) return
  const which = sql`select * from unnest(${keys.map((k) => k.personId)}::uuid[], ${keys.map((k) => k.id)}::uuid[])`
  await sql`
    update fact_denied set lifted_at = ${of.now}::timestamptz, lifted_by = ${of.by}::uuid
    where (person_id, id) in (${which}) and lifted_at is null`.execute(db)
  await sql`
    with held as (
      select f.person_id, f.fact_id, f.superseded_by,
        (select b.id from batch b where b.state not in ('failed', 'withdrawing', 'withdrawn')
          and (b.id = f.batch_id or b.id in (select fb.batch_id from fact_batch fb where fb.person_id = f.person_id and fb.fact_id = f.fact_id))
          order by (b.id = f.batch_id) desc, b.id limit 1) as says
      from fact f where (f.person_id, f.denied_by) in (${which}))
    update fact f set denied_by = null, batch_id = coalesce(h.says, f.batch_id),
      withdrawn_at = case when h.says is null or h.superseded_by is not null then f.withdrawn_at end,
      recorded_at = case when h.says is null or h.superseded_by is not null then f.recorded_at else ${of.now}::timestamptz end
    from held h where f.person_id = h.person_id and f.fact_id = h.fact_id`.execute(db)
}

export type LiveFact = Denial & { factId: string; recordedAt: Date; deniedBy: string | null }

/** Facts of some records of one person that live, and those that a correction holds down; newest first, at most 500. */
export async function factsOfPerson(db: Db, records: readonly string[]): Promise<LiveFact[]> {
  if (records.length === 0) return []
  const { rows } = await sql<{
    person_id: string
    fact_id: string
    kind: string
    place: string | null
    value: string | null
    degree: number | null
    from_day: string
    to_day: string
    source: string
    recorded_at: Date
    denied_by: string | null
  }>`
    select person_id, fact_id, kind, place, value, degree, from_day, to_day, source, recorded_at, denied_by
    from fact where person_id = any(${[...records]}::uuid[]) and (withdrawn_at is null or denied_by is not null)
    order by to_day desc, recorded_at desc, fact_id limit 500`.execute(db)
  return rows.map((row) => ({
    id: row.denied_by ?? row.fact_id,
    factId: row.fact_id,
    personId: row.person_id,
    source: row.source,
    kind: row.kind,
    place: row.place,
    value: row.value,
    degree: row.degree,
    from: row.from_day,
    to: row.to_day,
    recordedAt: row.recorded_at,
    deniedBy: row.denied_by,
  }))
}

/** Corrections of some records that stand. */
export async function denialsOf(db: Db, records: readonly string[]): Promise<{ personId: string; id: string }[]> {
  if (records.length === 0) return []
  const rows = await db
    .selectFrom('fact_denied')
    .select(['person_id', 'id'])
    .where('person_id', 'in', [...records])
    .where('lifted_at', 'is', null)
    .execute()
  return rows.map((row) => ({ personId: row.person_id, id: row.id }))
}
