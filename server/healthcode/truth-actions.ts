import { contains } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import {
  AskPerson,
  Changed,
  Decide,
  Explain,
  Explained,
  ReadWords,
  WordsRead,
} from '@weiwang/domain/healthcode/truth-api'
import { checkDecision, mayAsk, mayDecide } from '@weiwang/domain/healthcode/truth-decide'
import type { Standing } from '@weiwang/domain/healthcode/truth-decide'
import { factNeeded, nobodyToAsk } from '@weiwang/domain/healthcode/truth-problems'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { denyFacts } from '../feeds/deny.ts'
import { recordsOf } from '../grading/store.ts'
import { openText } from '../people/opening.ts'
import { boundRecords } from './holders.ts'
import { askPerson, takeBack } from './truth-ask.ts'
import { eventKind, evidenceOf, kindOf, linesOf, stateOf } from './truth-present.ts'
import { appendEvents } from './truth-store.ts'
import type { ContradictionRecord } from './truth-store.ts'
import { changeContradiction, eventsOf, findContradiction, lockContradiction } from './truth-store-lists.ts'

/** One function a verb. Reach is everything: the scope is asked of the row itself, by where the person lives. */
export function standingOf(row: ContradictionRecord): Standing {
  return {
    state: stateOf(row),
    area: row.home_area,
    askedBy: row.asked_by,
    heard: row.finding !== null || row.explained_at !== null,
    known: evidenceOf(row),
  }
}

/** @throws notFound outside the scope, whether there is one or not */
export function inHand(ctx: Ctx, row: ContradictionRecord | null): ContradictionRecord {
  if (!row || !ctx.scope.some((mine) => contains(mine, row.home_area))) throw notFound({ thing: 'contradiction' })
  return row
}

function audit(
  ctx: Ctx,
  verb: string,
  row: ContradictionRecord,
  detail: Record<string, unknown>,
  purpose?: string,
): void {
  ctx.audit({
    verb: `contradiction.${verb}`,
    thing: 'contradiction',
    thingId: row.id,
    area: row.home_area,
    detail,
    ...(purpose === undefined ? {} : { purpose, ids: [row.person_id] }),
  })
}

function textPlace(id: string, n: number): { table: string; row: string; column: string } {
  return { table: 'contradiction_event', row: `${id}/${n}`, column: 'text_sealed' }
}

type Line = {
  kind: 'asked' | 'explained' | 'decided' | 'finding'
  body?: object
  words?: string | undefined
  by: string | null
}

/** One line of the history; its words are sealed beside it. */
export async function append(ctx: Ctx, row: ContradictionRecord, { kind, body, words, by }: Line): Promise<void> {
  const n = (await eventsOf(ctx.db, row)).length + 1
  const text =
    words === undefined
      ? null
      : await ctx.keys.seal({ emergencyId: row.emergency_id, now: ctx.now, ...textPlace(row.id, n) }, words)
  await appendEvents(
    ctx.db,
    [
      {
        person_id: row.person_id,
        id: row.id,
        home_area: row.home_area,
        kind,
        by,
        text,
        ...(body === undefined ? {} : { body }),
      },
    ],
    ctx.now,
  )
}

async function answer(ctx: Ctx, id: string): Promise<Changed> {
  const row = await findContradiction(ctx.db, id)
  if (!row) throw notFound({ thing: 'contradiction' })
  return Changed.parse({ id, state: row.state, outcome: row.outcome, taskId: row.task_id, version: row.version })
}

export const ask = defineAction({
  name: 'contradiction.ask',
  input: AskPerson,
  output: Changed,
  reach: 'all',
  run: async (ctx, args): Promise<Changed> => {
    const row = inHand(ctx, await lockContradiction(ctx.db, args.id))
    permit(ctx, 'file', { kind: 'contradiction', area: row.home_area })
    const problem = mayAsk(standingOf(row))
    if (problem) throw problem
    const { said, known } = await linesOf(ctx, row)
    const task = await askPerson(ctx, {
      contradictionId: row.id,
      version: row.version,
      personId: row.person_id,
      emergencyId: row.emergency_id,
      kind: kindOf(row),
      how: args.how,
      said: said.map((line) => line.say),
      known: known.map((line) => line.say),
    })
    if (!task) throw nobodyToAsk({})
    await append(ctx, row, { kind: 'asked', body: { how: args.how, taskId: task.id }, by: ctx.actor.id })
    const change = { state: 'asked' as const, asked_how: args.how, asked_by: ctx.actor.id, finding: null }
    await changeContradiction(ctx.db, row, { ...change, task_county: task.county, task_id: task.id }, ctx.now)
    audit(ctx, 'ask', row, { how: args.how, task: task.id })
    return answer(ctx, row.id)
  },
})

