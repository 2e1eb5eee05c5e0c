/** SQL of companies and schools: the organisation, its officers and members, versions of lists, rolls, the file. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { FileState, ListSums, OrgKind, OrgState } from '@weiwang/domain/healthcode/org-api'
import type { ListOrgs, ListedRow } from '@weiwang/domain/healthcode/org-api'
import { FileEvent } from '@weiwang/domain/healthcode/org-file'
import { sql } from 'kysely'
import type { InsertObject, RawBuilder, Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, Org, OrgMember, Resumption } from '../core/db/types.ts'
import { boundedCount } from '../people/store.ts'

export type OrgRow = Omit<Selectable<Org>, 'kind' | 'state'> & { kind: OrgKind; state: OrgState }
export type MemberRow = Selectable<OrgMember>
export type FileRow = Omit<Selectable<Resumption>, 'state'> & { state: FileState }
export type OrgKey = { county: string; id: string }

const orgOf = (row: Selectable<Org>): OrgRow => ({
  ...row,
  kind: OrgKind.parse(row.kind),
  state: OrgState.parse(row.state),
})
const fileOf = (row: Selectable<Resumption>): FileRow => ({ ...row, state: FileState.parse(row.state) })

// ---- The organisation

/** Whether it was written: another of the same credit code is there when not. */
export async function insertOrg(db: Db, row: InsertObject<DB, 'org'>): Promise<boolean> {
  const made = await db
    .insertInto('org')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function findOrg(db: Db, scope: readonly AreaCode[], id: string, lock = false): Promise<OrgRow | null> {
  const query = db.selectFrom('org').selectAll().where('id', '=', id).where(inScope('org.area', scope))
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row ? orgOf(row) : null
}

export async function orgOfLink(db: Db, hash: Buffer): Promise<OrgRow | null> {
  const row = await db.selectFrom('org').selectAll().where('link_hash', '=', hash).executeTakeFirst()
  return row ? orgOf(row) : null
}

export async function orgsByIds(db: Db, ids: readonly string[]): Promise<Map<string, OrgRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('org')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, orgOf(row)]))
}

export async function updateOrg(
  db: Db,
  { county, id }: OrgKey,
  set: Partial<
    Pick<
      OrgRow,
      | 'state'
      | 'decided_by'
      | 'decided_at'
      | 'refusal'
      | 'link_hash'
      | 'lists'
      | 'closed_at'
      | 'officer_hash'
      | 'officer_until'
      | 'officer_by'
      | 'officer_hand_over'
    >
  >,
  now: Date,
): Promise<void> {
  await db
    .updateTable('org')
    .set({ ...set, updated_at: now, version: sql<number>`version + 1` })
    .where('county', '=', county)
    .where('id', '=', id)
    .execute()
}

/** Whoever answered for it before answers for it again, from now on. */
export async function insertOfficer(db: Db, row: InsertObject<DB, 'org_officer'>): Promise<void> {
  await db
    .insertInto('org_officer')
    .values(row)
    .onConflict((oc) =>
      oc.columns(['county', 'org_id', 'account_id']).doUpdateSet((eb) => ({
        since: eb.ref('excluded.since'),
        ended_at: null,
      })),
    )
    .execute()
}

export async function endOfficer(db: Db, { county, id }: OrgKey, accountId: string, now: Date): Promise<void> {
  await db
    .updateTable('org_officer')
    .set({ ended_at: now })
    .where('county', '=', county)
    .where('org_id', '=', id)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .execute()
}

export async function orgOfOfficerLink(db: Db, hash: Buffer, lock = false): Promise<OrgRow | null> {
  const query = db.selectFrom('org').selectAll().where('officer_hash', '=', hash)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row ? orgOf(row) : null
}

export type OfficerLine = { org_id: string; account_id: string; since: Date; masked: string | null }

/** Who answers for each of these, the first first, with the masked name of the document that their account shows. */
export async function officerLines(db: Db, keys: readonly OrgKey[]): Promise<OfficerLine[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<OfficerLine>`
    select f.org_id, f.account_id, f.since, p.masked
    from org_officer f
    join unnest(${keys.map((key) => key.county)}::text[], ${keys.map((key) => key.id)}::uuid[]) as k (county, id)
      on f.county = k.county collate "C" and f.org_id = k.id
    left join account_person l on l.account_id = f.account_id and l.relation = 'self' and l.ended_at is null
    left join person p on p.person_id = l.person_id
    where f.ended_at is null order by f.org_id, f.since, f.account_id limit 500`.execute(db)
  return rows
}

