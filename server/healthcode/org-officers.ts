/** Who answers for an organisation: a second officer by a link, handing over, leaving (ORG-17). */
import { randomBytes } from 'node:crypto'
import { say } from '@weiwang/domain/core/say'
import {
  AskOfficerLink,
  Done,
  InviteOfficer,
  LeaveOrg,
  MadeOfficerLink,
  StopInvitation,
} from '@weiwang/domain/healthcode/org-api'
import type { OfficerLink } from '@weiwang/domain/healthcode/org-api'
import {
  lastOfficer,
  officerLinkOver,
  officersEnough,
  orgNeedsHolder,
  orgTooMany,
} from '@weiwang/domain/healthcode/org-problems'
import type { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { isBound, standing, standingFor } from './holders.ts'
import { tell } from './objection-change.ts'
import { audit, MOST_ORGS, myOrg } from './org-mine.ts'
import {
  endOfficer,
  insertOfficer,
  isOfficer,
  officersOf,
  orgOfOfficerLink,
  orgsOfOfficer,
  updateOrg,
} from './org-store.ts'
import type { OrgRow } from './org-store.ts'

const MOST_OFFICERS = 5
const LINK_MS = 3 * 86_400_000
const NO_LINK = { officer_hash: null, officer_until: null, officer_by: null, officer_hand_over: null }

/** POST /api/my/orgs/:id/officers */
export const inviteOfficer = defineAction({
  name: 'my.org.officer.invite',
  input: InviteOfficer,
  output: MadeOfficerLink,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, handOver }): Promise<MadeOfficerLink> => {
    const org = await myOrg(ctx, id, true)
    const there = (await officersOf(ctx.db, org)).length
    if (!handOver && there >= MOST_OFFICERS) throw officersEnough({ most: MOST_OFFICERS })
    const token = randomBytes(16).toString('base64url')
    const until = new Date(ctx.now.getTime() + LINK_MS)
    const link = {
      officer_hash: ctx.keys.hash('token', token),
      officer_until: until,
      officer_by: ctx.actor.id,
      officer_hand_over: handOver,
    }
    await updateOrg(ctx.db, org, link, ctx.now)
    audit(ctx, 'org.officer.invite', org, { handOver })
    return { token, path: `/r/#officer/${token}`, until: until.toISOString(), handOver }
  },
})

/** POST /api/my/orgs/:id/officers/stop */
export const stopInvitation = defineAction({
  name: 'my.org.officer.stop',
  input: StopInvitation,
  output: Done,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.output<typeof Done>> => {
    const org = await myOrg(ctx, id, true)
    await updateOrg(ctx.db, org, NO_LINK, ctx.now)
    audit(ctx, 'org.officer.stop', org)
    return { id }
  },
})

/** An invitation ends with its time, with who made it, and with the organisation. @throws officerLinkOver */
async function invited(ctx: Ctx, token: string, lock = false): Promise<OrgRow> {
  const org = await orgOfOfficerLink(ctx.db, ctx.keys.hash('token', token), lock)
  const holds =
    org !== null &&
    (org.state === 'applied' || org.state === 'approved') &&
    org.officer_until !== null &&
    org.officer_until >= ctx.now &&
    org.officer_by !== null &&
    (await isOfficer(ctx.db, org, org.officer_by))
  if (!holds) throw officerLinkOver({})
  return org
}

/** GET /api/my/officer-link */
export async function readOfficerLink(ctx: Ctx, { token }: z.output<typeof AskOfficerLink>): Promise<OfficerLink> {
  await standing(ctx)
  const org = await invited(ctx, token)
  const names = await areaNames(ctx.db, [org.area])
  return {
    org: org.id,
    orgName: org.name,
    kind: org.kind,
    areaName: names.get(org.area) ?? org.area,
    handOver: org.officer_hand_over === true,
    until: (org.officer_until ?? ctx.now).toISOString(),
  }
}

/** POST /api/my/officer-link: whoever answers for one has shown a document, as the first one did (ORG-1). */
export const takeOfficerLink = defineAction({
  name: 'my.org.officer.take',
  input: AskOfficerLink,
  output: Done,
  reach: 'all',
  run: async (ctx, { token }): Promise<z.output<typeof Done>> => {
    const { persons } = await standingFor(ctx, 'org')
    if (!isBound(persons)) throw orgNeedsHolder({})
    const org = await invited(ctx, token, true)
    const by = org.officer_by
    const handOver = org.officer_hand_over === true
    const there = await officersOf(ctx.db, org)
    const known = there.includes(ctx.actor.id)
    if (!known && !handOver && there.length >= MOST_OFFICERS) throw officersEnough({ most: MOST_OFFICERS })
    if (!known && (await orgsOfOfficer(ctx.db, ctx.actor.id, MOST_ORGS)).length >= MOST_ORGS)
      throw orgTooMany({ most: MOST_ORGS })
    if (!known) {
      const { county, area } = org
      await insertOfficer(ctx.db, { county, org_id: org.id, account_id: ctx.actor.id, area, since: ctx.now })
    }
    // Who opens their own link hands over to nobody.
    const over = handOver && by !== null && by !== ctx.actor.id
    if (over) await endOfficer(ctx.db, org, by, ctx.now)
    await updateOrg(ctx.db, org, NO_LINK, ctx.now)
    audit(ctx, 'org.officer.take', org, { handOver: over })
    const words = over
      ? say(`“${org.name}”已由他人接手`, `Somebody else answers for "${org.name}" now`)
      : say(`“${org.name}”有新的经办人`, `"${org.name}" has another officer`)
    await tell(
      ctx,
      there.filter((one) => one !== ctx.actor.id),
      'org.officer',
      words,
    )
    return { id: org.id }
  },
})

/** POST /api/my/orgs/:id/leave. @throws lastOfficer: nobody would be left to take consents and lists away. */
export const leaveOrg = defineAction({
  name: 'my.org.leave',
  input: LeaveOrg,
  output: Done,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.output<typeof Done>> => {
    const org = await myOrg(ctx, id, true)
    const others = (await officersOf(ctx.db, org)).filter((one) => one !== ctx.actor.id)
    if (others.length === 0) throw lastOfficer({})
    await endOfficer(ctx.db, org, ctx.actor.id, ctx.now)
    audit(ctx, 'org.officer.leave', org)
    await tell(ctx, others, 'org.officer', say(`“${org.name}”有经办人退出`, `An officer of "${org.name}" has left`))
    return { id }
  },
})
