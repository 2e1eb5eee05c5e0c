import { randomBytes } from 'node:crypto'
import { uuid7 } from '@weiwang/domain/core/ids'
import type { Db } from '../db/connect.ts'
import { json } from '../db/json.ts'

export type BackupKind = 'manual' | 'automatic' | 'stated'

export type NewBackup = {
  kind: BackupKind
  /** In the deployment's time. */
  coversUntil: Date
  /** Real time. */
  verifiedAt: Date
  place: string
  hash: string | null
  bytes: number | null
}

/** Remembers a verified backup; one that this database knows already (by its hash) is not told twice. */
export async function insertBackup(db: Db, b: NewBackup): Promise<void> {
  if (b.hash !== null) {
    const known = await db
      .selectFrom('backup')
      .select('id')
      .where('hash', '=', b.hash)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (known) return
  }
  await db
    .insertInto('backup')
    .values({
      id: uuid7(b.verifiedAt, randomBytes(10)),
      kind: b.kind,
      covers_until: b.coversUntil,
      verified_at: b.verifiedAt,
      place: b.place,
      hash: b.hash,
      bytes: b.bytes,
      removed_at: null,
    })
    .execute()
}

export type BackupRow = {
  kind: string
  coversUntil: Date
  verifiedAt: Date
  place: string
  hash: string | null
  bytes: number | null
}

const MOST_SHOWN = 500

/** Backups that are still kept, newest first. */
export async function keptBackups(db: Db): Promise<BackupRow[]> {
  const rows = await db
    .selectFrom('backup')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('verified_at', 'desc')
    .limit(MOST_SHOWN)
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    coversUntil: row.covers_until,
    verifiedAt: row.verified_at,
    place: row.place,
    hash: row.hash,
    bytes: row.bytes,
  }))
}

/** Returns whether this database knew of it. */
export async function markRemoved(db: Db, hash: string, at: Date): Promise<boolean> {
  const done = await db
    .updateTable('backup')
    .set({ removed_at: at })
    .where('hash', '=', hash)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) > 0
}

/** What an operator states about the server of his own is past its end by itself: nothing here can look. */
export async function endStated(db: Db, before: Date, at: Date): Promise<void> {
  await db
    .updateTable('backup')
    .set({ removed_at: at })
    .where('kind', '=', 'stated')
    .where('verified_at', '<', before)
    .where('removed_at', 'is', null)
    .execute()
}

async function setting(db: Db, key: string): Promise<unknown> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}

export async function setSetting(db: Db, key: string, value: unknown): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value: json(value) })
    .onConflict((oc) => oc.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
    .execute()
}

const DEFAULT_BACKUP_DAYS = 30

/** Days that backups are kept: what a close-out's certificate says about them, and what is obeyed. */
export async function backupDays(db: Db): Promise<number> {
  const days = Number(await setting(db, 'backup_days'))
  return Number.isInteger(days) && days > 0 ? days : DEFAULT_BACKUP_DAYS
}

export type Failure = { at: string; why: string }

export async function lastFailure(db: Db): Promise<Failure | null> {
  const value = await setting(db, 'backup_failure')
  if (typeof value !== 'object' || value === null || !('at' in value) || !('why' in value)) return null
  return { at: String(value.at), why: String(value.why) }
}

export async function setFailure(db: Db, failure: Failure | null): Promise<void> {
  if (failure) await setSetting(db, 'backup_failure', failure)
  else await db.deleteFrom('setting').where('key', '=', 'backup_failure').execute()
}

/** When this database was first opened: a deployment of an hour needs no backup yet. */
export async function madeAt(db: Db): Promise<Date> {
  const row = await db
    .selectFrom('setting')
    .select('updated_at')
    .where('key', '=', 'key_fingerprint')
    .executeTakeFirst()
  return row?.updated_at ?? new Date(0)
}
