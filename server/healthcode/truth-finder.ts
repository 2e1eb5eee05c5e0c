import { Answers } from '@weiwang/domain/healthcode/reg-api'
import { findContradictions } from '@weiwang/domain/healthcode/truth-find'
import type { Found } from '@weiwang/domain/healthcode/truth-find'
import type { Allowance } from '@weiwang/domain/healthcode/truth-source'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { aliasMap, recordsOf } from '../grading/store.ts'
import { takeBack } from './truth-ask.ts'
import type { TruthPlan } from './truth-compile.ts'
import { nearCounties } from './truth-near.ts'
import {
  allowances,
  appendEvents,
  ceaseOthers,
  declarationOf,
  findAll,
  keepFound,
  knownOf,
  markBatch,
  parametersOf,
  riskFor,
  takeDue,
  touch,
  writeFound,
  writeSigns,
} from './truth-store.ts'
import type { DeclarationRow, Written } from './truth-store.ts'

/** Runs the finder: one person at once when somebody declares, those who wait after a delivery, everybody at night. */
const CHUNK = 5_000
const TOLD_AT_ONCE = 1_000

export type Done = { found: number; evidence: number; ceased: number; corrected: number }

async function remember(ctx: Ctx, written: readonly Written[]): Promise<Done> {
  await appendEvents(
    ctx.db,
    written.map(({ person_id, id, home_area, what, declaration_id }) => ({
      person_id,
      id,
      home_area,
      kind: what,
      body: { declarationId: declaration_id },
    })),
    ctx.now,
  )
  await takeBack(
    ctx,
    written.flatMap((one) => one.task_id ?? []),
  )
  const done: Done = { found: 0, evidence: 0, ceased: 0, corrected: 0 }
  for (const { what } of written) done[what]++
  const fresh = written.filter((w) => w.what === 'found').map((w) => ({ personId: w.person_id, id: w.id }))
  for (let from = 0; from < fresh.length; from += TOLD_AT_ONCE)
    ctx.emit('contradictions.found', { items: fresh.slice(from, from + TOLD_AT_ONCE) })
  return done
}

async function planOf(ctx: Ctx, sources: readonly Allowance[], touched: boolean, aliases: boolean): Promise<TruthPlan> {
  return { today: ctx.today, zone: ctx.zone, allowances: sources, touched, aliases }
}

/** Those given, or everybody. In the caller's transaction; reach 'all'. */
export async function find(ctx: Ctx, persons: readonly string[] | null): Promise<Done> {
  const sources = await allowances(ctx.db)
  const risk = await riskFor(ctx.db, ctx.today)
  const aliases = await aliasMap(ctx.db)
  const of = await parametersOf(ctx.db, { risk, near: nearCounties(), aliases })
  if (persons !== null) await touch(ctx.db, persons)
  await findAll(ctx.db, await planOf(ctx, sources, persons !== null, aliases.alias.length > 0), of)
  const written = await writeFound(ctx.db, ctx.now, ctx.today)
  const gone = await ceaseOthers(ctx.db, { touched: persons !== null, now: ctx.now, today: ctx.today })
  return remember(ctx, [...written, ...gone])
}

/** What the pure finder says of what a person has declared now; null when nothing is declared. */
export async function findOfPerson(
  ctx: Ctx,
  personId: string,
): Promise<{ target: string; declaration: DeclarationRow; found: Found[] } | null> {
  const { target, records } = await recordsOf(ctx.db, personId)
  const declaration = await declarationOf(ctx.db, records)
  if (!declaration) return null
  const sources = await allowances(ctx.db)
  const known = await knownOf(
    ctx.db,
    records,
    ctx.zone,
    sources.filter((a) => a.line).map((a) => a.source),
  )
  const around = {
    risk: await riskFor(ctx.db, ctx.today),
    allowances: new Map(sources.map((a) => [a.source, a])),
    near: nearCounties(),
  }
  const said = { day: declaration.day, home: declaration.home_area, answers: Answers.parse(declaration.answers) }
  return { target, declaration, found: findContradictions(said, known, around) }
}

/** At once, for one: what they have just declared, or what an answer or a correction has changed of it. */
export async function findOne(ctx: Ctx, personId: string): Promise<Done> {
  const one = await findOfPerson(ctx, personId)
  if (!one) return { found: 0, evidence: 0, ceased: 0, corrected: 0 }
  await touch(ctx.db, [one.target])
  await keepFound(ctx.db, one, one.found)
  const written = await writeFound(ctx.db, ctx.now, ctx.today)
  const gone = await ceaseOthers(ctx.db, { touched: true, now: ctx.now, today: ctx.today })
  return remember(ctx, [...written, ...gone])
}

/** Those who wait, chunk by chunk; each chunk is taken and looked at in one transaction. */
export async function findDue(server: Server): Promise<number> {
  for (let all = 0; ;) {
    const n = await server.asSystem('truth.due', async (ctx) => {
      const persons = await takeDue(ctx.db, CHUNK)
      if (persons.length > 0) await find(ctx, persons)
      return persons.length
    })
    all += n
    if (n < CHUNK) return all
  }
}

/** Everybody: levels have changed, or a day has passed. */
export async function findEverybody(server: Server): Promise<Done> {
  return server.asSystem('truth.all', async (ctx) => {
    const done = await find(ctx, null)
    await remember(ctx, await writeSigns(ctx.db, ctx.now, ctx.today))
    return done
  })
}

const FIRST = '00000000-0000-0000-0000-000000000000'

/** After a delivery was loaded or taken back: whoever it names and has declared something is looked at again. */
export async function followBatch(server: Server, batchId: string): Promise<void> {
  let after: string | null = FIRST
  while (after !== null) {
    const from: string = after
    after = await server.asSystem('truth.batch', (ctx) =>
      markBatch(ctx.db, { id: batchId, after: from, limit: CHUNK, now: ctx.now }),
    )
  }
  await findDue(server)
}
