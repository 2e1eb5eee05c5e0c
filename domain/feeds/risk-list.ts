import type { AreaCode } from '../areas/code.ts'
import type { Day } from '../core/day.ts'
import { addDays } from '../core/day.ts'
import { say } from '../core/say.ts'
import { fault } from '../people/reading.ts'
import type { RiskLevel } from './api.ts'
import type { Cell } from './cell.ts'
import { cellText } from './cell.ts'
import { readDay } from './date.ts'
import type { HeaderReading, HeaderSpec } from './layout.ts'
import type { PlaceLookup } from './place.ts'
import type { CellFault } from './row.ts'

/** FEED-35: a list of risk areas: area by code or name, level, first day, last day (blank: until further notice). */
export type RiskColumn = 'area' | 'level' | 'from' | 'to' | 'note'

export const RISK_HEADER: readonly HeaderSpec<RiskColumn>[] = [
  {
    meaning: 'area',
    headers: ['区划代码', '地区代码', '辖区', '地区', '风险地区', 'area', 'area code', 'code'],
    required: true,
  },
  { meaning: 'level', headers: ['风险等级', '等级', '级别', 'level', 'risk level'], required: true },
  { meaning: 'from', headers: ['起始日期', '开始日期', '生效日期', '自', 'from', 'from day', 'start'], required: true },
  { meaning: 'to', headers: ['结束日期', '截止日期', '解除日期', '至', 'to', 'to day', 'end'], required: false },
  { meaning: 'note', headers: ['备注', '说明', '依据', 'note', 'remark'], required: false },
]

const LEVELS: ReadonlyMap<string, RiskLevel> = new Map([
  ['高', 'high'],
  ['高风险', 'high'],
  ['高风险地区', 'high'],
  ['high', 'high'],
  ['中', 'medium'],
  ['中风险', 'medium'],
  ['中风险地区', 'medium'],
  ['medium', 'medium'],
  ['低', 'low'],
  ['低风险', 'low'],
  ['低风险地区', 'low'],
  ['low', 'low'],
])

const unknownLevel = fault(
  'RISK_LEVEL',
  'FEED-35',
  say('风险等级须为高、中、低', 'The level is high, medium or low'),
  say('请改正等级', 'Correct the level'),
)
const missing = fault('CELL_REQUIRED', 'FEED-35', say('此项必填', 'This is required'), say('请补填', 'Fill it in'))
const reversed = fault(
  'SPAN_REVERSED',
  'FEED-35',
  say('结束日期早于起始日期', 'The last day is before the first'),
  say('请核对两个日期', 'Check the two days'),
)

export type RiskRow = { area: AreaCode; level: RiskLevel; from: Day; to: Day | null; note: string | null }
export type RiskRowReading = { ok: true; row: RiskRow } | { ok: false; rejects: CellFault[] }

/** A list may announce days to come, for a year at most; otherwise days are read as in feeds (FEED-11). */
export function readRiskRow(
  header: HeaderReading<RiskColumn>,
  cells: readonly Cell[],
  ctx: { place: PlaceLookup; today: Day; zone: string },
): RiskRowReading {
  const rejects: CellFault[] = []
  const at = new Map(header.columns.map((c) => [c.meaning, c]))
  const text = (column: RiskColumn): string => cellText(cells[at.get(column)?.index ?? -1])
  const reject = (column: RiskColumn, problem: CellFault['problem']): null => {
    rejects.push({ column: at.get(column)?.header ?? column, value: text(column).slice(0, 200), problem })
    return null
  }
  const day = (column: RiskColumn): Day | null => {
    const read = readDay(cells[at.get(column)?.index ?? -1], {
      order: null,
      today: addDays(ctx.today, 366),
      zone: ctx.zone,
    })
    return read.ok ? read.value : reject(column, read.problem)
  }
  const place = text('area') === '' ? missing : ctx.place(text('area'))
  if (!place.ok) reject('area', place.problem)
  const level = LEVELS.get(text('level').toLowerCase()) ?? null
  if (level === null) reject('level', unknownLevel.problem)
  const from = day('from') ?? (text('from') === '' ? reject('from', missing.problem) : null)
  const to = day('to')
  if (from !== null && to !== null && to < from) reject('to', reversed.problem)
  if (rejects.length > 0 || !place.ok || level === null || from === null) return { ok: false, rejects }
  return { ok: true, row: { area: place.value, level, from, to, note: text('note').slice(0, 500) || null } }
}
