import type { AreaCode } from '@weiwang/domain/areas/code'
import { contains } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { GuardFinding } from '@weiwang/domain/grading/api'
import { guardFindings, isOneMatter } from '@weiwang/domain/grading/guard'
import type { GuardSettings } from '@weiwang/domain/grading/guard'
import { longestWindow, matesLeaves, planOf } from '@weiwang/domain/grading/plan'
import { riskIndex } from '@weiwang/domain/grading/risk'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { jobProgress, startJob } from '../core/progress.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { compilePlan, placeAreas, placeSpans } from './compile.ts'
import type { Compiled, Range, Scope } from './compile.ts'
import type { RuleSetRow, RunRow } from './store.ts'
import { activeRuleSets, aliasMap, findRuleSet, redSources, riskSpans, rulesOf } from './store.ts'
import { findingsOf, guardSettings } from './store-guard.ts'
import {
  apply,
  bulkSettings,
  changeRun,
  cleanUp,
  countChanges,
  dropForeignDirty,
  find,
  giveBack,
  guardInputs,
  insertRun,
  joinRun,
  judge,
  keepSamples,
  lockChunk,
  lockHeld,
  lockRun,
  nowCount,
  oldPreviews,
  placesWithin,
  runCounts,
  spread,
  storePreview,
  takeTouched,
  touchAgain,
  touchedPlaces,
} from './store-run.ts'

/**
 * A run goes through its phases in short transactions: touch → find → spread → judge → guard → apply → end. Where it
 * stands is in its own row and moves with the rows that it writes, so that a run killed anywhere goes on from there, and
 * nothing that it has judged takes effect before the guard has seen the whole.
 */
const ROWS_A_CHUNK = 60_000

/** Chunks that are judged, or take effect, at the same time, each on a connection of its own; few rows are not worth it. */
const LANES = 2
const ROWS_WORTH_LANES = 4_000

function chunksOf(rows: number): number {
  return rows < ROWS_WORTH_LANES ? 1 : LANES * Math.ceil(rows / (LANES * ROWS_A_CHUNK))
}

const TITLE = {
  full: say('全量研判', 'Full grading'),
  incremental: say('增量研判', 'Incremental grading'),
  preview: say('研判预览', 'Preview of grading'),
} as const

/** Cuts the space of person ids into equal parts; the ids begin with a hash, so the parts are about equally full. */
export function rangeOf(chunk: number, chunks: number): Range {
  const bound = (i: number): string | null => {
    if (i <= 0 || i >= chunks) return null
    const n = Math.floor((i * 0x1_0000_0000) / chunks)
    return `${n.toString(16).padStart(8, '0')}-0000-0000-0000-000000000000`
  }
  return { lo: bound(chunk), hi: bound(chunk + 1) }
}

/** The people that a rule set judges: its area without the areas inside it that have a rule set of their own in force. */
export function scopeOf(area: AreaCode, active: readonly RuleSetRow[]): Scope {
  const except = active.map((row) => row.area).filter((other) => other !== area && contains(area, other))
  return { area, except }
}

export type StartRun = {
  ruleSet: RuleSetRow
  kind: 'full' | 'incremental' | 'preview'
  by: string | null
  approvedBy: string | null
  asOf?: Day
}

/** Registers a run and hands it to the queue, in the caller's transaction. */
export async function startRun(ctx: Ctx, start: StartRun): Promise<{ runId: string; jobId: string }> {
  const { ruleSet, kind } = start
  const runId = newId(ctx.now)
  const jobId = await startJob(ctx, { kind: `grading.${kind}`, title: TITLE[kind], area: ruleSet.area, subject: runId })
  await insertRun(ctx.db, {
    id: runId,
    area: ruleSet.area,
    ruleSetId: ruleSet.id,
    kind,
    asOf: start.asOf ?? ctx.today,
    jobId,
    by: start.by,
    approvedBy: start.approvedBy,
    now: ctx.now,
  })
  ctx.emit('grading.run', { runId }, { key: runId, queue: 'grading' })
  return { runId, jobId }
}

/** Puts a waiting or held run back to work after the second person has agreed: judged again as things stand now. */
export async function resumeApproved(ctx: Ctx, run: RunRow, approvedBy: string): Promise<void> {
  await touchAgain(ctx.db, run.id)
  if (run.kind !== 'incremental') await cleanUp(ctx.db, run.id, ['grade_touch'])
  await changeRun(ctx.db, run.id, { state: 'running', phase: 'find', chunk: 0, approvedBy, asOf: ctx.today })
  ctx.emit('grading.run', { runId: run.id }, { key: run.id, queue: 'grading' })
}

