/** Declarations (REGISTER-8): a new one takes the place of the last, what it says becomes facts, and the person is judged at once. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { Answers, Declare, Declared, Words } from '@weiwang/domain/healthcode/reg-api'
import type { Declaration, Declarations, Need } from '@weiwang/domain/healthcode/reg-api'
import { needOf } from '@weiwang/domain/healthcode/reg-policy'
import { registerFirst } from '@weiwang/domain/healthcode/reg-problems'
import { factsOf } from '@weiwang/domain/healthcode/reg-rules'
import type { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { DECLARATION_SOURCE, sayOwn } from '../feeds/own.ts'
import { regradeIfChanged } from '../grading/judge-one.ts'
import { personsInScope } from '../grading/store-read.ts'
import { openText } from '../people/opening.ts'
import { followCodes } from './code-change.ts'
import { mine } from './holders.ts'
import { policyFor } from './reg-policy-store.ts'
import {
  countDeclared,
  currentDeclaration,
  declarationsOf,
  findDeclaration,
  insertDeclaration,
  lockRegistration,
  supersede,
} from './reg-store.ts'
import type { DeclarationRow } from './reg-store.ts'
import { checkAnswers, emergencyOf } from './reg-checks.ts'

export type NewDeclaration = {
  id: string
  personId: string
  homeArea: AreaCode
  emergency: { id: string; area: AreaCode }
  /** Declarations so far. */
  before: number
  answers: Answers
  words: Words
  need: Need
  by: 'self' | 'guardian' | 'proxy'
}

/** What a stored declaration said, for taking it back; erased ones say nothing. */
function saidIn(row: DeclarationRow | null): ReturnType<typeof factsOf> {
  const read = Answers.safeParse(row?.answers)
  return row === null || !read.success ? [] : factsOf(read.data, row.day)
}

/** The registration is locked by the caller. Needs the system's role. @returns the declaration's number */
export async function writeDeclaration(ctx: Ctx, d: NewDeclaration): Promise<number> {
  const last = await currentDeclaration(ctx.db, d.personId)
  if (last) await supersede(ctx.db, d.personId, last.id, ctx.now)
  const n = d.before + 1
  const sealed = await ctx.keys.seal(
    { emergencyId: d.emergency.id, now: ctx.now, table: 'declaration', row: d.id, column: 'body_sealed' },
    JSON.stringify(d.words),
  )
  await insertDeclaration(ctx.db, {
    person_id: d.personId,
    id: d.id,
    n,
    home_area: d.homeArea,
    emergency_id: d.emergency.id,
    at: ctx.now,
    day: ctx.today,
    by: d.by,
    by_account: actorId(ctx),
    answers: json(d.answers),
    body_sealed: sealed,
  })
  await countDeclared(ctx.db, {
    personId: d.personId,
    n,
    at: ctx.now,
    need: d.need,
    situation: d.answers.situation,
    registeredHere: d.answers.registeredHere,
    purpose: d.words.purpose,
  })
  await sayOwn(ctx, DECLARATION_SOURCE, {
    emergency: d.emergency,
    personId: d.personId,
    says: factsOf(d.answers, ctx.today),
    took: saidIn(last),
  })
  await judge(ctx, d.personId)
  ctx.emit('declared', { personId: d.personId })
  return n
}

/** A colour comes from grading and from nowhere else; here it is only asked at once. */
export async function judge(ctx: Ctx, personId: string): Promise<void> {
  const [person] = await personsInScope(ctx.db, [''], [personId])
  if (person) await regradeIfChanged(ctx, person)
  await followCodes(ctx, [personId], { apply: true, trigger: 'declaration' })
}

/** Nothing is said any more: the facts of the present declaration cease (REGISTER-22). */
export async function unsay(ctx: Ctx, personId: string, emergency: { id: string; area: AreaCode }): Promise<void> {
  const last = await currentDeclaration(ctx.db, personId)
  await sayOwn(ctx, DECLARATION_SOURCE, { emergency, personId, says: [], took: saidIn(last) })
  await judge(ctx, personId)
  ctx.emit('declared', { personId })
}

export const declare = defineAction({
  name: 'registration.declare',
  input: Declare,
  output: Declared,
  reach: 'all',
  run: async (ctx, args): Promise<z.infer<typeof Declared>> => {
    const person = await mine(ctx, args.personId)
    const row = await lockRegistration(ctx.db, person.personId)
    if (!row || row.erased_at !== null) throw registerFirst({})
    const known = await findDeclaration(ctx.db, person.personId, args.id)
    if (known) return { personId: person.personId, id: args.id, n: known.n }
    await checkAnswers(ctx, args.answers)
    const emergency = await emergencyOf(ctx, row.home_area)
    const policy = await policyFor(ctx.db, row.home_area)
    const n = await writeDeclaration(ctx, {
      id: args.id,
      personId: person.personId,
      homeArea: row.home_area,
      emergency,
      before: row.declarations,
      answers: args.answers,
      words: args.words,
      need: needOf(policy, args.answers),
      by: person.relation === 'self' ? 'self' : 'guardian',
    })
    ctx.audit({
      verb: 'registration.declare',
      thing: 'person',
      thingId: person.personId,
      area: row.home_area,
      detail: { n, by: person.relation === 'self' ? 'self' : 'guardian' },
    })
    return { personId: person.personId, id: args.id, n }
  },
})

const SHOWN = 50

export async function wordsOf(ctx: Ctx, row: Pick<DeclarationRow, 'id' | 'body_sealed'>): Promise<Words | null> {
  const text = await openText(ctx, { table: 'declaration', row: row.id, column: 'body_sealed' }, row.body_sealed)
  const read = text === null ? null : Words.safeParse(JSON.parse(text))
  return read?.success === true ? read.data : null
}

const EMPTY: Answers = {
  situation: 'living',
  registeredHere: false,
  arrival: null,
  stays: [],
  abroad: [],
  contacts: [],
  symptoms: [],
  temperature: null,
  underMeasure: false,
}

const BY = ['self', 'guardian', 'proxy'] as const

export async function presentDeclaration(ctx: Ctx, row: DeclarationRow): Promise<Declaration> {
  const answers = Answers.safeParse(row.answers)
  return {
    id: row.id,
    personId: row.person_id,
    n: row.n,
    at: row.at.toISOString(),
    by: BY.find((by) => by === row.by) ?? 'self',
    answers: answers.success ? answers.data : EMPTY,
    words: await wordsOf(ctx, row),
    supersededAt: row.superseded_at?.toISOString() ?? null,
    erasedAt: row.erased_at?.toISOString() ?? null,
  }
}

/** GET /api/my/declarations */
export async function readMyDeclarations(ctx: Ctx, args: { personId: string }): Promise<z.infer<typeof Declarations>> {
  const person = await mine(ctx, args.personId)
  const { rows, total } = await declarationsOf(ctx.db, person.personId, SHOWN)
  return { items: await Promise.all(rows.map((row) => presentDeclaration(ctx, row))), total }
}