export async function isOfficer(db: Db, { county, id }: OrgKey, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('org_officer')
    .select('account_id')
    .where('county', '=', county)
    .where('org_id', '=', id)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export async function officersOf(db: Db, { county, id }: OrgKey): Promise<string[]> {
  const rows = await db
    .selectFrom('org_officer')
    .select('account_id')
    .where('county', '=', county)
    .where('org_id', '=', id)
    .where('ended_at', 'is', null)
    .limit(20)
    .execute()
  return rows.map((row) => row.account_id)
}

/** Those for which an account answers, newest first. */
export async function orgsOfOfficer(db: Db, accountId: string, most: number): Promise<OrgRow[]> {
  const { rows } = await sql<Selectable<Org>>`
    select o.* from org_officer f join org o on o.county = f.county and o.id = f.org_id
    where f.account_id = ${accountId}::uuid and f.ended_at is null and o.state <> 'closed'
    order by o.applied_at desc, o.id desc limit ${most}`.execute(db)
  return rows.map(orgOf)
}

// ---- Members

export type NewMember = {
  id: string
  docHash: Buffer
  nameSealed: Buffer | null
  masked: string
  ref: string
  personId: string | null
  byLink: boolean
  returnsOn: Day | null
}

/** Writes those who do not stand there yet; returns the ids that were written. */
export async function insertMembers(
  db: Db,
  org: Pick<OrgRow, 'county' | 'id' | 'area' | 'emergency_id'>,
  members: readonly NewMember[],
  at: { now: Date; today: Day },
): Promise<Set<string>> {
  const made = new Set<string>()
  for (let i = 0; i < members.length; i += 500) {
    const rows = await db
      .insertInto('org_member')
      .values(
        members.slice(i, i + 500).map((one) => ({
          county: org.county,
          org_id: org.id,
          id: one.id,
          area: org.area,
          emergency_id: org.emergency_id,
          doc_hash: one.docHash,
          name_sealed: one.nameSealed,
          masked: one.masked,
          ref: one.ref,
          person_id: one.personId,
          by_link: one.byLink,
          invited_at: at.now,
          consented_at: one.personId === null ? null : at.now,
          consented_day: one.personId === null ? null : at.today,
          returns_on: one.returnsOn,
        })),
      )
      .onConflict((oc) => oc.columns(['county', 'org_id', 'doc_hash']).where('ended_at', 'is', null).doNothing())
      .returning('id')
      .execute()
    for (const row of rows) made.add(row.id)
  }
  return made
}

/** ORG-18: what a later list says of the day of return, of those who stand there; what was confirmed stays as it was confirmed. */
export async function setReturnDays(
  db: Db,
  { county, id }: OrgKey,
  said: readonly { docHash: Buffer; returnsOn: Day }[],
): Promise<void> {
  if (said.length === 0) return
  await sql`
    update org_member m set returns_on = u.day
    from unnest(${said.map((one) => one.docHash)}::bytea[], ${said.map((one) => one.returnsOn)}::date[]) as u (hash, day)
    where m.county = ${county} and m.org_id = ${id}::uuid and m.doc_hash = u.hash and m.ended_at is null
      and m.returns_on is distinct from u.day`.execute(db)
}

/** Who was listed and does not stand in the list that is whole; returns how many have left. */
export async function endUnlisted(
  db: Db,
  { county, id }: OrgKey,
  listed: readonly Buffer[],
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update org_member set ended_at = ${now}::timestamptz, person_id = null
    where county = ${county} and org_id = ${id}::uuid and ended_at is null and not by_link
      and not (doc_hash = any(${[...listed]}::bytea[])) returning id`.execute(db)
  return rows.length
}

export async function endMembers(db: Db, { county, id }: OrgKey, member: string | null, now: Date): Promise<string[]> {
  const which = member === null ? sql<boolean>`true` : sql<boolean>`id = ${member}::uuid`
  const { rows } = await sql<{ id: string }>`
    update org_member set ended_at = ${now}::timestamptz, person_id = null
    where county = ${county} and org_id = ${id}::uuid and ended_at is null and ${which} returning id`.execute(db)
  return rows.map((row) => row.id)
}

/** Live memberships of documents, with organisations that are approved. */
export async function membershipsOf(db: Db, hashes: readonly Buffer[]): Promise<MemberRow[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<MemberRow>`
    select m.* from org_member m join org o on o.county = m.county and o.id = m.org_id
    where m.doc_hash = any(${[...hashes]}::bytea[]) and m.ended_at is null and o.state = 'approved'
    order by m.invited_at desc, m.id limit 100`.execute(db)
  return rows
}

export async function lockMember(db: Db, id: string): Promise<MemberRow | null> {
  const row = await db
    .selectFrom('org_member')
    .selectAll()
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

const NOTHING_CONFIRMED = { confirmed_returns_on: null, confirmed_day: null }

/** `personId` null takes the consent back: then nothing leads from here to anybody. @param confirmed the day of return, when it is (ORG-18) */
export async function setConsent(
  db: Db,
  member: Pick<MemberRow, 'county' | 'org_id' | 'id' | 'person_id'>,
  personId: string | null,
  at: { now: Date; today: Day },
  confirmed: Day | null = null,
): Promise<void> {
  const again = personId !== null && member.person_id === personId
  const given = { person_id: personId, consented_at: at.now, consented_day: at.today, withdrawn_at: null }
  const set = {
    ...(personId === null
      ? { person_id: null, consented_at: null, consented_day: null, withdrawn_at: at.now, ...NOTHING_CONFIRMED }
      : again
        ? { withdrawn_at: null }
        : given),
    ...(confirmed === null ? {} : { confirmed_returns_on: confirmed, confirmed_day: at.today }),
  }
  await db
    .updateTable('org_member')
    .set(set)
    .where('county', '=', member.county)
    .where('org_id', '=', member.org_id)
    .where('id', '=', member.id)
    .execute()
}

export type MemberCounts = { invited: number; consented: number }

export async function memberCounts(db: Db, keys: readonly OrgKey[]): Promise<Map<string, MemberCounts>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ org_id: string } & MemberCounts>`
    select m.org_id, count(*) filter (where m.person_id is null)::int as invited, count(m.person_id)::int as consented
    from org_member m join unnest(${keys.map((key) => key.county)}::text[], ${keys.map((key) => key.id)}::uuid[]) as k (county, id)
      on m.county = k.county collate "C" and m.org_id = k.id
    where m.ended_at is null group by m.org_id`.execute(db)
  return new Map(rows.map(({ org_id, ...counts }) => [org_id, counts]))
}

export async function listMembers(
  db: Db,
  { county, id }: OrgKey,
  page: { list: 'all' | 'consented' | 'invited'; limit: number; cursor?: string | undefined },
): Promise<{ rows: MemberRow[]; next: string | null; total: number }> {
  const which: Record<typeof page.list, RawBuilder<boolean>> = {
    all: sql<boolean>`true`,
    consented: sql<boolean>`m.person_id is not null`,
    invited: sql<boolean>`m.person_id is null`,
  }
  const from = sql`from org_member m where m.county = ${county} and m.org_id = ${id}::uuid and m.ended_at is null and ${which[page.list]}`
  const total = await boundedCount(db, from)
  const after = /^[0-9a-f-]{36}$/.test(page.cursor ?? '')
    ? sql<boolean>`m.id > ${page.cursor}::uuid`
    : sql<boolean>`true`
  const { rows } = await sql<MemberRow>`select m.* ${from} and ${after} order by m.id limit ${page.limit + 1}`.execute(
    db,
  )
  const items = rows.slice(0, page.limit)
  return { rows: items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null, total }
}

/** Observations that have not ended and keep somebody at home, with their last day. One person has at most one. */
export async function openEnds(db: Db, persons: readonly string[]): Promise<Map<string, Day | null>> {
  if (persons.length === 0) return new Map()
  const { rows } = await sql<{ person_id: string; end_day: Day | null }>`
    select l.person_id, o.end_day from open_observation l
    join observation o on o.county = l.county and o.id = l.observation_id
    where l.person_id = any(${[...persons]}::uuid[]) and o.ended_at is null and o.measure <> 'self_monitoring'`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.person_id, row.end_day]))
}

// ---- Lists

export type ListRow = {
  id: string
  n: number
  whole: boolean
  gone: number
  sums: ListSums
  rows: ListedRow[]
  at: Date
}

export async function insertList(
  db: Db,
  org: Pick<OrgRow, 'county' | 'id' | 'area' | 'emergency_id'>,
  list: ListRow & { by: string | null },
): Promise<void> {
  await db
    .insertInto('org_list')
    .values({
      county: org.county,
      org_id: org.id,
      area: org.area,
      emergency_id: org.emergency_id,
      id: list.id,
      n: list.n,
      whole: list.whole,
      gone: list.gone,
      sums: json<unknown>(list.sums),
      rows: json<unknown>(list.rows),
      by: list.by,
      at: list.at,
    })
    .execute()
}

const listColumns = sql`l.id, l.n, l.whole, l.gone, l.sums, l.at`

export async function findList(db: Db, { county, id }: OrgKey, list: string): Promise<ListRow | null> {
  const { rows } = await sql<ListRow>`
    select ${listColumns}, l.rows from org_list l
    where l.county = ${county} and l.org_id = ${id}::uuid and l.id = ${list}::uuid`.execute(db)
  return rows[0] ?? null
}

export async function listLists(
  db: Db,
  { county, id }: OrgKey,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: Omit<ListRow, 'rows'>[]; next: string | null; total: number }> {
  const from = sql`from org_list l where l.county = ${county} and l.org_id = ${id}::uuid`
  const total = await boundedCount(db, from)
  const after = /^\d{1,9}$/.test(page.cursor ?? '') ? sql<boolean>`l.n < ${Number(page.cursor)}` : sql<boolean>`true`
  const { rows } = await sql<Omit<ListRow, 'rows'>>`
    select ${listColumns} ${from} and ${after} order by l.n desc limit ${page.limit + 1}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > page.limit && last ? String(last.n) : null, total }
}

