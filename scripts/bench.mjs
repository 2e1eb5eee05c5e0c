import { build, checkNode, install, must, NODE } from './lib.mjs'

checkNode()
install()
// The rows of the start and of the scan measure what is built; other groups run from the sources.
const groups = process.argv.slice(2).filter((word) => !word.startsWith('-') && Number.isNaN(Number(word)))
if (groups.length === 0 || groups.includes('start') || groups.includes('scan')) build()
must(NODE, ['--expose-gc', '--conditions=source', '--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)])
