import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import type { ProblemBody } from '../core/problem.ts'
import { say } from '../core/say.ts'
import { readCountry } from '../people/country.ts'
import type { IdDocument } from '../people/document.ts'
import { readDocument } from '../people/document.ts'
import type { Phone } from '../people/phone.ts'
import { readPhone } from '../people/phone.ts'
import { fault } from '../people/reading.ts'
import type { Meaning } from './api.ts'
import type { Cell } from './cell.ts'
import { cellText, isWrappedText } from './cell.ts'
import { readDay } from './date.ts'
import type { Degree, Fact } from './fact.ts'
import { MEANING_NAMES } from './layout.ts'
import type { Layout } from './layout.ts'
import type { PlaceLookup } from './place.ts'
import { refusedValue } from './refuse.ts'
import { lookUp } from './values.ts'

export type RowContext = {
  /** The id of the feed. */
  source: string
  today: Day
  zone: string
  place: PlaceLookup
  /** The cells are text where they are strings (XLSX, JSON): a number that ends in 000 was typed so. */
  textCells: boolean
  /** The deployment is an exercise: only made-up people may enter it (EX-10). */
  exercise?: boolean
}

/** EX-3, EX-10: made-up resident numbers have 99, which no city has, as their third and fourth digit. */
function isMadeUp(document: IdDocument): boolean {
  return document.kind !== 'resident' || document.number.slice(2, 4) === '99'
}

/** The person of a row; the document or the phone is there (FEED-10). */
export type RowPerson = {
  name: string | null
  document: IdDocument | null
  phone: Phone | null
  address: string | null
}

export type CellFault = { column: string; value: string; problem: ProblemBody }

export type RowReading =
  | { ok: true; person: RowPerson; facts: Fact[]; external: string | null }
  | { ok: false; rejects: CellFault[] }

const MAX_NAME = 100
const MAX_ADDRESS = 300

const realInExercise = fault(
  'REAL_IN_EXERCISE',
  'EX-10',
  say('演练中不接收真实证件号码', 'An exercise takes no real identity number'),
  say(
    '演练请使用第 3、4 位为 99 的虚拟号码；真实数据请在正式部署中导入',
    'Use made-up numbers with 99 as third and fourth digit; load real data into a real deployment',
  ),
)

const faults = {
  required: (what: Meaning) =>
    fault(
      'CELL_REQUIRED',
      'FEED-8',
      say(`缺少${MEANING_NAMES[what].zh}`, `The ${MEANING_NAMES[what].en} is missing`),
      say('请补填后重新报送该行', 'Fill it in and send the row again'),
    ),
  nobody: () =>
    fault(
      'PERSON_UNKNOWN',
      'FEED-10',
      say('既无证件号码也无手机号码，无法确定是谁', 'Neither a document nor a phone: nobody can tell who this is'),
      say('请至少补充一项', 'Give at least one of them'),
    ),
  noValue: () =>
    fault(
      'VALUE_MISSING',
      'FEED-13',
      say('没有结果，这一行没有说明任何情况', 'There is no value: the row says nothing'),
      say('请填写结果', 'Fill in the value'),
    ),
  value: () =>
    fault(
      'VALUE_UNKNOWN',
      'FEED-13',
      say('结果不在允许的取值内', 'The value is not one of those allowed'),
      say(
        '请按数据源说明填写，或在数据源设置中登记这种写法',
        'Write it as the source describes, or add this spelling to the source',
      ),
    ),
  noStart: () =>
    fault(
      'SPAN_NO_START',
      'FEED-9',
      say('有结束日期而无起始日期', 'A last day without a first day'),
      say('请补填起始日期；系统不会代为推算', 'Give the first day; it is never made up'),
    ),
  noDay: () => fault('SPAN_NO_DAY', 'FEED-9', say('没有日期', 'There is no day'), say('请补填日期', 'Give the day')),
  reversed: () =>
    fault(
      'SPAN_REVERSED',
      'FEED-9',
      say('结束日期早于起始日期', 'The last day is before the first'),
      say('请核对两个日期', 'Check the two days'),
    ),
  tooLong: (max: number) =>
    fault(
      'CELL_LONG',
      'FEED-16',
      say(`超过 ${max} 个字`, `Longer than ${max} characters`),
      say('请核对是否串列或粘连了多行', 'Check whether columns or lines have run together'),
    ),
  position: (what: { zh: string; en: string }) =>
    fault(
      'CELL_REFUSED',
      'FEED-4',
      say(`含有${what.zh}，本系统不接收`, `Holds ${what.en}, which is not accepted`),
      say('请删去后重新报送该行', 'Remove it and send the row again'),
    ),
}

