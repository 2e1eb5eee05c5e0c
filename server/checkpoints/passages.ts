/**
 * Passages up (GATE-6): every item is answered alone. Passages of one gate that can be read go in together, as one insert under their
 * ids; when that fails, each is tried by itself, so that one poisoned item never holds its neighbours up (cases 41, 64).
 */
import { KEEP_DAYS } from '@weiwang/domain/checkpoints/gate'
import { GateItem, MAX_ITEMS, PassagePrivate, ReferralPrivate } from '@weiwang/domain/checkpoints/api'
import type { PassageItem, PassageResult } from '@weiwang/domain/checkpoints/api'
import { passageCounts } from '@weiwang/domain/checkpoints/counts'
import { faultOf, listsOf } from '@weiwang/domain/checkpoints/passage'
import {
  gateClosed,
  passageBox,
  passageFault,
  passageTooOld,
  passageUnreadable,
} from '@weiwang/domain/checkpoints/problems'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, dayOf, secondOfDay } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { Problem } from '@weiwang/domain/core/problem'
import { unavailable } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { openBox, sealKey } from '../core/keys/seal-key.ts'
import type { SealKey } from '../core/keys/seal-key.ts'
import { sealOfDay } from '../core/keys/day-keys.ts'
import type { DayKey } from '../core/keys/day-keys.ts'
import type { Server } from '../core/server.ts'
import { writeTransaction } from '../core/transaction.ts'
import { fileArrival } from './arrivals.ts'
import { gateEver, stoodAt } from './gate-access.ts'
import type { Standing } from './gate-access.ts'
import { fileReferral, fileRetest } from './follow.ts'
import { momentOf } from './passages-time.ts'
import { countHours, insertPassages, knownPassages, noteKey } from './store-passages.ts'
import type { NewPassage } from './store-passages.ts'

/** A row and what it counts for. */
type Counted = { row: NewPassage & { id: string }; day: Day; hour: number; lists: string[] }
type Opened = Omit<PassageItem, 'private' | 'sealed'> & { private: PassagePrivate }
type Job = { index: number; item: Opened }

export async function filePassages(
  server: Server,
  actor: Actor,
  raw: readonly unknown[],
  requestId: string,
): Promise<PassageResult[]> {
  const results: PassageResult[] = []
  const key = await sealKey(server.keys, server.jobsPool.db, server.clock.now())
  const byGate = new Map<string, Job[]>()
  const later: { index: number; item: Exclude<GateItem, { kind: 'passage' }> }[] = []
  for (const [index, one] of raw.slice(0, MAX_ITEMS).entries()) {
    const read = readItem(one)
    if ('outcome' in read) results[index] = read
    else if (read.kind !== 'passage') later.push({ index, item: read })
    else {
      const opened = openPassage(read, key)
      if ('outcome' in opened) results[index] = opened
      else byGate.set(read.gateId, [...(byGate.get(read.gateId) ?? []), { index, item: opened }])
    }
  }
  for (const [gateId, jobs] of byGate) await fileGate({ server, actor, requestId, gateId, jobs, results })
  // What follows a passage comes after it, in the order of the items.
  for (const { index, item } of later) results[index] = await followOne(server, actor, item, key, requestId)
  return results
}

const Named = z.object({ id: z.string().max(100) })

function refused(id: string, problem: Problem): PassageResult {
  return { id, outcome: 'refused', problem: problem.body }
}

function readItem(raw: unknown): GateItem | PassageResult {
  const parsed = GateItem.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = issue?.path.map(String).join('.') ?? ''
  const id = Named.safeParse(raw)
  return refused(id.success ? id.data.id : '', passageUnreadable({ path, why: issue?.message ?? '' }, path))
}

