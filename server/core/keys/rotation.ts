import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../db/types.ts'
import type { KeyFile } from './keyfile.ts'
import { unwrap, wrap } from './sealing.ts'

/**
 * Any number that no other program on the database uses. Who wraps something under a master holds it shared while the key file
 * is read and the row written; who forgets masters holds it alone, so that nothing is wrapped behind the count.
 */
const LOCK = 7_320_105_002

export async function whileWrapping(db: Transaction<DB>): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${LOCK}::bigint)`.execute(db)
}

export async function aloneWithMasters(db: Transaction<DB>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(db)
}

function masterKey(file: KeyFile, id: string): Buffer {
  const found = [file.master, ...file.previous].find((m) => m.id === id)
  if (!found)
    throw new Error(`The key file lacks the master key ${id} that wrapped a data key. 密钥文件缺少主密钥 ${id}。`)
  return Buffer.from(found.key, 'base64url')
}

/** How many keys (data keys and the signing key) each master wraps in this database. */
export async function keysByMaster(db: Kysely<DB>): Promise<Map<string, number>> {
  const { rows } = await sql<{ master: string; n: number }>`
    select master, count(*) as n from (
      select master_id as master from data_key where wrapped is not null
      union all select value ->> 'master' from setting where key = 'signing_key'
    ) k group by master`.execute(db)
  return new Map(rows.map((row) => [row.master, Number(row.n)]))
}

/**
 * Wraps every key of this database anew under the newest master; returns how many. Each is changed only where it is still what
 * was read, so a key that is destroyed meanwhile stays destroyed. Killed, it goes on where it was: every key is at all times
 * wrapped by a master that is in the file.
 */
export async function rewrapAll(db: Kysely<DB>, file: KeyFile): Promise<number> {
  const newest = masterKey(file, file.master.id)
  const rows = await db
    .selectFrom('data_key')
    .select(['id', 'wrapped', 'master_id'])
    .where('wrapped', 'is not', null)
    .where('master_id', '<>', file.master.id)
    .execute()
  let n = 0
  for (const row of rows) {
    if (!row.wrapped) continue
    const key = unwrap(masterKey(file, row.master_id), row.id, row.wrapped)
    const done = await db
      .updateTable('data_key')
      .set({ wrapped: wrap(newest, row.id, key), master_id: file.master.id })
      .where('id', '=', row.id)
      .where('wrapped', '=', row.wrapped)
      .executeTakeFirst()
    n += Number(done.numUpdatedRows)
  }
  return n + (await rewrapSigning(db, file))
}

async function rewrapSigning(db: Kysely<DB>, file: KeyFile): Promise<number> {
  const { rows } = await sql<{
    sealed: string
    master: string
  }>`select value ->> 'sealed' as sealed, value ->> 'master' as master from setting where key = 'signing_key'`.execute(
    db,
  )
  const found = rows[0]
  if (!found || found.master === file.master.id) return 0
  const key = unwrap(masterKey(file, found.master), 'signing', Buffer.from(found.sealed, 'base64url'))
  const value = JSON.stringify({
    sealed: wrap(masterKey(file, file.master.id), 'signing', key).toString('base64url'),
    master: file.master.id,
  })
  await sql`update setting set value = ${value}::jsonb where key = 'signing_key'`.execute(db)
  return 1
}
