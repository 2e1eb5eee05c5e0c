import { build, checkNode, install, must, NODE } from './lib.mjs'

checkNode()
install()
// The row of the start measures the built program; other groups run from the sources.
const groups = process.argv.slice(2).filter((word) => !word.startsWith('-') && Number.isNaN(Number(word)))
if (groups.length === 0 || groups.includes('start')) build()
must(NODE, ['--expose-gc', '--conditions=source', '--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)])
