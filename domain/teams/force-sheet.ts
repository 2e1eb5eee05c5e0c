/** Lists of volunteers as centres have them: headings in any order and in both languages, below title lines. */
import type { ForceFile, ForceRow } from './force-api.ts'
import { FORCE_KINDS, FORCE_SAY } from './force.ts'
import type { ForceKind } from './force.ts'

type Field = Exclude<keyof ForceRow, 'row'>
const HEADINGS: Record<Field, readonly string[]> = {
  name: ['姓名', '名字', 'name'],
  phone: ['手机号', '手机', '手机号码', '电话', '联系电话', '联系方式', 'phone', 'mobile'],
  area: ['辖区', '辖区代码', '所属辖区', '社区', '村社区', '所属社区', '服务区域', 'area'],
  kind: ['类别', '人员类别', '身份', 'kind', 'type'],
  org: ['单位', '组织', '所属组织', '所属单位', '物业公司', 'organisation', 'organization', 'company'],
  skills: ['特长', '技能', '专长', 'skills', 'skill'],
  hours: ['可服务时间', '服务时间', '时间', 'hours', 'available'],
}

function clean(cell: string): string {
  const text = cell
    .normalize('NFKC')
    .replace(/[\p{Cc}\ufeff]/gu, ' ')
    .trim()
  return (/^="(.*)"$/u.exec(text)?.[1] ?? text).replace(/^'/u, '').trim()
}

function isField(text: string): text is Field {
  return text in HEADINGS
}

function fieldOf(heading: string): Field | null {
  const key = clean(heading)
    .toLowerCase()
    .replace(/[\s_*]/gu, '')
    .replace(/[（(:：].*$/u, '')
  return (
    Object.keys(HEADINGS)
      .filter(isField)
      .find((field) => HEADINGS[field].includes(key)) ?? null
  )
}

/** Null when no line among the first ten has a name and a phone. Row numbers are those of the file. */
export function readForceSheet(table: readonly (readonly string[])[]): ForceFile | null {
  for (let i = 0; i < Math.min(table.length, 10); i++) {
    const fields = (table[i] ?? []).map(fieldOf)
    if (!fields.includes('name') || !fields.includes('phone')) continue
    const rows: ForceRow[] = []
    for (let r = i + 1; r < table.length; r++) {
      const row: ForceRow = { row: r + 1, name: '', phone: '', area: '', kind: '', org: '', skills: '', hours: '' }
      for (const [c, field] of fields.entries())
        if (field !== null && row[field] === '')
          row[field] = clean(table[r]?.[c] ?? '').slice(0, field === 'hours' ? 600 : 200)
      if (row.name !== '' || row.phone !== '')
        rows.push({ ...row, phone: row.phone.slice(0, 60), kind: row.kind.slice(0, 60) })
    }
    return { columns: fields.map((field, c) => ({ heading: clean(table[i]?.[c] ?? ''), field })), rows }
  }
  return null
}

/** An empty cell is a volunteer. */
export function kindOf(text: string): ForceKind | null {
  const word = text.trim().toLowerCase()
  if (word === '') return 'volunteer'
  return FORCE_KINDS.find((kind) => kind === word || FORCE_SAY[kind].zh === word || FORCE_SAY[kind].en === word) ?? null
}
