import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { readDay } from '../feeds/date.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { readDocument, readDocumentKind } from '../people/document.ts'
import type { IdDocument } from '../people/document.ts'
import type { ListSums, ListedRow, OrgListRow, RowResult } from './org-api.ts'
import { ROW_SAY } from './org-words.ts'

/** ORG-4: lists of staff or pupils as they come: headings in any order and in both languages, below title lines. */
type Field = Exclude<keyof OrgListRow, 'row'>
const HEADINGS: Readonly<Record<Field, readonly string[]>> = {
  name: ['姓名', '名字', '员工姓名', '学生姓名', 'name'],
  number: [
    '证件号码',
    '证件号',
    '身份证号',
    '身份证号码',
    '身份证',
    '公民身份号码',
    'document',
    'documentnumber',
    'idnumber',
    'id',
  ],
  kind: ['证件类型', '证件种类', '证件类别', 'documentkind', 'kind', 'type'],
  ref: ['工号', '学号', '员工编号', '编号', 'staffnumber', 'studentnumber', 'ref'],
  returns: [
    '返回日期',
    '预计返回日期',
    '返岗日期',
    '预计返岗日期',
    '返校日期',
    '预计返校日期',
    '到达日期',
    '预计到达日期',
    'returns',
    'returnson',
    'dayofreturn',
    'expectedback',
  ],
}
const MAX: Readonly<Record<Field, number>> = { name: 200, number: 200, kind: 60, ref: 40, returns: 40 }
const FIELDS = ['name', 'number', 'kind', 'ref', 'returns'] as const

function clean(cell: string): string {
  const text = cell
    .normalize('NFKC')
    .replace(/[\p{Cc}\ufeff]/gu, ' ')
    .trim()
  return (/^="(.*)"$/u.exec(text)?.[1] ?? text).replace(/^'/u, '').trim()
}

function fieldOf(heading: string): Field | null {
  const key = clean(heading)
    .toLowerCase()
    .replace(/[\s_*]/gu, '')
    .replace(/[（(:：].*$/u, '')
  return FIELDS.find((field) => HEADINGS[field].includes(key)) ?? null
}

/** Null when no line among the first ten has a name and a number. Row numbers are those of the file. */
export function readOrgSheet(table: readonly (readonly string[])[]): OrgListRow[] | null {
  const at = table.slice(0, 10).findIndex((line) => {
    const fields = line.map(fieldOf)
    return fields.includes('name') && fields.includes('number')
  })
  if (at < 0) return null
  const fields = (table[at] ?? []).map(fieldOf)
  return table.slice(at + 1).flatMap((line, i) => {
    const row: OrgListRow = { row: at + i + 2, name: '', number: '', kind: '', ref: '', returns: '' }
    for (const [c, field] of fields.entries())
      if (field !== null && row[field] === '') row[field] = clean(line[c] ?? '').slice(0, MAX[field])
    return row.name === '' && row.number === '' ? [] : [row]
  })
}

export type JudgedRow =
  | { row: number; result: 'valid'; document: IdDocument; name: string; ref: string; returnsOn: Day | null }
  | { row: number; result: 'invalid_document' | 'cannot_be_judged' | 'duplicate_row'; why: Say; remedy: Say }

const NO_NAME = say('没有姓名', 'There is no name')
const WRITE_NAME = say('请填写姓名', 'Write the name')
const NO_KIND = say('看不出是哪种证件', 'It cannot be told which document this is')
const WRITE_KIND = say(
  '请在“证件类型”一列写明，或让本人打开链接',
  'Write its kind in the column "document kind", or let the person open the link',
)
const TWICE = say('同一证件在前面的行已有', 'The same document stands in a row above')
const LEAVE_OUT = say('请删除重复的行', 'Leave one of the two out')

const NO_DAY = say('返回日期看不懂或不合理', 'The day of return cannot be read, or lies too far away')
const WRITE_DAY = say(
  '请写成 2020-02-05（前后各 60 天内），或留空',
  'Write it as 2020-02-05, within 60 days before or ahead, or leave it empty',
)
/** ORG-18: who comes back later is listed again nearer to the day. */
const RETURN_DAYS = 60

/** Null: none is written; undefined: it is no day. */
function returnDay(text: string, today: Day): Day | null | undefined {
  const read = readDay(text.trim(), { order: null, today: addDays(today, RETURN_DAYS), zone: 'UTC' })
  if (!read.ok) return undefined
  return read.value !== null && read.value < addDays(today, -RETURN_DAYS) ? undefined : read.value
}

/** Faults that say which document it is not, rather than that its number is wrong. */
const UNTOLD = new Set(['DOCUMENT_KIND', 'DOCUMENT_COUNTRY', 'DOC_KIND', 'DOC_COUNTRY'])

/**
 * ORG-4: a row at a time, by what stands in it alone: whether anybody has registered, and what is known of them, is not asked,
 * so that a list finds out nothing.
 */
export function judgeRows(rows: readonly OrgListRow[], today: Day): JudgedRow[] {
  const seen = new Set<string>()
  return rows.map((row): JudgedRow => {
    const name = row.name.trim()
    if (name === '') return { row: row.row, result: 'cannot_be_judged', why: NO_NAME, remedy: WRITE_NAME }
    const kind = readDocumentKind(row.kind) ?? undefined
    if (kind === 'none' || row.number.trim() === '')
      return { row: row.row, result: 'cannot_be_judged', why: NO_KIND, remedy: WRITE_KIND }
    const read = readDocument(row.number, { today, kind, typed: true })
    if (!read.ok) {
      const { code, message, remedy } = read.problem
      return UNTOLD.has(code)
        ? { row: row.row, result: 'cannot_be_judged', why: NO_KIND, remedy: WRITE_KIND }
        : { row: row.row, result: 'invalid_document', why: message, remedy: remedy ?? WRITE_KIND }
    }
    const returnsOn = returnDay(row.returns, today)
    if (returnsOn === undefined) return { row: row.row, result: 'cannot_be_judged', why: NO_DAY, remedy: WRITE_DAY }
    const { value: document } = read
    const key = `${document.kind} ${document.country} ${document.number}`
    if (seen.has(key)) return { row: row.row, result: 'duplicate_row', why: TWICE, remedy: LEAVE_OUT }
    seen.add(key)
    return { row: row.row, result: 'valid', document, name, ref: row.ref.trim(), returnsOn }
  })
}

export function sumsOf(rows: readonly { result: RowResult }[]): ListSums {
  const n = (result: RowResult): number => rows.filter((row) => row.result === result).length
  return {
    invited: n('invited'),
    invalid_document: n('invalid_document'),
    duplicate_row: n('duplicate_row'),
    already: n('already'),
    cannot_be_judged: n('cannot_be_judged'),
  }
}

export function listed(row: number, result: RowResult, why?: Say, remedy?: Say): ListedRow {
  return { row, result, say: why ?? ROW_SAY[result], remedy: remedy ?? null }
}
