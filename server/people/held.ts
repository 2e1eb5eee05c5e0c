/** Writing down that a field stands under two values, once for each value (PEOPLE-19). */
import type { Actor } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { ConflictLine } from '@weiwang/domain/people/change-api'
import type { Ctx } from '../core/ctx.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import { newId } from '../core/transaction.ts'
import type { FieldChange } from './change-fields.ts'
import { conflictsOf, insertConflict, settleConflicts, updateConflict } from './store-conflict.ts'
import type { ConflictRow } from './store-conflict.ts'

/** What is compared without being kept: the same value of the same field of the same thing. */
export function valueHash(keys: Keyring, thingId: string, field: string, value: string): Buffer {
  return keys.hash('source_key', ['edit', thingId, field, value].join('\u0000'))
}

export type Of = { thing: 'person' | 'household'; id: string; area: AreaCode; emergencyId: string }
export type Held = { outcome: 'held' | 'kept' | 'superseded'; conflictId: string | null }

/** Only its own writer says it: a later word of the same writer replaces it. */
function isMine(row: ConflictRow, by: string): boolean {
  return row.state === 'open' && row.by === by && row.also.length === 0
}

/** The thing is locked: two phones with the same value meet here one after the other. */
export async function hold(
  ctx: Ctx,
  of: Of,
  change: FieldChange & { why: ConflictLine['why'] },
  made: { at: Date; note: string | undefined; by?: Pick<Actor, 'id' | 'name'> },
): Promise<Held> {
  const { id: by, name } = made.by ?? ctx.actor
  const hash = (value: string): Buffer => valueHash(ctx.keys, of.id, change.field, value)
  const [to, against] = [hash(change.to), hash(change.current)]
  const rows = await conflictsOf(ctx.db, of.id, change.field)
  const open = rows.find((row) => row.state === 'open' && row.to_hash.equals(to))
  if (open) {
    if (open.by !== by && !open.also.includes(by))
      await updateConflict(ctx.db, open, { also: [...open.also, by], against_hash: against })
    return { outcome: 'held', conflictId: open.id }
  }
  const decided = rows.find((row) => row.state === 'kept' && row.to_hash.equals(to) && row.against_hash.equals(against))
  if (decided) return { outcome: 'kept', conflictId: decided.id }
  const mine = rows.filter((row) => isMine(row, by))
  const later = mine.find((row) => row.made_at > made.at)
  if (later) return { outcome: 'superseded', conflictId: later.id }
  for (const row of mine) await updateConflict(ctx.db, row, { state: 'superseded', decided_at: ctx.now })
  const id = newId(ctx.now)
  const { seal } = await ctx.keys.sealer(of.emergencyId, ctx.now)
  const sealed = (column: string, text: string | undefined): Buffer | null =>
    text === undefined || text === '' ? null : seal({ table: 'field_conflict', row: id, column }, text)
  await insertConflict(ctx.db, {
    thing_id: of.id,
    id,
    thing: of.thing,
    area: of.area,
    emergency_id: of.emergencyId,
    field: change.field,
    why: change.why,
    from_sealed: sealed('from_sealed', change.from),
    to_sealed: sealed('to_sealed', change.to),
    to_hash: to,
    against_hash: against,
    note_sealed: sealed('note_sealed', made.note),
    by,
    by_name: name,
    made_at: made.at,
    recorded_at: ctx.now,
    state: 'open',
  })
  return { outcome: 'held', conflictId: id }
}

/** The value stands there now: whoever else said it has it, and what its writer said before is that writer's no more. */
export async function settle(ctx: Ctx, of: Of, change: FieldChange): Promise<void> {
  const hash = valueHash(ctx.keys, of.id, change.field, change.to)
  await settleConflicts(ctx.db, { thingId: of.id, field: change.field, hash }, ctx.now)
  for (const row of await conflictsOf(ctx.db, of.id, change.field))
    if (isMine(row, ctx.actor.id)) await updateConflict(ctx.db, row, { state: 'superseded', decided_at: ctx.now })
}
