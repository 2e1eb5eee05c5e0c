import {
  ApproveEmergency,
  DEFAULT_HOURS,
  DraftCampaign,
  EditCampaign,
  EMERGENCY_STATES,
  EndCampaign,
  EndEmergency,
  Hours,
  OpenCampaign,
  ProposeEmergency,
} from '@weiwang/domain/access/api'
import type { CampaignAnswer, CampaignItem, EmergencyItem } from '@weiwang/domain/access/api'
import { can } from '@weiwang/domain/access/can'
import { closeOutBy } from '@weiwang/domain/access/emergency'
import {
  badDays,
  campaignState,
  emergencyOverlaps,
  emergencyState,
  noOpenEmergency,
  noSuchArea,
  overBudget,
} from '@weiwang/domain/access/problems'
import { fieldBudget, Questions } from '@weiwang/domain/access/questions'
import { dayOf } from '@weiwang/domain/core/day'
import { changedMeanwhile, notFound } from '@weiwang/domain/core/problems'
import { sql } from 'kysely'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { newId } from '../core/transaction.ts'
import { closeOutsOf } from './close-out-store.ts'
import type { CloseOutRow } from './close-out-store.ts'
import {
  areaExists,
  areaNames,
  endCampaignsOf,
  findOpenEmergency,
  insertCampaign,
  insertEmergency,
  lockCampaign,
  lockEmergency,
  openAround,
  updateCampaign,
  updateEmergency,
} from './store.ts'
import type { CampaignRow, EmergencyRow } from './store.ts'

type EmergencyAnswer = z.infer<typeof EmergencyItem>
type CampaignView = z.infer<typeof CampaignItem>

const EmergencyState = z.enum(EMERGENCY_STATES)
const CloseOutState = z.enum(['proposed', 'running', 'done'])
const CampaignState = z.enum(['draft', 'open', 'ended'])

/** The last day of an emergency: the day it was ended, or the end it was ordered with. */
export function lastDayOf(row: EmergencyRow, zone: string): string | null {
  return row.ended_at ? dayOf(row.ended_at, zone) : row.ends
}

function closeOutOf(ctx: Ctx, area: string, row: CloseOutRow | undefined): EmergencyAnswer['closeOut'] {
  if (!row) return null
  const { proposed_by: by, proposed_by_created_by: byCreatedBy } = row
  const state = CloseOutState.parse(row.state)
  return {
    state,
    mayDecide: state === 'proposed' && can(ctx.actor, 'approve', { kind: 'retention', area, by, byCreatedBy }),
  }
}

export async function presentEmergencies(ctx: Ctx, rows: EmergencyRow[]): Promise<EmergencyAnswer[]> {
  const over = rows.filter((row) => row.state === 'ended' || row.state === 'closed_out')
  const closeOuts = await closeOutsOf(
    ctx.db,
    over.map((row) => row.id),
  )
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => {
    const last = over.includes(row) ? lastDayOf(row, ctx.zone) : null
    return {
      id: row.id,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      name: row.name,
      legalOrder: row.legal_order,
      purpose: row.purpose,
      basis: row.basis,
      starts: row.starts,
      ends: row.ends,
      state: EmergencyState.parse(row.state),
      exercise: row.exercise,
      proposedBy: row.proposed_by,
      approvedBy: row.approved_by,
      endedAt: row.ended_at?.toISOString() ?? null,
      closeOutBy: last === null ? null : closeOutBy(last),
      closeOut: closeOutOf(ctx, row.area, closeOuts.get(row.id)),
      version: row.version,
    }
  })
}

async function presentOne(ctx: Ctx, id: string): Promise<EmergencyAnswer> {
  const row = await lockEmergency(ctx.db, ctx.scope, id)
  const [shown] = row ? await presentEmergencies(ctx, [row]) : []
  if (!shown) throw notFound({ thing: 'emergency' })
  return shown
}

async function emergencyInHand(ctx: Ctx, id: string): Promise<EmergencyRow> {
  const row = await lockEmergency(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'emergency' })
  return row
}

function sameVersion(thing: string, mine: number, theirs: number): void {
  if (mine !== theirs) throw changedMeanwhile({ thing, mine, theirs })
}

/** EMERGENCY-2: proposed by one with its legal order. */
export const proposeEmergency = defineAction({
  name: 'emergency.propose',
  input: ProposeEmergency,
  run: async (ctx, args): Promise<EmergencyAnswer> => {
    permit(ctx, 'propose', { kind: 'emergency', area: args.area })
    if (!(await areaExists(ctx.db, args.area))) throw noSuchArea({ value: args.area })
    if (args.ends !== undefined && args.ends < args.starts) throw badDays({}, 'ends')
    const id = newId(ctx.now)
    await insertEmergency(ctx.db, {
      id,
      area: args.area,
      name: json(args.name),
      legal_order: args.legalOrder,
      purpose: json(args.purpose),
      basis: json(args.basis),
      starts: args.starts,
      ends: args.ends ?? null,
      state: 'proposed',
      exercise: await isExercise(ctx),
      proposed_by: actorId(ctx),
      proposed_by_created_by: ctx.actor.createdBy,
      proposed_at: ctx.now,
    })
    ctx.audit({
      verb: 'emergency.propose',
      thing: 'emergency',
      thingId: id,
      area: args.area,
      detail: { legalOrder: args.legalOrder },
    })
    return presentOne(ctx, id)
  },
})

