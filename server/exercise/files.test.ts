import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { EXERCISE_DAY } from '@weiwang/domain/exercise/outbreak'
import { extentOf, planVillages, villagesOf } from '@weiwang/domain/exercise/place'
import { refusedHeader } from '@weiwang/domain/feeds/refuse'
import { findHeader, layoutOf } from '@weiwang/domain/feeds/layout'
import { placeLookup } from '@weiwang/domain/feeds/place'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { readRow } from '@weiwang/domain/feeds/row'
import type { Cell } from '@weiwang/domain/feeds/cell'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readDivisions } from '../areas/divisions.ts'
import { writeFeeds } from './files.ts'
import { encodeGb18030 } from './gb18030.ts'

const villages = villagesOf(readDivisions('jiangsu'))
const dirs: string[] = []

function make(seed: string, people?: number): { dir: string; written: ReturnType<typeof writeFeeds> } {
  const dir = mkdtempSync(join(tmpdir(), 'weiwang-exercise-'))
  dirs.push(dir)
  const extent = extentOf('town', people === undefined ? {} : { people })
  return { dir, written: writeFeeds({ seed, plans: planVillages(villages, extent), day: EXERCISE_DAY, dir }) }
}

afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true })
})

function hash(dir: string): string {
  const sum = createHash('sha256')
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (/\.\w+$/.test(name)) sum.update(name).update(readFileSync(join(dir, name)))
  }
  return sum.digest('hex')
}

const RowLine = z.object({
  source: z.string(),
  delivery: z.string(),
  row: z.number(),
  wrong: z.string().nullable(),
  expect: z.string(),
  fact: z.object({
    kind: z.string(),
    place: z.string().nullable(),
    value: z.string().nullable(),
    degree: z.number().nullable(),
    from: z.string(),
    to: z.string(),
  }),
})

async function cellsOf(path: string): Promise<Cell[][]> {
  if (path.endsWith('.xlsx')) {
    const sheet = await readXlsx(path)
    const first: unknown = sheet[0]
    const rows = Array.isArray(first) ? sheet : z.object({ data: z.array(z.array(z.any())) }).parse(first).data
    return rows as Cell[][]
  }
  const bytes = readFileSync(path)
  if (path.endsWith('.json')) {
    const { rows } = z
      .object({ rows: z.array(z.record(z.string(), z.string())) })
      .parse(JSON.parse(bytes.toString('utf8')))
    return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  }
  const coding = path.endsWith('.txt') ? 'utf-16le' : path.includes('rail') ? 'gb18030' : 'utf-8'
  const text = new TextDecoder(coding).decode(bytes)
  const delimiter = path.endsWith('.txt') ? '\t' : path.includes('telecom') ? ';' : ','
  return parse(text, { delimiter, relax_column_count: true })
}

describe('EX-1 the same seed gives the same bytes', () => {
  it('in every file, and another seed gives others', () => {
    const a = make('one', 2000)
    const b = make('one', 2000)
    const c = make('two', 2000)
    expect(hash(a.dir)).toBe(hash(b.dir))
    expect(hash(a.dir)).not.toBe(hash(c.dir))
  })

  it('under every version of Node and in every time zone', () => {
    expect(hash(make('pinned', 2000).dir)).toMatchInlineSnapshot(
      `"be6b303fa6542487d765686ef5db2d9d46e8e618e88f3139d963e774c61a1d3e"`,
    )
  })
})

describe('EX-7 the files against the reader of feeds', () => {
  const place = placeLookup(readDivisions('country'))

  it('are read, and exactly the rows that were made bad are rejected', async () => {
    const { dir, written } = make('dirt', 12_000)
    const lines = readFileSync(join(dir, 'rows.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => RowLine.parse(JSON.parse(line)))
    const expected = new Map(lines.map((line) => [`${line.delivery}/${line.source}/${line.row}`, line]))
    const wrongs = new Map<string, number>()
    const faults: object[] = []
    let read = 0
    for (const file of written.files) {
      const preset = PRESETS.find((p) => p.id === file.source)
      if (!preset) throw new Error(`no preset ${file.source}`)
      const rows = await cellsOf(file.path)
      const header = findHeader(preset.mapping.columns, rows.slice(0, 5))
      if (!header) throw new Error(`no header in ${file.path}`)
      expect(header.reading.missing).toEqual([])
      expect(header.reading.refused).toEqual([])
      const layout = layoutOf(preset.mapping, header.reading)
      rows.slice(header.at + 1).forEach((cells, i) => {
        const line = expected.get(`${file.delivery}/${file.source}/${i + 1}`)
        if (!line) throw new Error('a row more')
        const textCells = /\.(xlsx|json)$/.test(file.path)
        const got = readRow(layout, cells, {
          source: file.source,
          today: EXERCISE_DAY,
          zone: 'Asia/Shanghai',
          place,
          textCells,
        })
        const outcome = got.ok ? 'read' : 'rejected'
        const wanted = line.expect === 'rejected' ? 'rejected' : 'read'
        const facts = got.ok ? got.facts : []
        const sameFacts = !got.ok || isDeepStrictEqual(facts, [{ ...line.fact, source: file.source }])
        if (outcome !== wanted || !sameFacts) faults.push({ file: file.path, row: i + 1, wanted, got })
        if (!got.ok) wrongs.set(line.wrong ?? '', (wrongs.get(line.wrong ?? '') ?? 0) + 1)
        read++
      })
    }
    expect(faults).toEqual([])
    expect(read).toBe(lines.length)
    expect([...wrongs.keys()].toSorted()).toEqual(['date_ambiguous', 'document', 'document_float'])
  })

  it('come with one that must be refused as a whole', () => {
    const { dir } = make('refused', 1000)
    const name = readdirSync(dir).find((n) => n.startsWith('不应接收'))
    const header =
      readFileSync(join(dir, name ?? ''), 'utf8')
        .split('\r\n')[0]
        ?.split(',') ?? []
    expect(header.filter((cell) => refusedHeader(cell) !== null)).toEqual(['基站编号', '经度', '纬度'])
  })
})

describe('GB18030', () => {
  it('writes what Node reads, four-byte characters too', () => {
    const text = '湖㳇镇 王㛃 䶮 𠮷 鿍 㬎 €，ABC’é'
    expect(new TextDecoder('gb18030').decode(encodeGb18030(text))).toBe(text)
  })
})
