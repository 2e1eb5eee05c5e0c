import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'
import type { Plan } from './chaos.ts'
import { closePlaces, dropTemplate, makeTemplate } from './place.ts'

// npm run chaos -- --seeds 20 --operations 10000 [--first 1] [--side 2] [--out FOLDER]
// Each seed on a deployment of its own, `side` of them side by side in processes of their own; one line for each in
// FOLDER/results.txt, and the whole trace of one that failed beside it. A seed that stands there as ok with as many operations is
// not run again, so that a run that was ended goes on where it was. --seed NAME runs one.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    operations: { type: 'string', default: '10000' },
    first: { type: 'string', default: '1' },
    side: { type: 'string', default: '2' },
    seed: { type: 'string' },
    template: { type: 'string' },
    kills: { type: 'string' },
    'database-kills': { type: 'string' },
    restores: { type: 'string' },
    changes: { type: 'string' },
    upgrades: { type: 'string' },
    epochs: { type: 'string' },
    out: { type: 'string', default: path.join(tmpdir(), 'weiwang-chaos') },
  },
})

const operations = Number(values.operations)
const out = path.resolve(values.out)
const results = path.join(out, 'results.txt')
mkdirSync(out, { recursive: true })

/** One of each for every so many operations, when not said otherwise. */
const often = (given: string | undefined, every: number): number =>
  given === undefined ? Math.max(1, Math.round(operations / every)) : Number(given)

function planOf(seed: string): Plan {
  return {
    seed,
    operations,
    kills: often(values.kills, 900),
    databaseKills: often(values['database-kills'], 1400),
    restores: often(values.restores, 2500),
    changes: often(values.changes, 1400),
    upgrades: often(values.upgrades, 3000),
    epochs: often(values.epochs, 2500),
  }
}

/** @returns whether nothing was found */
async function one(seed: string, template: string): Promise<boolean> {
  const began = Date.now()
  let line: string
  let ok = false
  // Written as it goes on, so that a run which hangs or is ended shows where it was.
  const file = path.join(out, `${seed}.trace`)
  const trace = createWriteStream(file)
  try {
    const report = await runChaos(planOf(seed), template, (told) => void trace.write(`${told}\n`))
    ok = report.faults.length === 0
    const { works, accepted, held, refused, mended, excused, wiped, stranded, photos } = report.counts
    line =
      `seed ${seed}: ${ok ? 'ok' : `${report.faults.length} FAULTS`} ${report.done} of ${operations} operations in ${report.seconds} s ` +
      `(${(report.done / Math.max(1, report.troubled)).toFixed(1)} a second in trouble), ${works} works: ${accepted} accepted, ${held} held, ` +
      `${refused} refused, ${mended} replaced, ${excused} gone with a restore; ${wiped} of cleared phones, ${stranded} phones stranded; ${photos} photos`
    if (!ok) trace.write(['FAULTS', ...report.faults, ''].join('\n'))
    if (!ok) line += ` | ${report.faults.slice(0, 5).join(' | ')}`
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    trace.write(`${said}\n`)
    const why = said.split('\n').slice(0, 3).join(' | ')
    line = `seed ${seed}: BROKEN after ${Math.round((Date.now() - began) / 1000)} s, ${operations} operations wanted | ${why}`
  }
  process.stdout.write(`${line}\n`)
  appendFileSync(results, `${new Date().toISOString()} ${line}\n`)
  await new Promise((resolve) => trace.end(resolve))
  if (ok) rmSync(file)
  return ok
}

/** Seeds that are ok already with as many operations. */
function doneBefore(): Set<string> {
  if (!existsSync(results)) return new Set()
  const found = readFileSync(results, 'utf8').matchAll(/seed (\S+): ok \d+ of (\d+) operations/g)
  return new Set([...found].flatMap(([, seed, n]) => (seed !== undefined && Number(n) >= operations ? [seed] : [])))
}

let ending = false
const children = new Set<ChildProcess>()

/** A process of its own for a seed: its engine, its deployment, its ports. */
function beside(seed: string, template: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { seeds: _seeds, first: _first, side: _side, ...same } = values
    const args = Object.entries({ ...same, seed, template }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
    const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...args], { stdio: 'inherit' })
    children.add(child)
    child.once('exit', (code) => {
      children.delete(child)
      resolve(code === 0)
    })
  })
}

async function many(template: string): Promise<number> {
  const before = doneBefore()
  const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => String(Number(values.first) + i))
  const waiting = seeds.filter((seed) => !before.has(seed))
  if (before.size > 0) process.stdout.write(`${seeds.length - waiting.length} seeds are done already (${results})\n`)
  let failed = 0
  await Promise.all(
    Array.from({ length: Number(values.side) }, async () => {
      for (let seed = waiting.shift(); seed !== undefined && !ending; seed = waiting.shift())
        if (!(await beside(seed, template))) failed += 1
    }),
  )
  return failed
}

/** Ended from outside: no deployment is left running, and no seed is begun any more. */
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    ending = true
    for (const child of children) child.kill(signal)
    void Promise.allSettled([...children].map((child) => once(child, 'exit')))
      .then(closePlaces)
      .finally(() => {
        if (template !== null && values.template === undefined) dropTemplate(template)
        process.exit(1)
      })
  })

let template: string | null = values.template ?? null
template ??= await makeTemplate()
try {
  const failed = values.seed === undefined ? await many(template) : Number(!(await one(values.seed, template)))
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  if (values.template === undefined) dropTemplate(template)
}