type Work = { ruleSet: RuleSetRow; compiled: Compiled; scope: Scope; areas: string[] }

async function workOf(ctx: Ctx, run: RunRow): Promise<Work> {
  const ruleSet = await findRuleSet(ctx.db, run.rule_set_id)
  if (!ruleSet) throw new Error(`run ${run.id} has no rule set`)
  const plan = planOf({ area: ruleSet.area, ...rulesOf(ruleSet) })
  const active = await activeRuleSets(ctx.db)
  return {
    ruleSet,
    compiled: compilePlan(plan, await redSources(ctx.db)),
    scope: scopeOf(ruleSet.area, active),
    areas: active.map((row) => row.area),
  }
}

const TOTAL_STEPS = 100

async function progress(ctx: Ctx, run: RunRow, step: string, part: number): Promise<void> {
  if (run.job_id)
    await jobProgress(ctx, run.job_id, {
      state: 'running',
      step,
      done: Math.round(part * TOTAL_STEPS),
      total: TOTAL_STEPS,
    })
}

async function jobDone(ctx: Ctx, run: RunRow, result: object): Promise<void> {
  if (run.job_id) await jobProgress(ctx, run.job_id, { state: 'done', done: TOTAL_STEPS, total: TOTAL_STEPS, result })
}

async function stepTouch(ctx: Ctx, run: RunRow, work: Work): Promise<void> {
  await dropForeignDirty(ctx.db, work.areas)
  const touched = await takeTouched(
    ctx.db,
    { id: run.id, asOf: run.as_of },
    work.scope,
    matesLeaves(work.compiled.plan).length > 0,
  )
  await changeRun(ctx.db, run.id, { phase: touched === 0 ? 'end' : 'find', counts: { touched } })
  await progress(ctx, run, 'touch', 0.02)
}

async function stepFind(ctx: Ctx, run: RunRow, { compiled, scope }: Work): Promise<void> {
  const touched = run.kind === 'incremental'
  const aliases = await aliasMap(ctx.db)
  const window = longestWindow(compiled.plan)
  const spans = await riskSpans(ctx.db, addDays(run.as_of, -window))
  const places = touched
    ? await touchedPlaces(ctx.db, run.id, aliases)
    : await placesWithin(ctx.db, placeAreas(compiled, spans))
  await cleanUp(ctx.db, run.id, ['grade_found', 'grade_next'])
  const found = await find(
    ctx.db,
    compiled,
    { id: run.id, asOf: run.as_of, touched },
    placeSpans(compiled, riskIndex(spans), places, run.as_of),
    aliases,
  )
  const rows = found + (touched ? 0 : await nowCount(ctx.db, scope))
  const chunks = chunksOf(rows)
  const phase = matesLeaves(compiled.plan).length > 0 && found > 0 ? 'spread' : 'judge'
  await changeRun(ctx.db, run.id, { phase, chunk: 0, chunks, counts: { ...countsOf(run), found } })
  await progress(ctx, run, 'find', 0.4)
}

async function stepSpread(ctx: Ctx, run: RunRow, { compiled, scope }: Work): Promise<void> {
  const aliases = await aliasMap(ctx.db)
  const target = { id: run.id, asOf: run.as_of, touched: run.kind === 'incremental', scope }
  for (const leaf of matesLeaves(compiled.plan))
    await spread(ctx.db, compiled, leaf, target, rangeOf(run.chunk, run.chunks), aliases)
  await nextChunk(ctx, run, 'spread', 'judge', [0.4, 0.5])
}

/**
 * Works on the next chunks at once. The transaction of the step holds the row of the run and no other lock, so nobody can
 * wait for it in a ring; each chunk commits by itself, and only then the cursor moves. A chunk may therefore be done again
 * after a kill: judging replaces what was judged, and what has taken effect is no longer there to be taken.
 */
async function inLanes(
  server: Server,
  ctx: Ctx,
  run: RunRow,
  work: (db: Db, range: Range) => Promise<unknown>,
): Promise<number> {
  const count = Math.min(LANES, run.chunks - run.chunk)
  if (count <= 1) {
    await work(ctx.db, rangeOf(run.chunk, run.chunks))
    return 1
  }
  const lanes = Array.from({ length: count }, (_, i) =>
    server.asSystem('grading.lane', async (lane) => {
      await bulkSettings(lane.db)
      await lockChunk(lane.db, run.id, run.chunk + i)
      await work(lane.db, rangeOf(run.chunk + i, run.chunks))
    }),
  )
  // All of them end before the step does, also when one of them fails.
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === 'rejected') throw lane.reason
  return count
}

