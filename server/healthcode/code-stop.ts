/**
 * CODE-21: a code is stopped at a desk, for a lost phone or because somebody else uses it, and goes on when the card was seen. It is no
 * measure and no punishment: it ends by itself, and a desk cannot go on stopping the same person.
 */
import { addDays } from '@weiwang/domain/core/day'
import { ResumeCode, StopCode, StoppedCode } from '@weiwang/domain/healthcode/code-api'
import { noCode, notStopped, stoppedBefore } from '@weiwang/domain/healthcode/code-problems'
import { updateAccount } from '../access/account-store.ts'
import { defineAction } from '../core/action.ts'
import { may } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { linksOf, linksTo } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import { followCodes, personHash } from './code-change.ts'
import { addRevocations, replaceOf, replaceOnPhones } from './code-holder-store.ts'
import { inReach } from './code-paper.ts'
import { codeNow, lockCodes, setHeld, wasStoppedSince } from './code-store.ts'

/** Today counts. */
const HELD_DAYS = 3
const AGAIN_DAYS = 7

async function lockOne(ctx: Ctx, personId: string) {
  const row = (await lockCodes(ctx.db, [personId])).get(personId)
  if (!row) throw noCode({})
  return row
}

async function answered(ctx: Ctx, personId: string, ended: number): Promise<StoppedCode> {
  const row = await lockOne(ctx, personId)
  return { personId, state: codeNow(row).state, heldUntil: row.held_until, ended }
}

/**
 * Everything of the person that is out is replaced, with what the same phone shows of children and elders, and whoever has the phone is
 * logged out. @returns how many accounts
 */
async function endPhones(ctx: Ctx, personId: string): Promise<number> {
  const links = await linksTo(ctx.db, [personId])
  const own = links.filter((link) => link.relation === 'self' && holds(link, ctx.today))
  const replaced = await replaceOf(ctx.db, [personHash(ctx, personId)], ctx.now)
  for (const { accountId } of own) {
    await updateAccount(ctx.db, accountId, { sessions_from: ctx.now, updated_at: ctx.now })
    const hashes = (await linksOf(ctx.db, accountId))
      .filter((link) => link.relation !== 'self' && holds(link, ctx.today))
      .map((link) => personHash(ctx, link.personId))
    const accountHash = ctx.keys.hash('code_account', accountId)
    replaced.push(...(await replaceOnPhones(ctx.db, { hashes, accountHash }, ctx.now)))
  }
  await addRevocations(ctx.db, replaced, ctx.now)
  return own.length
}

export const stopCode = defineAction({
  name: 'code.stop',
  input: StopCode,
  output: StoppedCode,
  reach: 'all',
  run: async (ctx, { person, why, words }): Promise<StoppedCode> => {
    const area = await inReach(ctx, person, 'file')
    await lockOne(ctx, person)
    const since = addDays(ctx.today, -AGAIN_DAYS)
    let ended = 0
    if (why === 'phone_lost') ended = await endPhones(ctx, person)
    else {
      if (!may(ctx, 'approve', { kind: 'code', area }) && (await wasStoppedSince(ctx.db, person, since)))
        throw stoppedBefore({ days: AGAIN_DAYS })
      await setHeld(ctx.db, person, addDays(ctx.today, HELD_DAYS - 1))
      await followCodes(ctx, [person], { trigger: 'identity', by: ctx.actor.id })
    }
    ctx.audit({
      verb: 'code.stop',
      thing: 'code',
      thingId: person,
      ids: [person],
      area,
      purpose: words,
      detail: { why },
    })
    return answered(ctx, person, ended)
  },
})

export const resumeCode = defineAction({
  name: 'code.resume',
  input: ResumeCode,
  output: StoppedCode,
  reach: 'all',
  run: async (ctx, { person, words }): Promise<StoppedCode> => {
    const area = await inReach(ctx, person, 'file')
    const row = await lockOne(ctx, person)
    if (row.held_until === null || row.held_until < ctx.today) throw notStopped({})
    await setHeld(ctx.db, person, null)
    await followCodes(ctx, [person], { trigger: 'identity', by: ctx.actor.id })
    ctx.audit({ verb: 'code.resume', thing: 'code', thingId: person, ids: [person], area, purpose: words })
    return answered(ctx, person, 0)
  },
})
