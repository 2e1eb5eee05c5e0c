import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

function pidFiles(dir: string, depth = 6): string[] {
  if (depth === 0 || !existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(dir, entry.name)
    if (entry.isDirectory()) return pidFiles(at, depth - 1)
    return entry.name === 'postmaster.pid' ? [at] : []
  })
}

const POLL_MS = 50
const PATIENCE_MS = 10_000

/** Ends a PostgreSQL that a killed group left running below this folder: only one whose command line names the folder. */
function endServer(file: string, dir: string): void {
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  const ours = (): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir)
    } catch {
      return false
    }
  }
  if (!ours()) return
  process.kill(pid, 'SIGQUIT')
  const wait = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ours() && waited < PATIENCE_MS; waited += POLL_MS) Atomics.wait(wait, 0, 0, POLL_MS)
}

/** Removes what a group has left, finished or killed. Runs also on the way out of the process, so nothing in it waits for events. */
export function clearFolder(dir: string): void {
  for (const file of pidFiles(dir)) endServer(file, dir)
  rmSync(dir, { recursive: true, force: true })
}
