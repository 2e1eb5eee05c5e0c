/**
 * The number and the document (REGISTER-4, REGISTER-5). A number alone is lent by an operator and goes to somebody else one day: once a
 * document is bound, a new log-in shows it too; the new holder of a number begins with nothing; a changed number is proven before
 * it counts. Tries are counted as those of any password are (ACCESS-13), also when the transaction that refuses is undone.
 */
import { normalisePhone } from '@weiwang/domain/access/phone'
import {
  ChangedNumber,
  ChangeNumber,
  NewHolder,
  NewHolderDone,
  Prove,
  Proved,
} from '@weiwang/domain/healthcode/reg-api'
import { notResident, numberNotChanged, proofFailed } from '@weiwang/domain/healthcode/reg-problems'
import type { Actor } from '@weiwang/domain/access/actor'
import { compareNames } from '@weiwang/domain/people/name'
import { readDocument } from '@weiwang/domain/people/document'
import { maskPhone } from '@weiwang/domain/access/mask'
import type { z } from 'zod'
import { phoneColumns } from '../access/account-actions.ts'
import { updateAccount } from '../access/account-store.ts'
import { takeCode } from '../access/login-actions.ts'
import { endSession, findLogin } from '../access/login-store.ts'
import { openResident } from '../access/resident.ts'
import { reserveTry, tryWorked } from '../access/tries.ts'
import { parseInput } from '../core/http.ts'
import type { Http, RawHandler } from '../core/http.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { defineAction } from '../core/action.ts'
import { linksOf, putFresh, putProof } from '../people/account-person-store.ts'
import { isResident, standingOf } from '../people/account-persons.ts'
import { openSealed } from '../people/identities.ts'
import { personTarget } from '../people/change.ts'
import { findSealed, resolveAlias } from '../people/store.ts'
import { ownPhone, standing } from './holders.ts'
import { accountLang } from './reg-store.ts'

function normal(number: string): string {
  return number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
}

/** Is this the document and the name of whoever the account is bound to? */
async function fits(ctx: Ctx, args: z.output<typeof Prove>): Promise<boolean> {
  const self = (await linksOf(ctx.db, ctx.actor.id)).filter((link) => link.relation === 'self' && link.endedAt === null)
  const ids = self.map((link) => link.personId)
  const roots = await resolveAlias(ctx.db, ids)
  for (const row of await findSealed(ctx.db, [''], [...new Set([...ids, ...roots.values()])])) {
    const { document, name } = await openSealed(ctx, row)
    if (document === null || name === null) continue
    // Read as a citizens' number where it is one, so that the old form of fifteen digits and an x fit as well.
    const read = readDocument(args.document, {
      today: ctx.today,
      typed: true,
      kind: KINDS.find((kind) => kind === document.kind),
      country: document.country,
    })
    const number = read.ok ? read.value.number : args.document
    const names = compareNames(name, args.name)
    if (normal(number) === normal(document.number) && (names === 'same' || names === 'same_sound')) return true
  }
  return false
}

const KINDS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const

const prove = defineAction({
  name: 'registration.prove',
  input: Prove,
  output: Proved,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<z.infer<typeof Proved>> => {
    if (!isResident(ctx)) throw notResident({})
    const { bound } = await standingOf(ctx)
    if (!bound || ctx.actor.sessionId === null || !(await fits(ctx, args))) throw proofFailed({})
    await putProof(ctx.db, { accountId: ctx.actor.id, sessionId: ctx.actor.sessionId }, ctx.now)
    ctx.audit({ verb: 'registration.prove', thing: 'account', thingId: ctx.actor.id, area: ctx.root })
    return { proved: true }
  },
})

/**
 * The number goes to a new account, the old one keeps whom it stands for and waits for its owner under another number: with the card at
 * the desk, or by the log-in that is still open on the owner's phone. What the number was told before is no proof for the new one.
 */
