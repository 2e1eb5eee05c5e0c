import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { checkDigit, readDocument } from '@weiwang/domain/people/document'
import { readPhone } from '@weiwang/domain/people/phone'
import { allDivisions } from '@weiwang/server/areas/divisions'
import type { Division } from '@weiwang/server/areas/divisions'
import { readConfig } from '@weiwang/server/core/config'
import { json } from '@weiwang/server/core/db/json'
import { Server } from '@weiwang/server/core/server'
import { startTestCluster } from '@weiwang/server/core/testing/cluster'
import { proposeNear, registerPersons } from '@weiwang/server/people/register'
import type { PersonRow } from '@weiwang/server/people/register'
import { resolvePersons } from '@weiwang/server/people/resolving'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { pino } from 'pino'
import { z } from 'zod'
import type { BenchRow } from '../row.ts'

const Line = z.record(z.string(), z.unknown())

/**
 * The second stage behind the facts: persons sealed, hashed and stored (name, document, telephone, birth date, address), near
 * records sought, addresses opened and resolved on the real divisions (one grid per village), residences written. The peer is
 * COPY of the finished rows into the same three tables with the same indexes: what the database alone would take.
 */
const CHUNK = 1000
const LIMIT = 0.05
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰文建国志海燕'

function idNumber(n: number): string {
  const year = 1950 + (n % 55)
  const day = String(1 + (Math.floor(n / 55) % 28)).padStart(2, '0')
  const month = String(1 + (Math.floor(n / 1540) % 12)).padStart(2, '0')
  const first = `320508${year}${month}${day}${String(1 + (Math.floor(n / 18_480) % 998)).padStart(3, '0')}`
  return first + checkDigit(first)
}

function nameOf(n: number): string {
  const at = (text: string, i: number): string => text.charAt(i % text.length)
  return at(SURNAMES, n) + at(GIVEN, Math.floor(n / 20)) + at(GIVEN, Math.floor(n / 620))
}

function rowsOf(divisions: readonly Division[], from: number, count: number): PersonRow[] {
  const names = new Map(divisions.map((d) => [d.code, d.name]))
  const villages = divisions.filter((d) => d.code.length === 12)
  return Array.from({ length: count }, (_, i) => {
    const n = from + i
    const village = villages[(n * 7919) % villages.length]
    const code = village?.code ?? ''
    const path = [6, 9, 12].map((length) => names.get(code.slice(0, length)) ?? '')
    const document = readDocument(idNumber(n), { today: '2020-03-01', typed: true })
    const phone = readPhone(`138${String(n % 100_000_000).padStart(8, '0')}`)
    return {
      document: document.ok ? document.value : null,
      name: nameOf(n),
      phone: phone.ok ? phone.value : null,
      // One in five says less than the village, as real files do.
      address: n % 5 === 0 ? `${path[0]}${path[1]}人民路${n % 300}号` : `${path.join('')}${n % 90}号`,
      area: code.slice(0, 6),
      source: 'bench',
    }
  })
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

async function secondStage(
  server: Server,
  emergencyId: string,
  rows: readonly PersonRow[],
): Promise<{ sealing: number; near: number; resolving: number; placed: number }> {
  const ids: string[] = []
  const sealing = await seconds(async () => {
    for (let at = 0; at < rows.length; at += CHUNK) {
      const made = await server.asSystem('bench', (ctx) =>
        registerPersons(ctx, rows.slice(at, at + CHUNK), { emergencyId, near: false }),
      )
      ids.push(...made.flatMap((r) => r.personId ?? []))
    }
  })
  const near = await seconds(async () => {
    for (let at = 0; at < ids.length; at += CHUNK)
      await server.asSystem('bench', (ctx) => proposeNear(ctx, ids.slice(at, at + CHUNK)))
  })
  let placed = 0
  const resolving = await seconds(async () => {
    ;({ placed } = await resolvePersons(server, { limit: rows.length }))
  })
  return { sealing, near, resolving, placed }
}

/** COPY of what the second stage has just written into empty twins of the three tables. */
async function copySeconds(client: pg.Client): Promise<number> {
  let sum = 0
  for (const table of ['person', 'identity', 'residence']) {
    await client.query(`drop table if exists peer; create table peer (like ${table} including all)`)
    const { rows } = await client.query<{ line: string }>(
      `select * from (select (row_to_json(t))::text as line from ${table} t) x`,
    )
    const columns = Object.keys(Line.parse(JSON.parse(rows[0]?.line ?? '{}')))
    const lines = rows.map(({ line }) => {
      const row = Line.parse(JSON.parse(line))
      return `${columns.map((c) => copyText(row[c])).join('\t')}\n`
    })
    sum += await seconds(() =>
      pipeline(Readable.from(lines), client.query(copyFrom(`copy peer (${columns.join(', ')}) from stdin`))),
    )
  }
  return sum
}

function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (Array.isArray(value)) return `{${value.map((v) => `"${String(v).replaceAll('\\', '\\\\\\\\')}"`).join(',')}}`
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\\', '\\\\')
}

