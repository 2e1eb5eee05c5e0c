import { notFound } from '@weiwang/domain/core/problems'
import {
  ChangeGrade,
  ManualBatch,
  ManualBatchRef,
  PersonGrade,
  ProposeManualBatch,
  RefuseManualBatch,
} from '@weiwang/domain/grading/api'
import { checkManual, checkWay } from '@weiwang/domain/grading/change'
import type { ManualRequest } from '@weiwang/domain/grading/change'
import { batchDecided, noRuleSet, strangersInBatch } from '@weiwang/domain/grading/problems'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { mustHold } from './actions-sets.ts'
import { regradeOne } from './judge-one.ts'
import { checkList, checkRedByHand } from './manual-list.ts'
import { presentBatches, readPersonGrade } from './queries.ts'
import { startRun } from './run.ts'
import { colourOf, gradeOf, gradeToday, recordsOf, ruleSetFor } from './store.ts'
import { decideBatch, insertBatch, insertManual, lockBatch, personsInScope } from './store-read.ts'
import type { BatchRow, PersonRow } from './store-read.ts'
import { markPersons } from './store-run.ts'

/** Changes by hand (GRADE-13, 24, 25). They read facts to judge at once, so they reach past the row guards and check scope here. */
export const changeGrade = defineAction({
  name: 'grade.change',
  input: ChangeGrade,
  reach: 'all',
  output: PersonGrade,
  run: async (ctx, args) => {
    const { target } = await recordsOf(ctx.db, args.personId)
    const [person] = await personsInScope(ctx.db, ctx.scope, [target])
    if (!person) throw notFound({ thing: 'person' })
    permit(ctx, 'approve', { kind: 'grade', area: person.home_area })
    await requireOpenEmergency(ctx, person.home_area)
    checkManual(args, ctx.today)
    const now = await gradeToday(ctx.db, target, ctx.today)
    checkWay(args, now ?? { grade: null, colour: null })
    if (args.grade === 'red' || args.colour === 'red') await checkRedByHand(ctx, person)
    const by = actorId(ctx)
    const id = newId(ctx.now)
    await insertManual(ctx.db, [person], {
      ...rowOf(args),
      id,
      batchId: null,
      from: ctx.today,
      by,
      approvedBy: null,
      now: ctx.now,
    })
    const runId = await regradeOne(ctx, person, { by, caseNo: args.caseNo ?? null })
    ctx.audit({
      verb: 'grade.change',
      thing: 'person',
      thingId: target,
      area: person.home_area,
      detail: {
        grade: args.grade,
        colour: args.colour,
        reason: args.reason,
        caseNo: args.caseNo ?? null,
        until: args.until,
        runId,
      },
    })
    return readPersonGrade(ctx, target)
  },
})

function rowOf(args: ManualRequest): {
  grade: string | null
  colour: string | null
  reason: string
  caseNo: string | null
  until: string
} {
  return { grade: args.grade, colour: args.colour, reason: args.reason, caseNo: args.caseNo ?? null, until: args.until }
}

/** Everybody of the list, or nobody: an id from elsewhere refuses the whole. */
async function peopleOf(ctx: Ctx, area: string, ids: readonly string[]): Promise<PersonRow[]> {
  const wanted = [...new Set(ids)]
  const people = await personsInScope(ctx.db, [area], wanted)
  if (people.length < wanted.length) throw strangersInBatch({ persons: wanted.length - people.length }, 'persons')
  return people
}

/** GRADE-25: many at once are a batch with one reason, and nothing happens before a second person agrees. */
export const proposeManualBatch = defineAction({
  name: 'grade_batch.propose',
  input: ProposeManualBatch,
  reach: 'all',
  output: ManualBatch,
  run: async (ctx, args) => {
    mustHold(ctx, args.area, 'area')
    permit(ctx, 'bulk', { kind: 'grade', area: args.area })
    await requireOpenEmergency(ctx, args.area)
    const people = await peopleOf(ctx, args.area, args.persons)
    await checkList(ctx, args.area, args, people)
    const id = newId(ctx.now)
    await insertBatch(ctx.db, {
      ...rowOf(args),
      id,
      area: args.area,
      persons: people.map((person) => person.person_id).toSorted(),
      by: actorId(ctx),
      byCreatedBy: ctx.actor.createdBy,
      now: ctx.now,
    })
    ctx.audit({
      verb: 'grade_batch.propose',
      thing: 'grade_batch',
      thingId: id,
      area: args.area,
      detail: { persons: people.length, reason: args.reason },
    })
    return answer(ctx, id)
  },
})

async function answer(ctx: Ctx, id: string): Promise<ManualBatch> {
  const row = await lockBatch(ctx.db, id)
  const [batch] = row ? await presentBatches(ctx, [row]) : []
  if (!batch) throw notFound({ thing: 'grade_batch' })
  return batch
}

async function lockedBatch(ctx: Ctx, id: string): Promise<BatchRow> {
  const row = await lockBatch(ctx.db, id)
  if (!row) throw notFound({ thing: 'grade_batch' })
  mustHold(ctx, row.area, 'grade_batch')
  permit(ctx, 'approve', { kind: 'grade', area: row.area, by: row.by, byCreatedBy: row.by_created_by })
  if (row.state !== 'proposed') throw batchDecided({ state: row.state })
  return row
}

function requestOf(row: BatchRow): ManualRequest {
  const reason = z.enum(MANUAL_REASONS).parse(row.reason)
  return {
    grade: gradeOf(row.grade),
    colour: colourOf(row.colour),
    reason,
    caseNo: row.case_no ?? undefined,
    until: row.until_day,
  }
}

export const approveManualBatch = defineAction({
  name: 'grade_batch.approve',
  input: ManualBatchRef,
  reach: 'all',
  output: ManualBatch,
  run: async (ctx, args) => {
    const row = await lockedBatch(ctx, args.id)
    await requireOpenEmergency(ctx, row.area)
    const request = requestOf(row)
    const people = await peopleOf(ctx, row.area, row.persons)
    await checkList(ctx, row.area, request, people, row.by)
    const change = {
      ...rowOf(request),
      id: row.id,
      batchId: row.id,
      from: ctx.today,
      by: row.by,
      approvedBy: actorId(ctx),
      now: ctx.now,
    }
    await insertManual(ctx.db, people, change)
    await decideBatch(ctx.db, row.id, { state: 'applied', by: actorId(ctx), reason: null, now: ctx.now })
    const ids = people.map((person) => person.person_id)
    await markPersons(ctx.db, ids, ctx.now)
    const ruleSet = await ruleSetFor(ctx.db, row.area)
    if (!ruleSet) throw noRuleSet({ area: row.area })
    await startRun(ctx, { ruleSet, kind: 'incremental', by: row.by, approvedBy: null })
    ctx.audit({
      verb: 'grade_batch.approve',
      thing: 'grade_batch',
      thingId: row.id,
      area: row.area,
      detail: { persons: people.length },
    })
    return answer(ctx, row.id)
  },
})

export const refuseManualBatch = defineAction({
  name: 'grade_batch.refuse',
  input: RefuseManualBatch,
  reach: 'all',
  output: ManualBatch,
  run: async (ctx, args) => {
    const row = await lockedBatch(ctx, args.id)
    await decideBatch(ctx.db, row.id, { state: 'refused', by: actorId(ctx), reason: args.reason, now: ctx.now })
    ctx.audit({
      verb: 'grade_batch.refuse',
      thing: 'grade_batch',
      thingId: row.id,
      area: row.area,
      purpose: args.reason,
    })
    return answer(ctx, row.id)
  },
})
