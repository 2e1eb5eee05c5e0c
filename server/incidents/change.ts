import { disputeCounts } from '@weiwang/domain/incidents/counts'
import type { NewDisputeEvent } from '@weiwang/domain/incidents/event'
import { recordDispute } from '@weiwang/domain/incidents/fold'
import { differenceOf, keyOfCount } from '@weiwang/domain/tasks/counts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { appendDisputeEvents, updateDispute, writeAccess } from './store.ts'
import type { LoadedDispute } from './store.ts'

/** Everything that goes with a decided event: event, row, access by name, counters. Nothing of it goes into a grid's feed (MED-3). */

export function textPlace(id: string, n: number): { table: string; row: string; column: string } {
  return { table: 'dispute_event', row: `${id}/${n}`, column: 'text_sealed' }
}

export type DisputeChange = { by?: string | null; occurredAt?: string | undefined; text?: string | undefined }

export async function changeDispute(
  ctx: Ctx,
  loaded: LoadedDispute,
  events: readonly NewDisputeEvent[],
  options: DisputeChange = {},
): Promise<LoadedDispute> {
  if (events.length === 0) return loaded
  const { row, state: before } = loaded
  const recordedAt = ctx.now.toISOString()
  const by = options.by === undefined ? actorId(ctx) : options.by
  const { state: after, events: recorded } = recordDispute(before, events, {
    area: before.area,
    by,
    occurredAt: options.occurredAt ?? recordedAt,
    recordedAt,
  })
  const n = recorded.at(-1)?.n ?? 0
  const sealed =
    options.text === undefined || options.text === ''
      ? null
      : {
          n,
          text: await ctx.keys.seal(
            { emergencyId: row.emergency_id, now: ctx.now, ...textPlace(row.id, n) },
            options.text,
          ),
        }
  await appendDisputeEvents(ctx.db, row, recorded, sealed)
  await updateDispute(ctx.db, row, after)
  for (const event of recorded) {
    if (event.kind === 'access_given' || event.kind === 'access_ended') {
      const change = { account: event.body.account, given: event.kind === 'access_given' }
      await writeAccess(ctx.db, row, change, ctx.now)
    }
  }
  ctx.count(differenceOf(disputeCounts(before), disputeCounts(after), keyOfCount))
  return { row: { ...row, area: after.area, version: after.version }, state: after }
}
