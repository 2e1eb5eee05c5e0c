import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'

/** How commands talk: one machine-readable result on stdout with --json, words for people otherwise, logs and progress on stderr. */
export type Io = {
  json: boolean
  /** The result: `text` for people, `value` for machines. */
  result: (value: object, text: string) => void
  note: (text: string) => void
  /** Rows done of rows, on one line of a terminal; silent elsewhere. */
  progress: (done: number, total: number | null, what: string) => void
}

/** Exit 1: the program works and refuses; it says which rows and why. */
export class Refused extends Error {
  readonly value: object
  constructor(message: string, value: object = {}) {
    super(message)
    this.value = value
  }
}

/** Exit 2: the words of the command line are off. */
export class UsageError extends Error {}

export function makeIo(json: boolean): Io {
  let onLine = false
  const endLine = (): void => {
    if (onLine) process.stderr.write('\n')
    onLine = false
  }
  return {
    json,
    result: (value, text) => {
      endLine()
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : text === '' ? '' : `${text}\n`)
    },
    note: (text) => {
      endLine()
      process.stderr.write(`${text}\n`)
    },
    progress: (done, total, what) => {
      if (!process.stderr.isTTY || json) return
      process.stderr.write(
        `\r\u001B[K${what} ${done.toLocaleString('en')}${total === null ? '' : ` / ${total.toLocaleString('en')}`}`,
      )
      onLine = true
    },
  }
}

export type Flags = Record<string, string | boolean | undefined>

/** Reads flags and words. @throws UsageError naming the unknown flag. */
export function readArgs(
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
): { flags: Flags; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true })
    const flags: Flags = {}
    for (const [name, value] of Object.entries(values)) flags[name] = Array.isArray(value) ? value.join(',') : value
    return { flags, words: positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** The file that a command names. @throws UsageError without one; Refused when it is not there. */
export function needFile(value: string | undefined, usage: string): string {
  if (value === undefined || value === '') throw new UsageError(`usage: weiwang ${usage}`)
  const file = path.resolve(value)
  if (!existsSync(file)) throw new Refused(`${file} is not there. 文件不存在。`)
  return file
}
