import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { OpenedObservations } from '@weiwang/domain/observation/api'
import { endBy } from '@weiwang/domain/observation/dates'
import type { From, NewObservationEvent } from '@weiwang/domain/observation/event'
import type { Measure } from '@weiwang/domain/observation/measure'
import type { Ctx } from '../core/ctx.ts'
import { answererKnown, isMinor } from './answerers.ts'
import { beginObservation } from './change.ts'
import type { ChangeOptions } from './change.ts'
import { openLocksOf, rulesFor } from './store.ts'

/** One person to observe, with everything decided that a rule does not decide. */
export type ToOpen = {
  id: string
  personId: string
  masked: string
  measure: Measure
  reason: string
  from: { kind: string; id: string | null }
  area: AreaCode
  responsibleArea: AreaCode
  householdId: string | null
  groupId: string | null
  place: 'home' | 'elsewhere' | 'central'
  responderPersonId: string | null
  exposureDay: Day | null
  continuous: boolean
  startDay: Day
  emergencyId: string
}

export type OpenOutcome = OpenedObservations['items'][number]

/** OBS-4: an exposure that goes on has no last day yet (case 31), and what is not known stays blank (case 14). */
function lastDay(one: ToOpen, length: { days: number; from: 'exposure' | 'start' }): Day | null {
  return one.continuous ? null : endBy(length, one.exposureDay, one.startDay)
}

/**
 * OBS-3, OBS-4, OBS-5: opens an observation by the rules of the place where the person stays. The person's open one is answered
 * instead of a second; days that lie wholly in the past open nothing. OBS-28: a child is marked as one, and whoever's account stands
 * for it answers.
 */
export async function openOne(ctx: Ctx, one: ToOpen, options: ChangeOptions): Promise<OpenOutcome> {
  const { id, personId } = one
  const { rules, ...set } = await rulesFor(ctx.db, one.area)
  const length = rules[one.measure]
  const endDay = lastDay(one, length)
  if (endDay !== null && endDay < ctx.today) return { id, personId, outcome: 'over', endDay, version: null }
  const minor = await isMinor(ctx, personId)
  const opened: NewObservationEvent & { kind: 'opened' } = {
    kind: 'opened',
    body: {
      on: ctx.today,
      root: id,
      measure: one.measure,
      reason: one.reason,
      from: one.from,
      responsibleArea: one.responsibleArea,
      personId,
      householdId: one.householdId,
      groupId: one.groupId,
      place: one.place,
      responderPersonId: one.responderPersonId ?? (minor ? await answererKnown(ctx, personId) : null),
      minor,
      exposureDay: one.exposureDay,
      continuous: one.continuous,
      startDay: one.startDay,
      endDay,
      length,
      rules: { id: set.id, version: set.version },
      movedFrom: null,
    },
  }
  const state = await beginObservation(ctx, {
    id,
    county: countyOf(one.area),
    area: one.area,
    emergencyId: one.emergencyId,
    masked: one.masked,
    openedFrom: one.from.kind,
    opened,
    options,
  })
  if (state) return { id, personId, outcome: 'opened', endDay, version: state.version }
  const [open] = await openLocksOf(ctx.db, [personId])
  return { id: open?.id ?? id, personId, outcome: 'exists', endDay: null, version: null }
}

export type Successor = {
  id: string
  area: AreaCode
  responsibleArea: AreaCode
  householdId: string | null
  place: 'home' | 'elsewhere' | 'central'
  masked: string
}

/**
 * OBS-16: goes on in another county under the same root, with the same days: day 6 stays day 6. Nothing happens when the person
 * has an open one: a repeat is harmless. What stood on paper there (notice, commitment) is given anew here.
 */
export async function openSuccessor(
  ctx: Ctx,
  from: { county: string; id: string; area: AreaCode; emergencyId: string },
  before: {
    root: string
    measure: Measure
    reason: string
    personId: string
    responderPersonId: string | null
    minor: boolean
    exposureDay: Day | null
    continuous: boolean
    startDay: Day
    endDay: Day | null
    length: { days: number; from: 'exposure' | 'start' }
    rules: { id: string | null; version: number }
  },
  to: Successor,
  options: ChangeOptions,
): Promise<boolean> {
  const movedFrom: From = { county: from.county, id: from.id, area: from.area }
  const state = await beginObservation(ctx, {
    id: to.id,
    county: countyOf(to.area),
    area: to.area,
    emergencyId: from.emergencyId,
    masked: to.masked,
    openedFrom: 'transfer',
    opened: {
      kind: 'opened',
      body: {
        on: ctx.today,
        root: before.root,
        measure: before.measure,
        reason: before.reason,
        from: { kind: 'transfer', id: from.id },
        responsibleArea: to.responsibleArea,
        personId: before.personId,
        householdId: to.householdId,
        groupId: null,
        place: to.place,
        responderPersonId: before.responderPersonId,
        minor: before.minor,
        exposureDay: before.exposureDay,
        continuous: before.continuous,
        startDay: before.startDay,
        endDay: before.endDay,
        length: before.length,
        rules: before.rules,
        movedFrom,
      },
    },
    options,
  })
  return state !== null
}
