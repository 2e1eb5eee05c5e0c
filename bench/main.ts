import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { lockFolder } from '@weiwang/server/core/postgres/lock'
import { z } from 'zod'
import { GROUPS } from './groups.ts'
import { clearFolder } from './leavings.ts'
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
/** A group that was measured, kept until a run begins anew: an interrupted run goes on behind it. */
const Kept = z.object({ at: z.string(), seconds: z.number(), rows: Rows })

const CACHE = path.resolve(import.meta.dirname, '../node_modules/.cache/bench')
/** What groups write goes here, one folder a group, and is cleared also after one that was killed. */
const WORK = path.join(tmpdir(), `weiwang-bench-${process.getuid?.() ?? 0}`)

/** The small table ends within fifteen minutes: a group that does not keep to its part is ended and said to be missing. */
const TOTAL_MS = 14.5 * 60_000
const FULL_FACTOR = 4

type Measured = { seconds: number; rows: BenchRow[] }
type Outcome = Measured | { missing: string }

let running: { kill: () => void } | null = null

function runGroup(name: string, scale: number, ms: number): Promise<BenchRow[]> {
  const dir = path.join(WORK, name)
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  return new Promise<BenchRow[]>((resolve, reject) => {
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
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: dir } },
    )
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, ms)
    running = { kill: () => child.kill('SIGKILL') }
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      running = null
      const last = text.trim().split('\n').at(-1) ?? ''
      if (late) reject(new Error(`ended after ${Math.round(ms / 1000)} s`))
      else if (code !== 0) reject(new Error(`ended with ${code ?? signal}`))
      else resolve(plain(Rows.parse(JSON.parse(last))))
    })
  }).finally(() => clearFolder(dir))
}

function plain(rows: z.infer<typeof Rows>): BenchRow[] {
  return rows.map(({ note, ...row }) => (note === undefined ? row : { ...row, note }))
}

function line(cells: string[]): string {
  return `| ${cells.join(' | ')} |`
}

function table(outcomes: ReadonlyMap<string, Outcome>): string {
  const rows = [...outcomes].flatMap(([name, outcome]) =>
    'missing' in outcome
      ? [line(['**missing**', name, 'not measured', '', '', outcome.missing])]
      : outcome.rows.map((r) =>
          line([r.ok ? 'ok' : '**over**', r.name, r.measured, r.limit, r.ratio.toFixed(2), r.note ?? '']),
        ),
  )
  return [
    line(['', 'row', 'measured', 'limit', 'ratio', 'note']),
    line(Array.from({ length: 6 }, () => '---')),
    ...rows,
  ].join('\n')
}

function cacheFile(name: string, scale: number): string {
  return path.join(CACHE, `${name}-${scale}.json`)
}

function kept(name: string, scale: number): Measured | null {
  const file = cacheFile(name, scale)
  if (!existsSync(file)) return null
  const { at, seconds, rows } = Kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  console.error(`  measured at ${at}`)
  return { seconds, rows: plain(rows) }
}

async function measure(name: string, scale: number, ms: number): Promise<Outcome> {
  const started = Date.now()
  try {
    const rows = await runGroup(name, scale, ms)
    const seconds = Math.round((Date.now() - started) / 1000)
    writeFileSync(cacheFile(name, scale), JSON.stringify({ at: new Date().toISOString(), seconds, rows }))
    return { seconds, rows }
  } catch (error) {
    const missing = error instanceof Error ? error.message : String(error)
    console.error(`  ${name}: ${missing}`)
    return { missing }
  }
}

/** Says what the full size needs before anything is done. @returns whether the disk has it */
function announceFull(names: readonly string[]): boolean {
  const gb = Math.max(...names.map((n) => GROUPS[n]?.fullDiskGb ?? 0))
  const minutes = names.reduce((sum, n) => sum + (GROUPS[n]?.fullMinutes ?? 0), 0)
  const { bavail, bsize } = statfsSync(tmpdir())
  const free = bavail * bsize
  console.error(
    `Full size needs about ${gb} GB of disk in ${tmpdir()} (free: ${Math.floor(free / 1e9)} GB) and ${minutes} minutes. Interrupted, it goes on with --full --resume.`,
  )
  if (free >= gb * 1.2e9) return true
  console.error('Not enough free disk; nothing was started. Set TMPDIR to a larger one.')
  return false
}

/** A group's part of the time that is left: what it needs beside what the groups after it need. */
function shareOf(name: string, after: readonly string[], left: number): number {
  const weight = (n: string): number => GROUPS[n]?.smallSeconds ?? 60
  const all = weight(name) + after.reduce((sum, n) => sum + weight(n), 0)
  return (left * weight(name)) / all
}

async function runAll(names: readonly string[], scale: number, resume: boolean): Promise<Map<string, Outcome>> {
  const until = Date.now() + TOTAL_MS
  const outcomes = new Map<string, Outcome>()
  for (const [i, name] of names.entries()) {
    const group = GROUPS[name]
    console.error(`… ${group?.about ?? name}`)
    const before = resume ? kept(name, scale) : null
    const ms =
      scale >= 1
        ? (group?.fullMinutes ?? 30) * 60_000 * FULL_FACTOR
        : shareOf(name, names.slice(i + 1), until - Date.now())
    const outcome = before ?? (await measure(name, scale, ms))
    if ('rows' in outcome && !before) console.error(`  ${outcome.seconds} s`)
    outcomes.set(name, outcome)
  }
  return outcomes
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { full: { type: 'boolean' }, scale: { type: 'string' }, resume: { type: 'boolean' } },
    allowPositionals: true,
  })
  const scale = values.full ? 1 : Number(values.scale ?? '0.01')
  const names = positionals.length > 0 ? positionals : Object.keys(GROUPS)
  const unknown = names.filter((name) => !GROUPS[name])
  if (unknown.length > 0 || !(scale > 0 && scale <= 1)) {
    console.error(`usage: npm run bench -- [--full | --scale 0.01] [--resume] [${Object.keys(GROUPS).join('|')} …]`)
    return 2
  }
  if (values.full && !announceFull(names)) return 1
  mkdirSync(CACHE, { recursive: true })
  mkdirSync(WORK, { recursive: true, mode: 0o711 })
  const release = lockFolder(`${WORK}.lock`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      running?.kill()
      for (const name of names) clearFolder(path.join(WORK, name))
      release()
      process.exit(130)
    })
  try {
    for (const name of names) clearFolder(path.join(WORK, name))
    if (!values.resume) for (const name of names) rmSync(cacheFile(name, scale), { force: true })
    const outcomes = await runAll(names, scale, values.resume === true)
    console.log(
      `Weiwang bench, scale ${scale}, node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, load ${(loadavg()[0] ?? 0).toFixed(1)}\n\n${table(outcomes)}`,
    )
    return [...outcomes.values()].some((o) => 'missing' in o) ? 1 : 0
  } finally {
    release()
  }
}

process.exitCode = await main()
