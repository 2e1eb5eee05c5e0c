import { Readable } from 'node:stream'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Meaning, Reading } from '@weiwang/domain/feeds/api'
import { MachineAnswer, MachineRows } from '@weiwang/domain/feeds/api'
import type { Cell } from '@weiwang/domain/feeds/cell'
import { layoutOf, MEANING_NAMES, readHeader } from '@weiwang/domain/feeds/layout'
import { columnRefused, feedNotOpen, headerMissing, nothingRead, sourceKey } from '@weiwang/domain/feeds/problems'
import { refusedColumn } from '@weiwang/domain/feeds/refuse'
import { cellText } from '@weiwang/domain/feeds/cell'
import { isBlankRow, readRow } from '@weiwang/domain/feeds/row'
import type { RowReading } from '@weiwang/domain/feeds/row'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { parseInput } from '../core/http.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { newBatch, sha256Of } from './actions-batch.ts'
import { digitsAreSound, rowContext } from './importer.ts'
import { discard, receive } from './inbox.ts'
import { countOf, loadFacts, loadPersons, rejectDetail } from './load.ts'
import type { RowOutcome } from './load.ts'
import { presentReject } from './present.ts'
import { LIMITS } from './reader/limits.ts'
import { openTable } from './reader/table.ts'
import { deniedRows, findFeedByKey, getFeed, listRejects, setReading, updateBatch } from './store.ts'
import type { FeedRow } from './store.ts'

/**
 * FEED-21: rows by HTTP, for machines. One request is one batch in one transaction, answered row by row; a bad row is
 * rejected and its neighbours are loaded (case 64). The key of the source is all the right there is: it opens nothing else.
 */
export const MAX_ROWS = 5_000
export const MAX_BODY = 8 * 1024 * 1024

async function machineFor(
  server: Server,
  feedId: string,
  authorization: string | undefined,
): Promise<{ feed: FeedRow; actor: Actor }> {
  const key = authorization?.startsWith('Bearer ') ? authorization.slice(7) : ''
  const feed = key === '' ? null : await findFeedByKey(server.jobsPool.db, feedId, server.keys.hash('source_key', key))
  if (feed === null) throw sourceKey({})
  const actor: Actor = {
    kind: 'machine',
    id: `feed:${feed.id}`,
    name: `数据源 ${feed.id}`,
    area: feed.area,
    scope: [feed.area],
    roles: [],
    createdBy: null,
    sessionId: null,
  }
  return { feed, actor }
}

type Rows = {
  rows: { n: number; cells: readonly Cell[] }[]
  header: ReturnType<typeof readHeader<Meaning>>
  reading: Reading
  textCells: boolean
}

function refuse(found: ReturnType<typeof readHeader<Meaning>>, rows: Rows['rows']): void {
  const byValue = found.ignored.flatMap(({ index, header }) => {
    const refusal = refusedColumn(rows.slice(0, 200).map((row) => cellText(row.cells[index])))
    return refusal === null ? [] : [{ header, refusal }]
  })
  const [first, ...rest] = [...found.refused, ...byValue]
  if (first !== undefined)
    throw columnRefused({
      columns: [first, ...rest].map((r) => r.header),
      what: first.refusal.say.zh,
      whatEn: first.refusal.say.en,
    })
  if (found.missing.length === 0) return
  const missing = found.missing.map((m) => MEANING_NAMES[m])
  throw headerMissing({
    missing: missing.map((m) => m.zh),
    missingEn: missing.map((m) => m.en),
    found: found.columns.map((c) => c.header),
    separator: null,
  })
}

/** JSON rows: the names of all cells together are the header. */
function jsonRows(feed: FeedRow, body: unknown): Rows {
  const given = parseInput(MachineRows, body)
  const headers = [...new Set(given.rows.flatMap((row) => Object.keys(row)))].slice(0, LIMITS.columns)
  const header = readHeader<Meaning>(feed.mapping.columns, headers)
  const rows = given.rows.map((row, i) => ({ n: i + 1, cells: headers.map((name) => row[name] ?? null) }))
  refuse(header, rows)
  const columns = header.columns.map((c) => ({ header: c.header, meaning: c.meaning }))
  return {
    rows,
    header,
    textCells: true,
    reading: {
      format: 'rows',
      encoding: null,
      separator: null,
      headerRow: null,
      sheet: null,
      columns,
      ignored: header.ignored.map((c) => c.header),
    },
  }
}

/** A CSV body goes the way of a file. */
async function csvRows(server: Server, feed: FeedRow, body: Buffer): Promise<Rows> {
  const file = await receive(server.config.dataDir, newId(server.clock.now()), Readable.from([body]), MAX_BODY)
  try {
    const table = await openTable<Meaning>(file.path, 'rows.csv', feed.mapping.columns, (m) => MEANING_NAMES[m], {
      ...LIMITS,
      rows: MAX_ROWS + 21,
    })
    const rows: Rows['rows'] = []
    for await (const bunch of table.rows) rows.push(...bunch)
    const number = table.header.columns.find((c) => c.meaning === 'doc_number')?.index
    const sound = number !== undefined && digitsAreSound(rows.map((row) => cellText(row.cells[number])))
    const columns = table.header.columns.map(({ header, meaning }) => ({ header, meaning }))
    return { rows, header: table.header, textCells: table.textCells || sound, reading: { ...table.reading, columns } }
  } finally {
    await discard(file.path)
  }
}

