import { checkNode, install, must, NODE } from './lib.mjs'

checkNode()
install()
must(NODE, ['--expose-gc', '--conditions=source', '--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)])
