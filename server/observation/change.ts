import type { AreaCode } from '@weiwang/domain/areas/code'
import { observationCounts } from '@weiwang/domain/observation/counts'
import type { NewObservationEvent } from '@weiwang/domain/observation/event'
import { isOpen, recordObservation, stateOf, stepOf } from '@weiwang/domain/observation/fold'
import type { ObservationState } from '@weiwang/domain/observation/fold'
import { differenceOf, keyOfCount } from '@weiwang/domain/tasks/counts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import {
  appendEvents,
  insertObservation,
  nextReference,
  releaseLock,
  rowOf,
  takeLock,
  updateObservation,
} from './store.ts'
import type { Loaded } from './store.ts'

/** Everything that goes with a decided event, in one place, so that no step can forget it: events, row, lock, counters, feed. */
const GRID = 15

export function textPlace(id: string, n: number): { table: string; row: string; column: string } {
  return { table: 'observation_event', row: `${id}/${n}`, column: 'text_sealed' }
}

export function unitPlace(id: string): { table: string; row: string; column: string } {
  return { table: 'observation', row: id, column: 'unit_sealed' }
}

export function addressPlace(id: string): { table: string; row: string; column: string } {
  return { table: 'observation', row: id, column: 'address_sealed' }
}

/** What a phone of the grid is sent: the whole state, which names nobody, so that it can decide and fold by itself (OBS-1). */
export function feedBody(of: { county: string; masked: string; reference: string; state: ObservationState }): object {
  const { state } = of
  return {
    county: of.county,
    area: state.area,
    masked: of.masked,
    reference: of.reference,
    personId: state.personId,
    householdId: state.householdId,
    groupId: state.groupId,
    measure: state.measure,
    state: stateOf(state),
    step: stepOf(state),
    startDay: state.startDay,
    endDay: state.endDay,
    current: state,
    version: state.version,
  }
}

function gridOf(area: AreaCode): AreaCode | null {
  return area.length >= GRID ? area.slice(0, GRID) : null
}

type Told = { county: string; id: string; masked: string; reference: string }

/** The grid before and the grid after; urgent while somebody is ill or a breach is open. */
function tellGrids(ctx: Ctx, of: Told, before: ObservationState | null, after: ObservationState): void {
  const from = before === null ? null : gridOf(before.area)
  const to = gridOf(after.area)
  const gone = (why: string) => ({ county: of.county, gone: true, why, version: after.version })
  if (from !== null && from !== to) ctx.feed({ grid: from, kind: 'observation', id: of.id, body: gone('moved') })
  if (to === null) return
  // Who was released is still called once; every other end takes it off the phone.
  const ended = after.outcome !== null && (after.outcome !== 'released' || after.followUpDay === null)
  ctx.feed({
    grid: to,
    kind: 'observation',
    id: of.id,
    urgent: isOpen(after) && (after.symptoms !== null || after.breach !== null),
    body: ended ? gone(after.outcome ?? 'ended') : feedBody({ ...of, state: after }),
  })
}

/** `text`: what a person typed with the step, sealed beside its first event. `by`: null for the server itself. */
export type ChangeOptions = {
  occurredAt?: string
  by?: string | null
  text?: string | undefined
  address?: string | undefined
  /** Employer or school as JSON (papers.ts). */
  unit?: string | undefined
}

function whoActs(ctx: Ctx, options: ChangeOptions): string | null {
  if (options.by !== undefined) return options.by
  return actorId(ctx)
}

async function sealed(
  ctx: Ctx,
  emergencyId: string,
  place: { table: string; row: string; column: string },
  text: string | undefined,
): Promise<Buffer | null> {
  return text === undefined || text === '' ? null : ctx.keys.seal({ emergencyId, now: ctx.now, ...place }, text)
}

/** What others react to: the door, whose days, and whether it ended. */
function say(ctx: Ctx, event: string, of: Told, state: ObservationState): void {
  ctx.emit(event, {
    county: of.county,
    observationId: of.id,
    personId: state.personId,
    householdId: state.householdId,
    groupId: state.groupId,
    area: state.area,
    version: state.version,
  })
}

/**
 * Applies decided events to a locked observation: appends them, writes the row by the fold, moves the counters by the difference,
 * gives back the lock at its end, tells the grids before and after, and says `observation.changed` or `observation.ended`.
 */
