import { spawn } from 'node:child_process'
import path from 'node:path'
import { build, checkNode, install, NODE, ROOT } from './lib.mjs'

// Installs what is missing, builds what is old, runs the main job on the embedded database.
checkNode()
install()
build()
const server = spawn(NODE, [path.join(ROOT, 'server/dist/cli/main.js'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => server.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'))
server.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
