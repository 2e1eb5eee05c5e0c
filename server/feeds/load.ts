import { hash as hashOf } from 'node:crypto'
import { uuid8OfHex } from '@weiwang/domain/core/ids'
import type { ProblemBody } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import { contentText, factIdText } from '@weiwang/domain/feeds/fact'
import type { CellFault, RowReading } from '@weiwang/domain/feeds/row'
import { tooLittle } from '@weiwang/domain/people/problems'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import { jobProgress } from '../core/progress.ts'
import { documentId } from '../people/identity.ts'
import { identifyPersons, registerPersons } from '../people/register.ts'
import type { PersonRow } from '../people/register.ts'
import { alsoSaidBy, markDirty, markNews, packFacts, storeFacts, supersede } from './store-facts.ts'
import type { NewFact, PackedFacts, Stored } from './store-facts.ts'
import { addCounts, insertRejects, lockBatch, updateBatch } from './store.ts'
import type { BatchRow, ChunkCounts, NewReject, RejectDetail } from './store.ts'

/** `known`: its ids, computed outside the transaction, while the database is busy with the chunk before. */
export type ReadRow = { n: number; reading: RowReading; known?: KnownRow }
type KnownRow = { personId: string; facts: NewFact[]; external: Buffer | null }
/** `denied`: it says what was corrected for its person, and changes nothing (FEED-42). */
export type RowOutcome = {
  row: number
  outcome: 'accepted' | 'unchanged' | 'rejected'
  denied: boolean
  faults: CellFault[]
}

type OkReading = Extract<RowReading, { ok: true }>
type OkRow = { n: number; reading: OkReading }

/** FEED-2: same content, same id, whoever computes it: uuid8 of the SHA-256. */
export function factId(text: string): string {
  return uuid8OfHex(hashOf('sha256', text, 'hex'))
}

export function rejectDetail({ problem }: CellFault): RejectDetail {
  return {
    code: problem.code,
    rule: problem.rule ?? 'FEED-8',
    reason: problem.message,
    remedy: problem.remedy ?? say('请核对', 'Check it'),
  }
}

function personRow({ reading }: OkRow, batch: BatchRow): PersonRow {
  const { name, document, phone, address } = reading.person
  return { document, name, phone, address, area: batch.area, source: batch.feed_id }
}

function fault(column: string, problem: ProblemBody): CellFault {
  return { column, value: '', problem }
}

/** The facts of a row with their ids. */
function knownRow(keys: Keyring, source: string, personId: string, { facts, external }: OkReading): KnownRow {
  const hash = external === null ? null : keys.hash('source_key', `fact\u0000${source}\u0000${external}`)
  const made = facts.map((fact): NewFact => {
    const content = contentText(fact)
    return { personId, factId: factId(factIdText(personId, fact, external, content)), fact, content, external: hash }
  })
  return { personId, facts: made, external: hash }
}

/** A row as it was read, with the ids that a document gives by computation; only rows without one must be looked up. */
export function withIds(keys: Keyring, source: string, n: number, reading: RowReading): ReadRow {
  if (!reading.ok || reading.person.document === null) return { n, reading }
  return { n, reading, known: knownRow(keys, source, documentId(keys, reading.person.document), reading) }
}

/** Facts of rows, each once. */
function factsOf(rows: readonly KnownRow[]): PackedFacts {
  const facts = new Map<string, NewFact>()
  for (const row of rows) for (const fact of row.facts) facts.set(fact.factId, fact)
  return packFacts([...facts.values()])
}

/** What rows with ids of the source's own say; of rows with one id the last has the say (FEED-3). */
function externalsOf(rows: readonly KnownRow[]): { hash: Buffer; factIds: string[] }[] {
  const externals = new Map<string, { hash: Buffer; factIds: string[] }>()
  for (const { external, facts } of rows) {
    if (external !== null)
      externals.set(external.toString('hex'), { hash: external, factIds: facts.map((fact) => fact.factId) })
  }
  return [...externals.values()]
}

async function writeFacts(ctx: Ctx, batch: BatchRow, rows: readonly KnownRow[], packed: PackedFacts): Promise<Stored> {
  const stamp = { id: batch.id, source: batch.feed_id, now: ctx.now }
  const { facts } = packed
  const stored = await storeFacts(ctx.db, stamp, packed)
  const { fresh } = stored
  if (fresh.size < facts.length)
    await alsoSaidBy(
      ctx.db,
      batch.id,
      facts.filter((f) => !fresh.has(f.factId)),
    )
  const externals = externalsOf(rows)
  const corrected = await supersede(
    ctx.db,
    stamp,
    externals.map((e) => e.hash),
    externals.flatMap((e) => e.factIds),
  )
  // Grading is told of new facts when their persons are registered (loadPersons); a corrected one concerns a known person.
  await markDirty(ctx.db, corrected, ctx.now)
  return stored
}

/** A row is accepted when it is the first to say something that was not known; a repeat of it is unchanged (case 13). */
function judge({ facts }: KnownRow, unclaimed: Set<string>): 'accepted' | 'unchanged' {
  let news = false
  for (const { factId: id } of facts) news = unclaimed.delete(id) || news
  return news ? 'accepted' : 'unchanged'
}

