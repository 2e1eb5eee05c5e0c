/** The officer's own pages (`/api/my/orgs…`): whose they are is said by the account alone; another's organisation is not there (ORG-1). */
import { randomBytes } from 'node:crypto'
import { contains, countyOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import {
  ApplyOrg,
  CloseOrg,
  Done,
  EndMember,
  MadeLink,
  MakeLink,
  MyOrg,
  OrgFile,
  RollDay,
  SaveFile,
  SendRoll,
  SubmitFile,
} from '@weiwang/domain/healthcode/org-api'
import type { AskRoll, ListMembers, MemberPage, MyOrgs, Roll } from '@weiwang/domain/healthcode/org-api'
import { readCreditCode, rollShown } from '@weiwang/domain/healthcode/org-decide'
import { decideSubmit, fileNow, maySave } from '@weiwang/domain/healthcode/org-file'
import {
  fileNotOpen,
  orgCreditCode,
  orgIdTaken,
  orgKnown,
  orgNeedsHolder,
  orgNotApproved,
  orgPlace,
  orgTooMany,
  rollDay,
  rollFever,
} from '@weiwang/domain/healthcode/org-problems'
import { ORG_STATE_SAY } from '@weiwang/domain/healthcode/org-words'
import type { z } from 'zod'
import { areaExists, areaNames, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { isBound, standing, standingFor } from './holders.ts'
import { deskAt, tell } from './objection-change.ts'
import { beginFile, loadFile, presentFile, writeFileEvent } from './org-files.ts'
import { answerIn, answersFor } from './org-members.ts'
import {
  endMembers,
  findOrg,
  insertOfficer,
  insertOrg,
  isOfficer,
  listMembers,
  memberCounts,
  officerLines,
  orgsOfOfficer,
  putRoll,
  rollsOf,
  updateOrg,
} from './org-store.ts'
import type { OrgRow } from './org-store.ts'

export const MOST_ORGS = 20
const ROLL_DAYS = 14
export const contactPlace = (id: string) => ({ table: 'org', row: id, column: 'contact_sealed' })

export function audit(ctx: Ctx, verb: string, org: OrgRow, detail: Record<string, unknown> = {}): void {
  ctx.audit({ verb, thing: 'org', thingId: org.id, area: org.area, detail })
}

/** One of mine, locked where it is written to. @throws notFound */
export async function myOrg(ctx: Ctx, id: string, lock = false): Promise<OrgRow> {
  await standingFor(ctx, 'org')
  const org = await findOrg(ctx.db, [''], id, lock)
  if (!org || org.state === 'closed' || !(await isOfficer(ctx.db, org, ctx.actor.id))) throw notFound({ thing: 'org' })
  return org
}

/** @throws orgNotApproved */
export async function myApproved(ctx: Ctx, id: string, lock = false): Promise<OrgRow> {
  const org = await myOrg(ctx, id, lock)
  if (org.state !== 'approved') throw orgNotApproved({})
  return org
}

async function present(ctx: Ctx, orgs: readonly OrgRow[]): Promise<MyOrg[]> {
  const counts = await memberCounts(ctx.db, orgs)
  const names = await areaNames(
    ctx.db,
    orgs.map((org) => org.area),
  )
  const officers = await officerLines(ctx.db, orgs)
  const items: MyOrg[] = []
  for (const org of orgs)
    items.push({
      id: org.id,
      kind: org.kind,
      name: org.name,
      creditCode: org.credit_code,
      area: org.area,
      areaName: names.get(org.area) ?? org.area,
      state: org.state,
      stateName: ORG_STATE_SAY[org.state],
      refusal: org.refusal,
      members: counts.get(org.id) ?? { invited: 0, consented: 0 },
      linked: org.link_hash !== null,
      officers: officers
        .filter((one) => one.org_id === org.id)
        .map((one) => ({
          masked: one.masked ?? '*',
          since: one.since.toISOString(),
          me: one.account_id === ctx.actor.id,
        })),
      invited:
        org.officer_until !== null && org.officer_until >= ctx.now
          ? { until: org.officer_until.toISOString(), handOver: org.officer_hand_over === true }
          : null,
      file: await presentFile(ctx, await loadFile(ctx, org)),
      version: org.version,
    })
  return items
}

/** GET /api/my/orgs */
export async function readMyOrgs(ctx: Ctx): Promise<MyOrgs> {
  await standing(ctx)
  const orgs = await orgsOfOfficer(ctx.db, ctx.actor.id, MOST_ORGS)
  return { items: await present(ctx, orgs), today: ctx.today, asOf: ctx.now.toISOString() }
}

async function oneOfMine(ctx: Ctx, id: string): Promise<MyOrg> {
  const [one] = await present(ctx, [await myOrg(ctx, id)])
  if (!one) throw notFound({ thing: 'org' })
  return one
}

/** POST /api/my/orgs */
export const applyOrg = defineAction({
  name: 'my.org.apply',
  input: ApplyOrg,
  output: MyOrg,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<MyOrg> => {
    const { persons } = await standing(ctx)
    if (!isBound(persons)) throw orgNeedsHolder({})
    const { area } = args
    const level = area.length === 9 || area.length === 12
    if (!level || !contains(ctx.root, area) || !(await areaExists(ctx.db, area))) throw orgPlace({ area }, 'area')
    const creditCode = args.creditCode === undefined || args.creditCode === '' ? null : readCreditCode(args.creditCode)
    if (args.creditCode !== undefined && args.creditCode !== '' && creditCode === null)
      throw orgCreditCode({}, 'creditCode')
    const known = await findOrg(ctx.db, [''], args.id)
    if (known) {
      if (known.applied_by !== ctx.actor.id) throw orgIdTaken({})
      audit(ctx, 'org.apply', known, { repeat: true })
      return oneOfMine(ctx, args.id)
    }
    if ((await orgsOfOfficer(ctx.db, ctx.actor.id, MOST_ORGS)).length >= MOST_ORGS)
      throw orgTooMany({ most: MOST_ORGS })
    const { id: emergencyId } = await requireOpenEmergency(ctx, area)
    const contact = JSON.stringify(args.contact)
    const place = { emergencyId, now: ctx.now, ...contactPlace(args.id) }
    const key = { county: countyOf(area), id: args.id, area }
    const made = await insertOrg(ctx.db, {
      ...key,
      emergency_id: emergencyId,
      kind: args.kind,
      name: args.name,
      credit_code: creditCode,
      contact_sealed: await ctx.keys.seal(place, contact),
      state: 'applied',
      applied_by: ctx.actor.id,
      applied_at: ctx.now,
      updated_at: ctx.now,
      version: 1,
    })
    if (!made) throw orgKnown({}, 'creditCode')
    await insertOfficer(ctx.db, {
      county: key.county,
      org_id: args.id,
      account_id: ctx.actor.id,
      area,
      since: ctx.now,
    })
    ctx.audit({ verb: 'org.apply', thing: 'org', thingId: args.id, area, detail: { kind: args.kind } })
    const desk = await deskAt(ctx, area, 'community')
    await tell(
      ctx,
      desk.map((one) => one.id),
      'org.applied',
      say('有单位申请开通名单服务，请审核', 'An organisation applies: look at it'),
    )
    return oneOfMine(ctx, args.id)
  },
})

/** POST /api/my/orgs/:id/link */
export const makeLink = defineAction({
  name: 'my.org.link',
  input: MakeLink,
  output: MadeLink,
  reach: 'all',
  secret: true,
  run: async (ctx, { id }): Promise<MadeLink> => {
    const org = await myApproved(ctx, id, true)
    const token = randomBytes(16).toString('base64url')
    await updateOrg(ctx.db, org, { link_hash: ctx.keys.hash('token', token) }, ctx.now)
    audit(ctx, 'org.link', org)
    return { token, path: `/r/#employer/${token}` }
  },
})

/** GET /api/my/orgs/:id/members: a masked name, the employer's own number, one sentence. */
export async function readMembers(ctx: Ctx, args: ListMembers): Promise<MemberPage> {
  const org = await myApproved(ctx, args.id)
  const { rows, next, total } = await listMembers(ctx.db, org, args)
  const answers = await answersFor(ctx, rows)
  const items = rows.map((row) => ({
    id: row.id,
    masked: row.masked,
    ref: row.ref,
    answer: answerIn(answers, row.id),
  }))
  return { items, next, total, asOf: ctx.now.toISOString() }
}

/** POST /api/my/orgs/:id/members/:member/end */
export const endMember = defineAction({
  name: 'my.org.member.end',
  input: EndMember,
  output: Done,
  reach: 'all',
  run: async (ctx, { id, member }): Promise<z.output<typeof Done>> => {
    const org = await myOrg(ctx, id, true)
    const ended = await endMembers(ctx.db, org, member, ctx.now)
    if (ended.length === 0) throw notFound({ thing: 'org_member' })
    audit(ctx, 'org.member.end', org, { member })
    return { id: member }
  },
})

/** POST /api/my/orgs/:id/roll */
export const sendRoll = defineAction({
  name: 'my.org.roll',
  input: SendRoll,
  output: RollDay,
  reach: 'all',
  run: async (ctx, { id, day, present: here, absent, fever }): Promise<RollDay> => {
    const org = await myApproved(ctx, id, true)
    if (day > ctx.today || day < addDays(ctx.today, -1)) throw rollDay({ day }, 'day')
    if (fever > here + absent) throw rollFever({}, 'fever')
    const [before] = await rollsOf(ctx.db, [org], { from: day, to: day })
    const roll = { day, present: here, absent, fever }
    await putRoll(ctx.db, org, { ...roll, by: ctx.actor.id, at: ctx.now })
    audit(ctx, 'org.roll', org, { day })
    if (fever > 0 && (before?.fever ?? 0) === 0)
      await tell(
        ctx,
        (await deskAt(ctx, org.area, 'community')).map((one) => one.id),
        'org.fever',
        say('有单位今日报告发热人员，请联系', 'An organisation reports a fever today: call it'),
      )
    const [shown = roll] = rollShown([roll])
    return shown
  },
})

/** GET /api/my/orgs/:id/roll */
export async function readRoll(ctx: Ctx, { id }: z.output<typeof AskRoll>): Promise<Roll> {
  const org = await myApproved(ctx, id)
  const rolls = await rollsOf(ctx.db, [org], { from: addDays(ctx.today, 1 - ROLL_DAYS), to: ctx.today })
  return { today: ctx.today, days: rollShown(rolls) }
}

async function shownFile(ctx: Ctx, org: OrgRow): Promise<OrgFile> {
  const file = await presentFile(ctx, await loadFile(ctx, org))
  if (!file) throw fileNotOpen({})
  return file
}

/** POST /api/my/orgs/:id/file: the first one begins a draft; so does one after a rejection or an expiry. */
export const saveFile = defineAction({
  name: 'my.org.file.save',
  input: SaveFile,
  output: OrgFile,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, body }): Promise<OrgFile> => {
    const org = await myApproved(ctx, id, true)
    const loaded = await loadFile(ctx, org)
    const state = loaded ? fileNow(loaded.file, ctx.today) : null
    if (loaded && state === 'expired' && loaded.row.state !== 'expired')
      await writeFileEvent(ctx, loaded, { kind: 'expired', body: { on: ctx.today } })
    if (!loaded || state === 'expired' || state === 'rejected') await beginFile(ctx, org, body)
    else if (maySave(loaded.file, ctx.today))
      await writeFileEvent(ctx, loaded, { kind: 'saved', body: { on: ctx.today } }, { body })
    else throw fileNotOpen({})
    audit(ctx, 'org.file.save', org)
    return shownFile(ctx, org)
  },
})

