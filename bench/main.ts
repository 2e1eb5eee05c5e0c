import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { GROUPS } from './groups.ts'
import type { BenchRow } from './row.ts'

const Row = z.object({
  name: z.string(),
  measured: z.string(),
  limit: z.string(),
  ratio: z.number(),
  ok: z.boolean(),
  note: z.string().optional(),
})
const Rows = z.array(Row)

const CACHE = path.resolve(import.meta.dirname, '../node_modules/.cache/bench')

/** A group that hangs is ended, and the table goes on without it. */
const GROUP_MS = 15 * 60_000

function runGroup(name: string, scale: number): Promise<BenchRow[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        '--expose-gc',
        '--conditions=source',
        '--import',
        'tsx',
        path.join(import.meta.dirname, 'group.ts'),
        name,
        String(scale),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const timer = setTimeout(() => child.kill('SIGTERM'), scale >= 1 ? GROUP_MS * 20 : GROUP_MS)
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.once('exit', (code) => {
      clearTimeout(timer)
      const last = text.trim().split('\n').at(-1) ?? ''
      if (code !== 0) reject(new Error(`${name} ended with ${code}`))
      else
        resolve(Rows.parse(JSON.parse(last)).map(({ note, ...row }) => (note === undefined ? row : { ...row, note })))
    })
  })
}

function table(rows: BenchRow[]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(['', 'row', 'measured', 'limit', 'ratio', 'note']),
    line(['---', '---', '---', '---', '---', '---']),
    ...rows.map((r) => line([r.ok ? 'ok' : '**over**', r.name, r.measured, r.limit, r.ratio.toFixed(2), r.note ?? ''])),
  ].join('\n')
}

async function cached(name: string, scale: number, fresh: boolean): Promise<BenchRow[]> {
  mkdirSync(CACHE, { recursive: true })
  const file = path.join(CACHE, `${name}-${scale}.json`)
  if (!fresh && existsSync(file))
    return Rows.parse(JSON.parse(readFileSync(file, 'utf8'))).map(({ note, ...row }) =>
      note === undefined ? row : { ...row, note },
    )
  const rows = await runGroup(name, scale)
  writeFileSync(file, JSON.stringify(rows))
  return rows
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { full: { type: 'boolean' }, scale: { type: 'string' }, resume: { type: 'boolean' } },
    allowPositionals: true,
  })
  const scale = values.full ? 1 : Number(values.scale ?? '0.01')
  const names = positionals.length > 0 ? positionals : Object.keys(GROUPS)
  if (values.full) {
    const gb = Math.max(...names.map((n) => GROUPS[n]?.fullDiskGb ?? 0))
    const minutes = names.reduce((sum, n) => sum + (GROUPS[n]?.fullMinutes ?? 0), 0)
    const { bavail, bsize } = statfsSync('.')
    console.error(
      `Full size needs about ${gb} GB of disk (free: ${Math.floor((bavail * bsize) / 1e9)} GB) and ${minutes} minutes. Interrupted, it goes on with --full --resume.`,
    )
    if (bavail * bsize < gb * 1.2e9) return 1
  }
  const rows: BenchRow[] = []
  let failed = 0
  for (const name of names) {
    console.error(`… ${GROUPS[name]?.about ?? name}`)
    try {
      rows.push(...(await cached(name, scale, !values.resume)))
    } catch (error) {
      failed++
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(
    `Weiwang bench, scale ${scale}, node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB\n\n${table(rows)}`,
  )
  return failed === 0 ? 0 : 1
}

process.exitCode = await main()
