/** Children and elders under one account (REGISTER-12, 13): added with their document, told, ended; gone at eighteen by the day. */
import { notFound } from '@weiwang/domain/core/problems'
import { AddWard, EndedWard, EndWard, Registered } from '@weiwang/domain/healthcode/reg-api'
import type { MyPerson, MyPersons } from '@weiwang/domain/healthcode/reg-api'
import { holderNotGreen, registerFirst, tooManyWards, wardHere } from '@weiwang/domain/healthcode/reg-problems'
import { wardFault } from '@weiwang/domain/healthcode/reg-rules'
import type { RegistrationPolicy } from '@weiwang/domain/healthcode/reg-policy'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { badPhone } from '@weiwang/domain/access/problems'
import type { Problem } from '@weiwang/domain/core/problem'
import type { z } from 'zod'
import { insertNotices } from '../access/account-store.ts'
import { gatewayOf, Undeliverable } from '../access/sms.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { gradeToday } from '../grading/store.ts'
import { endLinks, linksTo, markNoticed } from '../people/account-person-store.ts'
import { holds } from '../people/account-persons.ts'
import type { AccountPerson, Standing } from '../people/account-persons.ts'
import { openSealed } from '../people/identities.ts'
import { findSealed, resolveAlias } from '../people/store.ts'
import { ownPhone, standing, standingFor } from './holders.ts'
import { endCodes } from './reg-codes.ts'
import { policyFor } from './reg-policy-store.ts'
import { dropDraft, openHeldOf, personHeads, registrationsOf } from './reg-store.ts'
import { areaOf } from './reg-checks.ts'
import { readSubject, submit } from './reg-submit.ts'

function holderOf(found: Standing): AccountPerson | undefined {
  return found.persons.find((one) => one.relation === 'self' && one.basis !== 'phone')
}

function wardsOf(found: Standing): AccountPerson[] {
  return found.persons.filter((one) => one.relation !== 'self')
}

const STRICT = ['red', 'yellow']

/** Why nobody can be added now, or null; the person's own colour is asked only where the place asks it. */
async function closedFor(
  ctx: Ctx,
  found: Standing,
  of: { family: RegistrationPolicy['family']; waiting: number },
): Promise<Problem | null> {
  const holder = holderOf(found)
  if (!holder) return registerFirst({})
  if (wardsOf(found).length + of.waiting >= of.family.max) return tooManyWards({ max: of.family.max })
  if (!of.family.greenHolder) return null
  const now = await gradeToday(ctx.db, holder.personId, ctx.today)
  return now?.colour !== undefined && now.colour !== null && STRICT.includes(now.colour) ? holderNotGreen({}) : null
}

async function waitingWards(ctx: Ctx): Promise<number> {
  return (await openHeldOf(ctx.db, ctx.actor.id)).filter((row) => row.relation !== 'self').length
}

/** GET /api/my/people */
export async function readMyPersons(ctx: Ctx): Promise<MyPersons> {
  const found = await standing(ctx)
  const ids = found.persons.map((one) => one.personId)
  const heads = await personHeads(ctx.db, ids)
  const registrations = await registrationsOf(ctx.db, ids)
  const holder = holderOf(found)
  const area = (holder && heads.get(holder.personId)?.home_area) ?? ctx.root
  const { family } = await policyFor(ctx.db, area)
  const waiting = await waitingWards(ctx)
  const items = found.persons.flatMap((one): MyPerson[] => {
    const head = heads.get(one.personId)
    if (!head) return []
    const row = registrations.get(one.personId)
    return [
      {
        personId: one.personId,
        relation: one.relation,
        masked: head.masked,
        since: one.since ?? ctx.today,
        until: one.until,
        registered: row !== undefined && row.erased_at === null,
        mayEnd: one.relation !== 'self',
      },
    ]
  })
  const closed = await closedFor(ctx, found, { family, waiting })
  return {
    items: items.toSorted((a, b) => Number(b.relation === 'self') - Number(a.relation === 'self')),
    limits: {
      max: family.max,
      used: wardsOf(found).length + waiting,
      childUnder: family.childUnder,
      elderFrom: family.elderFrom,
      closed: closed?.body.message ?? null,
    },
    checking: waiting,
  }
}

