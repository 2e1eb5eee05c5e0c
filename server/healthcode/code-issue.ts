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
import { currentSigner } from './code-keys.ts'
import type { Signer } from './code-keys.ts'
import { PackedCodes } from './code-packed.ts'
import type { PackedCode } from './code-packed.ts'
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

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Those that one statement stores, with the instants that are the same for all of them. */
type Group = { emergencyId: string; day: Day; from: number; until: Date; members: ToIssue[] }

function groupsOf(ctx: Ctx, asked: readonly ToIssue[], holdsUntil: Date): Group[] {
  const groups = new Map<string, Group>()
  const startOf = remembered((day) => instantOf(day, ctx.zone))
  for (const one of asked) {
    const last = one.untilDay === null ? one.lastDay : minDay(one.lastDay, one.untilDay)
    const name = `${one.emergencyId} ${one.day} ${last}`
    const known = groups.get(name)
    if (known) {
      known.members.push(one)
      continue
    }
    const start = startOf(one.day)
    const end = startOf(addDays(last, 1))
    groups.set(name, {
      emergencyId: one.emergencyId,
      day: one.day,
      from: seconds(start > ctx.now ? start : ctx.now),
      until: end < holdsUntil ? end : holdsUntil,
      members: [one],
    })
  }
  return [...groups.values()]
}

const PLACE = { table: 'code_holder', column: 'person_sealed' }

async function issueGroup(
  ctx: Ctx,
  group: Group,
  signer: Signer,
  shorts: ReadonlyMap<string, string>,
): Promise<PackedCode[]> {
  const { members } = group
  const codeIds = randomBytes(CODE_ID_BYTES * members.length)
  const hex = codeIds.toString('hex')
  const persons = members.map((one) => one.personId)
  const seal = await ctx.keys.idSealer(group.emergencyId, ctx.now, PLACE)
  const from = {
    codeIds,
    persons: ctx.keys.hashes('code_person', persons),
    accounts: ctx.keys.hashes(
      'code_account',
      members.map((one) => one.accountId ?? ''),
    ),
    sealed: seal(
      members.map((_, i) => hex.slice(2 * i * CODE_ID_BYTES, 2 * (i + 1) * CODE_ID_BYTES)),
      persons,
    ),
    i: 0,
  }
  const kid = Buffer.from(signer.kid)
  const codes = new PackedCodes(
    { emergencyId: group.emergencyId, day: group.day, until: group.until, kid },
    members.length,
  )
  const expiresAt = seconds(group.until)
  const made = members.map((one, i) => {
    from.i = i
    const of = { n: one.n, holder: one.holder, account: one.accountId !== null }
    return codes.add(of, from, (room) => {
      const message = unsignedCredential(
        {
          codeId: codeIds.subarray(i * CODE_ID_BYTES, (i + 1) * CODE_ID_BYTES),
          colour: one.colour,
          name: fitName(one.masked),
          ruleSet: shorts.get(one.ruleSetId) ?? '',
          issuedAt: group.from,
          expiresAt,
          holder: one.holder,
          paper: one.holder === null,
        },
        signer.kid,
      )
      message.with(signer.signNow(message.signed), room)
      return message.length
    })
  })
  await insertHolders(ctx.db, codes, ctx.now)
  return made
}

/**
 * Signs and stores these with one key; the answer in their order. Who may have them, and that the colours are those of now, the
 * caller has seen. A day fetched ahead begins with itself; none outlives the key that signs it.
 */
export async function issueCodes(ctx: Ctx, asked: readonly ToIssue[]): Promise<PackedCode[]> {
  if (asked.length === 0) return []
  const signer = await currentSigner(ctx)
  const shorts = new Map<string, string>()
  for (const id of new Set(asked.map((one) => one.ruleSetId))) shorts.set(id, await shortOf(ctx, id))
  const made = new Map<ToIssue, PackedCode>()
  const groups = groupsOf(ctx, asked, signer.holdsUntil)
  for (const group of groups) {
    const codes = await issueGroup(ctx, group, signer, shorts)
    if (groups.length === 1) return codes
    for (const [i, code] of codes.entries()) {
      const one = group.members[i]
      if (one) made.set(one, code)
    }
  }
  return asked.flatMap((one) => made.get(one) ?? [])
}
