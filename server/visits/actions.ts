import { contains, countyOf, isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Question } from '@weiwang/domain/access/questions'
import { notFound } from '@weiwang/domain/core/problems'
import { decideAnswer, decideCorrection } from '@weiwang/domain/tasks/decide'
import type { Answer, Decision, When } from '@weiwang/domain/tasks/decide'
import { differenceOf } from '@weiwang/domain/tasks/counts'
import { Answers, FiledVisit, FileVisit, OpenedVisit, OpenVisit } from '@weiwang/domain/visits/api'
import { isHiddenVisit } from '@weiwang/domain/visits/confidential'
import { visitCounts } from '@weiwang/domain/visits/counts'
import { Form, FORM_PURPOSES } from '@weiwang/domain/tasks/form'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { countedDay, questionsOf, readVisitAnswers } from '@weiwang/domain/visits/file'
import type { Reading } from '@weiwang/domain/visits/file'
import { isFound } from '@weiwang/domain/visits/found'
import { sameVisit } from '@weiwang/domain/visits/same'
import { correctedAlready, visitIdTaken, visitNowhere } from '@weiwang/domain/visits/problems'
import { z } from 'zod'
import { noOpenEmergency } from '@weiwang/domain/access/problems'
import { areaExists } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { argsHash, newId } from '../core/transaction.ts'
import { notePosition } from '../people/position.ts'
import { madePersons } from '../people/store-change.ts'
import { whenOf } from '../tasks/actions.ts'
import { changeTask } from '../tasks/change.ts'
import { noteDoor, takeBackDoor } from '../tasks/instructions.ts'
import { findTask, lockIsFree, lockTask } from '../tasks/store.ts'
import { findForm } from '../tasks/store-forms.ts'
import type { Loaded } from '../tasks/store.ts'
import {
  findVisit,
  findVisitById,
  firstFound,
  groundOf,
  householdAt,
  insertPersons,
  lockVisit,
  personsOf,
  personsOfVisit,
  updateVisit,
  visitInsert,
} from './store.ts'
import type { Ground, VisitRow } from './store.ts'

type Args = FileVisit
type Place = { area: AreaCode; householdId: string | null; campaignId: string | null; task: Loaded | null }

/** VISIT-1: where a visit took place: its task's area, its household's, or the one that is named. @throws notFound, visitNowhere */
async function placeOf(ctx: Ctx, args: Args): Promise<Place> {
  const task = args.taskId === undefined ? null : await findTask(ctx.db, ctx.scope, args.taskId)
  if (args.taskId !== undefined && !task) throw notFound({ thing: 'task' })
  const household = args.householdId === undefined ? null : await householdAt(ctx.db, ctx.scope, args.householdId)
  if (args.householdId !== undefined && !household) throw notFound({ thing: 'household' })
  const named =
    args.area !== undefined && ctx.scope.some((area) => contains(area, args.area ?? '')) ? args.area : undefined
  if (args.area !== undefined && named === undefined) throw notFound({ thing: 'area' })
  const area = task?.state.area ?? household?.area ?? named
  if (area === undefined) throw visitNowhere({})
  return {
    area,
    householdId: household?.id ?? task?.state.householdId ?? null,
    campaignId: task?.row.campaign_id ?? args.campaignId ?? null,
    task,
  }
}

/** The stored first answer of the same visit; other content under the same id is the sender's fault (case 58). */
function repeated(visit: VisitRow, hash: Buffer): FiledVisit {
  if (!visit.args_hash.equals(hash)) throw visitIdTaken({ id: visit.id })
  const { id, county, area, day } = visit
  // After the campaign's days the answer is deleted with the detail; what remains says that it was filed.
  const rest: FiledVisit = {
    id,
    county,
    area,
    day,
    recordedAt: visit.recorded_at.toISOString(),
    missing: [],
    raw: [],
    task: null,
  }
  return FiledVisit.catch(rest).parse(visit.answer)
}