async function stepJudge(server: Server, ctx: Ctx, run: RunRow, { compiled, scope }: Work): Promise<void> {
  const job = { id: run.id, ruleSetId: run.rule_set_id, asOf: run.as_of, touched: run.kind === 'incremental', scope }
  const done = await inLanes(server, ctx, run, (db, range) => judge(db, compiled, job, range))
  await nextChunk(ctx, run, 'judge', 'guard', [0.5, 0.75], done)
}

async function stepApply(server: Server, ctx: Ctx, run: RunRow): Promise<void> {
  const job = { id: run.id, ruleSetId: run.rule_set_id }
  const done = await inLanes(server, ctx, run, (db, range) => apply(db, job, range, ctx.now))
  await nextChunk(ctx, run, 'apply', 'end', [0.8, 1], done)
}

async function nextChunk(
  ctx: Ctx,
  run: RunRow,
  step: string,
  then: 'judge' | 'guard' | 'end',
  [from, to]: readonly [number, number],
  done = 1,
): Promise<void> {
  const next = run.chunk + done
  await changeRun(ctx.db, run.id, next >= run.chunks ? { phase: then, chunk: 0 } : { chunk: next })
  await progress(ctx, run, step, from + ((to - from) * next) / run.chunks)
}

function countsOf(run: RunRow): Record<string, number> {
  const counts: Record<string, number> = {}
  if (typeof run.counts !== 'object' || run.counts === null) return counts
  for (const [key, value] of Object.entries(run.counts)) if (typeof value === 'number') counts[key] = value
  return counts
}

/** How many people a run would change, or has changed. */
export function changedBy(run: RunRow): number {
  return countsOf(run)['changed'] ?? 0
}

/** The one place where a run may stop: a preview is done, a proposed run waits, an unusual one is held. */
async function stepGuard(ctx: Ctx, run: RunRow, { scope }: Work): Promise<void> {
  const counts = { ...countsOf(run), ...(await runCounts(ctx.db, run.id)) }
  if (run.kind === 'preview' || (run.kind === 'full' && run.approved_by === null)) {
    await storePreview(ctx.db, run.id, scope)
    await keepSamples(ctx.db, run.id)
    await cleanUp(ctx.db, run.id, ['grade_found', 'grade_touch'])
    const state = run.kind === 'preview' ? 'done' : 'waiting'
    await changeRun(ctx.db, run.id, { state, counts, finishedAt: ctx.now })
    for (const old of run.kind === 'preview' ? await oldPreviews(ctx.db, run.rule_set_id, run.id) : [])
      await cleanUp(ctx.db, old, ['grade_next', 'grade_preview'])
    await jobDone(ctx, run, { runId: run.id, ...counts })
    return
  }
  // Approved runs are not held, and are no measure of a usual day.
  const settings = await guardSettings(ctx.db)
  const inputs = run.approved_by === null ? await guardInputs(ctx.db, run.id, run.as_of, settings.days) : []
  const findings = guardFindings(inputs, settings)
  if (findings.length > 0) {
    if (await joinHeld(ctx, run, { settings, findings, scope, looked: counts['looked'] ?? 0 })) return
    await storePreview(ctx.db, run.id, scope)
    await changeRun(ctx.db, run.id, { state: 'held', counts, guard: findings })
    ctx.audit({
      verb: 'grade.hold',
      thing: 'grade_run',
      thingId: run.id,
      area: run.area,
      detail: { findings: findings.slice(0, 20) },
    })
    ctx.emit('grades.held', { runId: run.id })
    if (run.job_id)
      await jobProgress(ctx, run.job_id, {
        state: 'running',
        step: 'held',
        result: { runId: run.id, held: findings.length },
      })
    return
  }
  await countChanges(ctx.db, inputs, run.as_of)
  await changeRun(ctx.db, run.id, { phase: 'apply', chunk: 0, counts })
  await progress(ctx, run, 'guard', 0.8)
}

/**
 * GRADE-22: while a run of the same rules is held, another one that is unusual for the same cause joins it, so that one delivery that
 * comes down in many runs is one decision. Its auditor has been told of the run; the line of the audit says what has joined.
 */