// ---- Rolls

export type RollRow = { org_id: string; day: Day; present: number; absent: number; fever: number }

/** Whether somebody had a fever that day by what was reported before. */
export async function putRoll(
  db: Db,
  org: Pick<OrgRow, 'county' | 'id' | 'area' | 'emergency_id'>,
  roll: Omit<RollRow, 'org_id'> & { by: string | null; at: Date },
): Promise<void> {
  await sql`
    insert into org_roll (county, org_id, day, area, emergency_id, present, absent, fever, by, at)
    values (${org.county}, ${org.id}::uuid, ${roll.day}::date, ${org.area}, ${org.emergency_id}::uuid, ${roll.present}, ${roll.absent},
      ${roll.fever}, ${roll.by}::uuid, ${roll.at}::timestamptz)
    on conflict (county, org_id, day) do update set present = excluded.present, absent = excluded.absent, fever = excluded.fever,
      by = excluded.by, at = excluded.at`.execute(db)
}

export async function rollsOf(db: Db, keys: readonly OrgKey[], days: { from: Day; to: Day }): Promise<RollRow[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<RollRow>`
    select r.org_id, r.day, r.present, r.absent, r.fever
    from org_roll r join unnest(${keys.map((key) => key.county)}::text[], ${keys.map((key) => key.id)}::uuid[]) as k (county, id)
      on r.county = k.county collate "C" and r.org_id = k.id
    where r.day between ${days.from}::date and ${days.to}::date order by r.day desc limit 3000`.execute(db)
  return rows
}

