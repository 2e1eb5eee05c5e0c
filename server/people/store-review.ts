/** SQL of the review queue and of merges. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Say } from '@weiwang/domain/core/say'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import { boundedCount, inReview, splitCursor } from './store.ts'
import type { PageArgs, Reader } from './store.ts'

export type ReviewRow = {
  id: string
  home_area: string
  kind: string
  person_id: string
  other: string | null
  detail_sealed: Buffer | null
  score: number
  reasons: Say[]
  state: string
  created_at: Date
}

const columns = sql`v.id, v.home_area, v.kind, v.person_id, v.other, v.detail_sealed, v.score, v.reasons, v.state, v.created_at`

export async function listReviewRows(
  db: Db,
  areas: readonly AreaCode[],
  filter: PageArgs & { kind?: string | undefined },
): Promise<{ rows: ReviewRow[]; next: string | null; total: number }> {
  const kind = filter.kind === undefined ? sql`true` : sql`v.kind = ${filter.kind}`
  const from = sql`from person_review v where v.state = 'open' and ${inScope('v.home_area', areas)} and ${kind}`
  const total = await boundedCount(db, from)
  const at = splitCursor(filter.cursor)
  const after = at ? sql`(v.home_area, v.id) > (${at[0]} collate "C", ${at[1]}::uuid)` : sql`true`
  const { rows } =
    await sql<ReviewRow>`select ${columns} ${from} and ${after} order by v.home_area, v.id limit ${filter.limit + 1}`.execute(
      db,
    )
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > filter.limit && last ? `${last.home_area}~${last.id}` : null, total }
}

export async function lockReview(db: Db, scope: readonly AreaCode[], id: string): Promise<ReviewRow | null> {
  const { rows } = await sql<ReviewRow>`
    select ${columns} from person_review v where v.id = ${id}::uuid and ${inScope('v.home_area', scope)} for update`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function decideReview(
  db: Db,
  id: string,
  state: 'merged' | 'different' | 'kept' | 'open',
  by: string | null,
  now: Date,
): Promise<void> {
  await db.updateTable('person_review').set({ state, decided_by: by, decided_at: now }).where('id', '=', id).execute()
}

/** Waits for whoever is merging one of these persons; always in the order of ids (case 77). */
export async function lockPersons(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select 1 from person where person_id = any(${ids}::uuid[]) order by person_id for no key update`.execute(db)
}

export async function addAlias(
  db: Db,
  alias: { personId: string; target: string; area: AreaCode; by: string | null; at: Date; reason: string },
): Promise<void> {
  await db
    .insertInto('person_alias')
    .values({
      person_id: alias.personId,
      target: alias.target,
      home_area: alias.area,
      by: alias.by,
      at: alias.at,
      reason: alias.reason,
    })
    .execute()
}

export async function removeAlias(db: Db, personId: string): Promise<string | null> {
  const row = await db
    .deleteFrom('person_alias')
    .where('person_id', '=', personId)
    .returning('target')
    .executeTakeFirst()
  return row?.target ?? null
}

/** Pairs between records that now are one person are answered; those that no longer are stand open again. */
export async function settlePairs(
  db: Db,
  a: readonly string[],
  b: readonly string[],
  from: 'open' | 'merged',
  to: 'open' | 'merged',
  now: Date,
): Promise<void> {
  await sql`
    update person_review set state = ${to}, decided_at = ${to === 'open' ? null : now}::timestamptz
    where kind <> 'name_clash' and state = ${from}
      and ((person_id = any(${a}::uuid[]) and other = any(${b}::uuid[])) or (person_id = any(${b}::uuid[]) and other = any(${a}::uuid[])))`.execute(
    db,
  )
}

export type NameChange = {
  personId: string
  masked: string
  sealed: Buffer
  nameHash: Buffer
  pinyinHash: Buffer
  initialsHash: Buffer
}

export async function replaceName(db: Db, name: NameChange, now: Date): Promise<void> {
  await db
    .updateTable('person')
    .set({
      masked: name.masked,
      name_sealed: name.sealed,
      name_hash: name.nameHash,
      pinyin_hash: name.pinyinHash,
      initials_hash: name.initialsHash,
      updated_at: now,
      version: sql<number>`version + 1`,
    })
    .where('person_id', '=', name.personId)
    .execute()
}

export type UnresolvedItem = { person_id: string; home_area: string; masked: string; why: string; created_at: Date }

/** PEOPLE-13: a record that waits for review, or that was merged, stands in no other queue. */
const inThisQueue = (scope: readonly AreaCode[]): RawBuilder<unknown> => sql`u.resolved_at is null
  and not exists (select from person_alias a where a.person_id = u.person_id)
  and not ${inReview(sql`u.person_id`, scope)}`

export async function listUnresolvedRows(
  { db, scope }: Reader,
  areas: readonly AreaCode[],
  page: PageArgs,
): Promise<{ rows: UnresolvedItem[]; next: string | null; total: number }> {
  const from = sql`from unresolved u join person p on p.person_id = u.person_id where ${inScope('u.home_area', areas)} and ${inThisQueue(scope)}`
  const total = await boundedCount(db, from)
  const at = splitCursor(page.cursor)
  const after = at ? sql`(u.home_area, u.person_id) > (${at[0]} collate "C", ${at[1]}::uuid)` : sql`true`
  const { rows } = await sql<UnresolvedItem>`
    select u.person_id, u.home_area, p.masked, u.why, u.created_at ${from} and ${after}
    order by u.home_area, u.person_id limit ${page.limit + 1}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > page.limit && last ? `${last.home_area}~${last.person_id}` : null, total }
}

export async function lockUnresolved(
  db: Db,
  scope: readonly AreaCode[],
  id: string,
): Promise<{ home_area: string; address_sealed: Buffer | null } | null> {
  const { rows } = await sql<{ home_area: string; address_sealed: Buffer | null }>`
    select u.home_area, u.address_sealed from unresolved u
    where u.person_id = ${id}::uuid and ${inScope('u.home_area', scope)} and ${inThisQueue(scope)} for update of u`.execute(
    db,
  )
  return rows[0] ?? null
}
