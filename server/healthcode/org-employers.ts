/** Each person on the own phone: who asks, consent, its end, and exactly what the employer sees (ORG-5, ORG-6, ORG-8). */
import { notFound } from '@weiwang/domain/core/problems'
import { Consent, MyEmployers, Withdraw } from '@weiwang/domain/healthcode/org-api'
import type { AskLink, LinkedOrg, MyEmployer } from '@weiwang/domain/healthcode/org-api'
import { linkOver, returnDayOther } from '@weiwang/domain/healthcode/org-problems'
import { ABOUT_CONSENT, ABOUT_RETURN } from '@weiwang/domain/healthcode/org-words'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import type { AccountPerson } from '../people/account-persons.ts'
import { mergedInto } from '../people/store.ts'
import { standing, standingFor } from './holders.ts'
import { answerIn, answersFor, memberHash } from './org-members.ts'
import { audit } from './org-mine.ts'
import { insertMembers, lockMember, membershipsOf, orgOfLink, orgsByIds, setConsent } from './org-store.ts'
import type { MemberRow, OrgRow } from './org-store.ts'
import { personHeads } from './reg-store.ts'

type Mine = AccountPerson & { hashes: Buffer[] }

/** ORG-6: for oneself, and for a child; an adult consents on a phone of their own. Known by a number alone is not enough. */
async function consenting(ctx: Ctx, persons: readonly AccountPerson[]): Promise<Mine[]> {
  const able = persons.filter((one) => one.basis !== 'phone' && (one.relation === 'self' || one.relation === 'child'))
  const all: Mine[] = []
  for (const one of able) {
    const records = [one.personId, ...(await mergedInto(ctx.db, one.personId))]
    all.push({ ...one, hashes: [...new Set(records)].map((id) => memberHash(ctx, id)) })
  }
  return all
}

function ownerOf(mine: readonly Mine[], member: Pick<MemberRow, 'doc_hash'>): Mine | undefined {
  return mine.find((one) => one.hashes.some((hash) => hash.equals(member.doc_hash)))
}

/** GET /api/my/employers */
export async function readMyEmployers(ctx: Ctx): Promise<MyEmployers> {
  const mine = await consenting(ctx, (await standing(ctx)).persons)
  const members = await membershipsOf(
    ctx.db,
    mine.flatMap((one) => one.hashes),
  )
  const orgs = await orgsByIds(
    ctx.db,
    members.map((one) => one.org_id),
  )
  const heads = await personHeads(
    ctx.db,
    mine.map((one) => one.personId),
  )
  const answers = await answersFor(ctx, members)
  const items = members.flatMap((member): MyEmployer[] => {
    const owner = ownerOf(mine, member)
    const org = orgs.get(member.org_id)
    if (!owner || !org) return []
    return [
      {
        id: member.id,
        org: org.id,
        orgName: org.name,
        kind: org.kind,
        personId: owner.personId,
        masked: heads.get(owner.personId)?.masked ?? member.masked,
        self: owner.relation === 'self',
        state: member.person_id === null ? 'invited' : 'consented',
        since: member.consented_day,
        returnsOn: member.returns_on,
        confirmed: member.confirmed_returns_on,
        answer: answerIn(answers, member.id),
      },
    ]
  })
  return { items, about: ABOUT_CONSENT, aboutReturn: ABOUT_RETURN, asOf: ctx.now.toISOString() }
}

/** @throws linkOver */
async function linked(ctx: Ctx, token: string): Promise<OrgRow> {
  const org = await orgOfLink(ctx.db, ctx.keys.hash('token', token))
  if (!org || org.state !== 'approved') throw linkOver({})
  return org
}

/** GET /api/my/employers/link */
export async function readLink(ctx: Ctx, { token }: z.output<typeof AskLink>): Promise<LinkedOrg> {
  const mine = await consenting(ctx, (await standing(ctx)).persons)
  const org = await linked(ctx, token)
  const heads = await personHeads(
    ctx.db,
    mine.map((one) => one.personId),
  )
  const people = mine.map(({ personId, relation }) => ({
    personId,
    masked: heads.get(personId)?.masked ?? '*',
    self: relation === 'self',
  }))
  return { org: org.id, orgName: org.name, kind: org.kind, about: ABOUT_CONSENT, people }
}

async function byLink(
  ctx: Ctx,
  mine: readonly Mine[],
  args: { token: string; personId: string; ref: string },
): Promise<OrgRow> {
  const who = mine.find((one) => one.personId === args.personId)
  if (!who) throw notFound({ thing: 'person' })
  const org = await linked(ctx, args.token)
  const at = { now: ctx.now, today: ctx.today }
  const there = (await membershipsOf(ctx.db, who.hashes)).find((one) => one.org_id === org.id)
  if (there) {
    await setConsent(ctx.db, there, who.personId, at)
    return org
  }
  const head = (await personHeads(ctx.db, [who.personId])).get(who.personId)
  const member = {
    id: newId(ctx.now),
    docHash: memberHash(ctx, who.personId),
    nameSealed: null,
    masked: head?.masked ?? '*',
    ref: args.ref,
    personId: who.personId,
    byLink: true,
    returnsOn: null,
  }
  await insertMembers(ctx.db, org, [member], at)
  return org
}

/** POST /api/my/employers/consent: to an invitation, or by the link. */
export const consent = defineAction({
  name: 'my.employer.consent',
  input: Consent,
  output: MyEmployers,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<MyEmployers> => {
    const mine = await consenting(ctx, (await standingFor(ctx, 'org_member')).persons)
    if ('token' in args) {
      const org = await byLink(ctx, mine, args)
      audit(ctx, 'org.consent', org, { link: true })
    } else {
      const member = await lockMember(ctx.db, args.member)
      const owner = member && ownerOf(mine, member)
      const org = member && (await orgsByIds(ctx.db, [member.org_id])).get(member.org_id)
      if (!member || !owner || org?.state !== 'approved') throw notFound({ thing: 'org_member' })
      const { returnsOn = null } = args
      if (returnsOn !== null && returnsOn !== member.returns_on) throw returnDayOther({}, 'returnsOn')
      await setConsent(ctx.db, member, owner.personId, { now: ctx.now, today: ctx.today }, returnsOn)
      audit(ctx, 'org.consent', org, { link: false, returnDay: returnsOn !== null })
      // What was declared is held against it at once (TRUTH-1).
      if (returnsOn !== null) ctx.emit('contradiction.again', { personId: owner.personId })
    }
    return readMyEmployers(ctx)
  },
})

/** POST /api/my/employers/:id/withdraw */
export const withdraw = defineAction({
  name: 'my.employer.withdraw',
  input: Withdraw,
  output: MyEmployers,
  reach: 'all',
  secret: true,
  run: async (ctx, { id }): Promise<MyEmployers> => {
    const mine = await consenting(ctx, (await standingFor(ctx, 'org_member')).persons)
    const member = await lockMember(ctx.db, id)
    const org = member && (await orgsByIds(ctx.db, [member.org_id])).get(member.org_id)
    const owner = member && ownerOf(mine, member)
    if (!member || !org || !owner) throw notFound({ thing: 'org_member' })
    await setConsent(ctx.db, member, null, { now: ctx.now, today: ctx.today })
    if (member.confirmed_returns_on !== null) ctx.emit('contradiction.again', { personId: owner.personId })
    audit(ctx, 'org.withdraw', org)
    return readMyEmployers(ctx)
  },
})
