import type { Day } from '@weiwang/domain/core/day'
import type { Role } from '@weiwang/domain/access/actor'
import { upper } from '@weiwang/domain/areas/code'
import type { ExpectedFact } from '@weiwang/domain/exercise/scenario'
import { sql } from 'kysely'
import { z } from 'zod'
import { knownRoles } from '../access/login-store.ts'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'

/** The only tables of its own that an exercise has are its lines in `setting`; everything else goes through the rooms. */
export async function readSetting(db: Db, key: 'exercise' | 'clock' | 'exercise_heartbeat'): Promise<unknown> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

export async function putSetting(
  db: Db,
  key: 'exercise' | 'clock' | 'exercise_heartbeat',
  value: object,
): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value: json(value) })
    .onConflict((oc) =>
      oc.column('key').doUpdateSet({ value: sql`excluded.value`, updated_at: sql`excluded.updated_at` }),
    )
    .execute()
}

/** What would make a database a real one: its emergencies, persons and accounts. */
export async function countPersonal(db: Db): Promise<{ what: string; n: number }[]> {
  const { rows } = await sql<{ what: string; n: number }>`
    select 'emergencies' as what, count(*) as n from emergency
    union all select 'persons', count(*) from (select 1 from person limit 1) p
    union all select 'accounts', count(*) from (select 1 from account limit 1) a`.execute(db)
  return rows
}

export type StaffRow = {
  id: string
  login: string
  name: string
  area: string
  areaName: string
  createdBy: string | null
  roles: Role[]
  duties: string[]
}

/** Accounts by log-in name with their roles and the duties of a day. */
export async function readStaff(db: Db, logins: readonly string[], day: string): Promise<StaffRow[]> {
  const { rows } = await sql<Omit<StaffRow, 'roles'> & { roles: string[] }>`
    select a.id, a.login, a.name, a.area, coalesce(n.name, a.area) as "areaName", a.created_by as "createdBy",
      array(select role from account_role r where r.account_id = a.id order by role) as roles,
      array(select d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${day}
            and (d.to_day is null or d.to_day >= ${day}) order by d.area) as duties
    from account a left join area n on n.code = a.area and n.valid_to is null
    where a.login = any(${[...logins]}::text[]) order by length(a.area), a.area, a.login`.execute(db)
  return rows.map((row) => ({ ...row, roles: knownRoles(row.roles) }))
}

/** No log-in by password any more: the server can be reached by others (EX-11). */
export async function accountsWithPassword(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('account_secret')
    .select('account_id')
    .where('password_hash', 'is not', null)
    .execute()
  return rows.map((row) => row.account_id)
}

export type Followed = {
  grade: string | null
  colour: string | null
  /** A grading run has looked at the person. */
  judged: boolean
  visited: boolean
  facts: ExpectedFact[]
  /** Where the person's open residence lies. */
  area: string | null
}

const FactLine = z.object({
  kind: z.enum(['stay', 'contact', 'fever_clinic', 'test', 'case', 'measure']),
  place: z.string().nullable(),
  value: z.string().nullable(),
  degree: z.union([z.literal(1), z.literal(2), z.literal(3)]).nullable(),
  from: z.string(),
  to: z.string(),
})

/** What is known of persons and was done about them, for comparing with the truth. */
export async function readFollowed(db: Db, ids: readonly string[], today: string): Promise<Map<string, Followed>> {
  const { rows } = await sql<{
    id: string
    grade: string | null
    colour: string | null
    judged: boolean
    visited: boolean
    facts: unknown
    area: string | null
  }>`
    select u.id, case when g.until_day is null or g.until_day >= ${today} then g.grade end as grade,
      case when g.until_day is null or g.until_day >= ${today} then g.colour end as colour, g.person_id is not null as judged,
      exists (select from visit_person v where v.person_id = u.id) as visited,
      coalesce((select json_agg(json_build_object('kind', f.kind, 'place', f.place, 'value', f.value, 'degree', f.degree, 'from', f.from_day, 'to', f.to_day))
        from fact f where f.person_id = u.id and f.withdrawn_at is null), '[]') as facts,
      (select r.area from residence r where r.person_id = u.id and r.to_day is null limit 1) as area
    from unnest(${[...ids]}::uuid[]) as u (id) left join grade_now g on g.person_id = u.id`.execute(db)
  return new Map(rows.map(({ id, facts, ...row }) => [id, { ...row, facts: z.array(FactLine).parse(facts) }]))
}