async function writeRejects(ctx: Ctx, batch: BatchRow, outcomes: readonly RowOutcome[]): Promise<void> {
  const faulty = outcomes.flatMap(({ row, faults }) => faults.map((f) => ({ row, f })))
  if (faulty.length === 0) return
  const { seal } = await ctx.keys.sealer(batch.emergency_id, ctx.now)
  const rejects = faulty.map(({ row, f }): NewReject => ({
    row,
    column: f.column.slice(0, 100),
    sealed:
      f.value === ''
        ? null
        : seal(
            { table: 'batch_reject', row: `${batch.id}/${row}/${f.column.slice(0, 100)}`, column: 'value_sealed' },
            f.value,
          ),
    detail: rejectDetail(f),
  }))
  await insertRejects(ctx.db, batch.id, batch.area, rejects)
}

/**
 * The first stage of one chunk, made ready as far as it can be outside the transaction: when every row that could be read has
 * its ids. What is called in the transaction is `loadFacts`.
 */
export function readyFacts(rows: readonly ReadRow[]): (ctx: Ctx, batchId: string) => Promise<RowOutcome[]> {
  const known = rows.flatMap((row) => row.known ?? [])
  const packed = known.length === okRows(rows).length ? factsOf(known) : undefined
  return (ctx, batchId) => loadFacts(ctx, batchId, rows, packed)
}

/**
 * FEED-18, first stage: one chunk of a batch in the caller's transaction: facts, rejects, counters and cursor together. Rows
 * at or before the batch's cursor were loaded by an earlier try and are left out. Needs the system's role (facts are closed
 * to accounts). @throws noOpenEmergency
 */
export async function loadFacts(
  ctx: Ctx,
  batchId: string,
  rows: readonly ReadRow[],
  packed?: PackedFacts,
): Promise<RowOutcome[]> {
  const batch = await lockBatch(ctx.db, batchId)
  const todo = rows.filter((row) => row.n > batch.cursor)
  const last = todo.at(-1)
  if (last === undefined || !isLoading(batch)) return []
  await requireOpenEmergency(ctx, batch.area)
  const ready = await identified(ctx, batch, todo)
  const known = ready.flatMap((row) => row.known ?? [])
  const whole = todo.length === rows.length ? packed : undefined
  const { fresh: unclaimed, denied } = await writeFacts(ctx, batch, known, whole ?? factsOf(known))
  const all = ready.map(({ n, known, faults }): RowOutcome => ({
    row: n,
    outcome: known === null ? 'rejected' : judge(known, unclaimed),
    denied: denied.size > 0 && known !== null && known.facts.some((fact) => denied.has(fact.factId)),
    faults,
  }))
  await writeRejects(ctx, batch, all)
  const counts = countOf(all)
  await addCounts(ctx.db, batchId, counts, last.n)
  if (batch.job_id !== null) await jobProgress(ctx, batch.job_id, { done: batch.rows + counts.rows })
  return all
}

/**
 * FEED-18, second stage: the persons of one chunk are registered (sealed, their addresses queued) and, when the batch has
 * brought something new of them, graded again. Until then grading is not told of the facts.
 * @throws noOpenEmergency
 */
export async function loadPersons(ctx: Ctx, batchId: string, rows: readonly ReadRow[]): Promise<void> {
  const batch = await lockBatch(ctx.db, batchId)
  const todo = rows.filter((row) => row.n > batch.resolved)
  const last = todo.at(-1)
  if (last === undefined || !isLoading(batch)) return
  await requireOpenEmergency(ctx, batch.area)
  const persons = okRows(todo).map((row) => personRow(row, batch))
  const registered = await registerPersons(ctx, persons, { emergencyId: batch.emergency_id })
  await markNews(
    ctx.db,
    { id: batchId, now: ctx.now },
    registered.flatMap(({ personId }) => personId ?? []),
  )
  await updateBatch(ctx.db, batchId, { resolved: last.n })
  if (batch.job_id !== null) await jobProgress(ctx, batch.job_id, { done: batch.rows + Math.min(last.n, batch.rows) })
}

const NO_FAULTS: CellFault[] = []

/** The rows in their order, each with its ids, or with its faults: too little is known of its person, or it could not be read. */
async function identified(
  ctx: Ctx,
  batch: BatchRow,
  rows: readonly ReadRow[],
): Promise<{ n: number; known: KnownRow | null; faults: CellFault[] }[]> {
  const found = await lookedUp(ctx, batch, rows)
  return rows.map(({ n, reading, known }) => {
    if (!reading.ok) return { n, known: null, faults: reading.rejects }
    const row = known ?? found.get(n) ?? null
    return { n, known: row, faults: row === null ? [fault('证件号码', tooLittle({}).body)] : NO_FAULTS }
  })
}

/** The ids of rows without a document. */
async function lookedUp(ctx: Ctx, batch: BatchRow, rows: readonly ReadRow[]): Promise<Map<number, KnownRow>> {
  const without = okRows(rows.filter((row) => row.known === undefined))
  if (without.length === 0) return new Map()
  const ids = await identifyPersons(
    ctx,
    without.map((row) => personRow(row, batch)),
  )
  return new Map(
    without.flatMap(({ n, reading }, i): [number, KnownRow][] => {
      const personId = ids[i] ?? null
      return personId === null ? [] : [[n, knownRow(ctx.keys, batch.feed_id, personId, reading)]]
    }),
  )
}

function isLoading(batch: BatchRow): boolean {
  return batch.state === 'received' || batch.state === 'loading'
}

function okRows(rows: readonly ReadRow[]): OkRow[] {
  return rows.flatMap(({ n, reading }) => (reading.ok ? [{ n, reading }] : []))
}

export function countOf(outcomes: readonly RowOutcome[]): ChunkCounts {
  const counts = { rows: outcomes.length, accepted: 0, unchanged: 0, rejected: 0, denied: 0 }
  for (const { outcome, denied } of outcomes) {
    counts[outcome]++
    if (denied) counts.denied++
  }
  return counts
}
