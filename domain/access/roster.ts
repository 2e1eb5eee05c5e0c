import type { Role } from './actor.ts'
import type { RosterRow } from './api.ts'
import { FIELD_ROLES, ROLE_NAMES } from './roles.ts'

/** Reads a centre's roster: headings in any order and in both languages, below title lines, extra columns ignored but named. */
export type RosterField = 'name' | 'phone' | 'area' | 'roles' | 'grids'

const HEADINGS: Record<RosterField, readonly string[]> = {
  name: ['姓名', '名字', '人员姓名', 'name'],
  phone: ['手机号', '手机', '手机号码', '电话', '联系电话', '联系方式', 'phone', 'mobile'],
  area: ['辖区', '辖区代码', '所属辖区', '社区', '村社区', '所属社区', 'area', 'areacode'],
  roles: ['岗位', '角色', '职务', 'role', 'roles'],
  grids: ['网格', '负责网格', '网格代码', '网格编号', '包保网格', 'grid', 'grids'],
}

function clean(cell: string): string {
  return cell
    .normalize('NFKC')
    .replace(/[\p{Cc}\ufeff]/gu, '')
    .trim()
}

/** `="138…"` and a leading apostrophe are how spreadsheets keep numbers as text. */
function unwrap(cell: string): string {
  const text = clean(cell)
  const wrapped = /^="(.*)"$/u.exec(text)
  return (wrapped?.[1] ?? text).replace(/^'/u, '').trim()
}

function fieldOf(heading: string): RosterField | null {
  const key = clean(heading)
    .toLowerCase()
    .replace(/[\s_*]/gu, '')
    .replace(/[（(:：].*$/u, '')
  for (const [field, names] of Object.entries(HEADINGS)) {
    if (names.includes(key) && isField(field)) return field
  }
  return null
}

function isField(text: string): text is RosterField {
  return text in HEADINGS
}

export type RosterTable = { columns: { heading: string; field: RosterField | null }[]; rows: RosterRow[] }

/** Null when no line among the first ten holds at least a name and a phone or an area. Row numbers are those of the file. */
export function readRoster(table: readonly (readonly string[])[]): RosterTable | null {
  for (let i = 0; i < Math.min(table.length, 10); i++) {
    const fields = (table[i] ?? []).map(fieldOf)
    if (!fields.includes('name') || !(fields.includes('phone') || fields.includes('area'))) continue
    const columns = fields.map((field, c) => ({ heading: clean(table[i]?.[c] ?? ''), field }))
    return { columns, rows: bodyRows(table, i + 1, fields) }
  }
  return null
}

function bodyRows(
  table: readonly (readonly string[])[],
  start: number,
  fields: readonly (RosterField | null)[],
): RosterRow[] {
  const rows: RosterRow[] = []
  for (let r = start; r < table.length; r++) {
    const cells = table[r] ?? []
    const row: RosterRow = { row: r + 1, name: '', phone: '', area: '', roles: '', grids: '' }
    for (const [c, field] of fields.entries()) {
      if (field !== null && row[field] === '') row[field] = unwrap(cells[c] ?? '').slice(0, 4000)
    }
    if (row.name !== '' || row.phone !== '' || row.area !== '') rows.push(row)
  }
  return rows
}

function parts(text: string): string[] {
  return clean(text)
    .split(/[、;；,，|/\s]+/u)
    .filter((p) => p !== '')
}

const BY_NAME = new Map<string, Role>(
  FIELD_ROLES.flatMap((role): [string, Role][] => [
    [role, role],
    [ROLE_NAMES[role].zh, role],
    [ROLE_NAMES[role].en, role],
  ]),
)
const OTHER_NAMES: [string, Role][] = [
  ['专职网格员', 'worker'], ['兼职网格员', 'worker'], ['网格长', 'worker'], ['微网格员', 'watch_leader'], ['楼长', 'watch_leader'],
  ['社区民警', 'officer'], ['警格民警', 'officer'], ['社区医生', 'doctor'], ['家庭医生', 'doctor'], ['机关干部', 'cadre'], ['村干部', 'cadre'],
] // prettier-ignore
for (const [name, role] of OTHER_NAMES) BY_NAME.set(name, role)

/** Roles by key or by the names people write; an empty cell is a worker. A roster gives field roles only (ACCESS-7). */
export function rolesOf(text: string): { roles: Role[] } | { unknown: string } {
  const names = parts(text.replace('watch leader', 'watch_leader').replace('police officer', 'officer'))
  if (names.length === 0) return { roles: ['worker'] }
  const roles: Role[] = []
  for (const name of names) {
    const role = BY_NAME.get(name.toLowerCase())
    if (role === undefined) return { unknown: name }
    if (!roles.includes(role)) roles.push(role)
  }
  return { roles: roles.toSorted() }
}

/** Area codes of the grids cell, trailing zeros of official codes cut to a level that exists. */
export function gridsOf(text: string): string[] {
  return [...new Set(parts(text))]
}
