import type { Day } from '../core/day.ts'
import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import { readDocument } from '../people/document.ts'
import type { IdDocument } from '../people/document.ts'
import { plain } from '../people/reading.ts'

/** A list of people as it is pasted from a sheet or read from a text file: one person a line, known by the document (FEED-10). */
export type Listed = {
  documents: { row: number; document: IdDocument }[]
  /** Lines that name nobody; `text` is the cell that came nearest to a document, for who may see only its ends. */
  faults: { row: number; text: string; why: Say }[]
}

const CELLS = /[\t,，;；|]/
const NOBODY = say(
  '这一行没有证件号码；只有姓名不能确定是谁（FEED-10）',
  'No document number on this line; a name alone is nobody (FEED-10)',
)

const digits = (text: string): number => text.replace(/\D/g, '').length

/** GRADE-25: rows count from 1, blank lines and a heading (no digit at all, before any person) are passed over. Pure. */
export function readListed(lines: readonly string[], today: Day): Listed {
  const documents: Listed['documents'] = []
  const faults: Listed['faults'] = []
  for (const [i, line] of lines.entries()) {
    const cells = line
      .split(CELLS)
      .map((cell) => plain(cell.replace(/^\s*"(.*)"\s*$/, '$1')))
      .filter((cell) => cell !== '')
    if (cells.length === 0) continue
    if (documents.length === 0 && faults.length === 0 && !cells.some((cell) => /\d/.test(cell))) continue
    const readings = cells.map((cell) => readDocument(cell, { today }))
    const found = readings.find((reading) => reading.ok)
    if (found?.ok) {
      documents.push({ row: i + 1, document: found.value })
      continue
    }
    // The cell with the most digits is what was meant, unless it is far from any number.
    const nearest = cells.toSorted((a, b) => digits(b) - digits(a))[0] ?? ''
    const reading = readings[cells.indexOf(nearest)]
    const why = reading && !reading.ok && digits(nearest) >= 8 ? reading.problem.message : NOBODY
    faults.push({ row: i + 1, text: nearest, why })
  }
  return { documents, faults }
}
