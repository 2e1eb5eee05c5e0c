import { DEFAULT_HOURS } from '@weiwang/domain/access/api'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { EXERCISE_CAMPAIGN, EXERCISE_ORDER, EXERCISE_QUESTIONS } from '@weiwang/domain/exercise/campaign'
import { approveEmergency, draftCampaign, openCampaign, proposeEmergency } from '../access/emergency-actions.ts'
import type { Server } from '../core/server.ts'

/** The order stands since the day the province declared the first level; a campaign runs for two months. */
const ORDER_FROM: Day = '2020-01-24'
const CAMPAIGN_DAYS = 60

export type Desk = { operator: Actor; chief: Actor; second: Actor; auditor: Actor }

/** By the same acts as people: one chief proposes and the other approves, the operator writes the campaign and a chief opens it. */
export async function openOrder(server: Server, desk: Desk, root: string, day: Day): Promise<void> {
  // Keys make each act once, also when the step is repeated after a crash.
  const key = (act: string): { key: string } => ({ key: `exercise-${act}` })
  const starts = day < ORDER_FROM ? day : ORDER_FROM
  const proposed = await server.run(
    proposeEmergency,
    desk.chief,
    { area: root, ...EXERCISE_ORDER, starts },
    key('emergency'),
  )
  await server.run(approveEmergency, desk.second, { id: proposed.id, version: proposed.version }, key('emergency-open'))
  const { campaign } = await server.run(
    draftCampaign,
    desk.operator,
    {
      area: root,
      ...EXERCISE_CAMPAIGN,
      questions: EXERCISE_QUESTIONS,
      hours: DEFAULT_HOURS,
      starts,
      ends: addDays(day, CAMPAIGN_DAYS),
    },
    key('campaign'),
  )
  await server.run(openCampaign, desk.chief, { id: campaign.id, version: campaign.version }, key('campaign-open'))
}
