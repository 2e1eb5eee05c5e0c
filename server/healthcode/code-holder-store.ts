/** SQL of signed codes and of the list of replaced ones. The person stands in these rows hashed and sealed, never as an id. */
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import type { CodeHolder } from '../core/db/types.ts'
import { AT, CODE_ID_BYTES, HASH_BYTES, SEALED_BYTES, WIDTH } from './code-packed.ts'
import type { PackedCodes } from './code-packed.ts'

export type HolderRow = Selectable<CodeHolder>

/** Bytes of the packed parameter `b`, of the row that begins at `o`. */
const part = (at: number, length: number) => sql`substring(b from o + ${at + 1}::int for ${length}::int)`
const short = (at: number) =>
  sql`nullif(substring(b from o + ${at + 2}::int for get_byte(b, o + ${at}::int)), ''::bytea)`

/** Stores signed codes: one statement and one parameter, which the database takes apart. */
export async function insertHolders(db: Db, codes: PackedCodes, now: Date): Promise<void> {
  const { emergencyId, day, until, kid } = codes.common
  const last = (codes.size - 1) * WIDTH
  if (last < 0) return
  await sql`
    insert into code_holder (person_hash, code_id, emergency_id, person_sealed, account_hash, day, holder, kid, credential, n, issued_at, until_at)
    select ${part(AT.personHash, HASH_BYTES)}, ${part(AT.codeId, CODE_ID_BYTES)}, ${emergencyId}::uuid, ${part(AT.sealed, SEALED_BYTES)},
      ${short(AT.account)}, ${day}::date, ${short(AT.holder)}, ${kid}::bytea, ${short(AT.credential)},
      ('x' || encode(${part(AT.n, 4)}, 'hex'))::bit(32)::integer, ${now}::timestamptz, ${until}::timestamptz
    from (select ${codes.bytes}::bytea as b) packed, generate_series(0, ${last}::int, ${WIDTH}::int) o`.execute(db)
}

/** What one phone was given from a day on and nothing has replaced; some may have ended. */
export async function standingOf(
  db: Db,
  of: { personHash: Buffer; accountHash: Buffer },
  from: Day,
): Promise<HolderRow[]> {
  return db
    .selectFrom('code_holder')
    .selectAll()
    .where('person_hash', '=', of.personHash)
    .where('account_hash', '=', of.accountHash)
    .where('replaced_at', 'is', null)
    .where('holder', 'is not', null)
    .where('day', '>=', from)
    .orderBy('day')
    .execute()
}

/** How often this person's code of a day was moved between phones (a move takes the days ahead along), or printed, since then. */
export async function countIssued(
  db: Db,
  of: { personHash: Buffer; accountHash: Buffer | null; paper: boolean; since: Date; day: Day },
): Promise<{ replaced: number; issued: number }> {
  const { rows } = await sql<{ replaced: number; issued: number }>`
    select count(*) filter (where replaced_at is not null and day = ${of.day}::date) as replaced, count(*) as issued from code_holder
    where person_hash = ${of.personHash} and (holder is null) = ${of.paper} and issued_at >= ${of.since}
      and (${of.accountHash}::bytea is null or account_hash = ${of.accountHash})`.execute(db)
  return rows[0] ?? { replaced: 0, issued: 0 }
}

export type Replaced = { codeId: Buffer; until: Date }

/** Everything outstanding of these persons, phones and paper, is replaced (CODE-14). `beyond`: only what ends after that instant. */
export async function replaceOf(db: Db, hashes: readonly Buffer[], now: Date, beyond: Date = now): Promise<Replaced[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<{ code_id: Buffer; until_at: Date }>`
    update code_holder set replaced_at = ${now}::timestamptz
    where person_hash = any(array(select decode(h, 'base64') from unnest(${hashes.map((h) => h.toString('base64'))}::text[]) h))
      and replaced_at is null and until_at > ${beyond}::timestamptz returning code_id, until_at`.execute(db)
  return rows.map((row) => ({ codeId: row.code_id, until: row.until_at }))
}

/** What these persons have on the phones of one account is replaced; paper and other accounts keep theirs. */
export async function replaceOnPhones(
  db: Db,
  of: { hashes: readonly Buffer[]; accountHash: Buffer },
  now: Date,
): Promise<Replaced[]> {
  if (of.hashes.length === 0) return []
  const rows = await db
    .updateTable('code_holder')
    .set({ replaced_at: now })
    .where('person_hash', 'in', of.hashes)
    .where('account_hash', '=', of.accountHash)
    .where('holder', 'is not', null)
    .where('replaced_at', 'is', null)
    .where('until_at', '>', now)
    .returning(['code_id', 'until_at'])
    .execute()
  return rows.map((row) => ({ codeId: row.code_id, until: row.until_at }))
}

