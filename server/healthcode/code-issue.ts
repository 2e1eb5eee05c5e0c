/** Signs codes and stores them (CODE-11, CODE-12): one credential for each person, day and phone, or one on paper. */
import { randomBytes } from 'node:crypto'
import { addDays, instantOf, minDay } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { CODE_ID_BYTES, fitName, unsignedCredential } from '@weiwang/domain/healthcode/credential'
import type { Colour } from '@weiwang/domain/healthcode/credential'
import { shortNames } from '@weiwang/domain/healthcode/code-short'
import type { Ctx } from '../core/ctx.ts'
import { findRuleSet } from '../grading/store.ts'
import { insertHolders } from './code-holder-store.ts'
import type { NewHolder } from './code-holder-store.ts'
import { currentSigner } from './code-keys.ts'
import { shortsOf, takeShort } from './code-store.ts'

export type ToIssue = {
  personId: string
  emergencyId: string
  accountId: string | null
  colour: Colour
  masked: string
  ruleSetId: string
  /** Of the code, as it stands. */
  n: number
  /** The first day on which it holds, and the last (included); the colour's own end goes before. */
  day: Day
  lastDay: Day
  untilDay: Day | null
  /** The phone's key, 33 bytes; null: paper. */
  holder: Uint8Array | null
}

/** The name under which a rule set stands in codes; the same for good. */
export async function shortOf(ctx: Ctx, ruleSetId: string): Promise<string> {
  const known = (await shortsOf(ctx.db, [ruleSetId])).get(ruleSetId)
  if (known !== undefined) return known
  const ruleSet = await findRuleSet(ctx.db, ruleSetId)
  if (!ruleSet) throw new Error(`the rule set ${ruleSetId} is not there`)
  for (const short of shortNames(ruleSet.code, ruleSet.version)) {
    const taken = await takeShort(ctx.db, short, ruleSetId)
    if (taken !== null) return taken
  }
  throw new Error(`no short name is left for ${ruleSet.code}`)
}

/** Days repeat: each is worked out once. */
function remembered(of: (day: Day) => Date): (day: Day) => Date {
  const known = new Map<Day, Date>()
  return (day) => {
    const found = known.get(day) ?? of(day)
    known.set(day, found)
    return found
  }
}

const HASH_BYTES = 16
const CREDENTIAL_MOST = 256
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Whose each code is, sealed at its code id; those of one emergency at once. */
async function sealPersons(ctx: Ctx, asked: readonly ToIssue[], codeIds: readonly string[]): Promise<Buffer[]> {
  const place = { table: 'code_holder', column: 'person_sealed' }
  const sealed: Buffer[] = []
  for (const emergencyId of new Set(asked.map((one) => one.emergencyId))) {
    const seal = await ctx.keys.idSealer(emergencyId, ctx.now, place)
    const mine = asked.flatMap((one, i) => (one.emergencyId === emergencyId ? [i] : []))
    const made = seal(
      mine.map((i) => codeIds[i] ?? ''),
      mine.map((i) => asked[i]?.personId ?? ''),
    )
    for (const [k, i] of mine.entries()) sealed[i] = made[k] ?? Buffer.alloc(0)
  }
  return sealed
}

/**
 * Signs and stores these, in one statement and with one key; the answer in their order. Who may have them, and that the colours are
 * those of now, the caller has seen. A day fetched ahead begins with itself; none outlives the key that signs it.
 */
export async function issueCodes(ctx: Ctx, asked: readonly ToIssue[]): Promise<NewHolder[]> {
  if (asked.length === 0) return []
  const signer = await currentSigner(ctx)
  const shorts = new Map<string, string>()
  for (const id of new Set(asked.map((one) => one.ruleSetId))) shorts.set(id, await shortOf(ctx, id))
  const random = randomBytes(CODE_ID_BYTES * asked.length)
  const hex = random.toString('hex')
  const sealed = await sealPersons(
    ctx,
    asked,
    asked.map((_, i) => hex.slice(2 * i * CODE_ID_BYTES, 2 * (i + 1) * CODE_ID_BYTES)),
  )
  const persons = ctx.keys.hashes(
    'code_person',
    asked.map((one) => one.personId),
  )
  const accounts = ctx.keys.hashes(
    'code_account',
    asked.map((one) => one.accountId ?? ''),
  )
  const startOf = remembered((day) => instantOf(day, ctx.zone))
  const endOf = remembered((day) => {
    const end = instantOf(addDays(day, 1), ctx.zone)
    return end < signer.holdsUntil ? end : signer.holdsUntil
  })
  const kid = Buffer.from(signer.kid)
  // All of them in one piece: a thousand small ones each time would be most of the work of the collector.
  const room = Buffer.allocUnsafe(asked.length * CREDENTIAL_MOST)
  let used = 0
  const rows: NewHolder[] = []
  for (const [i, one] of asked.entries()) {
    const codeId = random.subarray(i * CODE_ID_BYTES, (i + 1) * CODE_ID_BYTES)
    const last = one.untilDay === null ? one.lastDay : minDay(one.lastDay, one.untilDay)
    const start = startOf(one.day)
    const from = start > ctx.now ? start : ctx.now
    const until = endOf(last)
    const message = unsignedCredential(
      {
        codeId,
        colour: one.colour,
        name: fitName(one.masked),
        ruleSet: shorts.get(one.ruleSetId) ?? '',
        issuedAt: seconds(from),
        expiresAt: seconds(until),
        holder: one.holder,
        paper: one.holder === null,
      },
      signer.kid,
    )
    const credential = message.with(signer.signNow(message.signed), room.subarray(used, used + message.length))
    used += message.length
    rows.push({
      personHash: persons.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
      codeId,
      emergencyId: one.emergencyId,
      personSealed: sealed[i] ?? Buffer.alloc(0),
      accountHash: one.accountId === null ? null : accounts.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
      day: one.day,
      holder: one.holder,
      kid,
      credential,
      n: one.n,
      until,
    })
  }
  await insertHolders(ctx.db, rows, ctx.now)
  return rows
}