/** POST /api/my/people */
export const addWard = defineAction({
  name: 'registration.add',
  input: AddWard,
  output: Registered,
  reach: 'all',
  run: async (ctx, args): Promise<Registered> => {
    const { relation, phone: told, promise: _, ...body } = args
    const found = await standing(ctx)
    const { family } = await policyFor(ctx.db, areaOf(ctx, body.home))
    const own = told === undefined ? null : normalisePhone(told)
    if (told !== undefined && own === null) throw badPhone({ value: '' }, 'phone')
    const phone = own ?? (await ownPhone(ctx))
    const subject = await readSubject(ctx, body, phone)
    const root = (await resolveAlias(ctx.db, [subject.personId])).get(subject.personId) ?? subject.personId
    const here = found.persons.find((one) => one.personId === root && one.basis !== 'phone')
    // A repeat of the same submission is answered by it; anything else about somebody who is here already is refused.
    if (!here) {
      const waiting = (await openHeldOf(ctx.db, ctx.actor.id)).filter(
        (row) => row.relation !== 'self' && row.id !== body.id,
      )
      const closed = await closedFor(ctx, found, { family, waiting: waiting.length })
      if (closed) throw closed
      const fault = wardFault(family, { relation, birth: subject.birth, today: ctx.today })
      if (fault) throw fault
    } else if (here.relation === 'self') throw wardHere({})
    const sent = await submit(
      ctx,
      {
        body,
        relation,
        by: 'guardian',
        accountId: ctx.actor.id,
        sessionId: ctx.actor.sessionId,
        phone,
        lent: own === null,
        basis: 'proof',
      },
      subject,
    )
    await dropDraft(ctx.db, ctx.actor.id, 'new')
    return { state: sent.state, personId: sent.personId, n: sent.n, need: sent.need }
  },
})

/** POST /api/my/people/:id/end. What was registered stays as it is: the person is not forgotten, only no longer answered for. */
export const endWard = defineAction({
  name: 'registration.end',
  input: EndWard,
  output: EndedWard,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.infer<typeof EndedWard>> => {
    const found = await standingFor(ctx, 'person')
    const ward = wardsOf(found).find((one) => one.personId === id)
    if (!ward) throw notFound({ thing: 'person' })
    await endLinks(ctx.db, { personId: id, accountId: ctx.actor.id }, ctx.now)
    const area = (await personHeads(ctx.db, [id])).get(id)?.home_area ?? ctx.root
    ctx.audit({ verb: 'registration.end', thing: 'person', thingId: id, area, detail: { relation: ward.relation } })
    await endCodes(ctx, id)
    return { personId: id, ended: true }
  },
})

const TOLD_ZH = '【微网】您的家人用其手机为您登记了健康码。如非您本意，请到社区或在居民页用本人号码登记，代管即结束。'
const TOLD_EN =
  '[Weiwang] A relative has registered your health code on their phone. If you do not want this, register with your own number or at the community desk, and it ends.'

/**
 * REGISTER-12: an adult for whom somebody else answers is told: by message where they have a number of their own, and on their own
 * account when there is one. Nothing in it says by whom; the link says it to them.
 */
export async function tellWard(server: Server, told: { accountId: string; personId: string }): Promise<void> {
  const ready = await server.asSystem('registration.told', async (ctx) => {
    const link = (await linksTo(ctx.db, [told.personId])).find((one) => one.accountId === told.accountId)
    if (!link || link.noticedAt !== null || !holds(link, ctx.today)) return null
    const [row] = await findSealed(ctx.db, [''], [told.personId])
    const opened = row ? await openSealed(ctx, row) : null
    const helper = await ownPhone({ ...ctx, actor: { ...ctx.actor, id: told.accountId } })
    for (const { accountId } of (await linksTo(ctx.db, [told.personId])).filter((one) => one.relation === 'self'))
      await insertNotices(ctx.db, [
        { accountId, id: newId(ctx.now), kind: 'registration.ward', body: { zh: TOLD_ZH, en: TOLD_EN }, at: ctx.now },
      ])
    await markNoticed(ctx.db, told, ctx.now)
    ctx.audit({
      verb: 'registration.told',
      thing: 'person',
      thingId: told.personId,
      area: row?.home_area ?? ctx.root,
      detail: { by: opened?.phone && opened.phone !== helper ? 'message' : 'nothing' },
    })
    return opened?.phone && opened.phone !== helper ? (opened.phone.split(';')[0] ?? null) : null
  })
  if (ready === null) return
  try {
    await (await gatewayOf(server)).send(ready, TOLD_ZH)
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error
  }
}
