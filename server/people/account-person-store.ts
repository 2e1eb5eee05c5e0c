/** SQL of the persons for whom an account stands. Of the system's role alone: every reader has said first whose account it is. */
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export type Relation = 'self' | 'child' | 'parent' | 'spouse' | 'other'
export type Basis = 'phone' | 'proof' | 'proxy'

export type Link = {
  accountId: string
  personId: string
  relation: Relation
  basis: Basis
  since: Day
  until: Day | null
  endedAt: Date | null
  noticedAt: Date | null
}

const columns = sql`l.account_id as "accountId", l.person_id as "personId", l.relation, l.basis, l.since, l.until,
  l.ended_at as "endedAt", l.noticed_at as "noticedAt"`

/** Every link that the account ever had. */
export async function linksOf(db: Db, accountId: string): Promise<Link[]> {
  const { rows } = await sql<Link>`
    select ${columns} from account_person l where l.account_id = ${accountId}::uuid order by l.since, l.person_id limit 200`.execute(
    db,
  )
  return rows
}

/** Every link that ever led to a person. */
export async function linksTo(db: Db, personIds: readonly string[]): Promise<Link[]> {
  if (personIds.length === 0) return []
  const { rows } = await sql<Link>`
    select ${columns} from account_person l where l.person_id = any(${[...personIds]}::uuid[]) order by l.since, l.account_id`.execute(
    db,
  )
  return rows
}

export type AccountNumber = { proven: boolean; fresh: boolean; phoneSealed: Buffer | null }

/** Whether this log-in has shown the document (REGISTER-4), and whether the number was somebody else's before (REGISTER-5). */
export async function numberOf(db: Db, accountId: string, sessionId: string | null): Promise<AccountNumber> {
  const { rows } = await sql<AccountNumber>`
    select a.phone_sealed as "phoneSealed",
      exists (select from account_proof p where p.session_id = ${sessionId}::uuid and p.account_id = a.id) as proven,
      exists (select from account_fresh f where f.account_id = a.id) as fresh
    from account a where a.id = ${accountId}::uuid`.execute(db)
  return rows[0] ?? { proven: false, fresh: false, phoneSealed: null }
}

/**
 * Persons who are known by this number and by nothing stronger: not those whom another account has bound to a document or, as
 * a child, to a parent. `namesake`: only records without a document under the name of this person.
 */
export async function personsOfNumber(
  db: Db,
  of: { phoneHash: Buffer; accountId: string; namesake: string | null },
): Promise<string[]> {
  const like =
    of.namesake === null
      ? sql<boolean>`true`
      : sql<boolean>`p.doc_kind = 'none' and p.name_hash = (select me.name_hash from person me where me.person_id = ${of.namesake}::uuid)`
  const { rows } = await sql<{ person_id: string }>`
    select p.person_id from person p
    where p.phone_hash = ${of.phoneHash} and ${like}
      and not exists (select from account_person l where l.person_id = p.person_id and l.account_id <> ${of.accountId}::uuid
        and l.relation in ('self', 'child'))
    order by p.person_id limit 50`.execute(db)
  return rows.map((row) => row.person_id)
}

/** Binds a person to an account, anew after an end. */
export async function putLink(
  db: Db,
  link: Omit<Link, 'endedAt' | 'noticedAt'> & { noticedAt?: Date | null },
): Promise<void> {
  await sql`
    insert into account_person (account_id, person_id, relation, basis, since, until, ended_at, noticed_at)
    values (${link.accountId}::uuid, ${link.personId}::uuid, ${link.relation}, ${link.basis}, ${link.since}::date,
      ${link.until}::date, null, ${link.noticedAt ?? null}::timestamptz)
    on conflict (account_id, person_id) do update set relation = excluded.relation, basis = excluded.basis, since = excluded.since,
      until = excluded.until, ended_at = excluded.ended_at, noticed_at = excluded.noticed_at`.execute(db)
}

/** Ends links that still hold; returns how many. */
export async function endLinks(
  db: Db,
  of: { personId: string; accountId?: string; relations?: readonly Relation[] },
  now: Date,
): Promise<number> {
  const account = of.accountId === undefined ? sql<boolean>`true` : sql<boolean>`account_id = ${of.accountId}::uuid`
  const relation =
    of.relations === undefined ? sql<boolean>`true` : sql<boolean>`relation = any(${[...of.relations]}::text[])`
  const { rows } = await sql<{ account_id: string }>`
    update account_person set ended_at = ${now}::timestamptz
    where person_id = ${of.personId}::uuid and ended_at is null and ${account} and ${relation} returning account_id`.execute(
    db,
  )
  return rows.length
}

/** Whose account it was before: one account has one holder. */
export async function endHolder(db: Db, of: { accountId: string; but: string }, now: Date): Promise<void> {
  await sql`update account_person set ended_at = ${now}::timestamptz
    where account_id = ${of.accountId}::uuid and relation = 'self' and ended_at is null and person_id <> ${of.but}::uuid`.execute(
    db,
  )
}

export async function setUntil(db: Db, personId: string, until: Day | null): Promise<void> {
  await sql`update account_person set until = ${until}::date
    where person_id = ${personId}::uuid and relation = 'child' and ended_at is null`.execute(db)
}

export async function markNoticed(db: Db, of: { accountId: string; personId: string }, now: Date): Promise<void> {
  await sql`update account_person set noticed_at = ${now}::timestamptz
    where account_id = ${of.accountId}::uuid and person_id = ${of.personId}::uuid`.execute(db)
}

/** This log-in has shown the document. */
export async function putProof(db: Db, of: { accountId: string; sessionId: string }, now: Date): Promise<void> {
  await sql`insert into account_proof (session_id, account_id, at) values (${of.sessionId}::uuid, ${of.accountId}::uuid, ${now}::timestamptz)
    on conflict (session_id) do nothing`.execute(db)
}

export async function dropProofs(db: Db, accountId: string): Promise<void> {
  await sql`delete from account_proof where account_id = ${accountId}::uuid`.execute(db)
}

export async function putFresh(db: Db, accountId: string, now: Date): Promise<void> {
  await sql`insert into account_fresh (account_id, at) values (${accountId}::uuid, ${now}::timestamptz)
    on conflict (account_id) do nothing`.execute(db)
}

export async function accountPhone(db: Db, accountId: string): Promise<Buffer | null> {
  const row = await db.selectFrom('account').select('phone_sealed').where('id', '=', accountId).executeTakeFirst()
  return row?.phone_sealed ?? null
}

/** Locks whoever is bound by these persons and this account, so that two phones do not bind one person at once. */
export async function lockBinding(db: Db, keys: readonly string[]): Promise<void> {
  for (const key of [...new Set(keys)].toSorted())
    await sql`select pg_advisory_xact_lock(hashtextextended('account_person/' || ${key}::text, 0))`.execute(db)
}
