import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos.ts'

// node --conditions=source --import tsx e2e/chaos/run.ts --seeds 20 --operations 10000 [--first 1] [--out FOLDER]
// Each seed on a deployment of its own, one after another; a line for each, and the whole trace of one that failed.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    operations: { type: 'string', default: '10000' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    kills: { type: 'string' },
    'database-kills': { type: 'string' },
    restores: { type: 'string' },
    splits: { type: 'string' },
    out: { type: 'string' },
  },
})

const operations = Number(values.operations)
const first = Number(values.first)
const names =
  values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, i) => String(first + i)) : [values.seed]
/** One of each for every so many operations, when not said otherwise. */
const often = (given: string | undefined, every: number): number =>
  given === undefined ? Math.max(1, Math.round(operations / every)) : Number(given)

const out = values.out
if (out !== undefined) mkdirSync(out, { recursive: true })
let failed = 0
for (const seed of names) {
  const plan = {
    seed,
    operations,
    kills: often(values.kills, 1500),
    databaseKills: often(values['database-kills'], 1500),
    restores: often(values.restores, 2500),
    splits: often(values.splits, 2000),
  }
  let line: string
  let trace: string[] = []
  try {
    const report = await runChaos(plan)
    trace = report.trace
    const { works, accepted, held, refused, mended, photos } = report.counts
    line = `seed ${seed}: ${report.faults.length === 0 ? 'ok' : `${report.faults.length} FAULTS`} in ${report.seconds} s, ${operations} operations, ${works} works: ${accepted} accepted, ${held} held, ${refused} refused, ${mended} replaced; ${photos} photos\n${report.faults.join('\n')}`
    if (report.faults.length > 0) failed += 1
  } catch (error) {
    failed += 1
    line = error instanceof Error ? error.message : String(error)
  }
  process.stdout.write(`${line.trimEnd()}\n`)
  if (out !== undefined) {
    appendFileSync(path.join(out, 'runs.txt'), `${line.trimEnd()}\n`)
    writeFileSync(path.join(out, `${seed}.trace`), trace.join('\n'))
  }
}
process.exitCode = failed === 0 ? 0 : 1
