import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { serviceCounts } from '@weiwang/domain/observation/service-counts'
import type { Asker, AskService } from '@weiwang/domain/observation/service-api'
import type { NewServiceEvent } from '@weiwang/domain/observation/service-event'
import { recordService } from '@weiwang/domain/observation/service-fold'
import { timesOf } from '@weiwang/domain/observation/service-kind'
import { serviceIdTaken, serviceNowhere, tooMany } from '@weiwang/domain/observation/service-problems'
import { notFound } from '@weiwang/domain/core/problems'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { householdAt } from '../visits/store.ts'
import { feedService } from './service-change.ts'
import {
  appendServiceEvents,
  findServiceRow,
  insertService,
  openAtDoor,
  personAt,
  rowOfService,
} from './service-store.ts'
import type { LoadedService } from './service-store.ts'

/** So many unfinished services are enough for one door; more is a fault of a programme or somebody at play. */
const MOST_AT_DOOR = 30

export type AskFor = Pick<AskService, 'householdId' | 'personId'>
export type ServicePlace = { area: AreaCode; householdId: string | null; personId: string | null; masked: string }

/** SERV-1: for a door, or for a person and then to his door. @throws serviceNowhere, notFound */
export async function servicePlace(ctx: Ctx, ask: AskFor): Promise<ServicePlace> {
  const person = ask.personId === undefined ? null : await personAt(ctx.db, ctx.scope, ask.personId)
  if (ask.personId !== undefined && !person) throw notFound({ thing: 'person' })
  const door = ask.householdId === undefined ? null : await householdAt(ctx.db, ctx.scope, ask.householdId)
  if (ask.householdId !== undefined && !door) throw notFound({ thing: 'household' })
  const area = door?.area ?? person?.area
  if (area === undefined) throw serviceNowhere({})
  // A person who stays elsewhere has it brought to where he stays.
  return {
    area,
    householdId: door?.id ?? person?.householdId ?? null,
    personId: person?.personId ?? null,
    masked: person?.masked ?? '',
  }
}

/** @throws tooMany */
export async function requireRoom(ctx: Ctx, place: ServicePlace): Promise<void> {
  const { householdId, area } = place
  if (householdId !== null && (await openAtDoor(ctx.db, countyOf(area), householdId)) >= MOST_AT_DOOR)
    throw tooMany({ most: MOST_AT_DOOR })
}

export type NewService = Omit<AskService, 'householdId' | 'personId' | 'occurredAt'> & {
  asker: Asker
  askedBy: string | null
  ruleId?: string | undefined
  medicineId?: string | undefined
  occurredAt?: string | undefined
}

/**
 * Writes a service: row, event, counter, feed, and says `service.asked`, upon which it is offered. Null when one of this id is
 * there already, which a job that runs twice relies on. @throws noOpenEmergency
 */
export async function writeService(ctx: Ctx, place: ServicePlace, ask: NewService): Promise<LoadedService | null> {
  const { id: emergencyId } = await requireOpenEmergency(ctx, place.area)
  const county = countyOf(place.area)
  const at = ctx.now.toISOString()
  const window = ask.window ?? null
  const asked: NewServiceEvent = {
    kind: 'asked',
    body: {
      on: ctx.today,
      kind: ask.kind,
      urgency: ask.urgency,
      asker: ask.asker,
      askedBy: ask.askedBy,
      householdId: place.householdId,
      personId: place.personId,
      observationId: ask.observationId ?? null,
      ruleId: ask.ruleId ?? null,
      medicineId: ask.medicineId ?? null,
      windowFrom: window === null ? null : new Date(window.from).toISOString(),
      windowTo: window === null ? null : new Date(window.to).toISOString(),
      ...timesOf({ kind: ask.kind, urgency: ask.urgency, windowTo: window?.to ?? null }, ctx.now, ctx.zone),
    },
  }
  const fresh = recordService(null, [asked], {
    area: place.area,
    by: ask.askedBy,
    occurredAt: ask.occurredAt ?? at,
    recordedAt: at,
  })
  const words =
    ask.words === undefined
      ? null
      : await ctx.keys.seal(
          { emergencyId, now: ctx.now, table: 'service', row: ask.id, column: 'words_sealed' },
          ask.words,
        )
  const made = await insertService(ctx.db, {
    county,
    id: ask.id,
    emergency_id: emergencyId,
    household_id: place.householdId,
    person_id: place.personId,
    observation_id: ask.observationId ?? null,
    rule_id: ask.ruleId ?? null,
    medicine_id: ask.medicineId ?? null,
    masked: place.masked,
    asked_by: ask.askedBy,
    words_sealed: words,
    ...rowOfService(fresh.state),
  })
  if (!made) return null
  await appendServiceEvents(ctx.db, county, ask.id, fresh.events, null)
  ctx.count(serviceCounts(fresh.state))
  const row = await findServiceRow(ctx.db, ask.id)
  if (!row) throw serviceIdTaken({ id: ask.id })
  await feedService(ctx, row, null, fresh.state)
  ctx.emit('service.asked', { county, serviceId: ask.id })
  return { row, state: fresh.state }
}