export async function changeObservation(
  ctx: Ctx,
  loaded: Loaded,
  events: readonly NewObservationEvent[],
  options: ChangeOptions = {},
): Promise<Loaded> {
  if (events.length === 0) return loaded
  const { row, state: before } = loaded
  const recordedAt = ctx.now.toISOString()
  const stamp = {
    area: before.area,
    by: whoActs(ctx, options),
    occurredAt: options.occurredAt ?? recordedAt,
    recordedAt,
  }
  const { state: after, events: recorded } = recordObservation(before, events, stamp)
  const first = recorded[0]?.n ?? 0
  const text = await sealed(ctx, row.emergency_id, textPlace(row.id, first), options.text)
  const address = await sealed(ctx, row.emergency_id, addressPlace(row.id), options.address)
  const unit = await sealed(ctx, row.emergency_id, unitPlace(row.id), options.unit)
  await appendEvents(
    ctx.db,
    { county: row.county, id: row.id, responsibleArea: after.responsibleArea },
    recorded,
    text === null ? null : { n: first, text },
  )
  await updateObservation(ctx.db, row, after, {
    ...(address === null ? {} : { address_sealed: address }),
    ...(unit === null ? {} : { unit_sealed: unit }),
  })
  if (isOpen(before) && !isOpen(after)) await releaseLock(ctx.db, before.personId, row.id)
  ctx.count(differenceOf(observationCounts(before), observationCounts(after), keyOfCount))
  tellGrids(ctx, row, before, after)
  say(ctx, isOpen(before) && !isOpen(after) ? 'observation.ended' : 'observation.changed', row, after)
  for (const why of urgent(before, after)) ctx.emit('observation.urgent', { observationId: row.id, why })
  return {
    row: {
      ...row,
      ...rowAfter(after),
      address_sealed: address ?? row.address_sealed,
      unit_sealed: unit ?? row.unit_sealed,
      current: after,
    },
    state: after,
  }
}

/** What the desk has to know at once: a first symptom, a refusal, a home that will not do, somebody who asks to go out. */
function urgent(
  before: ObservationState,
  after: ObservationState,
): ('symptom' | 'refused' | 'unsuitable' | 'outing')[] {
  const unfit = ({ suitability }: ObservationState) =>
    suitability !== null && (!suitability.suitable || suitability.wantsCentral)
  return [
    ...(before.symptoms === null && after.symptoms !== null ? (['symptom'] as const) : []),
    ...(before.refusedOn === null && after.refusedOn !== null ? (['refused'] as const) : []),
    ...(!unfit(before) && unfit(after) ? (['unsuitable'] as const) : []),
    ...(after.outingAsked !== null && after.outingAsked.n !== before.outingAsked?.n ? (['outing'] as const) : []),
  ]
}

function rowAfter(state: ObservationState) {
  const { area, responsible_area, state: name, step, end_day, version } = rowOf(state)
  return { area, responsible_area, state: name, step, end_day, version }
}

export type Opening = {
  id: string
  county: string
  area: AreaCode
  emergencyId: string
  masked: string
  openedFrom: string
  opened: NewObservationEvent & { kind: 'opened' }
  options: ChangeOptions
}

/** OBS-5: writes a new observation; null when the person has an open one already. The first event stands alone. */
export async function beginObservation(ctx: Ctx, opening: Opening): Promise<Loaded['state'] | null> {
  const { id, county, area, emergencyId, masked, options } = opening
  const recordedAt = ctx.now.toISOString()
  const { body } = opening.opened
  const locked = await takeLock(ctx.db, { person_id: body.personId, home_area: area, county, observation_id: id })
  if (!locked) return null
  const fresh = recordObservation(null, [opening.opened], {
    area,
    by: whoActs(ctx, options),
    occurredAt: options.occurredAt ?? recordedAt,
    recordedAt,
  })
  const reference = await nextReference(ctx.db, county)
  await insertObservation(ctx.db, {
    county,
    id,
    root: body.root,
    emergency_id: emergencyId,
    person_id: body.personId,
    masked,
    reference,
    measure: body.measure,
    reason: body.reason,
    opened_from: opening.openedFrom,
    rules_id: body.rules.id,
    rules_version: body.rules.version,
    address_sealed: await sealed(ctx, emergencyId, addressPlace(id), options.address),
    unit_sealed: await sealed(ctx, emergencyId, unitPlace(id), options.unit),
    current: json(fresh.state),
    ...rowOf(fresh.state),
  })
  const text = await sealed(ctx, emergencyId, textPlace(id, 1), options.text)
  await appendEvents(
    ctx.db,
    { county, id, responsibleArea: body.responsibleArea },
    fresh.events,
    text === null ? null : { n: 1, text },
  )
  ctx.count(observationCounts(fresh.state))
  const told = { county, id, masked, reference }
  tellGrids(ctx, told, null, fresh.state)
  say(ctx, 'observation.opened', told, fresh.state)
  return fresh.state
}