// ---- The file

/** The newest file of each of these. */
export async function filesOf(db: Db, keys: readonly OrgKey[]): Promise<Map<string, FileRow>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<Selectable<Resumption>>`
    select distinct on (r.org_id) r.* from resumption r
    join unnest(${keys.map((key) => key.county)}::text[], ${keys.map((key) => key.id)}::uuid[]) as k (county, id)
      on r.county = k.county collate "C" and r.org_id = k.id
    order by r.org_id, (r.state in ('rejected', 'expired')), r.updated_at desc`.execute(db)
  return new Map(rows.map((row) => [row.org_id, fileOf(row)]))
}

export type StoredEvent = { n: number; event: FileEvent; textSealed: Buffer | null; at: Date }

export async function fileEvents(db: Db, file: Pick<FileRow, 'county' | 'org_id' | 'id'>): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('resumption_event')
    .selectAll()
    .where('county', '=', file.county)
    .where('org_id', '=', file.org_id)
    .where('resumption_id', '=', file.id)
    .orderBy('n')
    .execute()
  return rows.map((row) => ({
    n: row.n,
    event: FileEvent.parse({ kind: row.kind, body: row.body }),
    textSealed: row.text_sealed,
    at: row.recorded_at,
  }))
}

export async function appendFileEvent(
  db: Db,
  file: Pick<FileRow, 'county' | 'org_id' | 'id' | 'area'>,
  of: { n: number; event: FileEvent; by: string | null; textSealed: Buffer | null; at: Date },
): Promise<void> {
  await db
    .insertInto('resumption_event')
    .values({
      county: file.county,
      org_id: file.org_id,
      resumption_id: file.id,
      n: of.n,
      area: file.area,
      kind: of.event.kind,
      body: json<unknown>(of.event.body),
      by: of.by,
      text_sealed: of.textSealed,
      recorded_at: of.at,
    })
    .execute()
}

