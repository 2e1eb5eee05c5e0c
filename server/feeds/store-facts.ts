import type { Fact } from '@weiwang/domain/feeds/fact'
import { sql } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { deniedAmong, waitForDenials } from './store-denied.ts'

/** Facts and who says them. All of it is the jobs role's: no account reads or writes facts directly. */
export type NewFact = { personId: string; factId: string; fact: Fact; content: string; external: Buffer | null }

/** States of batches that no longer say anything. */
const SILENT = ['failed', 'withdrawing', 'withdrawn']

const PLAIN = /^[A-Za-z0-9_-]+$/

/**
 * An array parameter of words that need no quoting (ids, codes, days, hexadecimal): half of what the driver takes to quote
 * each element. Anything else is a fault of ours, not of the file: values of facts come from closed lists.
 */
function plainArray<T>(items: readonly T[], of: (item: T) => string | number | null): string {
  const words = items.map((item) => {
    const word = of(item)
    if (word === null) return 'NULL'
    if (typeof word === 'string' && !PLAIN.test(word)) throw new RangeError(`not a plain word: ${word}`)
    return word
  })
  return `{${words.join(',')}}`
}

/** What facts say, each thing once, and which of them each fact says: a delivery of thousands says a few dozen things. */
function contentsOf(facts: readonly NewFact[]): { contents: Fact[]; at: number[] } {
  const found = new Map<string, number>()
  const contents: Fact[] = []
  const at = facts.map(({ content, fact }) => {
    const known = found.get(content)
    if (known !== undefined) return known
    found.set(content, contents.push(fact))
    return contents.length
  })
  return { contents, at }
}

/** Facts as the statement takes them, made ready while the database is busy with the chunk before. */
export type PackedFacts = {
  facts: readonly NewFact[]
  persons: string
  ids: string
  at: string
  externals: string
  contents: Record<'kind' | 'place' | 'value' | 'degree' | 'from' | 'to', string>
}

export function packFacts(facts: readonly NewFact[]): PackedFacts {
  const { contents, at } = contentsOf(facts)
  return {
    facts,
    persons: plainArray(facts, (f) => f.personId),
    ids: plainArray(facts, (f) => f.factId),
    at: plainArray(at, (n) => n),
    externals: facts.some((f) => f.external !== null)
      ? plainArray(facts, (f) => f.external?.toString('hex') ?? null)
      : '{}',
    contents: {
      kind: plainArray(contents, (c) => c.kind),
      place: plainArray(contents, (c) => c.place),
      value: plainArray(contents, (c) => c.value),
      degree: plainArray(contents, (c) => c.degree),
      from: plainArray(contents, (c) => c.from),
      to: plainArray(contents, (c) => c.to),
    },
  }
}

/** `fresh`: new or live again. `denied`: without effect, because it was corrected for this person (FEED-42). */
export type Stored = { fresh: Set<string>; denied: Set<string> }

/**
 * Stores facts of one batch by set; returns the ids of those that are new or live again. A fact that is there and lives is
 * left as it is: its row is locked by the conflict, so that a withdrawal of its batch waits and then sees who else says it.
 * Rows are taken in the order of person and fact, so that two loads never wait in a ring. What was corrected stays corrected.
 */
export async function storeFacts(
  db: Db,
  batch: { id: string; source: string; now: Date },
  packed: PackedFacts,
): Promise<Stored> {
  const { facts, persons, ids, at, externals, contents: c } = packed
  if (facts.length === 0) return { fresh: new Set(), denied: new Set() }
  await waitForDenials(db)
  const { rows } = await sql<{ fact_id: string }>`
    insert into fact (person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at, external)
    select u.person_id, u.fact_id, c.kind, c.place, c.value, c.degree, c.from_day, c.to_day, ${batch.source}, ${batch.id}::uuid, ${batch.now}::timestamptz, decode(u.external, 'hex')
    from unnest(${persons}::uuid[], ${ids}::uuid[], ${at}::int[], ${externals}::text[]) as u(person_id, fact_id, content, external)
    join unnest(
      ${c.kind}::text[], ${c.place}::text[], ${c.value}::text[], ${c.degree}::smallint[], ${c.from}::date[], ${c.to}::date[]
    ) with ordinality as c(kind, place, value, degree, from_day, to_day, at) on c.at = u.content
    order by u.person_id, u.fact_id
    on conflict (person_id, fact_id) do update
      set withdrawn_at = null, superseded_by = null, batch_id = excluded.batch_id, recorded_at = excluded.recorded_at
      where fact.withdrawn_at is not null and fact.denied_by is null
    returning fact_id`.execute(db)
  const fresh = new Set(rows.map((row) => row.fact_id))
  const denied = await deniedAmong(db, batch, packed)
  for (const id of denied) fresh.delete(id)
  return { fresh, denied }
}

