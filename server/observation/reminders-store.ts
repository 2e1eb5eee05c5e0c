import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import { z } from 'zod'
import type { Db } from '../core/db/connect.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { DB, ReadingLink, ReadingMessage } from '../core/db/types.ts'

/** Messages, the links in them, and the numbers that want none. */
export type MessageRow = Selectable<ReadingMessage>
export type LinkRow = Selectable<ReadingLink>

export type NewMessage = {
  id: string
  responder_person_id: string
  day: string
  part: string
  county: string
  area: string
  emergency_id: string
  due_at: Date
  zone: string
  not_before: Date
  at: Date
}

/** Case 27: one message to one responder and slot, whoever of the household came due first. */
export async function insertMessages(db: Db, rows: readonly NewMessage[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into reading_message (id, responder_person_id, day, part, county, area, emergency_id, due_at, zone, not_before, state, at)
    select id, responder_person_id, day, part, county, area, emergency_id, due_at, zone, not_before, 'waiting', at
    from json_to_recordset(${JSON.stringify(rows)}::json) as m (id uuid, responder_person_id uuid, day date, part text, county text, area text,
      emergency_id uuid, due_at timestamptz, zone text, not_before timestamptz, at timestamptz)
    on conflict (responder_person_id, day, part) do nothing`.execute(db)
}

/** Takes messages to send; one that a killed process had taken is taken again after `stale`. */
export async function claimMessages(db: Db, now: Date, stale: Date, limit: number): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    update reading_message m set claimed_at = ${now}, tries = m.tries + 1
    from (select id from reading_message where state = 'waiting' and not_before <= ${now} and (claimed_at is null or claimed_at < ${stale})
      order by not_before, id limit ${limit} for update skip locked) c
    where m.id = c.id returning m.*`.execute(db)
  return rows
}

export async function updateMessage(db: Db, id: string, set: UpdateObject<DB, 'reading_message'>): Promise<void> {
  await db.updateTable('reading_message').set(set).where('id', '=', id).execute()
}

const Place = z.tuple([z.iso.datetime(), z.uuid()])

export async function listMessages(
  db: Db,
  of: { areas: readonly AreaCode[]; state: string | undefined; personId: string | undefined },
  page: { limit: number; cursor?: string | undefined },
): Promise<{ rows: (MessageRow & { masked: string | null })[]; next: string | null; total: number }> {
  const state = of.state === undefined ? sql`true` : sql`m.state = ${of.state}`
  const who = of.personId === undefined ? sql`true` : sql`m.responder_person_id = ${of.personId}::uuid`
  const where = sql`${inScope('m.area', of.areas)} and ${state} and ${who}`
  const after = decodeCursor(Place, page.cursor)
  const rest = after === null ? sql`true` : sql`(m.at, m.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
  const { rows } = await sql<MessageRow & { masked: string | null }>`
    select m.*, p.masked from (select m.* from reading_message m where ${where} and ${rest} order by m.at desc, m.id desc limit ${page.limit + 1}) m
    left join person p on p.person_id = m.responder_person_id order by m.at desc, m.id desc`.execute(db)
  const counted = await sql<{ n: number }>`select count(*)::int as n from reading_message m where ${where}`.execute(db)
  const items = rows.slice(0, page.limit)
  const last = items.at(-1)
  const next = rows.length > page.limit && last ? encodeCursor([last.at.toISOString(), last.id]) : null
  return { rows: items, next, total: counted.rows[0]?.n ?? 0 }
}

// ---- Links -----------------------------------------------------------------------------------------------------------------------

/** A message that is made again makes its links again; the first ones never left. */
export async function insertLinks(db: Db, messageId: string, rows: InsertObject<DB, 'reading_link'>[]): Promise<void> {
  await db.deleteFrom('reading_link').where('message_id', '=', messageId).where('used_at', 'is', null).execute()
  if (rows.length > 0) await db.insertInto('reading_link').values(rows).execute()
}

export async function findLink(db: Db, tokenHash: Buffer): Promise<LinkRow | null> {
  const row = await db.selectFrom('reading_link').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
  return row ?? null
}

export async function lockLink(db: Db, tokenHash: Buffer): Promise<LinkRow | null> {
  const row = await db
    .selectFrom('reading_link')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function useLink(db: Db, tokenHash: Buffer, readingId: string, at: Date): Promise<void> {
  await db
    .updateTable('reading_link')
    .set({ reading_id: readingId, used_at: at })
    .where('token_hash', '=', tokenHash)
    .execute()
}

/** Dead links are kept for two days, to say "over" and not "unknown". */
export async function forgetLinks(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('reading_link').where('closes_at', '<', before).execute()
}

// ---- No more messages (case 29) ------------------------------------------------------------------------------------------------------

export async function stopOf(db: Db, numberHash: Buffer): Promise<{ how: string; at: Date } | null> {
  const row = await db
    .selectFrom('message_stop')
    .select(['how', 'at'])
    .where('number_hash', '=', numberHash)
    .executeTakeFirst()
  return row ?? null
}

export async function isStopped(db: Db, numberHash: Buffer): Promise<boolean> {
  return (await stopOf(db, numberHash)) !== null
}

export async function stopNumber(db: Db, numberHash: Buffer, how: 'reply' | 'link' | 'desk', at: Date): Promise<void> {
  await db
    .insertInto('message_stop')
    .values({ number_hash: numberHash, how, at })
    .onConflict((oc) => oc.column('number_hash').doNothing())
    .execute()
}

export async function allowNumber(db: Db, numberHash: Buffer): Promise<void> {
  await db.deleteFrom('message_stop').where('number_hash', '=', numberHash).execute()
}

/** The language of the account that has this number, when there is one. */
export async function languageOf(db: Db, accountPhoneHash: Buffer): Promise<'zh' | 'en'> {
  const row = await db
    .selectFrom('account')
    .select('lang')
    .where('phone_hash', '=', accountPhoneHash)
    .where('state', '<>', 'closed')
    .executeTakeFirst()
  return row?.lang === 'en' ? 'en' : 'zh'
}