/**
 * TRUTH-11: what is wrong with our data is corrected where it lies, so that it cannot come back with the next delivery, and counts with its
 * source. It is the correction that grading sees, never the contradiction.
 */
async function correct(ctx: Ctx, row: ContradictionRecord, refs: readonly string[]): Promise<void> {
  if (refs.length === 0) return
  const { records } = await recordsOf(ctx.db, row.person_id)
  const denied = await denyFacts(ctx, {
    records,
    facts: refs.map((factId) => ({ factId })),
    reason: 'contradiction',
    reasonId: row.id,
  })
  if (denied === null) throw factNeeded({})
}

export const decide = defineAction({
  name: 'contradiction.decide',
  input: Decide,
  output: Changed,
  reach: 'all',
  run: async (ctx, args): Promise<Changed> => {
    const row = inHand(ctx, await lockContradiction(ctx.db, args.id))
    const thing = { kind: 'contradiction' as const, area: row.home_area }
    permit(ctx, args.outcome === 'false' ? 'approve' : 'file', thing)
    const { outcome, facts, words } = args
    const problem = checkDecision(standingOf(row), { outcome, facts, words }, ctx.actor.id)
    if (problem) throw problem
    if (outcome === 'our_error') await correct(ctx, row, facts)
    await append(ctx, row, { kind: 'decided', body: { outcome, facts }, words, by: ctx.actor.id })
    const at = { decided_at: ctx.now, ended_at: ctx.now, decided_by: ctx.actor.id }
    await changeContradiction(ctx.db, row, { state: 'closed', outcome, ...at }, ctx.now)
    if (row.state === 'asked' && row.task_id !== null) await takeBack(ctx, [row.task_id])
    audit(ctx, 'decide', row, { outcome, facts: facts.length })
    // What else rested on the rows that were wrong rests on them no more.
    if (outcome === 'our_error') ctx.emit('contradiction.again', { personId: row.person_id })
    return answer(ctx, row.id)
  },
})

export const read = defineAction({
  name: 'contradiction.read',
  input: ReadWords,
  output: WordsRead,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<WordsRead> => {
    const row = inHand(ctx, await lockContradiction(ctx.db, args.id))
    permit(ctx, 'open', { kind: 'contradiction', area: row.home_area })
    const texts: WordsRead['texts'] = []
    for (const line of await eventsOf(ctx.db, row)) {
      const text = await openText(ctx, textPlace(row.id, line.n), line.text_sealed)
      if (text !== null) texts.push({ n: line.n, kind: eventKind(line.kind), at: line.at.toISOString(), text })
    }
    audit(ctx, 'read', row, { texts: texts.length }, args.purpose)
    return { id: row.id, texts }
  },
})

/** The person's own words: sealed, read by the desk for a purpose; a word of theirs is never a reason by itself. */
export const explain = defineAction({
  name: 'contradiction.explain',
  input: Explain,
  reach: 'all',
  run: async (ctx, args) => {
    const row = await lockContradiction(ctx.db, args.id)
    if (!row || !(await boundRecords(ctx)).includes(row.person_id)) throw notFound({ thing: 'contradiction' })
    const problem = mayDecide(standingOf(row))
    if (problem) throw problem
    await append(ctx, row, { kind: 'explained', words: args.words, by: ctx.actor.id })
    const change = row.state === 'open' ? { state: 'answered' as const } : {}
    await changeContradiction(ctx.db, row, { ...change, explained_at: ctx.now }, ctx.now)
    audit(ctx, 'explain', row, {})
    return Explained.parse({ id: row.id, explained: true })
  },
})