/** POST /api/my/orgs/:id/file/submit */
export const submitFile = defineAction({
  name: 'my.org.file.submit',
  input: SubmitFile,
  output: OrgFile,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, words }): Promise<OrgFile> => {
    const org = await myApproved(ctx, id, true)
    const loaded = await loadFile(ctx, org)
    if (!loaded) throw fileNotOpen({})
    const decided = decideSubmit(loaded.file, loaded.body, ctx.today)
    if (!decided.ok) throw decided.problem
    await writeFileEvent(ctx, loaded, decided.event, { words })
    audit(ctx, 'org.file.submit', org, { kind: decided.event.kind })
    await tell(
      ctx,
      (await deskAt(ctx, org.area, 'community')).map((one) => one.id),
      'org.file',
      say('有单位提交复工（复课）材料，请核查', 'An organisation asks to begin again: look at its file'),
    )
    return shownFile(ctx, org)
  },
})

/** Ends everybody's consent with it. */
export async function closeOrg(ctx: Ctx, org: OrgRow): Promise<void> {
  await endMembers(ctx.db, org, null, ctx.now)
  await updateOrg(ctx.db, org, { state: 'closed', closed_at: ctx.now, link_hash: null, officer_hash: null }, ctx.now)
  audit(ctx, 'org.close', org)
}

/** POST /api/my/orgs/:id/close */
export const closeMyOrg = defineAction({
  name: 'my.org.close',
  input: CloseOrg,
  output: Done,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.output<typeof Done>> => {
    await closeOrg(ctx, await myOrg(ctx, id, true))
    return { id }
  },
})
