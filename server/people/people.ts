/** Persons: list, one, create, open, move, and the queue of addresses. Every act checks its own scope and leaves its audit line. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { levelOf } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { notFound } from '@weiwang/domain/core/problems'
import {
  AssignUnresolved,
  AssignedUnresolved,
  CreatePerson,
  CreatedPerson,
  ListPeople,
  ListUnresolved,
  MovePerson,
  MovedPerson,
  NearPeople,
  OpenIdentities,
  OpenIdentity,
  OpenedIdentity,
  OpenedPage,
  RESIDENCE_KINDS,
  UNRESOLVED_WHY,
} from '@weiwang/domain/people/api'
import type { NearAnswer, PersonLine, PersonView, UnresolvedLine } from '@weiwang/domain/people/api'
import { nearPerson, needsPlace, unknownArea } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { insertAliases } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { areasFor, permit } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { carryPersons } from './carry.ts'
import { openIdentities } from './identities.ts'
import { nearPeople } from './near.ts'
import { openText } from './opening.ts'
import { placePersons } from './places.ts'
import type { Place } from './places.ts'
import { registerPersons } from './register.ts'
import { inMyScope, requireInScope } from './scope.ts'
import { countStock } from './stock.ts'
import {
  areaNames,
  findPerson,
  listPersons,
  livesIn,
  mergedInto,
  personLines,
  resolveAlias,
  residencesOf,
} from './store.ts'
import type { Cut } from './store.ts'
import { findHousehold } from './store-household.ts'
import { findArea, learnPoint, rehome } from './store-places.ts'
import { listUnresolvedRows, lockPersons, lockUnresolved } from './store-review.ts'
import { readPerson } from './typed.ts'
import type { PersonFields } from './typed.ts'

export async function listPeople(ctx: Ctx, args: z.output<typeof ListPeople>): Promise<Cut<PersonLine>> {
  const where = args.householdId === undefined ? null : livesIn(args.householdId)
  return listPersons(ctx, areasFor(ctx, args.area), where, args)
}

/** One person with residences, those of merged records included. An id that was merged answers as the record that stands for it. */
export async function getPerson(ctx: Ctx, { id }: { id: string }): Promise<PersonView> {
  const root = (await resolveAlias(ctx.db, [id])).get(id) ?? id
  const record = await findPerson(ctx.db, ctx.scope, root)
  const line = (await personLines(ctx.db, ctx.scope, [root])).get(root)
  if (!record || !line) throw notFound({ thing: 'person' })
  const mergedFrom = await mergedInto(ctx.db, root)
  const residences = await residencesOf(ctx.db, [root, ...mergedFrom])
  const nameOf = await areaNames(
    ctx.db,
    residences.map((r) => r.area),
  )
  return {
    ...line,
    hasDocument: record.has_doc,
    hasPhone: record.has_phone,
    source: record.source,
    mergedFrom,
    residences: residences.map((r) => ({
      id: r.id,
      area: r.area,
      areaName: nameOf(r.area),
      householdId: r.household_id,
      kind: z.enum(RESIDENCE_KINDS).parse(r.kind),
      certainty: r.certainty,
      source: r.source,
      fromDay: r.from_day,
      toDay: r.to_day,
    })),
    updatedAt: record.updated_at.toISOString(),
    version: record.version,
  }
}

function typedRow(ctx: Ctx, fields: PersonFields, area: AreaCode): ReturnType<typeof readPerson>['row'] {
  const { row, faults } = readPerson(fields, { today: ctx.today, area, source: 'worker', typed: true })
  const first = faults[0]
  if (first) throw new Problem({ ...first.problem, at: first.column })
  return row
}

export async function findNearPeople(ctx: Ctx, args: z.output<typeof NearPeople>): Promise<NearAnswer> {
  requireInScope(ctx, args.area, 'area')
  permit(ctx, 'read', { kind: 'person', area: args.area })
  return { items: await nearPeople(ctx, [typedRow(ctx, args, args.area)]) }
}

