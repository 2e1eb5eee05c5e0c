/** SQL of following changes: which were applied after one, and which rooms have moved what they hold by area. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { AliasRow } from '@weiwang/domain/areas/terms'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { insertAliases } from './store.ts'

/** Rooms that hold things by area and move them when areas change. */
export type FollowingRoom = 'access' | 'people' | 'teams' | 'tasks'

const MOVING = ['split', 'merge', 'move']

/**
 * A change and every one applied after it, in the order in which they were applied: what follows one late goes on through
 * the others, so that the order of reactions does not matter.
 */
export async function changesFrom(db: Db, changeId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from area_change c join area_change first on first.id = ${changeId}
    where c.state = 'applied' and c.kind = any(${MOVING}::text[]) and (c.decided_at, c.id) >= (first.decided_at, first.id)
    order by c.decided_at, c.id`.execute(db)
  return rows.map((row) => row.id)
}

/** Applied changes that a room has not followed to the end, oldest first; `before`: applied before this instant. */
export async function unfollowed(db: Db, room: FollowingRoom, before: Date, limit = 100): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from area_change c
    where c.state = 'applied' and c.kind = any(${MOVING}::text[]) and c.decided_at < ${before}
      and not exists (select from area_followed f where f.change_id = c.id and f.room = ${room})
    order by c.decided_at, c.id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** True when this call wrote it: the room is done with the change. */
export async function markFollowed(db: Db, changeId: string, room: FollowingRoom, at: Date): Promise<boolean> {
  const { rows } = await sql<{ room: string }>`
    insert into area_followed (change_id, room, at) values (${changeId}, ${room}, ${at})
    on conflict (change_id, room) do nothing returning room`.execute(db)
  return rows.length > 0
}

export async function hasFollowed(db: Db, changeId: string, room: FollowingRoom): Promise<boolean> {
  const { rows } = await sql<{ room: string }>`
    select room from area_followed where change_id = ${changeId} and room = ${room}`.execute(db)
  return rows.length > 0
}

/** What areas were called stays findable at the one area that succeeded each, with the ended area's own name when it differs. */
export async function carryNames(
  db: Db,
  pairs: readonly { code: AreaCode; successor: AreaCode; oldName: string | null }[],
): Promise<void> {
  if (pairs.length === 0) return
  const { rows } = await sql<AliasRow>`
    with pair as (
      select * from json_to_recordset(${JSON.stringify(pairs)}::json) as p (code text, successor text, "oldName" text)
    )
    select a.alias, p.successor as code, a.kind from pair p join area_alias a on a.code = p.code
    union
    select p."oldName", p.successor, 'old' from pair p where p."oldName" is not null`.execute(db)
  await insertAliases(db, rows)
}
