import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { fileName, LAYOUTS, REFUSED_FILE } from '@weiwang/domain/exercise/layouts'
import type { Layout } from '@weiwang/domain/exercise/layouts'
import type { SourceId } from '@weiwang/domain/exercise/outbreak'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { population } from '@weiwang/domain/exercise/population'
import { makeScenario } from '@weiwang/domain/exercise/scenario'
import type { Cell, Delivery, FeedRow } from '@weiwang/domain/exercise/scenario'
import { encodeGb18030 } from './gb18030.ts'
import { WorkbookWriter } from './xlsx.ts'

/**
 * Writes what the offices send to files, one row at a time: memory is that of one village whatever the size. Beside them
 * stand `truth.jsonl` (a person a line) and `rows.jsonl` (what should become of each row), which no importer reads.
 */
export type WrittenFile = {
  source: SourceId
  delivery: Delivery
  day: Day
  path: string
  rows: number
  accepted: number
  unchanged: number
  rejected: number
}
export type WrittenFeeds = { files: WrittenFile[]; truths: number; people: number }

/** Rows of one request of a machine source (FEED's bound). */
const MACHINE_ROWS = 5000
const CHUNK = 256 * 1024

/** Text in chunks to one file; `encode` runs on whole chunks. */
class TextWriter {
  private readonly fd: number
  private readonly encode: (text: string) => Buffer
  private pending: string[] = []
  private size = 0

  constructor(path: string, encode: (text: string) => Buffer = (text) => Buffer.from(text)) {
    this.fd = openSync(path, 'w')
    this.encode = encode
  }

  write(text: string): void {
    this.pending.push(text)
    this.size += text.length
    if (this.size > CHUNK) this.flush()
  }

  flush(): void {
    if (this.size > 0) writeSync(this.fd, this.encode(this.pending.join('')))
    this.pending = []
    this.size = 0
  }

  close(): void {
    this.flush()
    closeSync(this.fd)
  }
}

type RowSink = { paths: () => string[]; row: (cells: readonly Cell[]) => void; close: () => void }