/** Free text and whatever this server does not know are sealed; closed answers stay readable for counts. */
function split(
  questions: readonly Question[],
  answers: Answers,
  reading: Reading,
): { plain: Answers; sealed: Answers } {
  const text = new Set(questions.filter((q) => q.type === 'text').map((q) => q.key))
  const isSealed = (key: string) => text.has(key) || reading.raw.includes(key)
  return {
    plain: Object.fromEntries(Object.entries(answers).filter(([key]) => !isSealed(key))),
    sealed: Object.fromEntries(Object.entries(answers).filter(([key]) => isSealed(key))),
  }
}

/** The form that the phone used, in its version; null when there was none or when it is not known here (VISIT-3). */
async function formOf(ctx: Ctx, args: Args): Promise<Form | null> {
  if (args.form === undefined) return null
  const { id, version } = args.form
  const shipped = FORM_PURPOSES.find((purpose) => id === `shipped/${purpose}` && version === 0)
  if (shipped !== undefined) return shippedForm(shipped)
  if (!z.uuid().safeParse(id).success) return null
  const row = await findForm(ctx.db, id)
  return Form.nullable()
    .catch(null)
    .parse(row?.form ?? null)
}

/** Members that the phone has registered itself are named by its own ids; their answers belong to the records (PEOPLE-21). */
async function membersMeant(ctx: Ctx, { members = [] }: Args): Promise<NonNullable<Args['members']>> {
  const made = await madePersons(
    ctx.db,
    members.map((member) => member.personId),
  )
  return members.map((member) => ({ ...member, personId: made.get(member.personId) ?? member.personId }))
}

/** What is written of the answers: closed ones plain, the rest sealed, for the door and for each person. */
async function answersOf(ctx: Ctx, args: Args, questions: readonly Question[], emergencyId: string) {
  const form = await formOf(ctx, args)
  const members = args.members ?? []
  const reading = readVisitAnswers(questions, form, args.answers, members)
  const asks = [...questions, ...(form?.fields.map((field) => field.ask) ?? [])]
  const { seal } = await ctx.keys.sealer(emergencyId, ctx.now)
  const sealedOf = (sealed: Answers, at: { table: string; row: string; column: string }): Buffer | null =>
    Object.keys(sealed).length === 0 ? null : seal(at, JSON.stringify(sealed))
  const door = split(asks, args.answers, reading.door)
  return {
    plain: door.plain,
    sealed: sealedOf(door.sealed, { table: 'visit', row: args.id, column: 'answers_sealed' }),
    members: new Map(
      members.map((member, i) => {
        const one = split(asks, member.answers, reading.members[i] ?? { missing: [], raw: Object.keys(member.answers) })
        const row = `${args.id}/${member.personId}`
        return [
          member.personId,
          { plain: one.plain, sealed: sealedOf(one.sealed, { table: 'visit_person', row, column: 'answers_sealed' }) },
        ]
      }),
    ),
    missing: [
      ...reading.door.missing,
      ...reading.members.flatMap((m) => m.missing.map((key) => `${key}@${m.personId}`)),
    ],
    raw: [...reading.door.raw, ...reading.members.flatMap((m) => m.raw.map((key) => `${key}@${m.personId}`))],
  }
}

async function successorOf(ctx: Ctx, args: Args, area: AreaCode): Promise<Answer['successor']> {
  const to = args.goesTo
  if (args.disposition !== 'AWAY_OTHER_AREA' || to === undefined || !isAreaCode(to) || to.length < 6) return null
  const elsewhere =
    contains(ctx.root, to) && !contains(to, area) && !contains(area, to) && (await areaExists(ctx.db, to))
  return elsewhere ? { county: countyOf(to), taskId: newId(ctx.now), area: to } : null
}

const CHANNEL = { door: 'door', phone: 'phone', video: 'video', self_report: 'message', robot: 'robot' } as const

