/**
 * Whoever is registered here and is known elsewhere already (PEOPLE-17, ACCESS-3): for this place somebody new. What was
 * entered becomes a record of its own, a guest record, which lives, is visited and is found like any other; the home centre is told
 * and decides whether the person has moved. Nothing that this place can ask differs from what it would get for a stranger.
 */
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { uuid8 } from '@weiwang/domain/core/ids'
import { say } from '@weiwang/domain/core/say'
import type { Ctx } from '../core/ctx.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import { newId } from '../core/transaction.ts'
import type { CleanRow, Sealer } from './identity.ts'
import { areaNames, homesOf, resolveAlias } from './store.ts'
import { lockIds } from './store-register.ts'
import type { NewReview } from './store-register.ts'

/** Places at which one person may stand registered away from home and be found again; beyond, a repeat makes one record more. */
const MOST = 16

function guestId(keys: Keyring, personId: string, n: number): string {
  return uuid8(keys.hash('source_key', ['guest', personId, String(n)].join('\u0000')))
}

/** Every id under which a person of this id may be known away from home. Which of them exist, only the scope of the reader says. */
export function guestIds(keys: Keyring, personId: string): string[] {
  return Array.from({ length: MOST }, (_, n) => guestId(keys, personId, n))
}

function isInside(within: readonly AreaCode[], home: AreaCode | undefined): boolean {
  return home !== undefined && within.some((area) => contains(area, home))
}

/** Where the records live that stand for these ids now, as far as the transaction sees them. */
async function placesOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string, { root: string; home: AreaCode }>> {
  const roots = await resolveAlias(ctx.db, ids)
  const homes = await homesOf(ctx.db, [...new Set(roots.values())])
  return new Map(
    [...roots].flatMap(([id, root]) => {
      const home = homes.get(root)
      return home === undefined ? [] : [[id, { root, home }] as const]
    }),
  )
}

/** The guest records of these ids that live inside the areas, and the first number that nobody has taken. */
async function guestsOf(
  ctx: Ctx,
  within: readonly AreaCode[],
  ids: readonly string[],
): Promise<Map<string, { here: string | null; free: string }>> {
  const numbered = ids.map((id) => ({ id, all: guestIds(ctx.keys, id) }))
  const flat = numbered.flatMap(({ all }) => all)
  const roots = await resolveAlias(ctx.db, flat)
  const homes = await homesOf(ctx.db, flat)
  return new Map(
    numbered.map(({ id, all }) => {
      const here = all.find((one) => roots.get(one) === one && isInside(within, homes.get(one))) ?? null
      const free = all.find((one) => !homes.has(one)) ?? uuid8(ctx.keys.hash('source_key', newId(ctx.now)))
      return [id, { here, free }]
    }),
  )
}

/**
 * The ids as the areas know these persons: their own where they live inside or are nowhere; the guest record where there is one.
 * For reads; in a transaction with bounds a person elsewhere is not seen at all.
 */
export async function knownAs(
  ctx: Ctx,
  within: readonly AreaCode[],
  ids: readonly string[],
): Promise<Map<string, string>> {
  const places = await placesOf(ctx, [...new Set(ids)])
  const away = ids.filter((id) => !isInside(within, places.get(id)?.home))
  const guests = await guestsOf(ctx, within, [...new Set(away)])
  return new Map(ids.map((id) => [id, guests.get(id)?.here ?? id]))
}

/** Whom a guest record stands for. */
export type Away = { personId: string; home: AreaCode }

/**
 * For writes, in a transaction that sees everybody: the id to register each person under, and whose guest records are among them.
 * Whoever registers the same person away from home at the same moment waits.
 */
export async function registerAs(
  ctx: Ctx,
  within: readonly AreaCode[],
  ids: readonly string[],
): Promise<{ as: Map<string, string>; away: Map<string, Away> }> {
  const places = await placesOf(ctx, [...new Set(ids)])
  const elsewhere = [...places].filter(([, { home }]) => !isInside(within, home))
  const as = new Map<string, string>()
  const away = new Map<string, Away>()
  if (elsewhere.length === 0) return { as, away }
  const gone = elsewhere.map(([id]) => id)
  await lockIds(ctx.db, gone)
  const guests = await guestsOf(ctx, within, gone)
  for (const [id, { root, home }] of elsewhere) {
    const guest = guests.get(id)
    if (!guest) continue
    as.set(id, guest.here ?? guest.free)
    away.set(guest.here ?? guest.free, { personId: root, home })
  }
  return { as, away }
}

/** What the home centre is asked for each guest record just made: where, under which name, by which source. */
export async function askHome(
  ctx: Ctx,
  sealer: Sealer,
  made: readonly { guest: string; of: Away; row: CleanRow }[],
): Promise<NewReview[]> {
  const nameOf = await areaNames(
    ctx.db,
    made.map(({ row }) => row.area),
  )
  return made.map(({ guest, of, row }) => {
    const id = newId(ctx.now)
    const detail = row.name === null ? null : JSON.stringify({ name: row.name, source: row.source })
    const where = nameOf(row.area)
    return {
      id,
      area: of.home,
      kind: 'same_document',
      personId: of.personId,
      other: guest,
      detailHash: null,
      detailSealed:
        detail === null ? null : sealer.seal({ table: 'person_review', row: id, column: 'detail_sealed' }, detail),
      score: 1,
      reasons: [say(`在 ${where} 登记`, `Registered at ${where}`)],
    }
  })
}
