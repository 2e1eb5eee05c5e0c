/** The desk: applications, resumption files, what is looked at on the spot (ORG-3, ORG-11 … ORG-14). Of anybody's health it sees counts. */
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import {
  CloseOrg,
  DESK_FILE_STEPS,
  DecideOrg,
  Done,
  OpenOrg,
  OpenedOrg,
  OrgContact,
  OrgDetail,
  StepFile,
} from '@weiwang/domain/healthcode/org-api'
import type { ListOrgs, OrgRow as OrgLine } from '@weiwang/domain/healthcode/org-api'
import { decideDeskStep, fileNow } from '@weiwang/domain/healthcode/org-file'
import { fileNotOpen, orgDecided, orgNotApproved, orgWordsNeeded } from '@weiwang/domain/healthcode/org-problems'
import { FILE_STATE_SAY, ORG_STATE_SAY } from '@weiwang/domain/healthcode/org-words'
import type { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { areasFor, may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { tell } from './objection-change.ts'
import { loadFile, presentFile, writeFileEvent } from './org-files.ts'
import type { LoadedFile } from './org-files.ts'
import { audit, closeOrg, contactPlace } from './org-mine.ts'
import {
  filesOf,
  findOrg,
  listOrgRows,
  memberCounts,
  officerLines,
  officersOf,
  rollsOf,
  updateOrg,
} from './org-store.ts'
import type { OrgRow } from './org-store.ts'

const ROLL_DAYS = 14

async function within(ctx: Ctx, id: string, lock = false): Promise<OrgRow> {
  const org = await findOrg(ctx.db, ctx.scope, id, lock)
  if (!org) throw notFound({ thing: 'org' })
  permit(ctx, 'read', { kind: 'org', area: org.area })
  return org
}

async function lines(ctx: Ctx, orgs: readonly OrgRow[]): Promise<OrgLine[]> {
  const names = await areaNames(
    ctx.db,
    orgs.map((org) => org.area),
  )
  const counts = await memberCounts(ctx.db, orgs)
  const files = await filesOf(ctx.db, orgs)
  const today = await rollsOf(ctx.db, orgs, { from: ctx.today, to: ctx.today })
  return orgs.map((org) => {
    const row = files.get(org.id)
    const state = row ? fileNow({ state: row.state, askedUntil: row.asked_until }, ctx.today) : null
    const roll = today.find((one) => one.org_id === org.id)
    return {
      id: org.id,
      kind: org.kind,
      name: org.name,
      creditCode: org.credit_code,
      area: org.area,
      areaName: names.get(org.area) ?? org.area,
      state: org.state,
      stateName: ORG_STATE_SAY[org.state],
      appliedAt: org.applied_at.toISOString(),
      consented: counts.get(org.id)?.consented ?? 0,
      file: state === null ? null : { state, stateName: FILE_STATE_SAY[state] },
      roll: roll ? { present: roll.present, absent: roll.absent, fever: roll.fever } : null,
      version: org.version,
    }
  })
}

/** GET /api/orgs */
export async function readOrgs(
  ctx: Ctx,
  args: ListOrgs,
): Promise<{ items: OrgLine[]; next: string | null; total: number; asOf: string }> {
  const areas = areasFor(ctx, args.area)
  for (const area of areas) permit(ctx, 'read', { kind: 'org', area })
  const { rows, next, total } = await listOrgRows(ctx.db, { areas, list: args.list }, args)
  return { items: await lines(ctx, rows), next, total, asOf: ctx.now.toISOString() }
}

/** Each step for this reader, and why not; what a step asks beside its name is taken as given. */
function stepsOf(ctx: Ctx, org: OrgRow, loaded: LoadedFile | null): OrgDetail['steps'] {
  if (!loaded || org.state !== 'approved') return []
  return DESK_FILE_STEPS.map((step) => {
    const decided = decideDeskStep(loaded.file, { step, met: true, words: '-' }, { id: ctx.actor.id, today: ctx.today })
    const right = may(ctx, step === 'approve' || step === 'reject' ? 'approve' : 'file', {
      kind: 'org',
      area: org.area,
    })
    const why: Say | null = decided.ok ? null : decided.problem.body.message
    return { step, ok: decided.ok && right, why }
  })
}

async function detail(ctx: Ctx, org: OrgRow): Promise<OrgDetail> {
  const [line] = await lines(ctx, [org])
  if (!line) throw notFound({ thing: 'org' })
  const loaded = await loadFile(ctx, org)
  const counts = await memberCounts(ctx.db, [org])
  const rolls = await rollsOf(ctx.db, [org], { from: addDays(ctx.today, 1 - ROLL_DAYS), to: ctx.today })
  return {
    ...line,
    members: counts.get(org.id) ?? { invited: 0, consented: 0 },
    resumption: await presentFile(ctx, loaded),
    steps: stepsOf(ctx, org, loaded),
    mayDecide: org.state === 'applied' && may(ctx, 'approve', { kind: 'org', area: org.area }),
    officers: (await officerLines(ctx.db, [org])).map((one) => ({
      masked: one.masked ?? '*',
      since: one.since.toISOString(),
    })),
    rolls: rolls.map(({ day, present, absent, fever }) => ({ day, present, absent, fever })),
  }
}

/** GET /api/orgs/:id */
export async function readOrg(ctx: Ctx, id: string): Promise<OrgDetail> {
  return detail(ctx, await within(ctx, id))
}

async function tellOfficers(ctx: Ctx, org: OrgRow, kind: string, body: Say): Promise<void> {
  await tell(ctx, await officersOf(ctx.db, org), kind, body)
}

/** POST /api/orgs/:id/decide */
export const decideOrg = defineAction({
  name: 'org.decide',
  input: DecideOrg,
  output: OrgDetail,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, decision, words }): Promise<OrgDetail> => {
    const org = await within(ctx, id, true)
    permit(ctx, 'approve', { kind: 'org', area: org.area, by: org.applied_by })
    if (org.state !== 'applied') throw orgDecided({})
    if (decision === 'refused' && words === undefined) throw orgWordsNeeded({}, 'words')
    const set = { state: decision, decided_by: ctx.actor.id, decided_at: ctx.now } as const
    const ended = decision === 'refused' ? { refusal: words ?? null, closed_at: ctx.now } : {}
    await updateOrg(ctx.db, org, { ...set, ...ended }, ctx.now)
    audit(ctx, 'org.decide', org, { decision })
    const body =
      decision === 'approved'
        ? say(`“${org.name}”已通过审核`, `"${org.name}" is approved`)
        : say(`“${org.name}”未通过审核，请查看理由`, `"${org.name}" is not approved: read why`)
    await tellOfficers(ctx, org, 'org.decided', body)
    return detail(ctx, await within(ctx, id))
  },
})

