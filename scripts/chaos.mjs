import { build, checkNode, install, must, NODE } from './lib.mjs'

checkNode()
install()
// Each seed runs a deployment of its own, of what is built.
build()
must(NODE, ['--conditions=source', '--import', 'tsx', 'e2e/chaos/run.ts', ...process.argv.slice(2)])