async function prepare(server: Server, divisions: readonly Division[]): Promise<string> {
  const levels = [2, 4, 6, 9, 12, 15]
  const grids = divisions.filter((d) => d.code.length === 12).map((d) => ({ code: `${d.code}001`, name: '第一网格' }))
  const all = [...divisions, ...grids]
  for (let at = 0; at < all.length; at += 5000) {
    const part = all.slice(at, at + 5000)
    const rows = part.map((d) => {
      const level = levels.indexOf(d.code.length) + 1
      const parent = level === 1 ? null : d.code.slice(0, levels[level - 2])
      return {
        code: d.code,
        parent,
        level,
        name: d.name,
        kind: level === 6 ? 'grid' : 'area',
        valid_from: '2000-01-01',
      }
    })
    await server.jobsPool.db.insertInto('area').values(rows).execute()
  }
  const id = randomUUID()
  const text = { zh: '基准', en: 'Benchmark' }
  await server.jobsPool.db
    .insertInto('emergency')
    .values({
      id,
      area: '32',
      name: json(text),
      legal_order: '-',
      purpose: json(text),
      basis: json(text),
      starts: '2020-01-01',
      state: 'open',
      proposed_at: new Date(),
      opened_at: new Date(),
    })
    .execute()
  return id
}

export async function peopleRows(scale: number): Promise<BenchRow[]> {
  const count = Math.max(2000, Math.round(1_000_000 * scale))
  const divisions = allDivisions()
  const cluster = await startTestCluster()
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-'))
  const url = cluster.url(cluster.template)
  const server = await Server.open({
    config: readConfig({ DATA_DIR: path.join(dir, 'data'), EXERCISE: 'off' }),
    log: pino({ level: 'fatal' }),
    url,
    rooms: [],
    now: new Date(),
  })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const emergencyId = await prepare(server, divisions)
    // Warm: plans, pinyin, the resolver's names.
    await secondStage(server, emergencyId, rowsOf(divisions, 50_000_000, CHUNK))
    const rows = rowsOf(divisions, 0, count)
    const first = await secondStage(server, emergencyId, rows)
    const again = await seconds(async () => {
      for (let at = 0; at < rows.length; at += CHUNK)
        await server.asSystem('bench', (ctx) => registerPersons(ctx, rows.slice(at, at + CHUNK), { emergencyId }))
    })
    const copy = await copySeconds(client)
    return present(count, first, again, copy)
  } finally {
    await client.end()
    await server.close()
    await cluster.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

function present(
  count: number,
  first: { sealing: number; near: number; resolving: number; placed: number },
  again: number,
  copy: number,
): BenchRow[] {
  const rate = (s: number): string => Math.round(count / s).toLocaleString('en')
  const whole = first.sealing + first.near + first.resolving
  const ratio = copy / whole
  return [
    {
      name: 'second stage: sealing and address resolution',
      measured: `${rate(whole)} rows/s (${ratio.toFixed(3)} of COPY)`,
      limit: `at least ${LIMIT} of COPY of the finished rows (${rate(copy)} rows/s)`,
      ratio: ratio / LIMIT,
      ok: ratio >= LIMIT,
      note: `${count.toLocaleString('en')} rows; sealing and storing ${rate(first.sealing)}/s, near records ${rate(first.near)}/s, opening, resolving and placing ${rate(first.resolving)}/s; ${Math.round((first.placed / count) * 100)} % placed in a grid, the rest counted as unresolved`,
    },
    {
      name: 'second stage: the same rows again',
      measured: `${rate(again)} rows/s, nothing written`,
      limit: 'not slower than the first time',
      ratio: first.sealing / again,
      ok: again <= first.sealing,
    },
  ]
}