async function answerOf(ctx: Ctx, args: Args, disposition: string, area: AreaCode): Promise<Answer> {
  return {
    disposition,
    method: CHANNEL[args.method],
    visitId: args.id,
    successor: await successorOf(ctx, args, area),
    expectedDay: args.expectedDay ?? null,
    earlier: null,
  }
}

async function decide(ctx: Ctx, args: Args, task: Loaded, prior: VisitRow | null, when: When): Promise<Decision> {
  if (args.disposition === undefined) return { ok: true, events: [] }
  const answer = await answerOf(ctx, args, args.disposition, task.state.area)
  if (!prior) return decideAnswer(task.state, answer, when)
  const { person_id, campaign_id } = task.row
  const free = task.state.closedAt === null || person_id === null || (await lockIsFree(ctx.db, person_id, campaign_id))
  return decideCorrection(task.state, answer, free, when)
}

/** VISIT-5: a visit whose task has been closed meanwhile is kept and counted; it only no longer answers the task. */
async function answerTask(ctx: Ctx, args: Args, taskId: string, prior: VisitRow | null): Promise<FiledVisit['task']> {
  const task = await lockTask(ctx.db, ctx.scope, taskId)
  if (!task) throw notFound({ thing: 'task' })
  const decision = await decide(ctx, args, task, prior, await whenOf(ctx, task.row.campaign_id))
  const after = decision.ok
    ? await changeTask(ctx, task, decision.events, { occurredAt: new Date(args.occurredAt).toISOString() })
    : task
  const { state } = after
  return {
    id: taskId,
    state: state.state,
    outcome: state.outcome,
    version: state.version,
    answerBy: state.clock.answerBy,
  }
}

async function priorOf(ctx: Ctx, args: Args): Promise<VisitRow | null> {
  if (args.supersedes === undefined) return null
  const prior = await lockVisit(ctx.db, ctx.scope, args.supersedes)
  if (!prior || prior.task_id !== (args.taskId ?? null)) throw notFound({ thing: 'visit' })
  if (prior.superseded_by !== null) throw correctedAlready({ by: prior.superseded_by })
  return prior
}

/**
 * INSTR-6: the door of a visit counts for its instruction when somebody was met. A correction stays under the instruction of the
 * visit that it corrects, unless it names another, and the door counts by it, by the next visit that found somebody, or no more.
 */
async function countAtDoor(ctx: Ctx, args: Args, place: Place, prior: VisitRow | null): Promise<string | null> {
  const instructionId = args.instructionId ?? prior?.instruction_id ?? null
  const { area, householdId } = place
  if (prior && prior.instruction_id !== null && prior.household_id !== null && isFound(prior.result)) {
    const was = { instructionId: prior.instruction_id, householdId: prior.household_id }
    const isStill =
      isFound(args.result) && was.instructionId === instructionId && was.householdId === householdId ? args.id : null
    const next = async (): Promise<string | null> => isStill ?? firstFound(ctx.db, { county: countyOf(area), ...was })
    await takeBackDoor(ctx, { ...was, area, visitId: prior.id }, next)
  }
  if (instructionId !== null && householdId !== null && isFound(args.result))
    await noteDoor(ctx, { instructionId, householdId, area, visitId: args.id })
  return instructionId
}

const keyOf = (count: { area: string; day: string; metric: string }) => `${count.area}|${count.day}|${count.metric}`

/** A visit of this id by the same worker. */
async function filedBefore(ctx: Ctx, id: string): Promise<VisitRow | null> {
  const known = await findVisitById(ctx.db, id)
  return known && known.by === ctx.actor.id ? known : null
}

function groundFor(ctx: Ctx, id: string, place: Place): Promise<Ground> {
  const { area, campaignId } = place
  const { today, bounds } = ctx
  return groundOf(ctx.shared, { id, areas: pathOf(area), today, campaignId, bounds })
}

