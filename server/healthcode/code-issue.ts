/** Signs codes and stores them (CODE-11, CODE-12): one credential for each person, day and phone, or one on paper. */
import { randomBytes } from 'node:crypto'
import { addDays, instantOf, minDay } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { CODE_ID_BYTES, fitName, signCredential } from '@weiwang/domain/healthcode/credential'
import type { Colour } from '@weiwang/domain/healthcode/credential'
import { shortNames } from '@weiwang/domain/healthcode/code-short'
import type { Ctx } from '../core/ctx.ts'
import { findRuleSet } from '../grading/store.ts'
import { personHash } from './code-change.ts'
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

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/**
 * Signs and stores these, in one statement and with one key; the answer in their order. Who may have them, and that the colours are
 * those of now, the caller has seen. A day fetched ahead begins with itself; none outlives the key that signs it.
 */
export async function issueCodes(ctx: Ctx, asked: readonly ToIssue[]): Promise<NewHolder[]> {
  if (asked.length === 0) return []
  const signer = await currentSigner(ctx)
  const shorts = new Map<string, string>()
  for (const id of new Set(asked.map((one) => one.ruleSetId))) shorts.set(id, await shortOf(ctx, id))
  const sealers = new Map<string, (personId: string, codeId: string) => Buffer>()
  for (const id of new Set(asked.map((one) => one.emergencyId))) {
    const { seal } = await ctx.keys.sealer(id, ctx.now)
    sealers.set(id, (personId, codeId) =>
      seal({ table: 'code_holder', row: codeId, column: 'person_sealed' }, personId),
    )
  }
  const random = randomBytes(CODE_ID_BYTES * asked.length)
  const instants = new Map<string, Date>()
  const startOf = (day: Day): Date => {
    const known = instants.get(day) ?? instantOf(day, ctx.zone)
    instants.set(day, known)
    return known
  }
  const rows: NewHolder[] = []
  for (const [i, one] of asked.entries()) {
    const codeId = random.subarray(i * CODE_ID_BYTES, (i + 1) * CODE_ID_BYTES)
    const last = one.untilDay === null ? one.lastDay : minDay(one.lastDay, one.untilDay)
    const start = startOf(one.day)
    const from = start > ctx.now ? start : ctx.now
    const end = startOf(addDays(last, 1))
    const until = end < signer.holdsUntil ? end : signer.holdsUntil
    const credential = await signCredential(
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
      signer.sign,
    )
    const seal = sealers.get(one.emergencyId)
    if (!seal) throw new Error('no data key')
    rows.push({
      personHash: personHash(ctx, one.personId),
      codeId,
      emergencyId: one.emergencyId,
      personSealed: seal(one.personId, codeId.toString('hex')),
      accountHash: one.accountId === null ? null : ctx.keys.hash('code_account', one.accountId),
      day: one.day,
      holder: one.holder === null ? null : Buffer.from(one.holder),
      kid: Buffer.from(signer.kid),
      credential: Buffer.from(credential.buffer, credential.byteOffset, credential.length),
      n: one.n,
      until,
    })
  }
  await insertHolders(ctx.db, rows, ctx.now)
  return rows
}
