import { statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from './config.ts'

/** Under this the embedded server does not start: a checkpoint and a few segments of its log must find room. */
const MIN_FREE_BYTES = 200 * 2 ** 20
/** Under this a disk is full: the server's log grows by files of 16 MiB. */
const FULL_BYTES = 16 * 2 ** 20
const LOOK_MS = 1_000

export function freeBytes(dir: string): number {
  const { bavail, bsize } = statfsSync(dir)
  return bavail * bsize
}

/** @throws in one line for the operator, when the embedded server would not have room to work. */
export function checkSpace(dir: string): void {
  const free = freeBytes(dir)
  if (free >= MIN_FREE_BYTES) return
  throw new Error(
    `Only ${Math.floor(free / 2 ** 20)} MiB are free at ${dir}; the database needs at least 200 MiB. Free some space, or set another DATA_DIR. ` +
      `磁盘空间不足：请清理磁盘或设置其他 DATA_DIR。`,
  )
}

function isFull(dir: string): boolean {
  try {
    return freeBytes(dir) < FULL_BYTES
  } catch {
    return false
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** A connection that PostgreSQL gave up or refuses for now: by SQLSTATE, or by the words of the client that had it. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error)
  const ended =
    error instanceof Error && /Connection terminated|terminating connection|not queryable/.test(error.message)
  return ended || ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03'].includes(code) || code.startsWith('08')
}

/**
 * Whether a disk without room is what stands behind an error: PostgreSQL says so of a table (53100), the system of a file of ours
 * (ENOSPC); for its own log PostgreSQL stops instead, and then only the disk beside it tells: ours when it lies in the data folder.
 */
export function isDiskFull(error: unknown, { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): boolean {
  const code = codeOf(error)
  return code === '53100' || code === 'ENOSPC' || (databaseUrl === null && isAway(error) && isFull(dataDir))
}

export const DISK_FULL_LINE =
  'the disk is full: nothing is lost, work goes on by itself once there is room 磁盘已满：数据无丢失，腾出空间后自动继续'

/** Waits until a disk that is full has room again; tells it once. */
export async function whenThereIsRoom(dir: string, tell: (line: string) => void, given: () => boolean): Promise<void> {
  if (!isFull(dir)) return
  tell(`${DISK_FULL_LINE}: ${dir}`)
  while (!given() && isFull(dir)) await sleep(LOOK_MS)
}