async function beginAnew(server: Server, actor: Actor, requestId: string): Promise<void> {
  const release = defineAction({
    name: 'registration.new_holder',
    input: NewHolder,
    reach: 'all',
    run: async (ctx): Promise<{ phone: string | null; lang: 'zh' | 'en' }> => {
      // Somebody who works here is found under the number by colleagues too: that number is changed at the desk.
      if (!isResident(ctx) || ctx.actor.roles.some((role) => role !== 'resident')) throw notResident({})
      const phone = await ownPhone(ctx)
      const bound = (await linksOf(ctx.db, actor.id)).length > 0
      if (bound) {
        await updateAccount(ctx.db, actor.id, {
          phone_hash: null,
          phone_sealed: null,
          phone_masked: null,
          updated_at: ctx.now,
        })
      } else await putFresh(ctx.db, actor.id, ctx.now)
      ctx.audit({
        verb: 'registration.new_holder',
        thing: 'account',
        thingId: actor.id,
        area: ctx.root,
        detail: { bound },
      })
      if (bound && actor.sessionId !== null) await endSession(ctx.db, actor.id, actor.sessionId, ctx.now)
      return { phone: bound ? phone : null, lang: await accountLang(ctx.db, actor.id) }
    },
  })
  const { phone, lang } = await server.run(release, actor, { sure: true }, { requestId })
  if (phone === null) return
  await openResident(server, phone, lang)
  const made = await findLogin(server.jobsPool.db, { phoneHash: server.keys.hash('account_phone', phone), login: '' })
  if (made) await server.asSystem('registration.fresh', (ctx) => putFresh(ctx.db, made.id, ctx.now))
}

/** The number that a code was proven for becomes the account's; what else hangs on the number is not taken along. */
const changeNumber = defineAction({
  name: 'registration.number',
  input: ChangeNumber,
  output: ChangedNumber,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<z.infer<typeof ChangedNumber>> => {
    const found = await standing(ctx)
    const phone = normalisePhone(args.phone)
    if (phone === null || ctx.actor.roles.some((role) => role !== 'resident')) throw numberNotChanged({})
    const hash = ctx.keys.hash('account_phone', phone)
    const other = await findLogin(ctx.db, { phoneHash: hash, login: '' })
    if (other && other.id !== ctx.actor.id) {
      const free = (await linksOf(ctx.db, other.id)).length === 0 && other.roles.every((role) => role === 'resident')
      if (!free) throw numberNotChanged({})
      await updateAccount(ctx.db, other.id, {
        state: 'closed',
        sessions_from: ctx.now,
        phone_hash: null,
        phone_sealed: null,
        phone_masked: null,
        updated_at: ctx.now,
      })
    }
    await updateAccount(ctx.db, ctx.actor.id, {
      ...(await phoneColumns(ctx, ctx.actor.id, phone)),
      updated_at: ctx.now,
    })
    // What the new number was told by before is somebody else's.
    await putFresh(ctx.db, ctx.actor.id, ctx.now)
    const self = found.persons.find((one) => one.relation === 'self' && one.basis !== 'phone')
    const target = self ? await personTarget(ctx, self.personId) : null
    if (target) await target.write(new Map([['phone', phone]]), target.edits)
    ctx.audit({
      verb: 'registration.number',
      thing: 'account',
      thingId: ctx.actor.id,
      area: ctx.root,
      detail: { closed: other !== null && other.id !== ctx.actor.id },
    })
    return { phone: maskPhone(phone) }
  },
})

/** Tries of one account at documents, counted before they are made and whatever becomes of the transaction. */
function proveRoute(http: Http): RawHandler {
  return async (actor, request) => {
    const args = parseInput(Prove, request.body ?? {})
    const made = await reserveTry(http.server, `prove\u0000${actor.id}`, request.ip)
    const answer = await http.server.run(prove, actor, args, { requestId: request.id })
    await tryWorked(http.server, made)
    return answer
  }
}

function numberRoute(http: Http): RawHandler {
  return async (actor, request) => {
    const args = parseInput(ChangeNumber, request.body ?? {})
    const phone = normalisePhone(args.phone)
    const made = await reserveTry(http.server, `number\u0000${actor.id}`, request.ip)
    const hash = phone === null ? null : http.server.keys.hash('account_phone', phone)
    if (hash === null || !(await takeCode(http.server, hash, 'resident', args.code))) throw numberNotChanged({})
    const answer = await http.server.run(changeNumber, actor, args, { requestId: request.id })
    await tryWorked(http.server, made)
    return answer
  }
}

function newHolderRoute(http: Http): RawHandler {
  return async (actor, request): Promise<z.infer<typeof NewHolderDone>> => {
    parseInput(NewHolder, request.body ?? {})
    await beginAnew(http.server, actor, request.id)
    return { again: true }
  }
}

export function numberRoutes(http: Http): void {
  http.raw('POST', '/api/my/registration/prove', proveRoute(http), { body: Prove, answer: Proved })
  http.raw('POST', '/api/my/registration/number', numberRoute(http), { body: ChangeNumber, answer: ChangedNumber })
  http.raw('POST', '/api/my/registration/new-holder', newHolderRoute(http), { body: NewHolder, answer: NewHolderDone })
}
