import type { AreaCode } from '@weiwang/domain/areas/code'
import { differenceOf, keyOfCount } from '@weiwang/domain/tasks/counts'
import { serviceCounts } from '@weiwang/domain/observation/service-counts'
import type { NewServiceEvent, ServiceEvent } from '@weiwang/domain/observation/service-event'
import { recordService } from '@weiwang/domain/observation/service-fold'
import type { ServiceState } from '@weiwang/domain/observation/service-fold'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { accountNames } from '../access/names.ts'
import { appendServiceEvents, updateService } from './service-store.ts'
import type { LoadedService, ServiceRow } from './service-store.ts'

/** Everything that goes with a decided event, in one place, so that no verb can forget it: event, row, counters, feed, event. */

const GRID = 15

function gridOf(area: AreaCode): AreaCode | null {
  return area.length >= GRID ? area.slice(0, GRID) : null
}

/** What a phone of the grid is sent: ids, closed words and times; what is wanted is opened by its own request (SERV-13). */
export async function feedService(
  ctx: Ctx,
  row: ServiceRow,
  before: AreaCode | null,
  after: ServiceState,
): Promise<void> {
  const grid = gridOf(after.area)
  const old = before === null ? null : gridOf(before)
  if (old !== null && old !== grid)
    ctx.feed({ grid: old, kind: 'service', id: row.id, body: { county: row.county, gone: true, why: 'reorganised' } })
  if (grid === null) return
  const gone = after.state === 'refused' || after.state === 'cancelled'
  if (gone) {
    const body = { county: row.county, gone: true, why: after.state, version: after.version }
    ctx.feed({ grid, kind: 'service', id: row.id, body })
    return
  }
  const names = await accountNames(ctx.db, [after.takenBy])
  ctx.feed({
    grid,
    kind: 'service',
    id: row.id,
    urgent: after.urgency === 'urgent' && after.endedAt === null && after.takenBy === null,
    body: {
      county: row.county,
      area: after.area,
      kind: after.kind,
      urgency: after.urgency,
      state: after.state,
      householdId: after.householdId,
      personId: after.personId,
      observationId: after.observationId,
      masked: row.masked,
      hasWords: row.words_sealed !== null,
      offeredTo: after.offeredTo,
      takenBy: after.takenBy,
      takenByName: after.takenBy === null ? null : (names.get(after.takenBy) ?? null),
      windowFrom: after.windowFrom,
      windowTo: after.windowTo,
      dueBy: after.dueBy,
      roundDay: after.roundDay,
      askedBy: after.askedBy,
      version: after.version,
    },
  })
}

/** A step that names a picture, which may have been handed in before it. */
function isPictured({ kind, body }: ServiceEvent): boolean {
  if (kind === 'cost') return body.cost.receiptPhoto !== null
  return (kind === 'done' || kind === 'pictured') && body.photo !== null
}

/** `text`: what a person typed with the step; sealed beside the event, which holds closed words only. */
export type ServiceChange = { by?: string | null; occurredAt?: string | undefined; text?: string | undefined }

export function serviceTextPlace(id: string, n: number): { table: string; row: string; column: string } {
  return { table: 'service_event', row: `${id}/${n}`, column: 'text_sealed' }
}

export async function changeService(
  ctx: Ctx,
  loaded: LoadedService,
  events: readonly NewServiceEvent[],
  options: ServiceChange = {},
): Promise<LoadedService> {
  if (events.length === 0) return loaded
  const { row, state: before } = loaded
  const recordedAt = ctx.now.toISOString()
  const by = options.by === undefined ? actorId(ctx) : options.by
  const { state: after, events: recorded } = recordService(before, events, {
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
            { emergencyId: row.emergency_id, now: ctx.now, ...serviceTextPlace(row.id, n) },
            options.text,
          ),
        }
  await appendServiceEvents(ctx.db, row.county, row.id, recorded, sealed)
  await updateService(ctx.db, row, after)
  ctx.count(differenceOf(serviceCounts(before), serviceCounts(after), keyOfCount))
  await feedService(ctx, row, before.area, after)
  if (recorded.some(isPictured)) ctx.emit('service.pictured', { serviceId: row.id })
  ctx.emit('service.changed', { county: row.county, serviceId: row.id, state: after.state })
  return { row: { ...row, area: after.area, version: after.version }, state: after }
}