/**
 * Files a visit (VISIT-1 to VISIT-6): persons, task, row, counters and trail in the one transaction. The row goes with its last
 * statement: of parallel posts of one id one wins the key, and the others begin anew and read its answer.
 */
export const fileVisit = defineAction({
  name: 'visit.file',
  input: FileVisit,
  output: FiledVisit,
  reach: 'county',
  run: async (ctx, args): Promise<FiledVisit> => {
    const hash = argsHash(sameVisit(args))
    const place = await placeOf(ctx, args).catch(async (error: unknown) => {
      // What was filed before is answered also when its task or door has left the scope since (case 39).
      const known = await filedBefore(ctx, args.id)
      if (known === null) throw error
      return { before: known }
    })
    if ('before' in place) return repeated(place.before, hash)
    const ground = await groundFor(ctx, args.id, place)
    if (ground.known) {
      const known = await filedBefore(ctx, args.id)
      if (known) return repeated(known, hash)
      throw visitIdTaken({ id: args.id })
    }
    permit(ctx, 'file', { kind: 'visit', area: place.area })
    const { emergencyId } = ground
    if (emergencyId === null) throw noOpenEmergency({})
    const prior = await priorOf(ctx, args)
    const county = countyOf(place.area)
    const questions = questionsOf(ground.questions)
    const said = await answersOf(ctx, { ...args, members: await membersMeant(ctx, args) }, questions, emergencyId)
    const persons = await personsOf(
      ctx.db,
      ctx.scope,
      [...args.personIds, ...said.members.keys()],
      place.task?.row.person_id ?? null,
    )
    const occurredAt = new Date(args.occurredAt)
    const day = prior?.day ?? countedDay(occurredAt, ctx.now, ctx.zone)
    const { seal } = await ctx.keys.sealer(emergencyId, ctx.now)
    const at = (column: string) => ({ table: 'visit', row: args.id, column })
    const area = prior?.area ?? place.area
    const answered = (task: FiledVisit['task']): FiledVisit => ({
      id: args.id,
      county,
      area,
      day,
      recordedAt: ctx.now.toISOString(),
      missing: said.missing,
      raw: said.raw,
      task,
    })
    await insertPersons(
      ctx.db,
      { county, visitId: args.id, area },
      persons.map((person) => ({ ...person, said: said.members.get(person.personId) })),
    )
    if (prior) await updateVisit(ctx.db, prior, { superseded_by: args.id })
    const counts = visitCounts({ area, day, persons: persons.length, superseded: false })
    const before = prior
      ? visitCounts({ area: prior.area, day: prior.day, persons: prior.persons, superseded: false })
      : []
    ctx.count(differenceOf(before, counts, keyOf))
    const task = args.taskId === undefined ? null : await answerTask(ctx, args, args.taskId, prior)
    const instructionId = await countAtDoor(ctx, args, place, prior)
    if (args.position && args.method === 'door' && place.householdId !== null)
      await notePosition(ctx, { id: place.householdId, area: place.area }, args.position)
    const answer = answered(task)
    const row = visitInsert({
      county,
      id: args.id,
      area,
      task_id: args.taskId ?? null,
      household_id: place.householdId,
      campaign_id: place.campaignId,
      instruction_id: instructionId,
      emergency_id: emergencyId,
      method: args.method,
      result: args.result,
      disposition: args.disposition ?? null,
      purpose: args.purpose ?? null,
      form_id: args.form?.id ?? null,
      form_version: args.form?.version ?? null,
      answers: said.plain,
      answers_sealed: said.sealed,
      position_sealed: args.position ? seal(at('position_sealed'), JSON.stringify(args.position)) : null,
      photos: new Set(args.photos).size,
      note_sealed: args.note === undefined || args.note === '' ? null : seal(at('note_sealed'), args.note),
      persons: persons.length,
      supersedes: args.supersedes ?? null,
      reason_sealed: args.correctionReason ? seal(at('reason_sealed'), args.correctionReason) : null,
      args_hash: hash,
      answer,
      by: ctx.actor.id,
      occurred_at: occurredAt,
      recorded_at: ctx.now,
      day,
    })
    ctx.last(row)
    announce(
      ctx,
      {
        ...args,
        householdId: args.householdId && (place.householdId ?? undefined),
        instructionId: instructionId ?? undefined,
      },
      answer,
      persons.length,
    )
    return answer
  },
})

