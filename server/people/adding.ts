/**
 * Persons and doors that a phone has registered: each under an id made there, which later items go on naming whatever record it
 * became (PEOPLE-21). A near record refuses the addition (case 9, found at arrival too: case 40); the worker then says that it is
 * this one, or goes on with a reason.
 */
import { notFound } from '@weiwang/domain/core/problems'
import { CreatedPerson, MovedPerson, MovePerson } from '@weiwang/domain/people/api'
import { AddPerson, UsedHousehold, UsedPerson, UseHousehold, UsePerson } from '@weiwang/domain/people/change-api'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { doorMeant, personMeant } from './change.ts'
import { createPerson, movePerson } from './people.ts'
import { findPerson } from './store.ts'
import { addMadeHousehold, addMadePersons, madePersons } from './store-change.ts'
import { findHousehold } from './store-household.ts'

/** The same id again, under another key: what it became. */
async function addedBefore(ctx: Ctx, id: string): Promise<{ personId: string; area: string } | null> {
  const made = (await madePersons(ctx.db, [id])).get(id)
  if (made === undefined) return null
  const personId = await personMeant(ctx, made)
  const person = await findPerson(ctx.db, ctx.scope, personId)
  return person ? { personId, area: person.home_area } : null
}

export const addPerson = defineAction({
  name: 'person.add',
  input: AddPerson,
  output: CreatedPerson,
  reach: 'all',
  run: async (ctx, { id, ...args }) => {
    const before = await addedBefore(ctx, id)
    if (before !== null) {
      const { personId, area } = before
      const detail = { outcome: 'unchanged' }
      ctx.audit({ verb: 'person.create', thing: 'person', thingId: personId, area, ids: [personId], detail })
      return { personId, outcome: 'unchanged' as const }
    }
    const householdId = args.householdId === undefined ? undefined : await doorMeant(ctx, args.householdId)
    const answer = await createPerson.run(ctx, { ...args, householdId })
    await addMadePersons(ctx.db, [{ id, personId: answer.personId }])
    return answer
  },
})

/** "It is this one": the phone's id stands for the existing record from now on, who lives at the door that is named. */
export const usePerson = defineAction({
  name: 'person.use',
  input: UsePerson,
  output: UsedPerson,
  reach: 'all',
  run: async (ctx, args) => {
    const personId = await personMeant(ctx, args.personId)
    const person = await findPerson(ctx.db, ctx.scope, personId)
    if (!person) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'person', area: person.home_area })
    await addMadePersons(ctx.db, [{ id: args.id, personId }])
    ctx.audit({ verb: 'person.use', thing: 'person', thingId: personId, area: person.home_area, ids: [personId] })
    if (args.householdId === undefined) return { personId, state: 'used' as const }
    const moved = await movePersonFromPhone.run(ctx, {
      id: personId,
      householdId: args.householdId,
      kind: 'unknown',
      fromDay: args.fromDay ?? ctx.today,
    })
    return { personId, state: moved.state }
  },
})

/** PEOPLE-14 from the phone: both ids may be the phone's own. */
export const movePersonFromPhone = defineAction({
  name: 'person.move',
  input: MovePerson,
  output: MovedPerson,
  reach: 'all',
  run: async (ctx, args) => {
    const householdId = args.householdId === undefined ? undefined : await doorMeant(ctx, args.householdId)
    return movePerson.run(ctx, { ...args, id: await personMeant(ctx, args.id), householdId })
  },
})

export const useHousehold = defineAction({
  name: 'household.use',
  input: UseHousehold,
  output: UsedHousehold,
  reach: 'all',
  run: async (ctx, args) => {
    const householdId = await doorMeant(ctx, args.householdId)
    const household = await findHousehold(ctx.db, ctx.scope, householdId)
    if (!household) throw notFound({ thing: 'household' })
    permit(ctx, 'file', { kind: 'household', area: household.area })
    await addMadeHousehold(ctx.db, args.id, householdId)
    ctx.audit({ verb: 'household.use', thing: 'household', thingId: householdId, area: household.area })
    return { householdId }
  },
})