export const createPerson = defineAction({
  name: 'person.create',
  input: CreatePerson,
  output: CreatedPerson,
  reach: 'all',
  run: async (ctx, args) => {
    requireInScope(ctx, args.area, 'area')
    permit(ctx, 'file', { kind: 'person', area: args.area })
    const { id: emergencyId } = await requireOpenEmergency(ctx)
    if (!(await findArea(ctx.db, args.area))) throw unknownArea({ area: args.area })
    const household = args.householdId === undefined ? null : await findHousehold(ctx.db, ctx.scope, args.householdId)
    if (args.householdId !== undefined && !household) throw notFound({ thing: 'household' })
    const area = household?.area ?? args.area
    const placed = levelOf(area) >= 6
    const row = { ...typedRow(ctx, args, area), address: args.address ?? null, placed }
    if (args.continueReason === undefined) {
      const candidates = (await nearPeople(ctx, [row])).filter((c) => c.score < 1)
      if (candidates.length > 0) throw nearPerson({ candidates })
    }
    const [registered] = await registerPersons(ctx, [row], { emergencyId, within: ctx.scope })
    if (!registered?.personId) throw new Problem(registered?.problem ?? notFound({ thing: 'person' }).body)
    const { personId, outcome } = registered
    if (placed && outcome !== 'held') {
      await placePersons(ctx, [
        {
          personId,
          area,
          householdId: household?.id ?? null,
          kind: 'unknown',
          address: args.address ?? null,
          source: 'worker',
          placed: true,
          fromDay: ctx.today,
        },
      ])
    }
    ctx.audit({
      verb: 'person.create',
      thing: 'person',
      thingId: personId,
      area,
      ids: [personId],
      detail: { outcome, continued: args.continueReason !== undefined },
    })
    return { personId, outcome }
  },
})

export const openIdentity = defineAction({
  name: 'person.open',
  secret: true,
  input: OpenIdentity,
  output: OpenedIdentity,
  reach: 'all',
  run: async (ctx, { id, purpose }) => {
    const [opened] = await openIdentities(ctx, [id], purpose, 'form')
    if (!opened) throw notFound({ thing: 'person' })
    return opened
  },
})

/** A page for a phone on duty: one line in the audit trail that lists the ids. Any id outside the scope refuses the page. */
export const openPage = defineAction({
  name: 'person.open_page',
  secret: true,
  input: OpenIdentities,
  output: OpenedPage,
  reach: 'all',
  run: async (ctx, { ids, purpose }) => {
    const items = await openIdentities(ctx, ids, purpose, 'phone')
    if (items.length < new Set(ids).size) throw notFound({ thing: 'person' })
    return { items }
  },
})

type Target = { area: AreaCode; householdId: string | null }

async function targetOf(
  ctx: Ctx,
  args: { area?: string | undefined; householdId?: string | undefined },
): Promise<Target> {
  if (args.householdId !== undefined) {
    const household = await findHousehold(ctx.db, ctx.scope, args.householdId)
    if (!household) throw notFound({ thing: 'household' })
    return { area: household.area, householdId: household.id }
  }
  if (args.area === undefined) throw needsPlace({})
  if (!(await findArea(ctx.db, args.area))) throw unknownArea({ area: args.area })
  return { area: args.area, householdId: null }
}

/** PEOPLE-14. The mover needs the person in scope, not the place: who moves away is handed over to whoever covers that place. */
export const movePerson = defineAction({
  name: 'person.move',
  input: MovePerson,
  output: MovedPerson,
  reach: 'all',
  run: async (ctx, args) => {
    const person = await findPerson(ctx.db, ctx.scope, args.id)
    if (!person) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'person', area: person.home_area })
    const { id: emergencyId } = await requireOpenEmergency(ctx)
    const target = await targetOf(ctx, args)
    await carryPersons(ctx, emergencyId, [...(await resolveAlias(ctx.db, [args.id])).values()])
    const place: Place = {
      personId: args.id,
      ...target,
      kind: args.kind,
      address: args.address ?? null,
      source: 'worker',
      placed: true,
      fromDay: args.fromDay,
    }
    const outcome = (await placePersons(ctx, [place])).get(args.id)
    ctx.audit({
      verb: 'person.move',
      thing: 'person',
      thingId: args.id,
      area: person.home_area,
      ids: [args.id],
      detail: { to: target.area, fromDay: args.fromDay },
    })
    if (outcome !== 'moved') return { personId: args.id, state: 'unchanged' as const }
    return { personId: args.id, state: inMyScope(ctx, target.area) ? ('moved' as const) : ('handed_over' as const) }
  },
})

