/** Whose page it is: every verb of a resident asks here first, and what is not the account's is not there (REGISTER-1, ACCESS-3). */
import { notFound } from '@weiwang/domain/core/problems'
import { notResident, proofNeeded } from '@weiwang/domain/healthcode/reg-problems'
import type { Ctx } from '../core/ctx.ts'
import { accountPhone } from '../people/account-person-store.ts'
import { isResident, standingOf } from '../people/account-persons.ts'
import type { AccountPerson, Standing } from '../people/account-persons.ts'
import { openText } from '../people/opening.ts'
import { resolveAlias } from '../people/store.ts'

/** @throws notResident, proofNeeded */
export async function standing(ctx: Ctx): Promise<Standing> {
  if (!isResident(ctx)) throw notResident({})
  const found = await standingOf(ctx)
  if (!found.proven) throw proofNeeded({})
  return found
}

/** The same about one thing: to who is no resident there is none, whether or not it exists (ACCESS-3). @throws notFound, proofNeeded */
export async function standingFor(ctx: Ctx, thing: string): Promise<Standing> {
  if (!isResident(ctx)) throw notFound({ thing })
  return standing(ctx)
}

/**
 * A person for whom the account stands, by any id under which they may be known; registered or, before that, known by the number.
 * @throws notFound
 */
export async function mine(ctx: Ctx, personId: string): Promise<AccountPerson> {
  const { persons } = await standingFor(ctx, 'person')
  const root = (await resolveAlias(ctx.db, [personId])).get(personId) ?? personId
  const person = persons.find((one) => one.personId === root)
  if (!person) throw notFound({ thing: 'person' })
  return person
}

/** Only whom a document or a worker has bound: what is known by a number alone may be seen and not changed. */
export async function boundMine(ctx: Ctx, personId: string): Promise<AccountPerson> {
  const person = await mine(ctx, personId)
  if (person.basis === 'phone') throw notFound({ thing: 'person' })
  return person
}

/**
 * The ids under which other rooms may know them, once the holder has shown a document: what says where somebody was, or prints who they
 * are, is not told to whoever has their number (CODE-22).
 */
export async function boundRecords(ctx: Ctx): Promise<string[]> {
  const { persons, records } = await standingOf(ctx)
  return isBound(persons) ? records : []
}

/** Whether the holder has shown a document of their own: a number alone answers for nobody else. */
export function isBound(persons: readonly AccountPerson[]): boolean {
  return persons.some((one) => one.relation === 'self' && one.basis !== 'phone')
}

/** The account's own number, E.164; null for an account without one. */
export async function ownPhone(ctx: Ctx): Promise<string | null> {
  const sealed = await accountPhone(ctx.db, ctx.actor.id)
  return openText(ctx, { table: 'account', row: ctx.actor.id, column: 'phone_sealed' }, sealed)
}