/** Collects the faults of a row; a getter that fails answers null and the row goes on, so that all faults are told at once. */
class Row {
  readonly rejects: CellFault[] = []
  readonly #layout: Layout
  readonly #cells: readonly Cell[]
  /** Texts by column: several questions are asked of most cells. */
  readonly #texts: (string | undefined)[] = []

  constructor(layout: Layout, cells: readonly Cell[]) {
    this.#layout = layout
    this.#cells = cells
  }

  cell(meaning: Meaning): Cell {
    const place = this.#layout.at.get(meaning)
    return place === undefined ? null : this.#cells[place.index]
  }

  text(meaning: Meaning): string {
    const place = this.#layout.at.get(meaning)
    return place === undefined ? '' : (this.#texts[place.index] ??= cellText(this.#cells[place.index]))
  }

  has(meaning: Meaning): boolean {
    return this.#layout.at.has(meaning)
  }

  reject(meaning: Meaning, problem: ProblemBody): null {
    const column = this.#layout.at.get(meaning)?.header ?? MEANING_NAMES[meaning].zh
    this.rejects.push({ column, value: this.text(meaning).slice(0, 200), problem })
    return null
  }

  /** Free text: bounded, and never a hiding place for a position (FEED-4). */
  free(meaning: Meaning, max: number): string | null {
    const text = this.text(meaning)
    if (text === '') return null
    if (text.length > max) return this.reject(meaning, faults.tooLong(max).problem)
    const refusal = refusedValue(text)
    return refusal === null ? text : this.reject(meaning, faults.position(refusal.say).problem)
  }

  day(meaning: Meaning, ctx: RowContext): Day | null {
    const place = this.#layout.at.get(meaning)
    if (place === undefined) return null
    const day = readDay(this.#cells[place.index], { order: place.column.dates, today: ctx.today, zone: ctx.zone })
    return day.ok ? day.value : this.reject(meaning, day.problem)
  }
}

function readPerson(row: Row, layout: Layout, ctx: RowContext): RowPerson {
  const number = row.text('doc_number')
  const phoneText = row.text('phone')
  let document: IdDocument | null = null
  if (number !== '') {
    const cell = row.cell('doc_number')
    const kindText = row.text('doc_kind')
    const typed = (ctx.textCells && typeof cell === 'string') || isWrappedText(cell)
    const read = readDocument(typeof cell === 'number' ? cell : number, {
      today: ctx.today,
      typed,
      kind: kindText === '' ? undefined : layout.kindOf(kindText),
      country: row.text('doc_country') || undefined,
    })
    if (!read.ok) row.reject('doc_number', read.problem)
    else if (ctx.exercise === true && !isMadeUp(read.value)) row.reject('doc_number', realInExercise.problem)
    else document = read.value
  }
  let phone: Phone | null = null
  if (phoneText !== '') {
    const read = readPhone(phoneText)
    if (read.ok) phone = read.value
    else row.reject('phone', read.problem)
  }
  if (number === '' && phoneText === '')
    row.reject(row.has('doc_number') ? 'doc_number' : 'phone', faults.nobody().problem)
  return { name: row.free('name', MAX_NAME), document, phone, address: row.free('address', MAX_ADDRESS) }
}

/** FEED-9: blank stays blank. A last day needs a first; a row with one day speaks for that day alone. */
function readSpan(row: Row, ctx: RowContext): { from: Day; to: Day } | null {
  const before = row.rejects.length
  const from = row.day('from_day', ctx)
  const to = row.day('to_day', ctx)
  const arrived = row.day('arrived_at', ctx)
  if (row.rejects.length > before) return null
  if (from === null && to !== null) return row.reject('from_day', faults.noStart().problem)
  const first = from ?? arrived
  if (first === null) return row.reject(row.has('from_day') ? 'from_day' : 'arrived_at', faults.noDay().problem)
  const last = to ?? (from === null ? arrived : from) ?? first
  if (last < first) return row.reject('to_day', faults.reversed().problem)
  return { from: first, to: last }
}

type Content = { kind: Fact['kind']; place: AreaCode | null; value: string | null; degree: Degree | null }

function readStay(row: Row, ctx: RowContext): Content[] | null {
  const text = row.text('place')
  if (text === '') return row.reject('place', faults.required('place').problem)
  const place = ctx.place(text)
  if (!place.ok) return row.reject('place', place.problem)
  return [{ kind: 'stay', place: place.value, value: null, degree: null }]
}

/** A case investigation names contacts and cases in one column: 密接, 次密接, 确诊病例 … */
function readContact(row: Row, layout: Layout): Content[] | null {
  const meaning: Meaning = row.has('degree') ? 'degree' : 'value'
  const text = row.text(meaning)
  const constant = layout.mapping.constant.degree
  if (text === '') {
    if (row.has(meaning) || constant === undefined) return row.reject(meaning, faults.noValue().problem)
    return [{ kind: 'contact', place: null, value: null, degree: constant }]
  }
  const degree = lookUp(layout.degrees, text)
  if (degree !== null) return [{ kind: 'contact', place: null, value: null, degree }]
  const status = lookUp(layout.cases, text)
  if (status !== null) return [{ kind: 'case', place: null, value: status, degree: null }]
  return row.reject(meaning, faults.value().problem)
}

function readAbroad(row: Row): Content[] | null {
  const meaning: Meaning = row.has('value') ? 'value' : 'place'
  const text = row.text(meaning)
  if (text === '') return row.reject(meaning, faults.noValue().problem)
  const country = readCountry(text)
  if (country === null || country === 'CN') return row.reject(meaning, faults.value().problem)
  return [{ kind: 'abroad', place: null, value: country, degree: null }]
}

/** A value of a closed list; symptoms may be several in one cell, each its own fact. */
function readValue(row: Row, layout: Layout): Content[] | null {
  const kind = layout.mapping.fact
  const text = row.text('value')
  const constant = layout.mapping.constant.value
  if (text === '') {
    if (row.has('value') || constant === undefined) return row.reject('value', faults.noValue().problem)
    return [{ kind, place: null, value: constant, degree: null }]
  }
  const parts = kind === 'symptom' ? text.split(/[,，、;；+\s]+/).filter((part) => part !== '') : [text]
  const values = new Set<string>()
  for (const part of parts) {
    const value = lookUp(layout.values, part)
    if (value === null) return row.reject('value', faults.value().problem)
    values.add(value)
  }
  return [...values].map((value) => ({ kind, place: null, value, degree: null }))
}

function readContent(row: Row, layout: Layout, ctx: RowContext): Content[] | null {
  switch (layout.mapping.fact) {
    case 'stay':
      return readStay(row, ctx)
    case 'contact':
      return readContact(row, layout)
    case 'abroad':
      return readAbroad(row)
    case 'symptom':
    case 'fever_clinic':
    case 'test':
    case 'case':
    case 'measure':
      return readValue(row, layout)
  }
}

/**
 * FEED-8: one row becomes a person with facts, or a list of faults, each with column, value, reason and remedy; never both.
 * A cell that cannot be read rejects its row; a blank one does not, unless the row would say nothing without it. A vehicle
 * number is looked at (it may hide a position) and not kept: no rule uses it.
 */
export function readRow(layout: Layout, cells: readonly Cell[], ctx: RowContext): RowReading {
  const row = new Row(layout, cells)
  for (const meaning of layout.required)
    if (row.text(meaning) === '') row.reject(meaning, faults.required(meaning).problem)
  const missing = row.rejects.length > 0
  const person = readPerson(row, layout, ctx)
  const span = readSpan(row, ctx)
  const contents = readContent(row, layout, ctx)
  const external = row.free('external_id', 120)
  row.free('vehicle', 60)
  if (missing || row.rejects.length > 0 || span === null || contents === null) {
    return { ok: false, rejects: uniqueByColumn(row.rejects) }
  }
  const facts = contents.map(({ kind, place, value, degree }): Fact => {
    // A contact's day is the last exposure; its span is that day (docs/rules FEED-9).
    const from = kind === 'contact' ? span.to : span.from
    return { kind, place, value, degree, from, to: span.to, source: ctx.source }
  })
  return { ok: true, person, facts, external }
}

/** One fault a column: "missing" and "unreadable" of the same cell are told once. */
function uniqueByColumn(rejects: readonly CellFault[]): CellFault[] {
  const seen = new Set<string>()
  return rejects.filter(({ column }) => {
    if (seen.has(column)) return false
    seen.add(column)
    return true
  })
}

/** True for a row that holds nothing at all: it is skipped, as spreadsheets end in many of them. */
export function isBlankRow(cells: readonly Cell[]): boolean {
  for (const cell of cells) if (cellText(cell) !== '') return false
  return true
}