function announce(ctx: Ctx, args: Args, filed: FiledVisit, persons: number): void {
  const verb = args.supersedes === undefined ? 'visit.file' : 'visit.correct'
  ctx.audit({
    verb,
    thing: 'visit',
    thingId: args.id,
    area: filed.area,
    detail: {
      method: args.method,
      result: args.result,
      disposition: args.disposition ?? null,
      supersedes: args.supersedes ?? null,
    },
  })
  // What rooms need to know whether it concerns them, so that most visits become no job at all.
  ctx.emit('visit.filed', {
    county: filed.county,
    visitId: args.id,
    purpose: args.purpose ?? null,
    disposition: args.disposition ?? null,
    taskId: args.taskId ?? null,
    supersedes: args.supersedes ?? null,
    persons,
  })
  if ((args.photos ?? []).length > 0) ctx.emit('visit.pictured', { visitId: args.id })
  if (filed.area.length < 15) return
  const body = {
    county: filed.county,
    taskId: args.taskId ?? null,
    householdId: args.householdId ?? null,
    day: filed.day,
    method: args.method,
    result: args.result,
    disposition: args.disposition ?? null,
    purpose: args.purpose === 'mediation' ? null : (args.purpose ?? null),
    supersedes: args.supersedes ?? null,
    by: ctx.actor.id,
    // Only where there is one: most visits have none, and every byte is pulled by every phone of the grid.
    ...(args.instructionId === undefined || args.purpose === 'mediation' ? {} : { instructionId: args.instructionId }),
  }
  ctx.feed({ grid: filed.area.slice(0, 15), kind: 'visit', id: args.id, body })
}

/** VISIT-7: the note and free text are opened one visit at a time, for a purpose that the audit keeps. */
export const openVisit = defineAction({
  name: 'visit.open',
  input: OpenVisit,
  output: OpenedVisit,
  run: async (ctx, args): Promise<OpenedVisit> => {
    const visit = await findVisit(ctx.db, ctx.scope, args.id)
    if (!visit || isHiddenVisit(visit, ctx.actor.id)) throw notFound({ thing: 'visit' })
    permit(ctx, 'open', { kind: 'person', area: visit.area })
    const open = async (column: string, sealed: Buffer | null) =>
      sealed === null ? null : ctx.keys.open({ table: 'visit', row: visit.id, column }, sealed)
    const note = await open('note_sealed', visit.note_sealed)
    const text = await open('answers_sealed', visit.answers_sealed)
    const correctionReason = await open('reason_sealed', visit.reason_sealed)
    const persons = await personsOfVisit(ctx.db, visit.county, visit.id)
    ctx.audit({
      verb: 'visit.open',
      thing: 'visit',
      thingId: visit.id,
      area: visit.area,
      purpose: args.purpose,
      ids: persons.map((person) => person.personId),
    })
    const members: OpenedVisit['members'] = []
    for (const { personId, answers_sealed: sealed } of persons) {
      if (sealed === null) continue
      const at = { table: 'visit_person', row: `${visit.id}/${personId}`, column: 'answers_sealed' }
      members.push({ personId, answers: Answers.parse(JSON.parse(await ctx.keys.open(at, sealed))) })
    }
    return {
      id: visit.id,
      note,
      correctionReason,
      answers: text === null ? {} : Answers.parse(JSON.parse(text)),
      members,
    }
  },
})
