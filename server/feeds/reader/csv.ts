import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { Options } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { Problem } from '@weiwang/domain/core/problem'
import { findHeader } from '@weiwang/domain/feeds/layout'
import type { HeaderSpec } from '@weiwang/domain/feeds/layout'
import { fileBroken, fileTooBig } from '@weiwang/domain/feeds/problems'
import { textOf } from './encoding.ts'
import type { FoundEncoding } from './encoding.ts'
import type { Limits } from './limits.ts'

const SEPARATORS = [',', ';', '\t', '|', '，'] as const

/** Rows among which the header is looked for. */
export const HEAD_ROWS = 20
const HEAD_CHARS = 64 * 1024

function options(separator: string, limits: Limits): Options {
  return {
    delimiter: separator,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.record,
    record_delimiter: ['\r\n', '\n', '\r'],
  }
}

async function firstText(file: string, found: FoundEncoding): Promise<string> {
  let text = ''
  for await (const part of textOf(file, found)) {
    text += part
    if (text.length >= HEAD_CHARS) break
  }
  return text.slice(0, HEAD_CHARS)
}

/** The first rows of a text, however it goes on: a record cut at the end is left out. */
function firstRows(text: string, separator: string, limits: Limits, rows = HEAD_ROWS): string[][] {
  try {
    return parseSync(text, { ...options(separator, limits), to: rows })
  } catch {
    // A quote that is never closed within the head: the lines as they stand are enough to find the header.
    return text.split(/\r\n|\n|\r/, rows).map((line) => line.split(separator))
  }
}

/**
 * FEED-6: the separator is the one under which the header is best recognised; when none is, the one that stands most often
 * in the first line that has any, so that the message can say what was tried.
 */
export async function findSeparator<M extends string>(
  file: string,
  found: FoundEncoding,
  spec: readonly HeaderSpec<M>[],
  limits: Limits,
): Promise<string> {
  const text = await firstText(file, found)
  let best: { separator: string; score: number } = { separator: ',', score: 0 }
  for (const separator of SEPARATORS) {
    const score = findHeader(spec, firstRows(text, separator, limits))?.reading.columns.length ?? 0
    if (score > best.score) best = { separator, score }
  }
  if (best.score > 0) return best.separator
  const line = text.split(/\r\n|\n|\r/, HEAD_ROWS).find((l) => SEPARATORS.some((s) => l.includes(s))) ?? ''
  const count = (separator: string): number => line.split(separator).length
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] ?? ','
}

function asProblem(error: unknown, row: number, limits: Limits): Problem {
  if (error instanceof Problem) return error
  if (error instanceof CsvError) {
    if (error.code === 'CSV_MAX_RECORD_SIZE') return fileTooBig({ what: 'cell', limit: limits.record }, String(row))
    return fileBroken({ why: error.code, row })
  }
  throw error
}

/** Lines of a file without a quotation mark, whatever ends them; an unfinished line is bounded like a record. */
async function* plainLines(file: string, found: FoundEncoding, limits: Limits): AsyncGenerator<string[]> {
  let rest = ''
  for await (const part of textOf(file, found)) {
    const text = rest + part
    // A carriage return at the end may be half of a line end.
    const held = text.endsWith('\r') ? '\r' : ''
    const lines = (held === '' ? text : text.slice(0, -1)).split(text.includes('\r') ? /\r\n|\n|\r/ : '\n')
    rest = (lines.pop() ?? '') + held
    if (rest.length > limits.record) throw fileTooBig({ what: 'cell', limit: limits.record })
    yield lines
  }
  if (rest !== '') yield rest.split('\r').filter((line, i, all) => line !== '' || i < all.length - 1)
}

async function* plainRows(
  file: string,
  found: FoundEncoding,
  separator: string,
  limits: Limits,
): AsyncGenerator<string[][]> {
  for await (const lines of plainLines(file, found, limits)) yield lines.map((line) => line.split(separator))
}

/** Rows of a CSV file as text cells, streamed in bunches; memory does not grow with the file. Counts records from 1, as Excel does. */
export async function* csvRows(
  file: string,
  found: FoundEncoding,
  separator: string,
  limits: Limits,
): AsyncGenerator<string[][]> {
  let rows = 0
  for await (const bunch of found.quoted
    ? quotedRows(file, found, separator, limits)
    : plainRows(file, found, separator, limits)) {
    for (const cells of bunch) {
      rows++
      if (cells.length > limits.columns) throw fileTooBig({ what: 'columns', limit: limits.columns }, String(rows))
    }
    if (rows > limits.rows) throw fileTooBig({ what: 'rows', limit: limits.rows })
    yield bunch
  }
}

async function* quotedRows(
  file: string,
  found: FoundEncoding,
  separator: string,
  limits: Limits,
): AsyncGenerator<string[][]> {
  const source =
    found.encoding === 'utf-8'
      ? createReadStream(file, { start: found.bom, highWaterMark: 256 * 1024 })
      : Readable.from(textOf(file, found))
  const parser = parse({ ...options(separator, limits), encoding: 'utf8' })
  // The parser's own error is what the loop below throws; a source that fails destroys the parser with its error.
  pipeline(source, parser, () => undefined)
  let bunch: string[][] = []
  let rows = 0
  try {
    for await (const record of parser) {
      const cells: string[] = record
      rows++
      bunch.push(cells)
      if (bunch.length < 500) continue
      yield bunch
      bunch = []
    }
    if (bunch.length > 0) yield bunch
  } catch (error) {
    throw asProblem(error, rows + 1, limits)
  } finally {
    source.destroy()
    parser.destroy()
  }
}
