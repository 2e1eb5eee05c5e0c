/**
 * GATE-7: whoever goes home from a gate is followed up by the grid there, as an ordinary task of a campaign that comes with the
 * program, one for each emergency, made when the first is needed: lists, due times, escalation, phones and counters know it.
 */
import { REFER_SAY } from '@weiwang/domain/checkpoints/gate'
import type { ReferWhy } from '@weiwang/domain/checkpoints/gate'
import { say } from '@weiwang/domain/core/say'
import type { Grade } from '@weiwang/domain/tasks/api'
import type { Ctx } from '../core/ctx.ts'
import type { Campaign } from '../tasks/bulk.ts'
import { ownCampaign } from '../tasks/own-campaign.ts'

/** Somebody with a red code who is on the way home is expected within hours; the others within a day or two. */
const HOURS = { red: { accept: 1, answer: 4 }, yellow: { answer: 24 }, blue: { answer: 48 } }
const GRADE_OF: Record<ReferWhy, Grade> = {
  red: 'red',
  fever: 'red',
  key_area: 'yellow',
  yellow: 'yellow',
  code_refused: 'blue',
  pending: 'blue',
}

const CAMPAIGN = {
  word: 'gate',
  name: say('卡口转送', 'Sent on from a gate'),
  purpose: say(
    '卡口让其回家的人，核实是否到家、落实健康管理',
    'People whom a gate let go home: see that they have arrived and what follows',
  ),
  script: say(
    '您好，我是网格员。您今天在卡口登记过，请问到家了吗？有没有发热不适？接下来这几天请这样做，需要帮忙随时找我。',
    'Hello, I am your grid worker. You were noted at a gate today: have you arrived, is anything wrong? This is what to do in the next days; call me whenever you need help.',
  ),
  hours: HOURS,
}

export function gradeOf(why: ReferWhy): Grade {
  return GRADE_OF[why]
}

export function gateCampaign(ctx: Ctx, emergencyId: string): Promise<Campaign> {
  return ownCampaign(ctx, emergencyId, CAMPAIGN)
}

/** What the worker reads on the task: not at which gate it was, since tasks are kept longer than passages (GATE-15). */
export function reasonsOf(why: ReferWhy, today: string): object[] {
  const words = say(
    `卡口：${REFER_SAY[why].zh}，已核实住处并回家，请核实到家并落实健康管理`,
    `At a gate: ${REFER_SAY[why].en}; the home was proved and they went there. See that they have arrived and what follows`,
  )
  return [{ rule: 'GATE-7', say: words, day: today, until: null }]
}