/** These codes of one person are replaced: another phone took over, or the key was revoked. */
export async function replaceCodes(
  db: Db,
  personHash: Buffer,
  codeIds: readonly Buffer[],
  now: Date,
): Promise<Replaced[]> {
  if (codeIds.length === 0) return []
  const rows = await db
    .updateTable('code_holder')
    .set({ replaced_at: now })
    .where('person_hash', '=', personHash)
    .where('code_id', 'in', codeIds)
    .where('replaced_at', 'is', null)
    .returning(['code_id', 'until_at'])
    .execute()
  return rows.map((row) => ({ codeId: row.code_id, until: row.until_at }))
}

/**
 * Puts codes on the list (CODE-7). The counter's row is held from here to the commit: this is the last thing a transaction does, so
 * that numbers come in the order of commits. @returns the last number
 */
export async function addRevocations(db: Db, replaced: readonly Replaced[], now: Date): Promise<number | null> {
  if (replaced.length === 0) return null
  const { rows } = await sql<{ n: number }>`update code_list set n = n + ${replaced.length} returning n`.execute(db)
  const last = rows[0]?.n ?? 0
  await sql`
    insert into code_revocation (n, code_id, until_at, at)
    select ${last - replaced.length}::bigint + i, decode(c, 'base64'), u, ${now}::timestamptz
    from unnest(${replaced.map((r) => r.codeId.toString('base64'))}::text[], ${replaced.map((r) => r.until.toISOString())}::timestamptz[])
      with ordinality as t (c, u, i)`.execute(db)
  return last
}

export async function lastRevocation(db: Db): Promise<number> {
  const row = await db.selectFrom('code_list').select('n').executeTakeFirstOrThrow()
  return row.n
}

/** Entries after a number whose codes could still be shown, in order. */
export async function revocationsSince(
  db: Db,
  since: number,
  of: { until: Date; limit: number },
): Promise<{ n: number; codeId: Buffer; until: Date }[]> {
  const rows = await db
    .selectFrom('code_revocation')
    .select(['n', 'code_id', 'until_at'])
    .where('n', '>', since)
    .where('until_at', '>', of.until)
    .orderBy('n')
    .limit(of.limit)
    .execute()
  return rows.map((row) => ({ n: row.n, codeId: row.code_id, until: row.until_at }))
}

export async function findHolder(db: Db, codeId: Buffer): Promise<HolderRow | null> {
  return (await db.selectFrom('code_holder').selectAll().where('code_id', '=', codeId).executeTakeFirst()) ?? null
}

export async function findHolders(db: Db, codeIds: readonly Buffer[]): Promise<HolderRow[]> {
  if (codeIds.length === 0) return []
  return db.selectFrom('code_holder').selectAll().where('code_id', 'in', codeIds).execute()
}

// ---- keys of phones

export type PhoneKey = { hash: Buffer; accountHash: Buffer; day: Day }

/** Takes keys for an account and a day; returns those that another account, or another day, has already. */
export async function takePhoneKeys(db: Db, keys: readonly PhoneKey[]): Promise<(PhoneKey & { owner: PhoneKey })[]> {
  if (keys.length === 0) return []
  const text = (pick: (key: PhoneKey) => Buffer): string[] => keys.map((key) => pick(key).toString('base64'))
  await sql`
    insert into code_phone_key (key_hash, account_hash, day)
    select decode(a, 'base64'), decode(b, 'base64'), c from unnest(${text((k) => k.hash)}::text[], ${text((k) => k.accountHash)}::text[],
      ${keys.map((k) => k.day)}::date[]) as t (a, b, c) order by 1 on conflict (key_hash) do nothing`.execute(db)
  const { rows } = await sql<{ key_hash: Buffer; account_hash: Buffer; day: Day }>`
    select k.* from code_phone_key k
    where k.key_hash = any(array(select decode(h, 'base64') from unnest(${text((k) => k.hash)}::text[]) h))`.execute(db)
  const owners = new Map(
    rows.map((row) => [
      row.key_hash.toString('hex'),
      { hash: row.key_hash, accountHash: row.account_hash, day: row.day },
    ]),
  )
  return keys.flatMap((key) => {
    const owner = owners.get(key.hash.toString('hex'))
    return owner && (!owner.accountHash.equals(key.accountHash) || owner.day !== key.day) ? [{ ...key, owner }] : []
  })
}

export async function insertMisuse(
  db: Db,
  row: { personId: string; id: string; area: string; kind: 'key_elsewhere'; now: Date },
): Promise<void> {
  await db
    .insertInto('code_misuse')
    .values({ person_id: row.personId, id: row.id, home_area: row.area, kind: row.kind, at: row.now })
    .execute()
}