/** POST /api/orgs/:id/file */
export const stepFile = defineAction({
  name: 'org.file',
  input: StepFile,
  output: OrgDetail,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, step, met, words }): Promise<OrgDetail> => {
    const org = await within(ctx, id, true)
    permit(ctx, step === 'approve' || step === 'reject' ? 'approve' : 'file', { kind: 'org', area: org.area })
    if (org.state !== 'approved') throw orgNotApproved({})
    const loaded = await loadFile(ctx, org)
    if (!loaded) throw fileNotOpen({})
    const decided = decideDeskStep(loaded.file, { step, met, words }, { id: ctx.actor.id, today: ctx.today })
    if (!decided.ok) throw decided.problem
    await writeFileEvent(ctx, loaded, decided.event, { words })
    audit(ctx, 'org.file', org, { step, ...(met === undefined ? {} : { met }) })
    await tellOfficers(
      ctx,
      org,
      'org.file',
      say(`“${org.name}”的复工（复课）材料有进展，请查看`, `The file of "${org.name}" has moved on: look at it`),
    )
    return detail(ctx, await within(ctx, id))
  },
})

/** POST /api/orgs/:id/open */
export const openOrg = defineAction({
  name: 'org.open',
  input: OpenOrg,
  output: OpenedOrg,
  reach: 'all',
  secret: true,
  run: async (ctx, { id, purpose }): Promise<z.output<typeof OpenedOrg>> => {
    const org = await within(ctx, id)
    permit(ctx, 'open', { kind: 'org', area: org.area })
    const text = await openText(ctx, contactPlace(id), org.contact_sealed)
    const contact = OrgContact.safeParse(text === null ? null : JSON.parse(text))
    ctx.audit({ verb: 'org.open', thing: 'org', thingId: id, area: org.area, purpose })
    return { id, name: contact.data?.name ?? '', phone: contact.data?.phone ?? '' }
  },
})

/** POST /api/orgs/:id/close: one that is misused or is no more. */
export const closeOrgAtDesk = defineAction({
  name: 'org.close',
  input: CloseOrg,
  output: Done,
  reach: 'all',
  run: async (ctx, { id }): Promise<z.output<typeof Done>> => {
    const org = await within(ctx, id, true)
    permit(ctx, 'revoke', { kind: 'org', area: org.area })
    if (org.state === 'closed') throw orgDecided({})
    await closeOrg(ctx, org)
    await tellOfficers(ctx, org, 'org.closed', say(`“${org.name}”已注销`, `"${org.name}" is closed`))
    return { id }
  },
})
