/**
 * Campaigns that come with the program (welfare checks, people sent on from a gate): one for each emergency, made when the first
 * task needs it. Lists, due times, escalation, phones and counters know their tasks without anything new.
 */
import type { Say } from '@weiwang/domain/core/say'
import { hoursOf } from '@weiwang/domain/tasks/due'
import { ensureCampaign } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { idFrom } from '../core/ids.ts'
import type { Campaign } from './bulk.ts'

export type OwnCampaign = {
  /** With the emergency it makes the campaign's id; never changed once there are tasks. */
  word: string
  name: Say
  purpose: Say
  script: Say
  /** As a campaign has them, by grade. */
  hours: object
}

/** Where an emergency is open without an end, so is the campaign. */
const NO_END = '2099-12-31'

/** @param known emergencies whose campaign is there already: the caller's memory over many chunks. */
export async function ownCampaign(
  ctx: Ctx,
  emergencyId: string,
  own: OwnCampaign,
  known?: Set<string>,
): Promise<Campaign> {
  const campaign = { id: idFrom(`${own.word}/${emergencyId}`), hours: hoursOf(own.hours) }
  if (known?.has(emergencyId)) return campaign
  const emergency = await ctx.db
    .selectFrom('emergency')
    .select(['area', 'basis', 'starts', 'ends'])
    .where('id', '=', emergencyId)
    .executeTakeFirstOrThrow()
  await ensureCampaign(ctx.db, {
    id: campaign.id,
    emergency_id: emergencyId,
    area: emergency.area,
    name: json(own.name),
    purpose: json(own.purpose),
    basis: json(emergency.basis),
    script: json(own.script),
    questions: json([]),
    hours: json(own.hours),
    starts: emergency.starts,
    ends: emergency.ends ?? NO_END,
    state: 'open',
    created_at: ctx.now,
    opened_at: ctx.now,
  })
  known?.add(emergencyId)
  return campaign
}
