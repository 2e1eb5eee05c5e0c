import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { answerersFor, isChild } from '@weiwang/domain/observation/answerer'
import type { Answerers } from '@weiwang/domain/observation/answerer-api'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { linksTo } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import { openText } from '../people/opening.ts'
import { findSealed } from '../people/store.ts'
import { homesOf, livingAt, ownPersonsOf } from './store.ts'

/** OBS-28: who answers for a child: known from the account that stands for it, otherwise proposed from its door. */
async function birthsOf(ctx: Ctx, personIds: readonly string[]): Promise<Map<string, string>> {
  const births = new Map<string, string>()
  for (const row of await findSealed(ctx.db, [''], personIds)) {
    const place = { table: 'identity', row: row.person_id, column: 'birth_sealed' }
    const birth = await openText(ctx, place, row.birth_sealed)
    if (birth !== null) births.set(row.person_id, birth)
  }
  return births
}

/** Whether the register knows somebody as a child today; the birth itself goes nowhere. */
export async function isMinor(ctx: Ctx, personId: string): Promise<boolean> {
  return isChild((await birthsOf(ctx, [personId])).get(personId) ?? null, ctx.today)
}

/** The one whose account stands for this child by a document (REGISTER-1): that was proven, so nobody has to be asked. */
export async function answererKnown(ctx: Ctx, personId: string): Promise<string | null> {
  const links = (await linksTo(ctx.db, [personId])).filter(
    (link) => link.relation === 'child' && link.basis === 'proof' && holds(link, ctx.today),
  )
  const [first] = await ownPersonsOf(
    ctx.db,
    links.map((link) => link.accountId),
  )
  return first ?? null
}

/** GET /api/observations/answerers: ages are compared here and told to nobody. @throws notFound, notAllowed */
export async function readAnswerers(ctx: Ctx, { personId }: { personId: string }): Promise<Answerers> {
  const home = (await homesOf(ctx.db, [personId])).get(personId)
  if (!home || !ctx.scope.some((mine) => contains(mine, home.area))) throw notFound({ thing: 'person' })
  permit(ctx, 'file', { kind: 'observation', area: home.area })
  const door = home.householdId === null ? [] : await livingAt(ctx.db, home.householdId)
  const births = await birthsOf(ctx, [personId, ...door.map((one) => one.personId)])
  const birth = births.get(personId) ?? null
  const others = door
    .filter((one) => one.personId !== personId)
    .map((one) => ({ ...one, birth: births.get(one.personId) ?? null }))
  return {
    child: isChild(birth, ctx.today),
    items: answerersFor(birth, others, ctx.today).map((one) => ({
      personId: one.personId,
      masked: one.masked,
      hasPhone: one.hasPhone,
      likely: one.likely,
    })),
  }
}