/** Notes that a batch says facts that another batch said first. */
export async function alsoSaidBy(
  db: Db,
  batchId: string,
  facts: readonly Pick<NewFact, 'personId' | 'factId'>[],
): Promise<void> {
  if (facts.length === 0) return
  await sql`
    insert into fact_batch (batch_id, person_id, fact_id)
    select ${batchId}::uuid, u.person_id, u.fact_id
    from unnest(${facts.map((f) => f.personId)}::uuid[], ${facts.map((f) => f.factId)}::uuid[]) as u(person_id, fact_id)
    join fact f on f.person_id = u.person_id and f.fact_id = u.fact_id
    where f.batch_id <> ${batchId}::uuid
    on conflict (batch_id, person_id, fact_id) do nothing`.execute(db)
}

/** FEED-3: facts that earlier rows with the same external ids said and the newest rows no longer say. Returns their persons. */
export async function supersede(
  db: Db,
  batch: { id: string; now: Date },
  externals: readonly Buffer[],
  keep: readonly string[],
): Promise<string[]> {
  if (externals.length === 0) return []
  const { rows } = await sql<{ person_id: string }>`
    update fact set withdrawn_at = ${batch.now}::timestamptz, superseded_by = ${batch.id}::uuid
    where external = any(${externals}::bytea[]) and withdrawn_at is null and not (fact_id = any(${keep}::uuid[]))
    returning person_id`.execute(db)
  return rows.map((row) => row.person_id)
}

/** The input of the incremental grading run: whose facts have changed. */
export async function markDirty(db: Db, personIds: Iterable<string>, now: Date): Promise<void> {
  const ids = [...new Set(personIds)].toSorted()
  if (ids.length === 0) return
  await sql`
    insert into grade_dirty (person_id, at) select id, ${now}::timestamptz from unnest(${ids}::uuid[]) as u(id)
    on conflict (person_id) do update set at = excluded.at`.execute(db)
}

/** Of these persons, those of whom the batch brought something new. */
export async function markNews(db: Db, batch: { id: string; now: Date }, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return
  const { rows } = await sql<{ person_id: string }>`
    select distinct person_id from fact
    where batch_id = ${batch.id}::uuid and withdrawn_at is null and person_id = any(${[...new Set(personIds)]}::uuid[])`.execute(
    db,
  )
  await markDirty(
    db,
    rows.map((row) => row.person_id),
    batch.now,
  )
}

type Key = { person_id: string; fact_id: string }

/** For each fact, another batch that says it and is not withdrawn. */
async function otherSayers(db: Db, facts: readonly Key[]): Promise<Map<string, string>> {
  if (facts.length === 0) return new Map()
  const { rows } = await sql<Key & { batch_id: string }>`
    select fb.person_id, fb.fact_id, fb.batch_id
    from unnest(${facts.map((f) => f.person_id)}::uuid[], ${facts.map((f) => f.fact_id)}::uuid[]) as u(person_id, fact_id)
    join fact_batch fb on fb.person_id = u.person_id and fb.fact_id = u.fact_id
    order by fb.batch_id`.execute(db)
  const live = await liveBatches(
    db,
    rows.map((row) => row.batch_id),
  )
  const found = new Map<string, string>()
  for (const row of rows) if (live.has(row.batch_id) && !found.has(row.fact_id)) found.set(row.fact_id, row.batch_id)
  return found
}

