import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BenchRow } from '../row.ts'

const MAIN = path.resolve(import.meta.dirname, '../../server/dist/cli/main.js')

/** Beyond this a start does not come any more. */
const HANGS_MS = 180_000

/** Seconds from the command to "ready", and then a clean stop. */
function once(dataDir: string, exercise: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(
      process.execPath,
      [MAIN, 'serve', '--json', '--port', '0', '--data-dir', dataDir, '--exercise', exercise],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
    const timer = setTimeout(() => child.kill('SIGKILL'), HANGS_MS)
    let seconds: number | null = null
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (seconds !== null || !text.includes('"ready":true')) return
      seconds = (performance.now() - started) / 1000
      child.kill('SIGTERM')
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      if (seconds === null) reject(new Error(`serve ended with ${code} before it was ready: ${said}`))
      else resolve(seconds)
    })
  })
}

/** `npm start` from the built tree to ready: cold (a new folder, divisions and the exercise loaded) and warm. */
export async function startRows(): Promise<BenchRow[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-start-'))
  // As root the server runs under a user of its own, which must be able to pass through.
  chmodSync(dir, 0o711)
  try {
    const dataDir = path.join(dir, 'data')
    const cold = await once(dataDir, 'town')
    const warm = await once(dataDir, 'town')
    return [
      {
        name: 'start, cold, with the exercise of a town',
        measured: `${cold.toFixed(1)} s`,
        limit: '60 s',
        ratio: cold / 60,
        ok: cold <= 60,
      },
      { name: 'start, warm', measured: `${warm.toFixed(1)} s`, limit: 'cold', ratio: warm / cold, ok: warm <= cold },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}
