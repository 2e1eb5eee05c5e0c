import { checkNode, install, NODE, run } from './lib.mjs'

// Walls, cycles, dead code, types, lint, format, migrations: whatever breaks a rule of the house is an error here.
/** @type {[string, string[]][]} */
const CHECKS = [
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
  ['types of the screens', ['node_modules/typescript/bin/tsc', '-p', 'web/tsconfig.json', '--noEmit']],
  [
    'lint',
    [
      'node_modules/oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      'domain',
      'server',
      'web',
      'e2e',
      'bench',
      'scripts',
    ],
  ],
  ['format', ['node_modules/oxfmt/bin/oxfmt', '--check', 'domain', 'server', 'web', 'e2e', 'bench', 'scripts']],
  [
    'walls and cycles',
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      'domain',
      'server',
      'web',
      'e2e',
      'bench',
    ],
  ],
  ['dead code', ['node_modules/knip/bin/knip.js']],
  ['house rules', ['scripts/house.mjs']],
  ['table types', ['--conditions=source', '--import', 'tsx', 'server/core/testing/write-types.ts', '--check']],
]

checkNode()
install()
const only = process.argv.slice(2)
let failed = 0
for (const [name, args] of CHECKS) {
  if (only.length > 0 && !only.includes(name)) continue
  const started = Date.now()
  const code = await run(NODE, args)
  console.error(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (code !== 0) failed++
}
process.exit(failed === 0 ? 0 : 1)
