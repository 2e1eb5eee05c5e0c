import { createHash } from 'node:crypto'
import { uuid8 } from '@weiwang/domain/core/ids'
import type { ProblemBody } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import { factIdText } from '@weiwang/domain/feeds/fact'
import type { CellFault, RowReading } from '@weiwang/domain/feeds/row'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { jobProgress } from '../core/progress.ts'
import { registerPersons } from '../people/register.ts'
import type { PersonRow } from '../people/register.ts'
import { alsoSaidBy, markDirty, storeFacts, supersede } from './store-facts.ts'
import type { NewFact } from './store-facts.ts'
import { addCounts, insertRejects, lockBatch } from './store.ts'
import type { BatchRow, ChunkCounts, NewReject, RejectDetail } from './store.ts'

export type ReadRow = { n: number; reading: RowReading }
export type RowOutcome = { row: number; outcome: 'accepted' | 'unchanged' | 'rejected'; faults: CellFault[] }

type OkRow = { n: number; reading: Extract<RowReading, { ok: true }> }

/** FEED-2: same content, same id, whoever computes it. */
export function factId(text: string): string {
  return uuid8(createHash('sha256').update(text).digest())
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

type Prepared = {
  facts: Map<string, NewFact>
  byRow: Map<number, string[]>
  externals: Map<string, { hash: Buffer; factIds: string[] }>
}

/** Facts of rows with their ids; of rows with one external id the last has the say (FEED-3). */
function prepare(ctx: Ctx, source: string, rows: readonly { row: OkRow; personId: string }[]): Prepared {
  const prepared: Prepared = { facts: new Map(), byRow: new Map(), externals: new Map() }
  for (const { row, personId } of rows) {
    const external = row.reading.external
    const hash = external === null ? null : ctx.keys.hash('source_key', `fact\u0000${source}\u0000${external}`)
    const factIds = row.reading.facts.map((fact) => {
      const id = factId(factIdText(personId, fact, external))
      prepared.facts.set(id, { personId, factId: id, fact, external: hash })
      return id
    })
    prepared.byRow.set(row.n, factIds)
    if (external !== null && hash !== null) prepared.externals.set(external, { hash, factIds })
  }
  return prepared
}

async function writeFacts(ctx: Ctx, batch: BatchRow, prepared: Prepared): Promise<Set<string>> {
  const stamp = { id: batch.id, source: batch.feed_id, now: ctx.now }
  const facts = [...prepared.facts.values()].toSorted((a, b) =>
    a.personId + a.factId < b.personId + b.factId ? -1 : 1,
  )
  const fresh = await storeFacts(ctx.db, stamp, facts)
  await alsoSaidBy(
    ctx.db,
    batch.id,
    facts.filter((f) => !fresh.has(f.factId)),
  )
  const externals = [...prepared.externals.values()]
  const corrected = await supersede(
    ctx.db,
    stamp,
    externals.map((e) => e.hash),
    externals.flatMap((e) => e.factIds),
  )
  await markDirty(ctx.db, [...facts.filter((f) => fresh.has(f.factId)).map((f) => f.personId), ...corrected], ctx.now)
  return fresh
}

/** A row is accepted when it is the first to say something that was not known; a repeat of it is unchanged (case 13). */
function judge(
  prepared: Prepared,
  fresh: ReadonlySet<string>,
  n: number,
  claimed: Set<string>,
): 'accepted' | 'unchanged' {
  const news = (prepared.byRow.get(n) ?? []).filter((id) => fresh.has(id) && !claimed.has(id))
  for (const id of news) claimed.add(id)
  return news.length > 0 ? 'accepted' : 'unchanged'
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
 * FEED-18: one chunk of a batch in the caller's transaction: persons, facts, rejects, counters and cursor together. Rows at
 * or before the batch's cursor were loaded by an earlier try and are left out. Needs the system's role (facts are closed to
 * accounts). @throws noOpenEmergency
 */
export async function loadChunk(ctx: Ctx, batchId: string, rows: readonly ReadRow[]): Promise<RowOutcome[]> {
  const batch = await lockBatch(ctx.db, batchId)
  const todo = rows.filter((row) => row.n > batch.cursor)
  const last = todo.at(-1)
  if (last === undefined || !['received', 'loading'].includes(batch.state)) return []
  await requireOpenEmergency(ctx, batch.area)
  const outcomes = new Map<number, RowOutcome>()
  const good: OkRow[] = []
  for (const { n, reading } of todo) {
    if (reading.ok) good.push({ n, reading })
    else outcomes.set(n, { row: n, outcome: 'rejected', faults: reading.rejects })
  }
  const registered = await registerPersons(
    ctx,
    good.map((row) => personRow(row, batch)),
    { emergencyId: batch.emergency_id, near: false },
  )
  const known: { row: OkRow; personId: string }[] = []
  good.forEach((row, i) => {
    const person = registered[i]
    if (person?.personId) known.push({ row, personId: person.personId })
    else if (person?.problem)
      outcomes.set(row.n, { row: row.n, outcome: 'rejected', faults: [fault('证件号码', person.problem)] })
  })
  const prepared = prepare(ctx, batch.feed_id, known)
  const fresh = await writeFacts(ctx, batch, prepared)
  const claimed = new Set<string>()
  for (const { row } of known)
    outcomes.set(row.n, { row: row.n, outcome: judge(prepared, fresh, row.n, claimed), faults: [] })
  const all = todo.flatMap(({ n }) => outcomes.get(n) ?? [])
  await writeRejects(ctx, batch, all)
  const counts = countOf(all)
  await addCounts(ctx.db, batchId, counts, last.n)
  if (batch.job_id !== null) await jobProgress(ctx, batch.job_id, { done: batch.rows + counts.rows })
  return all
}

export function countOf(outcomes: readonly RowOutcome[]): ChunkCounts {
  const counts = { rows: outcomes.length, accepted: 0, unchanged: 0, rejected: 0 }
  for (const { outcome } of outcomes) counts[outcome]++
  return counts
}
