import { say } from '@weiwang/domain/core/say'
import type { How } from '@weiwang/domain/observation/slots'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Campaign } from '../tasks/bulk.ts'
import { ownCampaign } from '../tasks/own-campaign.ts'

/**
 * READ-9: welfare checks are ordinary tasks of a campaign that comes with the program, one for each emergency, made when the first
 * is needed: lists, due times, escalation, phones and counters know them without anything new.
 */
const HOURS = { red: { accept: 1, answer: 4 }, yellow: { answer: 4 }, blue: { answer: 6 } }
export const CALL_GRADE = { call: 'blue', door: 'yellow' } as const

/** One for each time that nothing was heard, so that a repeat falls on itself. */
export function welfareTaskId(observationId: string, since: Date, how: How): string {
  return idFrom(`welfare/${observationId}/${since.toISOString()}/${how}`)
}

const CAMPAIGN = {
  word: 'welfare',
  name: say('居家观察问候', 'Welfare check'),
  purpose: say('没有收到填报时，先问平安，再问情况', 'When no reading came: ask how they are, first of all'),
  script: say(
    '您好，我是网格员。今天没收到您的填报，想问问您一切都好吗？需要帮什么忙？方便的话帮您记一下体温。',
    'Hello, I am your grid worker. No reading came today, so I wanted to ask whether you are well and need anything. If you like I will note the temperature.',
  ),
  hours: HOURS,
}

/** @param known the caller's memory over many chunks. */
export function welfareCampaign(ctx: Ctx, emergencyId: string, known?: Set<string>): Promise<Campaign> {
  return ownCampaign(ctx, emergencyId, CAMPAIGN, known)
}

/** What the worker reads on the task: that nothing came, since when, and what is asked of him. Welfare first. */
export function welfareReasons(of: { missed: number; since: Date | null; how: How; today: string }): object[] {
  const n = of.missed
  const words =
    of.how === 'door'
      ? say(
          `${n} 次没有收到填报，请上门看看是否平安、需要什么`,
          `No reading ${n} time${n === 1 ? '' : 's'}: please go and see whether they are well and what they need`,
        )
      : say(
          `${n} 次没有收到填报，请先打电话问候`,
          `No reading ${n} time${n === 1 ? '' : 's'}: please call first and ask how they are`,
        )
  return [{ rule: 'READ-9', say: words, day: of.today, until: null }]
}
