import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { AskHow } from '@weiwang/domain/healthcode/truth-api'
import { ASK_GRADE } from '@weiwang/domain/healthcode/truth-decide'
import { askOfKind, nameOfKind } from '@weiwang/domain/healthcode/truth-kinds'
import type { ContradictionKind } from '@weiwang/domain/healthcode/truth-kinds'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import { changeTasks, openTasks } from '../tasks/bulk.ts'
import { ownCampaign } from '../tasks/own-campaign.ts'
import { homeOf, lockTasks } from '../tasks/store.ts'
import { openTaskOf, stillAsked } from './truth-store-lists.ts'

/**
 * TRUTH-8: somebody of the grid asks. It is an ordinary task of a campaign that comes with the program, one for each emergency, so that
 * lists, phones, due times and counters know it without anything new; its answer goes nowhere but to the desk that asked.
 */
const HOURS = { red: { accept: 4, answer: 24 }, yellow: { answer: 24 }, blue: { answer: 48 } }

const CAMPAIGN = {
  word: 'truth',
  name: say('申报核对', 'Asking about declarations'),
  purpose: say(
    '申报与已有数据不一致，请向本人核对；可能是记错，也可能是我们的数据有误',
    'A declaration does not fit what is known: ask. It may be a slip of memory, and it may be our data',
  ),
  script: say(
    '您好，我是网格员。您的申报里有一处和我们手上的信息对不上，想跟您核对一下，可能是我们的信息有误。',
    'Hello, I am your grid worker. One thing in your declaration does not fit what we have, and our information may be wrong; may I ask you about it?',
  ),
  hours: HOURS,
}

export type Ask = {
  contradictionId: string
  version: number
  personId: string
  emergencyId: string
  kind: ContradictionKind
  how: AskHow
  /** Both sides, in words. */
  said: readonly Say[]
  known: readonly Say[]
}

/** What the worker reads: what to ask, and both sides; no word of a lie. */
function reasonsOf({ kind, how, said, known }: Ask, today: string): object[] {
  const name = nameOfKind(kind)
  const asks = askOfKind(kind)
  const by = how === 'call' ? say('请先打电话', 'please call') : say('请上门', 'please go to the door')
  const line = (words: Say) => ({ rule: 'TRUTH-8', say: words, day: today, until: null })
  return [
    line(say(`${name.zh}。${by.zh}：${asks.zh}`, `${name.en}; ${by.en}. ${asks.en}`)),
    ...said.map(line),
    ...known.map((one) => line(say(`已知：${one.zh}`, `known: ${one.en}`))),
  ].slice(0, 12)
}

/** Opens the task, or finds the one of this campaign that the person has already. Null when nobody lives at a grid that could be sent. */
export async function askPerson(ctx: Ctx, ask: Ask): Promise<{ county: string; id: string } | null> {
  const home = await homeOf(ctx.db, ask.personId)
  if (!home) return null
  const campaign = await ownCampaign(ctx, ask.emergencyId, CAMPAIGN)
  const id = idFrom(`truth/${ask.contradictionId}/${ask.version}`)
  await openTasks(ctx, campaign, [
    {
      id,
      area: home.area,
      personId: ask.personId,
      householdId: home.householdId,
      masked: home.masked,
      grade: ASK_GRADE[ask.how],
      reasons: reasonsOf(ask, ctx.today),
    },
  ])
  return openTaskOf(ctx.db, ask.personId, campaign.id)
}

/** Nobody is sent to ask what is settled: open tasks that no other contradiction is asked by are taken back. */
export async function takeBack(ctx: Ctx, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return
  const needed = await stillAsked(ctx.db, taskIds)
  const ids = [...new Set(taskIds)].filter((id) => !needed.has(id))
  const open = (await lockTasks(ctx.db, [''], ids)).filter(
    ({ state }) => state.answeredAt === null && state.closedAt === null,
  )
  const events = [{ kind: 'withdrawn' as const, body: { on: ctx.today, reason: 'settled', runId: null } }]
  await changeTasks(
    ctx,
    open.map((loaded) => ({ loaded, events })),
    { by: null },
  )
}