async function liveBatches(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('batch')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where('state', 'not in', SILENT)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/**
 * One chunk of a withdrawal: facts that this batch said first pass to another batch that says them too, or cease. The rows
 * are locked before it is asked who else says them. Returns the persons whose facts ceased, and how many rows were done.
 */
export async function withdrawChunk(
  db: Db,
  batch: { id: string; now: Date },
  limit: number,
): Promise<{ done: number; persons: string[] }> {
  const { rows } = await sql<Key>`
    select person_id, fact_id from fact where batch_id = ${batch.id}::uuid and withdrawn_at is null
    order by person_id, fact_id limit ${limit} for update`.execute(db)
  const others = await otherSayers(db, rows)
  const passed = rows.filter((row) => others.has(row.fact_id))
  const ceased = rows.filter((row) => !others.has(row.fact_id))
  if (passed.length > 0) {
    await sql`
      update fact f set batch_id = u.batch_id
      from unnest(${passed.map((r) => r.person_id)}::uuid[], ${passed.map((r) => r.fact_id)}::uuid[], ${passed.map((r) => others.get(r.fact_id))}::uuid[]) as u(person_id, fact_id, batch_id)
      where f.person_id = u.person_id and f.fact_id = u.fact_id`.execute(db)
  }
  if (ceased.length > 0) {
    await sql`
      update fact f set withdrawn_at = ${batch.now}::timestamptz
      from unnest(${ceased.map((r) => r.person_id)}::uuid[], ${ceased.map((r) => r.fact_id)}::uuid[]) as u(person_id, fact_id)
      where f.person_id = u.person_id and f.fact_id = u.fact_id`.execute(db)
  }
  return { done: rows.length, persons: ceased.map((row) => row.person_id) }
}

/**
 * One chunk of the facts that this batch had taken the place of: they live again when a batch that says them lives and no
 * later correction holds their place.
 */
export async function restoreChunk(
  db: Db,
  batch: { id: string; now: Date },
  limit: number,
): Promise<{ done: number; persons: string[] }> {
  const { rows } = await sql<Key & { batch_id: string; external: Buffer; denied: boolean }>`
    select person_id, fact_id, batch_id, external, denied_by is not null as denied from fact where superseded_by = ${batch.id}::uuid
    order by person_id, fact_id limit ${limit} for update`.execute(db)
  if (rows.length === 0) return { done: 0, persons: [] }
  const live = await liveBatches(
    db,
    rows.map((row) => row.batch_id),
  )
  const others = await otherSayers(db, rows)
  const held = await sql<{ external: Buffer; batch_id: string }>`
    select external, batch_id from fact where external = any(${rows.map((r) => r.external)}::bytea[]) and withdrawn_at is null`.execute(
    db,
  )
  const holder = new Map(held.rows.map((row) => [row.external.toString('hex'), row.batch_id]))
  const next = rows.map((row) => {
    const by = holder.get(row.external.toString('hex')) ?? null
    const says = live.has(row.batch_id) ? row.batch_id : (others.get(row.fact_id) ?? null)
    return { ...row, by, lives: by === null && says !== null && !row.denied, batch_id: says ?? row.batch_id }
  })
  await sql`
    update fact f set superseded_by = u.by, batch_id = u.batch_id, recorded_at = case when u.lives then ${batch.now}::timestamptz else f.recorded_at end,
      withdrawn_at = case when u.lives then null else f.withdrawn_at end
    from unnest(${next.map((r) => r.person_id)}::uuid[], ${next.map((r) => r.fact_id)}::uuid[], ${next.map((r) => r.by)}::uuid[],
      ${next.map((r) => r.batch_id)}::uuid[], ${next.map((r) => r.lives)}::boolean[]) as u(person_id, fact_id, by, batch_id, lives)
    where f.person_id = u.person_id and f.fact_id = u.fact_id`.execute(db)
  return { done: rows.length, persons: next.filter((r) => r.lives).map((r) => r.person_id) }
}
