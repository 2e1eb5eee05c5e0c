import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'

/** What identifies a live process beyond its number, which is used again: its start time from /proc where there is one. */
export function startTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

export class FolderInUse extends Error {}

function holder(file: string): number | null {
  const [pidText, started] = readFileSync(file, 'utf8').trim().split(' ')
  const pid = Number(pidText)
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null
  const now = startTime(pid)
  return now !== null && started !== undefined && started !== '-' && now !== started ? null : pid
}

/**
 * One process a data folder. The lock names the process and its start time; a lock whose process is gone, or whose number
 * now belongs to another process, is taken over. Returns the release.
 */
export function lockFolder(file: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const fd = openSync(file, 'wx', 0o600)
      writeSync(fd, `${process.pid} ${startTime(process.pid) ?? '-'}\n`)
      closeSync(fd)
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const pid = existsSync(file) ? holder(file) : null
      if (pid !== null) {
        throw new FolderInUse(
          `The data folder is in use by process ${pid} (${file}). Stop it first, or set another DATA_DIR. ` +
            `数据目录正被进程 ${pid} 使用：请先停止它，或设置其他 DATA_DIR。`,
        )
      }
      rmSync(file, { force: true })
    }
  }
  throw new FolderInUse(`The data folder is in use (${file}). 数据目录正被使用。`)
}