export async function isExercise(ctx: Ctx): Promise<boolean> {
  const row = await ctx.db.selectFrom('setting').select('key').where('key', '=', 'exercise').executeTakeFirst()
  return row !== undefined
}

/** EMERGENCY-2: opened by a second person; EMERGENCY-3: one at a time for an area. */
export const approveEmergency = defineAction({
  name: 'emergency.approve',
  input: ApproveEmergency,
  run: async (ctx, args): Promise<EmergencyAnswer> => {
    // Two approvals at once would each see no open one; they take turns.
    await sql`select pg_advisory_xact_lock(hashtext('weiwang.emergency'))`.execute(ctx.db)
    const row = await emergencyInHand(ctx, args.id)
    permit(ctx, 'approve', {
      kind: 'emergency',
      area: row.area,
      by: row.proposed_by,
      byCreatedBy: row.proposed_by_created_by,
    })
    if (row.state !== 'proposed') throw emergencyState({ state: row.state })
    sameVersion('emergency', args.version, row.version)
    if ((await openAround(ctx.db, row.area)).length > 0) throw emergencyOverlaps({})
    await updateEmergency(ctx.db, row.id, {
      state: 'open',
      approved_by: actorId(ctx),
      opened_at: ctx.now,
    })
    ctx.audit({ verb: 'emergency.approve', thing: 'emergency', thingId: row.id, area: row.area })
    ctx.emit('emergency.opened', { emergencyId: row.id })
    return presentOne(ctx, row.id)
  },
})

/** DELETE-4: the end closes collection at once and starts the 30 days of the close-out. */
export const endEmergency = defineAction({
  name: 'emergency.end',
  input: EndEmergency,
  run: async (ctx, args): Promise<EmergencyAnswer> => {
    const row = await emergencyInHand(ctx, args.id)
    permit(ctx, 'revoke', { kind: 'emergency', area: row.area })
    if (row.state !== 'open') throw emergencyState({ state: row.state })
    sameVersion('emergency', args.version, row.version)
    await endNow(ctx, row, { reason: args.reason })
    return presentOne(ctx, row.id)
  },
})

/** Also for an emergency whose ordered last day is over (timer). */
export async function endNow(
  ctx: Ctx,
  row: EmergencyRow,
  detail: Record<string, unknown>,
  endedAt: Date = ctx.now,
): Promise<void> {
  await updateEmergency(ctx.db, row.id, { state: 'ended', ended_at: endedAt })
  const campaigns = await endCampaignsOf(ctx.db, row.id, ctx.now)
  ctx.audit({
    verb: 'emergency.end',
    thing: 'emergency',
    thingId: row.id,
    area: row.area,
    detail: { ...detail, campaigns: campaigns.length },
  })
  for (const campaign of campaigns) ctx.emit('campaign.ended', { campaignId: campaign.id })
  ctx.emit('emergency.ended', { emergencyId: row.id })
}

// ---- Campaigns ---------------------------------------------------------------------------------------------------------

export async function presentCampaigns(ctx: Ctx, rows: CampaignRow[]): Promise<CampaignView[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    id: row.id,
    emergencyId: row.emergency_id,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    name: row.name,
    purpose: row.purpose,
    basis: row.basis,
    script: row.script,
    // A form written by a newer version is shown as far as it is understood (case 19).
    questions: Questions.catch([]).parse(row.questions),
    hours: Hours.catch(DEFAULT_HOURS).parse(row.hours),
    starts: row.starts,
    ends: row.ends,
    state: CampaignState.parse(row.state),
    createdBy: row.created_by,
    version: row.version,
  }))
}

async function answerCampaign(ctx: Ctx, id: string): Promise<z.infer<typeof CampaignAnswer>> {
  const row = await lockCampaign(ctx.db, ctx.scope, id)
  const [campaign] = row ? await presentCampaigns(ctx, [row]) : []
  if (!campaign) throw notFound({ thing: 'campaign' })
  return { campaign, budget: fieldBudget(campaign.questions) }
}

async function campaignInHand(ctx: Ctx, id: string): Promise<CampaignRow> {
  const row = await lockCampaign(ctx.db, ctx.scope, id)
  if (!row) throw notFound({ thing: 'campaign' })
  return row
}

