import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { STOCK_DAY } from '../core/counters.ts'
import type { Db } from '../core/db/connect.ts'

/** `stats rebuild`: counters again from the rows of events, and every difference. One statement is one snapshot. */
export type Difference = { county: string; area: string; day: string; metric: string; stored: number; counted: number }
export type SourceDifference = {
  county: string
  source: string
  day: string
  disposition: string
  stored: number
  counted: number
}

/** Every county that holds rows or counters. */
export async function countiesWithFigures(db: Db): Promise<string[]> {
  const { rows } = await sql<{ county: string }>`
    with recursive c as (
      (select min(county) as county from (select min(county) as county from stat_day union all select min(county) from task union all select min(county) from visit union all select min(county) from list_entry
        union all select min(responsible_county) from observation union all select min(county) from observation
        union all select min(county) from service union all select min(county) from dispute union all select min(county) from objection union all select min(county) from force_turn
        union all select min(county) from gate_hour union all select min(county) from gate_referral
        union all select min(county) from household union all select left(min(home_area), 6) from person) a)
      union all
      select (select min(x) from (values
        ((select min(county) from stat_day where county > c.county)), ((select min(county) from task where county > c.county)),
        ((select min(county) from visit where county > c.county)), ((select min(county) from list_entry where county > c.county)),
        ((select min(responsible_county) from observation where responsible_county > c.county)),
        ((select min(county) from observation where county > c.county)),
        ((select min(county) from service where county > c.county)), ((select min(county) from dispute where county > c.county)),
        ((select min(county) from objection where county > c.county)),
        ((select min(county) from force_turn where county > c.county)),
        ((select min(county) from gate_hour where county > c.county)), ((select min(county) from gate_referral where county > c.county)),
        ((select min(county) from household where county > c.county)),
        ((select left(min(home_area), 6) from person where home_area > case when length(c.county) < 6 then c.county else c.county || ':' end))) as v(x))
      from c where c.county is not null
    ) select county from c where county is not null order by 1`.execute(db)
  return rows.map((row) => row.county)
}

const counted = (county: string) => sql`
  select area, day, metric, sum(n)::bigint as n from (
    select left(area, 15) as area, day, 'visits' as metric, 1 as n from visit where county = ${county} and superseded_by is null
    union all
    select left(v.area, 15), v.day, 'persons', count(p.person_id) from visit v join visit_person p on p.county = v.county and p.visit_id = v.id
      where v.county = ${county} and v.superseded_by is null and v.blanked_at is null group by v.id, v.area, v.day
    union all
    -- Whom a visit met is deleted with its detail (DELETE-1); how many they were stays with the visit.
    select left(area, 15), day, 'persons', persons from visit
      where county = ${county} and superseded_by is null and blanked_at is not null and persons > 0
    union all
    select left(area, 15), day, 'listed:' || grade, 1 from list_entry where county = ${county}
    union all
    select left(area, 15), answered_day, 'answered:' || coalesce(disposition, ''), 1 from task where county = ${county} and answered_day is not null
    union all
    select left(area, 15), closed_day, outcome, 1 from task where county = ${county} and outcome in ('withdrawn', 'expired')
    union all
    select left(area, 15), day, direction || '@' || shared, 1 from task_transfer where county = ${county}
    union all
    -- The area that counts an observation may lie in another county than the place of stay.
    select left(responsible_area, 15), opened_day, 'obs_opened', 1 from observation
      where responsible_county = ${county} and opened_from <> 'transfer' and outcome is distinct from 'cancelled'
    union all
    select left(responsible_area, 15), ended_day, 'obs_released', 1 from observation
      where responsible_county = ${county} and outcome = 'released'
    union all
    select left(responsible_area, 15), ended_day, 'obs_transferred_out', 1 from observation
      where responsible_county = ${county} and outcome = 'transferred'
    union all
    select left(responsible_area, 15), opened_day, 'obs_transferred_in', 1 from observation
      where responsible_county = ${county} and opened_from = 'transfer' and outcome is distinct from 'cancelled'
    union all
    select left(responsible_area, 15), lapsed_day, 'obs_lapsed', 1 from observation
      where responsible_county = ${county} and lapsed_day is not null and outcome is distinct from 'cancelled'
    union all
    select left(area, 15), day, 'reading:' || state, 1 from reading_slot where responsible_county = ${county}
    union all
    select left(area, 15), asked_day, 'svc_asked:' || kind, 1 from service where county = ${county}
    union all
    select left(area, 15), done_day, 'svc_done:' || kind, 1 from service where county = ${county} and done_day is not null
    union all
    select left(area, 15), opened_day, 'dispute_opened:' || kind, 1 from dispute where county = ${county}
    union all
    select left(area, 15), closed_day, 'dispute_closed:' || kind, 1 from dispute where county = ${county} and closed_day is not null
    union all
    select left(area, 15), day, 'turn_worked', 1 from force_turn where county = ${county} and ended_at is null and out_at is not null
    union all
    -- Passages go after fourteen days; what they were counted as by gate and hour stays.
    select left(area, 15), day, 'gate_passages', n from gate_hour where county = ${county} and metric = 'all'
    union all
    select left(area, 15), day, 'gate_referred:' || disposition, 1 from gate_referral where county = ${county}
  ) x group by area, day, metric`

