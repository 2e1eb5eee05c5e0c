import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/**
 * A register as it was sent lies in DATA_DIR/registers, readable by the server's user alone, until it is imported or has failed,
 * so that an import whose process was killed goes on; then it is deleted.
 */
const folder = (dataDir: string): string => path.join(dataDir, 'registers')
const fileOf = (dataDir: string, jobId: string): string => path.join(folder(dataDir), jobId)

export async function keepRegister(dataDir: string, jobId: string, bytes: Buffer): Promise<void> {
  await mkdir(folder(dataDir), { recursive: true, mode: 0o700 })
  const file = fileOf(dataDir, jobId)
  await writeFile(`${file}.part`, bytes, { mode: 0o600 })
  await rename(`${file}.part`, file)
}

/** Null when it is not there (any more). */
export async function readRegister(dataDir: string, jobId: string): Promise<Buffer | null> {
  return readFile(fileOf(dataDir, jobId)).catch(() => null)
}

export async function dropRegister(dataDir: string, jobId: string): Promise<void> {
  await rm(fileOf(dataDir, jobId), { force: true })
  await rm(`${fileOf(dataDir, jobId)}.part`, { force: true })
}

/** Names of jobs that have a file here. */
export async function keptRegisters(dataDir: string): Promise<string[]> {
  const names = await readdir(folder(dataDir)).catch(() => [])
  return [...new Set(names.map((name) => name.replace(/\.part$/, '')))].filter((name) => /^[0-9a-f-]{36}$/.test(name))
}
