import { contains, countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { OpenedObservations, OpenObservation } from '@weiwang/domain/observation/api'
import { stayUnknown } from '@weiwang/domain/observation/problems'
import { areaExists, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { resolveAlias } from '../people/store.ts'
import { openOne } from './opening.ts'
import type { OpenOutcome } from './opening.ts'
import { doorAt, findObservation, homesOf } from './store.ts'
import type { Home } from './store.ts'

type Args = OpenObservation
type Stay = { area: AreaCode; householdId: string | null }

/** OBS-6: the door, the area that is named, or where the first of them lives. @throws notFound, stayUnknown */
async function stayOf(ctx: Ctx, args: Args, homes: readonly Home[]): Promise<Stay> {
  if (args.householdId !== undefined) {
    const door = await doorAt(ctx.db, ctx.scope, args.householdId)
    if (!door) throw notFound({ thing: 'household' })
    return { area: door.area, householdId: door.id }
  }
  if (args.area !== undefined) {
    const inside = ctx.scope.some((mine) => contains(mine, args.area ?? '')) && (await areaExists(ctx.db, args.area))
    if (!inside) throw notFound({ thing: 'area' })
    return { area: args.area, householdId: null }
  }
  const [home] = homes
  if (!home || home.area.length < 6) throw stayUnknown({})
  return { area: home.area, householdId: home.householdId }
}

/** Who is meant: merged records are one person (PEOPLE-9); someone who lives outside the actor's counties is not there. */
async function peopleOf(ctx: Ctx, args: Args): Promise<{ home: Home; at: Args['persons'][number] }[]> {
  const roots = await resolveAlias(
    ctx.db,
    args.persons.map((one) => one.personId),
  )
  const homes = await homesOf(ctx.db, [...roots.values()])
  return args.persons.map((at) => {
    const home = homes.get(roots.get(at.personId) ?? at.personId)
    const near = ctx.scope.some((mine) => contains(countyOf(mine), home?.area ?? ''))
    if (!home || !near) throw notFound({ thing: 'person' })
    return { home, at }
  })
}

/** POST /api/observations: each person with days of its own; a household in one act is a group (OBS-5). */
export const openObservation = defineAction({
  name: 'observation.open',
  input: OpenObservation,
  output: OpenedObservations,
  // The area that counts it may lie in another county (case 17), and its counters with it; the scope checks below stand.
  reach: 'all',
  run: async (ctx, args): Promise<OpenedObservations> => {
    const people = await peopleOf(ctx, args)
    const stay = await stayOf(
      ctx,
      args,
      people.map((one) => one.home),
    )
    permit(ctx, 'file', { kind: 'observation', area: stay.area })
    const emergency = await requireOpenEmergency(ctx, stay.area)
    const groupId = people.length > 1 ? newId(ctx.now) : null
    const startDay = args.startDay ?? ctx.today
    const options = {
      ...(args.occurredAt === undefined ? {} : { occurredAt: new Date(args.occurredAt).toISOString() }),
      text: args.note,
      address: args.address,
    }
    const items: OpenOutcome[] = []
    // In the order of their ids, as every list of locks is taken.
    for (const { home, at } of people.toSorted((a, b) => (a.home.personId < b.home.personId ? -1 : 1))) {
      const known = await findObservation(ctx.db, [''], at.id)
      if (known) {
        items.push({ ...same(known.row.id, home.personId), endDay: known.state.endDay, version: known.state.version })
        continue
      }
      items.push(
        await openOne(
          ctx,
          {
            id: at.id,
            personId: home.personId,
            masked: home.masked,
            measure: args.measure,
            reason: args.reason,
            from: { kind: args.openedFrom.kind, id: args.openedFrom.id ?? null },
            area: stay.area,
            responsibleArea: args.responsibleArea ?? stay.area,
            householdId: stay.householdId,
            groupId,
            place: args.place,
            responderPersonId: at.responderPersonId ?? null,
            exposureDay: at.exposureDay ?? null,
            continuous: at.continuous,
            startDay,
            emergencyId: emergency.id,
          },
          options,
        ),
      )
    }
    ctx.audit({
      verb: 'observation.open',
      thing: 'observation',
      thingId: items[0]?.id ?? '',
      area: stay.area,
      detail: {
        measure: args.measure,
        persons: items.length,
        opened: items.filter((i) => i.outcome === 'opened').length,
      },
    })
    return { groupId, items }
  },
})

function same(id: string, personId: string): { id: string; personId: string; outcome: 'exists' } {
  return { id, personId, outcome: 'exists' }
}
