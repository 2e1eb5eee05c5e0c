import { plain } from '../people/reading.ts'

/** A cell as a file or a machine gives it. A Date is a wall-clock day and time in UTC fields (as spreadsheets store them). */
export type Cell = string | number | boolean | Date | null | undefined

/** What offices write for "nothing": blank stays blank (FEED-9). */
const BLANK = new Set([
  '',
  '-',
  '--',
  '—',
  '——',
  '/',
  '\\',
  '\\N',
  'null',
  'NULL',
  'n/a',
  'N/A',
  '#N/A',
  '无',
  '空',
  '不详',
  '未知',
  '暂无',
])

const LONGEST_BLANK = Math.max(...Array.from(BLANK, (word) => word.length))

/**
 * Printable ASCII and common Chinese that needs no normalising; skips the slow path for nearly every cell of a real file. No
 * blank at either end, no wrapper at the front.
 */
const CLEAN =
  /^[\u0021-\u0026\u0028-\u003c\u003e-\u007e\u4e00-\u9fff](?:[\u0020-\u007e\u4e00-\u9fff]*[\u0021-\u007e\u4e00-\u9fff])?$/

/** The text of a cell without wrappers, tabs, invisible and full-width characters; '' when it says nothing. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  if (typeof cell === 'boolean') return cell ? 'true' : 'false'
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 19).replace('T', ' ')
  const text = CLEAN.test(cell) ? cell : plain(cell)
  return text.length <= LONGEST_BLANK && BLANK.has(text) ? '' : text
}

/** Wrapped as text by whoever exported it (`="…"`, a leading apostrophe, a trailing tab): its digits are what was typed. */
export function isWrappedText(cell: Cell): boolean {
  return typeof cell === 'string' && /^\s*(=".*"|')|\t\s*$/.test(cell)
}

/** A header for comparison: no blanks, marks, brackets or case. `身份证号码（必填）*` and `身份证号码` are one. */
export function headerKey(text: string): string {
  const t = plain(text).toLowerCase()
  const bare = t.replace(/[([【{<].*?[)\]】}>]/g, '')
  return (bare.trim() === '' ? t : bare).replace(/[\s_\-*:#.、,"'`/\\()[\]【】]/g, '')
}