async function joinHeld(
  ctx: Ctx,
  run: RunRow,
  {
    settings,
    findings,
    scope,
    looked,
  }: { settings: GuardSettings; findings: GuardFinding[]; scope: Scope; looked: number },
): Promise<boolean> {
  if (run.kind !== 'incremental') return false
  const all = await lockHeld(ctx.db, run.rule_set_id)
  const held = all.find((one) => isOneMatter(findings, findingsOf(one.guard)))
  if (!held) return false
  await joinRun(ctx.db, run.id, held.id)
  await storePreview(ctx.db, held.id, scope)
  const whole = guardFindings(await guardInputs(ctx.db, held.id, run.as_of, settings.days), settings)
  const before = Object.entries(countsOf(held)).filter(([key]) => !/^(grade|colour)_/.test(key))
  await changeRun(ctx.db, held.id, {
    counts: { ...Object.fromEntries(before), ...(await runCounts(ctx.db, held.id)) },
    ...(whole.length > 0 ? { guard: whole } : {}),
  })
  ctx.audit({
    verb: 'grade.hold',
    thing: 'grade_run',
    thingId: held.id,
    area: held.area,
    detail: { joined: run.id, findings: whole.slice(0, 20) },
  })
  await cleanUp(ctx.db, run.id, ['grade_touch', 'grade_found'])
  const counts = { looked, changed: 0, joined: looked }
  await changeRun(ctx.db, run.id, { state: 'done', counts, finishedAt: ctx.now })
  await jobDone(ctx, run, { runId: held.id, ...counts })
  return true
}

async function stepEnd(ctx: Ctx, run: RunRow): Promise<void> {
  await cleanUp(ctx.db, run.id, ['grade_touch', 'grade_found', 'grade_next', 'grade_preview'])
  await changeRun(ctx.db, run.id, { state: 'done', finishedAt: ctx.now })
  const counts = countsOf(run)
  if ((counts['looked'] ?? 0) > 0) ctx.emit('grades.changed', { runId: run.id })
  await jobDone(ctx, run, { runId: run.id, ...counts })
}

type Known = { work?: Work }

/** One transaction of a run. Returns whether there is more to do. */
export async function stepRun(server: Server, runId: string, known: Known = {}): Promise<boolean> {
  return server.asSystem('grading.run', async (ctx) => {
    const run = await lockRun(ctx.db, runId)
    if (!run || run.state !== 'running') return false
    await bulkSettings(ctx.db)
    // Compiled once: the sources that may give red and the areas of other rule sets stay as they were when the run began.
    const work = known.work ?? (await workOf(ctx, run))
    known.work = work
    switch (run.phase) {
      case 'touch':
        await stepTouch(ctx, run, work)
        return true
      case 'find':
        await stepFind(ctx, run, work)
        return true
      case 'spread':
        await stepSpread(ctx, run, work)
        return true
      case 'judge':
        await stepJudge(server, ctx, run, work)
        return true
      case 'guard':
        await stepGuard(ctx, run, work)
        return true
      case 'apply':
        await stepApply(server, ctx, run)
        return true
      default:
        await stepEnd(ctx, run)
        return false
    }
  })
}

const MAX_ATTEMPTS = 5

/** Takes a run to its end, or to the point where it waits for a person. Harmless to call twice, and after a crash. */
export async function driveRun(server: Server, runId: string): Promise<void> {
  const known: Known = {}
  try {
    while (await stepRun(server, runId, known));
  } catch (error) {
    server.log.error({ err: error, runId }, 'grading run stopped')
    await countAttempt(server, runId, error)
    throw error
  }
}

/** The queue tries again; a run that stops five times is given up, so that it does not stand in the way of the next. */
async function countAttempt(server: Server, runId: string, error: unknown): Promise<void> {
  const attempts = await server.asSystem('grading.attempt', async (ctx) => {
    const run = await lockRun(ctx.db, runId)
    if (!run || run.state !== 'running') return 0
    const counts = countsOf(run)
    const n = (counts['attempts'] ?? 0) + 1
    await changeRun(ctx.db, runId, { counts: { ...counts, attempts: n } })
    return n
  })
  if (attempts >= MAX_ATTEMPTS) await failRun(server, runId, error)
}

const GIVEN_UP = say(
  '研判多次中断，已放弃；涉及的人由下一次研判处理',
  'The run stopped several times and was given up; the next run looks at its people',
)

/** Gives a run up: its people are looked at by the next one. */
async function failRun(server: Server, runId: string, error: unknown): Promise<void> {
  await server.asSystem('grading.fail', async (ctx) => {
    const run = await lockRun(ctx.db, runId)
    if (!run || run.state !== 'running') return
    await giveBack(ctx.db, runId, ctx.now)
    await cleanUp(ctx.db, runId, ['grade_touch', 'grade_found', 'grade_next'])
    await changeRun(ctx.db, runId, { state: 'failed', finishedAt: ctx.now })
    if (run.job_id)
      await jobProgress(ctx, run.job_id, {
        state: 'failed',
        error: { message: GIVEN_UP, cause: error instanceof Error ? error.message : String(error) },
      })
  })
}