export type OpenTask = {
  county: string
  id: string
  area: string
  personId: string
  householdId: string | null
  campaignId: string
  attempts: number
}

/** Tasks of a village that stand with a grid and may be worked on now. */
export async function openTasksOf(db: Db, village: string, now: Date): Promise<OpenTask[]> {
  const { rows } = await sql<OpenTask>`
    select county, id, area, person_id as "personId", household_id as "householdId", campaign_id as "campaignId", attempts
    from task where area >= ${village} and area < ${upper(village)} and length(area) >= 15 and closed_at is null and answered_at is null
      and person_id is not null and (next_try is null or next_try <= ${now}) order by urgency, answer_by, id`.execute(
    db,
  )
  return rows
}

/** Open observations in the order of county and reference, which the seed gives alone, after one. */
export async function openObservationsOf(
  db: Db,
  after: { county: string; reference: string },
  limit: number,
): Promise<{ id: string; area: string; county: string; reference: string }[]> {
  return db
    .selectFrom('observation')
    .select(['id', 'area', 'county', 'reference'])
    .where('ended_at', 'is', null)
    .where(sql<boolean>`(county, reference) > (${after.county}, ${after.reference})`)
    .orderBy('county')
    .orderBy('reference')
    .limit(limit)
    .execute()
}

/** Those who are asked for readings since they were given notice, in the order of county and reference. */
export async function askedOf(
  db: Db,
  after: { county: string; reference: string },
  limit: number,
): Promise<{ id: string; area: string; county: string; reference: string }[]> {
  return db
    .selectFrom('observation')
    .innerJoin('reading_due', (join) =>
      join
        .onRef('reading_due.county', '=', 'observation.county')
        .onRef('reading_due.observation_id', '=', 'observation.id'),
    )
    .select(['observation.id', 'observation.area', 'observation.county', 'observation.reference'])
    .where('observation.ended_at', 'is', null)
    .where('reading_due.ended_at', 'is', null)
    .where('observation.step', '<>', 'notify')
    .where(sql<boolean>`(observation.county, observation.reference) > (${after.county}, ${after.reference})`)
    .orderBy('observation.county')
    .orderBy('observation.reference')
    .limit(limit)
    .execute()
}

/** Somebody who is observed, has been told so, has a telephone and has not reported today, if there is one: the first by reference. */
export async function observedWithPhone(
  db: Db,
  today: Day,
): Promise<{ personId: string; area: string; sealed: Buffer } | null> {
  const { rows } = await sql<{ personId: string; area: string; sealed: Buffer }>`
    select o.person_id as "personId", o.area, i.phone_sealed as sealed from observation o join identity i on i.person_id = o.person_id
    where o.ended_at is null and i.phone_sealed is not null
    order by o.step = 'notify',
      exists (select from reading r where r.county = o.county and r.observation_id = o.id and r.day = ${today}::date),
      o.county, o.reference limit 1`.execute(db)
  return rows[0] ?? null
}

/** The campaign of the exercise. */
export async function openCampaignOf(db: Db): Promise<string> {
  const { id } = await db
    .selectFrom('campaign')
    .select('id')
    .where('state', '=', 'open')
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
  return id
}

/** Adults of the register with a document and a telephone of their own whom nobody observes and nothing is known against, in order. */
export async function unwatchedWithPhone(
  db: Db,
  areas: readonly string[],
  limit: number,
): Promise<{ personId: string; area: string }[]> {
  const { rows } = await sql<{ personId: string; area: string }>`
    select p.person_id as "personId", r.area from person p join identity i on i.person_id = p.person_id
    join residence r on r.person_id = p.person_id and r.to_day is null
    where left(p.home_area, 15) = any(${[...areas]}::text[]) and length(r.area) >= 15 and p.doc_kind = 'resident'
      and i.phone_sealed is not null and i.doc_sealed is not null and p.name_sealed is not null
      and not exists (select from open_observation o where o.person_id = p.person_id)
      and not exists (select from grade_now g where g.person_id = p.person_id)
      and not exists (select from person_alias a where a.person_id = p.person_id or a.target = p.person_id)
      and not exists (select from person q where q.phone_hash = p.phone_hash and q.person_id <> p.person_id)
    order by p.person_id limit ${limit}`.execute(db)
  return rows
}