/** Areas and the last day whose rows a close-out deletes or has deleted: of those the counters are all that is left (STAT-5). */
export type Frozen = { areas: string[]; days: string[] }

export async function frozenDays(db: Db, zone: string): Promise<Frozen> {
  const { rows } = await sql<{ area: string; day: string }>`
    select e.area, (e.ended_at at time zone ${zone})::date as day from close_out c join emergency e on e.id = c.emergency_id
    where c.state in ('running', 'done') and e.ended_at is not null`.execute(db)
  return { areas: rows.map((row) => row.area), days: rows.map((row) => row.day) }
}

/** A counter above a closed area is frozen with it: a part of what it counted is gone. */
function isFrozen({ areas, days }: Frozen, area: RawBuilder<unknown>, day: RawBuilder<unknown>): RawBuilder<boolean> {
  if (areas.length === 0) return sql<boolean>`false`
  return sql<boolean>`exists (select from unnest(${areas}::text[], ${days}::date[]) as f (area, day)
    where ${day} <= f.day and (starts_with(${area}, f.area) or starts_with(f.area, ${area})))`
}

export async function differences(
  db: Db,
  county: string,
  frozen: Frozen,
): Promise<{ counters: number; rows: Difference[] }> {
  const { rows } = await sql<Difference & { counters: number }>`
    with counted as (${counted(county)}), stored as (select area, day, metric, n from stat_day where county = ${county} and day <> ${STOCK_DAY} and n <> 0),
    both_sides as (
      select coalesce(c.area, s.area) as area, coalesce(c.day, s.day) as day, coalesce(c.metric, s.metric) as metric,
        coalesce(s.n, 0) as stored, coalesce(c.n, 0) as counted
      from counted c full join stored s on s.area = c.area and s.day = c.day and s.metric = c.metric
    )
    select ${county} as county, b.area, b.day, b.metric, b.stored::int, b.counted::int, (select count(*)::int from both_sides) as counters
    from (select 1) one left join both_sides b on b.stored <> b.counted and not ${isFrozen(frozen, sql`b.area`, sql`b.day`)}
    order by b.area, b.day, b.metric limit 1000`.execute(db)
  return { counters: rows[0]?.counters ?? 0, rows: rows.filter((row) => row.metric !== null) }
}