/** Exactly one of the two: plain, or a box that opens under the item's own id. */
function privateOf<T extends z.ZodType>(
  item: { id: string; private?: unknown; sealed?: { keyId: string; box: string } | undefined },
  shape: T,
  key: SealKey,
): z.output<T> | null {
  if ((item.private === undefined) === (item.sealed === undefined)) return null
  if (item.sealed === undefined) return shape.parse(item.private)
  if (item.sealed.keyId !== key.id) return null
  const text = openBox(key, item.id, Buffer.from(item.sealed.box, 'base64url'))
  if (text === null) return null
  try {
    const parsed = shape.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function openPassage(item: PassageItem, key: SealKey): Opened | PassageResult {
  const { private: plain, sealed, ...rest } = item
  const inside = privateOf({ id: item.id, private: plain, sealed }, PassagePrivate, key)
  if (inside === null) return refused(item.id, passageBox({}))
  const fault = faultOf({
    lane: item.lane,
    checked: item.check,
    colour: item.colour,
    verdict: item.verdict,
    hasCode: inside.codeId !== null,
    hasVisitor: inside.visitor !== null,
  })
  if (fault !== null) return refused(item.id, passageFault({ field: fault }, fault))
  return { ...rest, private: inside }
}

type Batch = {
  server: Server
  actor: Actor
  requestId: string
  gateId: string
  jobs: readonly Job[]
  results: PassageResult[]
}

async function fileGate(batch: Batch): Promise<void> {
  const { server, jobs, results } = batch
  try {
    await fileTogether(batch)
  } catch (error) {
    if (jobs.length === 1) {
      const [job] = jobs
      if (job) results[job.index] = failed(server, job.item.id, error)
      return
    }
    for (const job of jobs) await fileGate({ ...batch, jobs: [job] })
  }
}

/** A rule that refuses, refuses for good; whatever else failed is tried again by the gate. */
function failed(server: Server, id: string, error: unknown): PassageResult {
  if (error instanceof Problem && error.body.kind !== 'limit' && error.body.kind !== 'unavailable')
    return refused(id, error)
  if (!(error instanceof Problem)) server.log.error({ err: error, id }, 'an item of a gate failed')
  const problem = error instanceof Problem ? error : unavailable({ what: 'server' })
  return { id, outcome: 'later', problem: problem.body }
}

async function fileTogether({ server, actor, requestId, gateId, jobs, results }: Batch): Promise<void> {
  const answered = await writeTransaction(
    server,
    actor,
    { reach: 'all', action: 'passage.file', args: { id: gateId }, requestId },
    (ctx) => fileIn(ctx, gateId, jobs),
  )
  for (const [index, result] of answered) results[index] = result
}

/** In one transaction: what is new of them, its figures and one line of the trail. */
async function fileIn(ctx: Ctx, gateId: string, jobs: readonly Job[]): Promise<[number, PassageResult][]> {
  const standing = await gateEver(ctx, gateId)
  const { gate } = standing
  const known = await knownPassages(
    ctx.db,
    gate.county,
    jobs.map((job) => job.item.id),
  )
  const answers = new Map<number, PassageResult>()
  const rows = new Map<string, Counted>()
  let sealer: Sealer | null = null
  for (const { index, item } of jobs) {
    const there = known.get(item.id)
    if (there !== undefined || rows.has(item.id)) {
      answers.set(index, { id: item.id, outcome: 'duplicate', recordedAt: (there ?? ctx.now).toISOString() })
      continue
    }
    const problem = faultNow(ctx, standing, item)
    if (problem !== null) {
      answers.set(index, refused(item.id, problem))
      continue
    }
    sealer ??= new Sealer(ctx, (await requireOpenEmergency(ctx, gate.area)).id)
    rows.set(item.id, rowOf(ctx, standing, item, sealer))
    answers.set(index, { id: item.id, outcome: 'accepted', recordedAt: ctx.now.toISOString() })
  }
  await write(ctx, standing, [...rows.values()], sealer)
  return [...answers]
}

/** What speaks against an item that can be read; null: nothing. */
function faultNow(ctx: Ctx, standing: Standing, item: Opened): Problem | null {
  const at = momentOf(ctx, item.at)
  if (dayOf(at, ctx.zone) < addDays(ctx.today, -KEEP_DAYS)) return passageTooOld({ days: KEEP_DAYS })
  if (standing.gate.ended_at !== null && at > standing.gate.ended_at) return gateClosed({})
  try {
    stoodAt(ctx, standing, at)
    return null
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** Seals under the passage key's day, and remembers which keys were used. */
class Sealer {
  readonly #ctx: Ctx
  readonly emergencyId: string
  readonly used = new Map<Day, DayKey>()

  constructor(ctx: Ctx, emergencyId: string) {
    this.#ctx = ctx
    this.emergencyId = emergencyId
  }

  seal(day: Day, row: string, column: string, text: string): Buffer {
    const key = this.used.get(day) ?? this.#ctx.keys.days.take({ emergencyId: this.emergencyId, day })
    this.used.set(day, key)
    return sealOfDay(key, { table: 'passage', row, column }, text)
  }
}

function rowOf(ctx: Ctx, { gate }: Standing, item: Opened, sealer: Sealer): Counted {
  const at = momentOf(ctx, item.at)
  const day = dayOf(at, ctx.zone)
  const { codeId, plate, visitor } = item.private
  const { threshold } = gate.policy.temperature
  const vehicle = plate !== null || item.companions !== null
  const retest = item.retest?.temperature ?? null
  const lists = listsOf({ ...item, checked: item.check, retest, threshold, vehicle })
  const hour = Math.floor(secondOfDay(at, ctx.zone) / 3600)
  const row = {
    county: gate.county,
    id: item.id,
    gate_id: gate.id,
    area: gate.area,
    emergency_id: sealer.emergencyId,
    day,
    hour,
    at,
    recorded_at: ctx.now,
    direction: item.direction,
    lane: item.lane,
    checked: item.check,
    check_rule: item.checkRule,
    colour: item.colour,
    verdict: item.verdict,
    temperature: item.temperature,
    retest,
    retest_at: item.retest === null ? null : momentOf(ctx, item.retest.at),
    threshold,
    companions: item.companions,
    vehicle,
    clock_trusted: item.clockTrusted,
    list_age_min: item.listAgeMin,
    code_sealed: codeId === null ? null : sealer.seal(day, item.id, 'code_sealed', codeId),
    more_sealed:
      plate === null && visitor === null
        ? null
        : sealer.seal(day, item.id, 'more_sealed', JSON.stringify({ plate, visitor })),
  }
  return { row, day, hour, lists }
}

async function write(ctx: Ctx, { gate }: Standing, rows: readonly Counted[], sealer: Sealer | null): Promise<void> {
  if (rows.length === 0 || sealer === null) return
  for (const [day, key] of sealer.used)
    await noteKey(ctx.db, { id: key.id, emergencyId: sealer.emergencyId, day }, ctx.now)
  const made = await insertPassages(
    ctx.db,
    rows.map(({ row }) => row),
  )
  // Whoever wrote the same ids in the same moment has counted them.
  const mine = rows.filter(({ row }) => made.has(row.id))
  const steps = mine.flatMap(({ day, hour, lists }) => lists.map((metric) => ({ day, hour, metric, n: 1 })))
  await countHours(ctx.db, gate, steps)
  ctx.count(passageCounts(mine.map(({ day }) => ({ area: gate.area, day }))))
  ctx.audit({
    verb: 'passage.file',
    thing: 'gate',
    thingId: gate.id,
    area: gate.area,
    detail: { passages: mine.length },
  })
}

async function followOne(
  server: Server,
  actor: Actor,
  item: Exclude<GateItem, { kind: 'passage' }>,
  key: SealKey,
  requestId: string,
): Promise<PassageResult> {
  try {
    // The county of a key must not follow where the account's duty lies today.
    const options = { key: item.id, keyCounty: server.config.root, same: { kind: item.kind, id: item.id }, requestId }
    if (item.kind !== 'referral') {
      const once =
        item.kind === 'retest'
          ? await server.runOnce(fileRetest, actor, item, options)
          : await server.runOnce(fileArrival, actor, item, options)
      return { id: item.id, outcome: once.repeat ? 'duplicate' : 'accepted', recordedAt: once.at.toISOString() }
    }
    const { private: plain, sealed, ...rest } = item
    const inside = privateOf({ id: item.id, private: plain, sealed }, ReferralPrivate, key)
    if (inside === null) return refused(item.id, passageBox({}))
    const once = await server.runOnce(fileReferral, actor, { ...rest, private: inside }, options)
    return {
      id: item.id,
      outcome: once.repeat ? 'duplicate' : 'accepted',
      recordedAt: once.at.toISOString(),
      ...(once.answer.task === null ? {} : { task: once.answer.task }),
    }
  } catch (error) {
    return failed(server, item.id, error)
  }
}
