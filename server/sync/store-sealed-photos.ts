/** SQL of pictures that were handed in sealed. */
import type { PhotoSubject } from '@weiwang/domain/sync/api'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'

export type SealedPhoto = {
  account_id: string
  id: string
  device: string
  about: PhotoSubject
  subject_id: string
  parts: number
  box: string
  box_key: string
  jpeg_sealed: Buffer | null
}
type At = { accountId: string; id: string }

export async function lockSealedPhoto(db: Db, at: At): Promise<SealedPhoto | null> {
  const { rows } = await sql<SealedPhoto>`
    select account_id, id, device, about, subject_id, parts, box, box_key, jpeg_sealed from sealed_photo
    where account_id = ${at.accountId} and id = ${at.id} for update`.execute(db)
  return rows[0] ?? null
}

/** How many pictures of an account lie here, whole or in part. */
export async function countSealedPhotos(db: Db, accountId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from sealed_photo where account_id = ${accountId}`.execute(db)
  return rows[0]?.n ?? 0
}

export type NewSealedPhoto = At & {
  device: string
  about: PhotoSubject
  subjectId: string
  parts: number
  box: string
  boxKey: string
  now: Date
}

/** As the phone says now: parts of another cut or key are of no use any more. */
export async function putSealedPhoto(db: Db, row: NewSealedPhoto): Promise<void> {
  await sql`
    insert into sealed_photo (account_id, id, device, about, subject_id, parts, box, box_key, put_at)
    values (${row.accountId}, ${row.id}, ${row.device}, ${row.about}, ${row.subjectId}, ${row.parts}, ${row.box}, ${row.boxKey}, ${row.now})
    on conflict (account_id, id) do update set device = excluded.device, about = excluded.about, subject_id = excluded.subject_id, parts = excluded.parts,
      box = excluded.box, box_key = excluded.box_key, put_at = excluded.put_at`.execute(db)
}

export async function dropParts(db: Db, at: At): Promise<void> {
  await sql`delete from sealed_photo_part where account_id = ${at.accountId} and id = ${at.id}`.execute(db)
}

export async function putPart(db: Db, at: At & { part: number; bytes: Buffer }): Promise<void> {
  await sql`
    insert into sealed_photo_part (account_id, id, part, bytes) values (${at.accountId}, ${at.id}, ${at.part}, ${at.bytes})
    on conflict (account_id, id, part) do update set bytes = excluded.bytes`.execute(db)
}

export async function partsOf(db: Db, at: At): Promise<{ part: number; bytes: Buffer }[]> {
  const { rows } = await sql<{ part: number; bytes: Buffer }>`
    select part, bytes from sealed_photo_part where account_id = ${at.accountId} and id = ${at.id} order by part`.execute(
    db,
  )
  return rows
}

export async function partNumbers(db: Db, at: At): Promise<number[]> {
  const { rows } = await sql<{ part: number }>`
    select part from sealed_photo_part where account_id = ${at.accountId} and id = ${at.id}`.execute(db)
  return rows.map((row) => row.part)
}

export async function keepWhole(db: Db, at: At, emergencyId: string, sealed: Buffer): Promise<void> {
  await sql`update sealed_photo set emergency_id = ${emergencyId}, jpeg_sealed = ${sealed} where account_id = ${at.accountId} and id = ${at.id}`.execute(
    db,
  )
}

export async function dropSealedPhoto(db: Db, at: At): Promise<void> {
  await sql`delete from sealed_photo where account_id = ${at.accountId} and id = ${at.id}`.execute(db)
}

/** Whole pictures that wait for what they belong to, with the name of who took them. */
export async function waitingFor(db: Db, subjectId: string): Promise<(SealedPhoto & { name: string; area: string })[]> {
  const { rows } = await sql<SealedPhoto & { name: string; area: string }>`
    select s.account_id, s.id, s.device, s.about, s.subject_id, s.parts, s.box, s.box_key, s.jpeg_sealed, a.name, a.area
    from sealed_photo s join account a on a.id = s.account_id
    where s.subject_id = ${subjectId} and s.jpeg_sealed is not null order by s.id`.execute(db)
  return rows
}

export async function sweepSealedPhotos(db: Db, before: Date): Promise<void> {
  await sql`delete from sealed_photo where put_at < ${before}`.execute(db)
}