export async function listUnresolved(ctx: Ctx, args: z.output<typeof ListUnresolved>): Promise<Cut<UnresolvedLine>> {
  const { rows, next, total } = await listUnresolvedRows(ctx, areasFor(ctx, args.area), args)
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.home_area),
  )
  const items = rows.map((row) => ({
    personId: row.person_id,
    masked: row.masked,
    area: row.home_area,
    areaName: nameOf(row.home_area),
    why: z.enum(UNRESOLVED_WHY).parse(row.why),
    since: row.created_at.toISOString(),
  }))
  return { items, next, total }
}

/**
 * PEOPLE-15: a person of the queue is put in a grid, unit or household; or is passed to a coarser or another area, where it
 * goes on waiting. What was learned helps the next address like it.
 */
export const assignUnresolved = defineAction({
  name: 'person.assign',
  input: AssignUnresolved,
  output: AssignedUnresolved,
  reach: 'all',
  run: async (ctx, args) => {
    const waiting = await lockUnresolved(ctx.db, ctx.scope, args.id)
    if (!waiting) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'person', area: waiting.home_area })
    const { id: emergencyId } = await requireOpenEmergency(ctx)
    const target = await targetOf(ctx, args)
    await carryPersons(ctx, emergencyId, [args.id])
    const address = await openText(
      ctx,
      { table: 'unresolved', row: args.id, column: 'address_sealed' },
      waiting.address_sealed,
    )
    const mine = inMyScope(ctx, target.area)
    let state: 'moved' | 'unchanged' | 'handed_over' = mine ? 'moved' : 'handed_over'
    if (levelOf(target.area) >= 6) {
      const place: Place = {
        personId: args.id,
        ...target,
        kind: 'unknown',
        address,
        source: 'worker',
        placed: true,
        fromDay: ctx.today,
      }
      if ((await placePersons(ctx, [place])).get(args.id) === 'unchanged') state = 'unchanged'
      ctx.emit('person.resolved', { personIds: [args.id] })
    } else {
      await lockPersons(ctx.db, [args.id])
      countStock(ctx, 'stock_people', await rehome(ctx.db, [{ personId: args.id, area: target.area }], ctx.now))
      ctx.emit('person.resolved', { personIds: [args.id] })
    }
    if (args.learn && mine) await learn(ctx, target.area, args.learn)
    ctx.audit({
      verb: 'person.assign',
      thing: 'person',
      thingId: args.id,
      area: waiting.home_area,
      ids: [args.id],
      detail: { to: target.area, learned: args.learn !== undefined },
    })
    return { personId: args.id, area: target.area, state }
  },
})

/** Names of villages and above go to the resolver's names; streets, estates and buildings of a grid to its points. */
async function learn(
  ctx: Ctx,
  area: AreaCode,
  what: NonNullable<z.output<typeof AssignUnresolved>['learn']>,
): Promise<void> {
  const fine = levelOf(area) >= 6
  if (what.alias !== undefined && !fine)
    await insertAliases(ctx.db, [{ alias: what.alias, code: area, kind: 'learned' }])
  const street = what.street ?? (fine ? what.alias : undefined)
  if (street !== undefined && fine) {
    await learnPoint(ctx.db, {
      id: newId(ctx.now),
      area,
      street,
      number: what.number ?? null,
      building: what.building ?? null,
    })
  }
}