export async function insertFile(db: Db, row: FileRow): Promise<void> {
  await db.insertInto('resumption').values(row).execute()
}

export async function updateFile(
  db: Db,
  { county, org_id, id }: Pick<FileRow, 'county' | 'org_id' | 'id'>,
  set: Pick<FileRow, 'state' | 'asked_until' | 'version' | 'updated_at'> & { body_sealed?: Buffer },
): Promise<void> {
  await db
    .updateTable('resumption')
    .set(set)
    .where('county', '=', county)
    .where('org_id', '=', org_id)
    .where('id', '=', id)
    .execute()
}

// ---- The desk

export async function listOrgRows(
  db: Db,
  filter: { areas: readonly AreaCode[]; list: ListOrgs['list'] },
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: OrgRow[]; next: string | null; total: number }> {
  const which: Record<ListOrgs['list'], RawBuilder<boolean>> = {
    waiting: sql<boolean>`o.state = 'applied'`,
    files: sql<boolean>`o.state = 'approved' and exists (select from resumption r
      where r.county = o.county and r.org_id = o.id and r.state in ('submitted', 'site_check'))`,
    approved: sql<boolean>`o.state = 'approved'`,
    all: sql<boolean>`true`,
  }
  const from = sql`from org o where ${inScope('o.area', filter.areas)} and ${which[filter.list]}`
  const total = await boundedCount(db, from)
  const at = /^([0-9T:.Z-]{20,30})~([0-9a-f-]{36})$/.exec(page.cursor ?? '')
  const after = at
    ? sql<boolean>`(o.applied_at, o.id) < (${at[1] ?? ''}::timestamptz, ${at[2] ?? ''}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<
    Selectable<Org>
  >`select o.* ${from} and ${after} order by o.applied_at desc, o.id desc limit ${page.limit + 1}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const next = rows.length > page.limit && last ? `${last.applied_at.toISOString()}~${last.id}` : null
  return { rows: items.map(orgOf), next, total }
}

// ---- Reorganisation

/** Organisations whose area is no area any more, a few at a time. */
export async function orgsNowhere(db: Db, after: string, limit: number): Promise<OrgRow[]> {
  const { rows } = await sql<Selectable<Org>>`
    select o.* from org o where o.id > ${after}::uuid
      and not exists (select from area a where a.code = o.area and a.valid_to is null)
    order by o.id limit ${limit} for update skip locked`.execute(db)
  return rows.map(orgOf)
}

const BELONGING = ['org_officer', 'org_member', 'org_list', 'org_roll', 'resumption', 'resumption_event'] as const

export async function moveOrg(db: Db, { county, id }: OrgKey, to: AreaCode): Promise<void> {
  await sql`update org set area = ${to} where county = ${county} and id = ${id}::uuid`.execute(db)
  for (const table of BELONGING)
    await sql`update ${sql.table(table)} set area = ${to} where county = ${county} and org_id = ${id}::uuid`.execute(db)
}
