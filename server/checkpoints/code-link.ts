/** What gates ask of the health code: the colour that goes with a document, and who holds codes (for contacts of a case alone). */
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { KEEP_DAYS } from '@weiwang/domain/checkpoints/gate'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import type { GateColour } from '@weiwang/domain/checkpoints/gate'
import type { Ctx } from '../core/ctx.ts'
import { personHash, seenCodes } from '../healthcode/code-change.ts'
import { findHolders } from '../healthcode/code-holder-store.ts'
import { issueCodes } from '../healthcode/code-issue.ts'
import { findCodes } from '../healthcode/code-store.ts'
import { passMark } from '../healthcode/objection-pass.ts'
import { openText } from '../people/opening.ts'
import { codeIdOfDay, passesSince } from './store-codes.ts'

/** Whose codes these are, by code id; those that are not kept any more are left out. For openings of a case (GATE-11). */
export async function holdersOf(ctx: Ctx, codeIds: readonly string[]): Promise<Map<string, string>> {
  const holders = new Map<string, string>()
  for (let from = 0; from < codeIds.length; from += CHUNK) {
    const some = codeIds.slice(from, from + CHUNK).map((id) => Buffer.from(id, 'hex'))
    for (const row of await findHolders(ctx.db, some)) {
      const id = row.code_id.toString('hex')
      const personId = await openText(
        ctx,
        { table: 'code_holder', row: id, column: 'person_sealed' },
        row.person_sealed,
      )
      if (personId !== null) holders.set(id, personId)
    }
  }
  if (holders.size < new Set(codeIds).size) await addPassHolders(ctx, codeIds, holders)
  return holders
}
const CHUNK = 5_000
/** Passes of the days that passages are kept; more than a province issues. */
const MOST_PASSES = 500_000
/** A pass is issued the day before at most. */
const PASS_DAYS = KEEP_DAYS + 2

/** OBJECT-17: whoever passed with a temporary pass is found as a contact like everybody else, by its mark worked out anew. */
async function addPassHolders(ctx: Ctx, marks: readonly string[], holders: Map<string, string>): Promise<void> {
  const left = new Set(marks.filter((mark) => !holders.has(mark)))
  for (const pass of await passesSince(ctx.db, addDays(ctx.today, -PASS_DAYS), MOST_PASSES)) {
    const mark = passMark(ctx.keys, pass.id).toString('hex')
    if (left.has(mark)) holders.set(mark, pass.person_id)
  }
}

export type ByDocument = { colour: GateColour; masked: string; until: Date; codeId: string | null; emergencyId: string }

/**
 * The colour of today, and the code id of the day: of whatever code the person has, or of one signed for this, so that who comes
 * without a phone is found as a contact like everybody else.
 */
export async function codeByDocument(ctx: Ctx, personId: string): Promise<ByDocument | null> {
  const codes = await findCodes(ctx.db, [personId])
  const code = codes.get(personId)
  const seen = code === undefined ? undefined : (await seenCodes(ctx, [personId], codes)).get(personId)
  const colour = seen ? colourOfState(seen.standing.state) : null
  if (!code || !seen || colour === null || seen.standing.ruleSetId === null) return null
  const { standing, subject } = seen
  const end = instantOf(addDays(ctx.today, 1), ctx.zone)
  const seenNow = { colour, masked: subject.masked, until: end, emergencyId: code.emergency_id }
  const standingId = await codeIdOfDay(ctx.db, personHash(ctx, personId), ctx.today, ctx.now)
  if (standingId !== null) return { ...seenNow, codeId: standingId }
  const [made] = await issueCodes(ctx, [
    {
      personId,
      emergencyId: code.emergency_id,
      accountId: null,
      colour,
      masked: subject.masked,
      ruleSetId: seen.standing.ruleSetId,
      n: code.n,
      day: ctx.today,
      lastDay: ctx.today,
      untilDay: standing.untilDay,
      holder: null,
    },
  ])
  return { ...seenNow, codeId: made ? made.codeId.toString('hex') : null }
}