const MachineArgs = z.strictObject({ feedId: z.string(), sha256: z.string(), bytes: z.number(), name: z.string() })

function presentOutcome({ row, outcome, denied, faults }: RowOutcome): MachineAnswer['results'][number] {
  return {
    row,
    outcome,
    ...(denied ? { denied } : {}),
    faults: faults.map((f) => {
      const { row: _row, ...fault } = presentReject(row, f.column, f.value, rejectDetail(f))
      return fault
    }),
  }
}

type ReadRows = { n: number; reading: RowReading }[]

/** Made for each request, as the rows are no part of what the idempotency key guards by value: their hash is. */
function loadRows(server: Server, rows: ReadRows, reading: Reading) {
  return defineAction({
    name: 'feed.rows',
    input: MachineArgs,
    reach: 'all',
    run: async (ctx, { feedId, sha256, bytes, name }): Promise<MachineAnswer> => {
      const feed = await getFeed(ctx.db, feedId)
      if (feed.state !== 'open') throw feedNotOpen({ feed: feedId, state: feed.state })
      const { id, repeated } = await newBatch(ctx, feed, {
        batchId: newId(ctx.now),
        fileName: name,
        bytes,
        sha256,
        job: false,
      })
      ctx.audit({
        verb: 'feed.rows',
        thing: 'batch',
        thingId: id,
        area: feed.area,
        detail: { feed: feedId, rows: rows.length, repeated },
      })
      if (repeated)
        return { batchId: id, repeated, rows: rows.length, accepted: 0, ...(await repeatedAnswer(server, id, rows)) }
      await setReading(ctx.db, id, reading)
      const outcomes = await loadFacts(ctx, id, rows)
      await loadPersons(ctx, id, rows)
      const counts = countOf(outcomes)
      await updateBatch(ctx.db, id, { state: 'loaded', finished_at: ctx.now })
      if (counts.accepted > 0) ctx.emit('batch.loaded', { batchId: id }, { key: id })
      return { batchId: id, repeated, ...counts, results: outcomes.map(presentOutcome) }
    },
  })
}

/** The rows of a delivery that came before: what was accepted is unchanged now, what was rejected still is. */
async function repeatedAnswer(
  server: Server,
  batchId: string,
  rows: ReadRows,
): Promise<Pick<MachineAnswer, 'unchanged' | 'rejected' | 'denied' | 'results'>> {
  const rejected = new Set<number>()
  let after: { row: number; column: string } | undefined
  for (;;) {
    const page = await listRejects(server.jobsPool.db, batchId, { limit: 1000, after })
    for (const reject of page) rejected.add(reject.row)
    const last = page.at(-1)
    if (last === undefined || page.length < 1000) break
    after = { row: last.row, column: last.column }
  }
  const results = rows.map(({ n, reading }): MachineAnswer['results'][number] =>
    rejected.has(n) || !reading.ok
      ? presentOutcome({ row: n, outcome: 'rejected', denied: false, faults: reading.ok ? [] : reading.rejects })
      : { row: n, outcome: 'unchanged', faults: [] },
  )
  const bad = results.filter((r) => r.outcome === 'rejected').length
  return {
    unchanged: results.length - bad,
    rejected: bad,
    denied: await deniedRows(server.jobsPool.db, batchId),
    results,
  }
}

/** @throws sourceKey, feedNotOpen, headerMissing, columnRefused, nothingRead, noOpenEmergency, keyReused */
export async function receiveRows(
  server: Server,
  request: {
    feedId: string
    authorization: string | undefined
    body: unknown
    key: string | undefined
    requestId: string
  },
): Promise<MachineAnswer> {
  const { feed, actor } = await machineFor(server, request.feedId, request.authorization)
  const isCsv = Buffer.isBuffer(request.body)
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.from(JSON.stringify(request.body ?? null))
  const table = Buffer.isBuffer(request.body) ? await csvRows(server, feed, request.body) : jsonRows(feed, request.body)
  const filled = table.rows.filter((row) => !isBlankRow(row.cells))
  if (filled.length === 0) throw nothingRead({ rows: 0, first: '', firstEn: '' })
  const layout = layoutOf(feed.mapping, table.header)
  const ctx = await rowContext(server, feed, table.textCells)
  const rows = filled.map((row) => ({ n: row.n, reading: readRow(layout, row.cells, ctx) }))
  const args = { feedId: feed.id, sha256: sha256Of(raw), bytes: raw.length, name: isCsv ? 'HTTP CSV' : 'HTTP JSON' }
  return server.run(loadRows(server, rows, table.reading), actor, args, {
    requestId: request.requestId,
    ...(request.key === undefined ? {} : { key: request.key }),
  })
}
