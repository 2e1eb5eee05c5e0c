import { isDeepStrictEqual } from 'node:util'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { evaluatePlan } from '@weiwang/domain/grading/evaluate'
import type { Judgement } from '@weiwang/domain/grading/evaluate'
import { longestWindow, planOf } from '@weiwang/domain/grading/plan'
import { riskIndex } from '@weiwang/domain/grading/risk'
import { sql } from 'kysely'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { newId } from '../core/transaction.ts'
import { noRuleSet } from '@weiwang/domain/grading/problems'
import { activeRuleSets, gradeToday, redSources, riskSpans, ruleSetFor, rulesOf, subjectOf } from './store.ts'
import type { RuleSetRow } from './store.ts'
import type { PersonRow } from './store-read.ts'
import { scopeSql } from './compile.ts'
import { scopeOf } from './run.ts'
import { insertFinishedRun, writeJudgement } from './store-run.ts'

/** One person judged now by the evaluator, from what is stored: for a change by hand, and for rooms that cannot wait for a run. */
export async function judgePerson(db: Db, ruleSet: RuleSetRow, personId: string, day: Day): Promise<Judgement> {
  const plan = planOf({ area: ruleSet.area, ...rulesOf(ruleSet) })
  const risk = riskIndex(await riskSpans(db, addDays(day, -longestWindow(plan))))
  const scope = scopeOf(ruleSet.area, await activeRuleSets(db))
  const around = { risk, redSources: new Set(await redSources(db)) }
  return evaluatePlan(
    plan,
    await subjectOf(db, personId, day, sql<boolean>`${sql.raw(scopeSql('p.home_area', scope))}`),
    around,
    day,
  )
}

/**
 * Judges one person and puts the result into effect, with a run of its own so that lists and tasks follow as from any run.
 * Runs with the jobs role (reach 'all'); the caller has checked scope and right. @throws noRuleSet
 */
export async function regradeOne(
  ctx: Ctx,
  person: PersonRow,
  note: { by: string | null; caseNo: string | null },
): Promise<string> {
  const ruleSet = await ruleSetFor(ctx.db, person.home_area)
  if (!ruleSet) throw noRuleSet({ area: person.home_area })
  return effect(ctx, { person, ruleSet, judged: await judgePerson(ctx.db, ruleSet, person.person_id, ctx.today) }, note)
}

/**
 * The same for a room that has just written what the person says (a declaration): nothing is written when the result is what stands
 * already (GRADE-14), and where no rule set is in force nobody is judged. @returns the run, or null
 */
export async function regradeIfChanged(ctx: Ctx, person: PersonRow): Promise<string | null> {
  const ruleSet = await ruleSetFor(ctx.db, person.home_area)
  if (!ruleSet) return null
  const judged = await judgePerson(ctx.db, ruleSet, person.person_id, ctx.today)
  const now = await gradeToday(ctx.db, person.person_id, ctx.today)
  // Nothing found about somebody who has nothing is no entry.
  if (now === undefined && judged.grade === null && judged.colour === null) return null
  const same =
    now !== undefined &&
    now.rule_set_id === ruleSet.id &&
    now.grade === judged.grade &&
    now.colour === judged.colour &&
    now.until_day === judged.untilDay &&
    isDeepStrictEqual(now.reasons, JSON.parse(JSON.stringify(judged.reasons)))
  return same ? null : effect(ctx, { person, ruleSet, judged }, { by: null, caseNo: null })
}

async function effect(
  ctx: Ctx,
  { person, ruleSet, judged }: { person: PersonRow; ruleSet: RuleSetRow; judged: Judgement },
  note: { by: string | null; caseNo: string | null },
): Promise<string> {
  const runId = newId(ctx.now)
  await insertFinishedRun(ctx.db, {
    id: runId,
    area: ruleSet.area,
    ruleSetId: ruleSet.id,
    asOf: ctx.today,
    by: note.by,
    now: ctx.now,
  })
  await writeJudgement(ctx.db, {
    person,
    runId,
    ruleSetId: ruleSet.id,
    judged: { ...judged, reasons: json(judged.reasons) },
    by: note.by,
    caseNo: note.caseNo,
    now: ctx.now,
  })
  ctx.emit('grades.changed', { runId })
  return runId
}
