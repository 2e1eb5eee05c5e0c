/**
 * For whom a resident's account stands (REGISTER-1, READ-17): the one function that every room asks. Reach 'all': the rows
 * are of the system's role.
 */
import type { Day } from '@weiwang/domain/core/day'
import type { Ctx } from '../core/ctx.ts'
import { linksOf, numberOf, personsOfNumber } from './account-person-store.ts'
import type { Basis, Link, Relation } from './account-person-store.ts'
import { openText } from './opening.ts'
import { mergedInto, resolveAlias } from './store.ts'

export type AccountPerson = { personId: string; relation: Relation; basis: Basis; since: Day | null; until: Day | null }

export type Standing = {
  /** Somebody registered under this account with a document, now or before. */
  bound: boolean
  /** This log-in has shown the document, or none was ever bound: what follows may be seen. */
  proven: boolean
  fresh: boolean
  persons: AccountPerson[]
  /** The same persons with the records that were merged into them: what rows of other rooms are keyed by. */
  records: string[]
}

const NOBODY: Standing = { bound: false, proven: false, fresh: false, persons: [], records: [] }

export function isResident(ctx: Ctx): boolean {
  return ctx.actor.kind === 'account' && ctx.actor.roles.includes('resident')
}

/** A link holds until it is ended, and to the end of its last day (case 67): a comparison at read time, never a job. */
export function holds(link: Pick<Link, 'endedAt' | 'until'>, today: Day): boolean {
  return link.endedAt === null && (link.until === null || link.until >= today)
}

async function byNumber(ctx: Ctx, phoneSealed: Buffer | null, namesake: string | null): Promise<string[]> {
  const phone = await openText(ctx, { table: 'account', row: ctx.actor.id, column: 'phone_sealed' }, phoneSealed)
  if (phone === null) return []
  return personsOfNumber(ctx.db, {
    phoneHash: ctx.keys.hash('phone', phone),
    accountId: ctx.actor.id,
    namesake,
  })
}

/**
 * REGISTER-1, REGISTER-4, REGISTER-5: once a document is bound the number alone proves nothing: a log-in that has not shown the document
 * sees nobody. Before that, the number stands for whoever is known by it (READ-17), unless its holder has said that it was
 * somebody else's. Beside a bound holder the number still finds records without a document under the holder's own name.
 */
export async function standingOf(ctx: Ctx): Promise<Standing> {
  if (!isResident(ctx)) return NOBODY
  const links = await linksOf(ctx.db, ctx.actor.id)
  const { proven, fresh, phoneSealed } = await numberOf(ctx.db, ctx.actor.id, ctx.actor.sessionId)
  const bound = links.some((link) => link.relation === 'self')
  if (bound && !proven) return { ...NOBODY, bound, fresh }
  const live = links.filter((link) => holds(link, ctx.today))
  const self = live.find((link) => link.relation === 'self')
  const told = fresh ? [] : await byNumber(ctx, phoneSealed, self?.personId ?? null)
  const roots = await resolveAlias(ctx.db, [...live.map((link) => link.personId), ...told])
  const rootOf = (id: string): string => roots.get(id) ?? id
  const persons = new Map<string, AccountPerson>()
  for (const { personId, relation, basis, since, until } of live)
    persons.set(rootOf(personId), { personId: rootOf(personId), relation, basis, since, until })
  if (!self)
    for (const id of told)
      if (!persons.has(rootOf(id)))
        persons.set(rootOf(id), { personId: rootOf(id), relation: 'self', basis: 'phone', since: null, until: null })
  const records = new Set([...persons.keys(), ...roots.keys()])
  for (const { personId } of live) for (const id of await mergedInto(ctx.db, rootOf(personId))) records.add(id)
  return { bound, proven: true, fresh, persons: [...persons.values()], records: [...records] }
}

/** For whom this account stands now, holder first; nobody for who is no resident or has not shown enough. */
export async function personsOfAccount(ctx: Ctx): Promise<AccountPerson[]> {
  return (await standingOf(ctx)).persons
}

/** The ids under which other rooms may know those persons. */
export async function recordsOfAccount(ctx: Ctx): Promise<string[]> {
  return (await standingOf(ctx)).records
}
