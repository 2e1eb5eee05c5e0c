import { countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { OpenDispute } from '@weiwang/domain/incidents/api'
import { disputeCounts } from '@weiwang/domain/incidents/counts'
import { decideMediated, firstDue } from '@weiwang/domain/incidents/decide'
import type { NewDisputeEvent } from '@weiwang/domain/incidents/event'
import { recordDispute } from '@weiwang/domain/incidents/fold'
import { desksAround } from '../access/account-store.ts'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { textPlace } from './change.ts'
import { appendDisputeEvents, insertDispute, lockDispute, rowOfDispute } from './store.ts'
import type { LoadedDispute } from './store.ts'

const VILLAGE = 12
const MOST_DESKS = 500

/** MED-3: the nearest desk at or above the grid at which somebody sits; the village's own when there is none at all. */
export async function deskOf(ctx: Ctx, area: AreaCode): Promise<AreaCode> {
  const [nearest] = await desksAround(ctx.db, pathOf(area), { limit: 1 })
  return nearest?.area ?? area.slice(0, VILLAGE)
}

/** MED-4: the next desk above, of all areas around one; null at the top. */
export async function deskAbove(ctx: Ctx, desk: AreaCode): Promise<AreaCode | null> {
  const above = pathOf(desk).filter((code) => code !== desk && code.length >= 2)
  const [nearest] = await desksAround(ctx.db, above, { limit: MOST_DESKS })
  return nearest?.area ?? null
}

export type NewDispute = Pick<OpenDispute, 'id' | 'kind' | 'words' | 'parties' | 'held'> & {
  area: AreaCode
  householdId: string | null
  mediator: string | null
  visitId: string | null
  occurredAt?: string | undefined
  /** The result stands in the visit: passed on to the desk above. */
  passedOn?: boolean
}

/** Writes a dispute with what was held already. Null when one of this id or visit is there. @throws noOpenEmergency */
export async function writeDispute(ctx: Ctx, ask: NewDispute): Promise<LoadedDispute | null> {
  const { id: emergencyId } = await requireOpenEmergency(ctx, ask.area)
  const county = countyOf(ask.area)
  const when = { now: ctx.now, zone: ctx.zone }
  const desk = await deskOf(ctx, ask.area)
  const at = ctx.now.toISOString()
  const events: NewDisputeEvent[] = [
    {
      kind: 'opened',
      body: {
        on: ctx.today,
        kind: ask.kind,
        desk,
        mediator: ask.mediator,
        visitId: ask.visitId,
        dueBy: firstDue(when),
      },
    },
  ]
  if (ask.held) events.push(decideMediated(ask.held.result, ask.held.followUp, ask.visitId, when))
  if (ask.passedOn === true) {
    const above = await deskAbove(ctx, desk)
    if (above !== null) events.push({ kind: 'passed_up', body: { on: ctx.today, to: above, dueBy: firstDue(when) } })
  }
  const fresh = recordDispute(null, events, {
    area: ask.area,
    by: ask.mediator,
    occurredAt: ask.occurredAt ?? at,
    recordedAt: at,
  })
  const seal = (column: string, text: string) =>
    ctx.keys.seal({ emergencyId, now: ctx.now, table: 'dispute', row: ask.id, column }, text)
  const made = await insertDispute(ctx.db, {
    county,
    id: ask.id,
    emergency_id: emergencyId,
    household_id: ask.householdId,
    recorded_by: ask.mediator,
    visit_id: ask.visitId,
    parties_sealed: ask.parties.length === 0 ? null : await seal('parties_sealed', JSON.stringify(ask.parties)),
    parties: ask.parties.length,
    words_sealed: ask.words === undefined ? null : await seal('words_sealed', ask.words),
    ...rowOfDispute(fresh.state),
  })
  if (!made) return null
  const agreed = ask.held?.agreed
  const n = 2
  const sealed =
    agreed === undefined
      ? null
      : { n, text: await ctx.keys.seal({ emergencyId, now: ctx.now, ...textPlace(ask.id, n) }, agreed) }
  await appendDisputeEvents(ctx.db, { county, id: ask.id }, fresh.events, sealed)
  ctx.count(disputeCounts(fresh.state))
  return lockDispute(ctx.db, ask.id)
}