function checkBody(args: { questions: Questions; starts: string; ends: string }): void {
  if (args.ends < args.starts) throw badDays({}, 'ends')
  const budget = fieldBudget(args.questions)
  if (budget.state === 'refuse') throw overBudget({ questions: budget.questions, limit: budget.refuseAt }, 'questions')
}

/** CAMPAIGN-1: a draft under the emergency that is open for its area. */
export const draftCampaign = defineAction({
  name: 'campaign.draft',
  input: DraftCampaign,
  run: async (ctx, args): Promise<z.infer<typeof CampaignAnswer>> => {
    permit(ctx, 'propose', { kind: 'campaign', area: args.area })
    if (!(await areaExists(ctx.db, args.area))) throw noSuchArea({ value: args.area })
    checkBody(args)
    const emergency = await findOpenEmergency(ctx, args.area)
    if (!emergency) throw noOpenEmergency({})
    const id = newId(ctx.now)
    await insertCampaign(ctx.db, {
      id,
      emergency_id: emergency.id,
      area: args.area,
      ...bodyColumns(args),
      state: 'draft',
      created_by: actorId(ctx),
      created_by_created_by: ctx.actor.createdBy,
      created_at: ctx.now,
    })
    ctx.audit({
      verb: 'campaign.draft',
      thing: 'campaign',
      thingId: id,
      area: args.area,
      detail: { questions: args.questions.length },
    })
    return answerCampaign(ctx, id)
  },
})

type Body = Omit<z.output<typeof DraftCampaign>, 'area'>

function bodyColumns(
  args: Body,
): Pick<
  Parameters<typeof insertCampaign>[1],
  'name' | 'purpose' | 'basis' | 'script' | 'questions' | 'hours' | 'starts' | 'ends'
> {
  return {
    name: json(args.name),
    purpose: json(args.purpose),
    basis: json(args.basis),
    script: json(args.script),
    questions: json(args.questions),
    hours: json(args.hours),
    starts: args.starts,
    ends: args.ends,
  }
}

export const editCampaign = defineAction({
  name: 'campaign.edit',
  input: EditCampaign,
  run: async (ctx, args): Promise<z.infer<typeof CampaignAnswer>> => {
    const row = await campaignInHand(ctx, args.id)
    permit(ctx, 'propose', { kind: 'campaign', area: row.area })
    // What is asked at doors does not change under the people who ask it (CAMPAIGN-2).
    if (row.state !== 'draft') throw campaignState({ state: row.state })
    sameVersion('campaign', args.version, row.version)
    checkBody(args)
    // Who changes it last is its author: another person must open it.
    await updateCampaign(ctx.db, row.id, {
      ...bodyColumns(args),
      created_by: actorId(ctx),
      created_by_created_by: ctx.actor.createdBy,
    })
    ctx.audit({
      verb: 'campaign.edit',
      thing: 'campaign',
      thingId: row.id,
      area: row.area,
      detail: { questions: args.questions.length },
    })
    return answerCampaign(ctx, row.id)
  },
})

/** CAMPAIGN-1: opened by someone who did not write it. */
export const openCampaign = defineAction({
  name: 'campaign.open',
  input: OpenCampaign,
  run: async (ctx, args): Promise<z.infer<typeof CampaignAnswer>> => {
    const row = await campaignInHand(ctx, args.id)
    permit(ctx, 'approve', {
      kind: 'campaign',
      area: row.area,
      by: row.created_by,
      byCreatedBy: row.created_by_created_by,
    })
    if (row.state !== 'draft') throw campaignState({ state: row.state })
    sameVersion('campaign', args.version, row.version)
    const emergency = await findOpenEmergency(ctx, row.area)
    if (!emergency || emergency.id !== row.emergency_id) throw noOpenEmergency({})
    await updateCampaign(ctx.db, row.id, {
      state: 'open',
      opened_at: ctx.now,
      opened_by: actorId(ctx),
    })
    ctx.audit({ verb: 'campaign.open', thing: 'campaign', thingId: row.id, area: row.area })
    ctx.emit('campaign.opened', { campaignId: row.id })
    return answerCampaign(ctx, row.id)
  },
})

export const endCampaign = defineAction({
  name: 'campaign.end',
  input: EndCampaign,
  run: async (ctx, args): Promise<z.infer<typeof CampaignAnswer>> => {
    const row = await campaignInHand(ctx, args.id)
    permit(ctx, 'revoke', { kind: 'campaign', area: row.area })
    if (row.state !== 'open') throw campaignState({ state: row.state })
    sameVersion('campaign', args.version, row.version)
    await updateCampaign(ctx.db, row.id, { state: 'ended', ended_at: ctx.now })
    ctx.audit({
      verb: 'campaign.end',
      thing: 'campaign',
      thingId: row.id,
      area: row.area,
      detail: { reason: args.reason },
    })
    ctx.emit('campaign.ended', { campaignId: row.id })
    return answerCampaign(ctx, row.id)
  },
})