function quote(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Every third long number is wrapped, as when several clerks have pasted into one list. */
function wrap(cell: Cell, n: number): string {
  const text = String(cell)
  return n % 3 === 0 && /^\d{12,}[Xx]?$/.test(text) ? `="${text}"` : text
}

function delimited(
  path: string,
  layout: Layout,
  title: string,
  separator: string,
  encode?: (text: string) => Buffer,
  bom = '',
): RowSink {
  const writer = new TextWriter(path, encode)
  writer.write(bom)
  const line = (cells: readonly string[]): void =>
    writer.write(`${cells.map((c) => quote(c, separator)).join(separator)}\r\n`)
  if (layout.titleLine) line([title])
  line(layout.columns.map(([header]) => header))
  let n = 0
  return {
    paths: () => [path],
    row: (cells) => {
      n++
      const texts = cells.map((cell) => (layout.wrapped ? wrap(cell, n) : String(cell)))
      // A wrapped cell is written as exporting programs do it: ="…" with its quotes doubled inside quotes.
      line(texts)
    },
    close: () => writer.close(),
  }
}

function workbook(path: string, layout: Layout, title: string): RowSink {
  const writer = new WorkbookWriter(path)
  if (layout.titleLine) writer.row([title])
  writer.row(layout.columns.map(([header]) => header))
  return { paths: () => [path], row: (cells) => writer.row(cells), close: () => writer.close() }
}

/** Bodies for POST /api/feeds/road/rows, one file for each request. */
function machine(path: string, layout: Layout): RowSink {
  const paths: string[] = []
  let writer: TextWriter | null = null
  let n = 0
  const end = (): void => {
    writer?.write('\n]}\n')
    writer?.close()
    writer = null
  }
  return {
    paths: () => paths,
    row: (cells) => {
      if (n % MACHINE_ROWS === 0) {
        end()
        const part = paths.length === 0 ? path : path.replace(/\.json$/, `-${paths.length + 1}.json`)
        paths.push(part)
        writer = new TextWriter(part)
        writer.write('{"rows":[\n')
      } else writer?.write(',\n')
      n++
      writer?.write(JSON.stringify(Object.fromEntries(layout.columns.map(([header], i) => [header, cells[i] ?? '']))))
    },
    close: end,
  }
}

function sinkOf(layout: Layout, dir: string, day: Day): RowSink {
  const path = join(dir, fileName(layout, day))
  const title = `${layout.title} ${day}（演练）`
  switch (layout.format) {
    case 'gb18030_csv':
      return delimited(path, layout, title, ',', encodeGb18030)
    case 'semicolon_csv':
      return delimited(path, layout, title, ';')
    case 'utf8_csv':
      return delimited(path, layout, title, ',', undefined, '\ufeff')
    case 'utf16_tsv':
      return delimited(path, layout, title, '\t', (text) => Buffer.from(text, 'utf16le'), '\ufeff')
    case 'xlsx':
      return workbook(path, layout, title)
    case 'json':
      return machine(path, layout)
    default:
      throw new Error(`no writer for ${String(layout.format)}`)
  }
}

type Open = { layout: Layout; sink: RowSink; info: WrittenFile }

function rowCells(layout: Layout, row: FeedRow, n: number): Cell[] {
  return layout.columns.map(([, cell]) => {
    if (cell === 'row') return n
    if (cell === 'office') return `${row.person.slice(0, 6)}第一人民医院`
    return row.cells[cell]
  })
}

/** One file, or the requests that its rows were cut into. */
function partsOf(info: WrittenFile, paths: readonly string[]): WrittenFile[] {
  if (paths.length <= 1) return paths.map((path) => ({ ...info, path }))
  return paths.map((path, i) => ({ ...info, path, rows: Math.min(MACHINE_ROWS, info.rows - i * MACHINE_ROWS) }))
}

export type WriteOptions = {
  seed: string
  plans: readonly VillagePlan[]
  day: Day
  dir: string
  onVillage?: (done: number, total: number) => void
}

/** Folders `<dir>/<day before>` and `<dir>/<day>`; the truth beside them. */
export function writeFeeds(options: WriteOptions): WrittenFeeds {
  const { seed, plans, day, dir } = options
  const days: Record<Delivery, Day> = { before: addDays(day, -1), today: day }
  const open = new Map<string, Open>()
  for (const delivery of ['before', 'today'] as const) {
    mkdirSync(join(dir, days[delivery]), { recursive: true })
    for (const layout of LAYOUTS) {
      const sink = sinkOf(layout, join(dir, days[delivery]), days[delivery])
      const info = {
        source: layout.source,
        delivery,
        day: days[delivery],
        path: '',
        rows: 0,
        accepted: 0,
        unchanged: 0,
        rejected: 0,
      }
      open.set(`${delivery}/${layout.source}`, { layout, sink, info })
    }
  }
  const truth = new TextWriter(join(dir, 'truth.jsonl'))
  const rows = new TextWriter(join(dir, 'rows.jsonl'))
  let truths = 0
  let people = 0
  let done = 0
  for (const village of population(seed, plans)) {
    people += village.people.length
    const scenario = makeScenario(seed, village, day)
    for (const row of scenario.rows) {
      const file = open.get(`${row.delivery}/${row.source}`)
      if (!file) continue
      file.info.rows++
      file.info[row.expect]++
      file.sink.row(rowCells(file.layout, row, file.info.rows))
      const { source, delivery, person, fate, wrong, expect, fact } = row
      rows.write(`${JSON.stringify({ source, delivery, row: file.info.rows, person, fate, wrong, expect, fact })}\n`)
    }
    for (const one of scenario.truths) truth.write(`${JSON.stringify(one)}\n`)
    truths += scenario.truths.length
    options.onVillage?.(++done, plans.length)
  }
  truth.close()
  rows.close()
  const files: WrittenFile[] = []
  for (const { sink, info } of open.values()) {
    sink.close()
    // An office that has nothing to tell sends nothing.
    if (info.rows === 0) for (const path of sink.paths()) rmSync(path)
    else files.push(...partsOf(info, sink.paths()))
  }
  const refused = new TextWriter(join(dir, REFUSED_FILE.name))
  refused.write(REFUSED_FILE.text)
  refused.close()
  return { files, truths, people }
}