/** The towns' counters against the same rows. */
export async function townDifferences(db: Db, county: string, frozen: Frozen): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with counted as (select left(area, 9) as area, day, metric, sum(n)::bigint as n from (${counted(county)}) g group by 1, 2, 3),
    stored as (select area, day, metric, n from stat_town where county = ${county} and day <> ${STOCK_DAY} and n <> 0)
    select ${county} as county, coalesce(c.area, s.area) as area, coalesce(c.day, s.day) as day, coalesce(c.metric, s.metric) as metric,
      coalesce(s.n, 0)::int as stored, coalesce(c.n, 0)::int as counted
    from counted c full join stored s on s.area = c.area and s.day = c.day and s.metric = c.metric
    where coalesce(s.n, 0) <> coalesce(c.n, 0)
      and not ${isFrozen(frozen, sql`coalesce(c.area, s.area)`, sql`coalesce(c.day, s.day)`)} limit 1000`.execute(db)
  return rows
}

export async function sourceDifferences(db: Db, county: string, frozen: Frozen): Promise<SourceDifference[]> {
  const { rows } = await sql<SourceDifference>`
    with counted as (
      select s.source, answered_day as day, coalesce(disposition, '') as disposition, count(*)::int as n
      from task cross join lateral unnest(sources) as s(source) where county = ${county} and answered_day is not null group by 1, 2, 3
      union all
      select source, closed_day, finding, count(*)::int from objection
      where county = ${county} and source is not null and finding is not null and closed_day is not null group by 1, 2, 3
    ), stored as (select source, day, disposition, n from stat_source where county = ${county} and n <> 0)
    select ${county} as county, coalesce(c.source, s.source) as source, coalesce(c.day, s.day) as day, coalesce(c.disposition, s.disposition) as disposition,
      coalesce(s.n, 0)::int as stored, coalesce(c.n, 0)::int as counted
    from counted c full join stored s on s.source = c.source and s.day = c.day and s.disposition = c.disposition
    where coalesce(s.n, 0) <> coalesce(c.n, 0) and not ${isFrozen(frozen, sql`${county}::text`, sql`coalesce(c.day, s.day)`)} limit 1000`.execute(
    db,
  )
  return rows
}

export type Folded = { id: string; row: Record<string, unknown>; events: unknown[] }

/** Kinds of rows that are the fold of events, and the tables in which both lie; one that has lost its detail is a count alone. */
export const FOLDED = {
  task: { table: 'task', events: 'task_event', key: 'task_id', kept: sql`true` },
  observation: {
    table: 'observation',
    events: 'observation_event',
    key: 'observation_id',
    kept: sql`t.blanked_at is null`,
  },
  service: { table: 'service', events: 'service_event', key: 'service_id', kept: sql`t.blanked_at is null` },
  dispute: { table: 'dispute', events: 'dispute_event', key: 'dispute_id', kept: sql`t.blanked_at is null` },
  objection: { table: 'objection', events: 'objection_event', key: 'objection_id', kept: sql`t.blanked_at is null` },
} as const

/** Rows of a county with their events, one statement each chunk, so that row and events are of one moment. */
export async function rowsWithEvents(
  db: Db,
  of: keyof typeof FOLDED,
  county: string,
  after: string,
  limit: number,
): Promise<Folded[]> {
  const { table, events, key, kept } = FOLDED[of]
  const { rows } = await sql<Folded>`
    select t.id, to_jsonb(t) as row, (
      select jsonb_agg(jsonb_build_object('n', e.n, 'kind', e.kind, 'area', e.area, 'body', e.body, 'by', e.by,
        'occurredAt', to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'recordedAt', to_char(e.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by e.n)
      from ${sql.table(events)} e where e.county = t.county and ${sql.ref(`e.${key}`)} = t.id) as events
    from ${sql.table(table)} t where t.county = ${county} and t.id > ${after}::uuid and ${kept} order by t.id limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Tasks that are open without the lock, and locks without an open task (case 42). */
export async function strayLocks(db: Db): Promise<{ id: string; what: string }[]> {
  const { rows } = await sql<{ id: string; what: string }>`
    select t.id, 'open without lock' as what from task t where t.closed_at is null and t.person_id is not null
      and not exists (select from open_task o where o.task_id = t.id)
    union all
    select o.task_id, 'lock without open task' from open_task o where not exists (select from task t where t.id = o.task_id and t.closed_at is null)
    union all
    select t.id, 'observed without lock' from observation t where t.ended_at is null
      and not exists (select from open_observation o where o.observation_id = t.id)
    union all
    select o.observation_id, 'lock without open observation' from open_observation o
      where not exists (select from observation t where t.id = o.observation_id and t.ended_at is null)
    limit 100`.execute(db)
  return rows
}
