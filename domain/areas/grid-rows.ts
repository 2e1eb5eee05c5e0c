/**
 * Rows of a grid file to areas (AREA-4). Every row ends as added, renewed (other size or kind), unchanged, or refused with
 * its column, value, reason and remedy; a wrong row never stops the others.
 */
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { GridNote, GridRow } from './api.ts'
import { parentOf } from './code.ts'
import type { AreaCode } from './code.ts'
import type { AreaKind } from './kind.ts'
import { villageStem } from './name.ts'
import type { Known } from './change.ts'

/** AREA-4: a comprehensive grid has 200 to 500 households, a unit at most 100. Outside is a warning, never a refusal. */
export const GRID_MIN = 200
export const GRID_MAX = 500
const UNIT_MAX = 100

export type GridsRead = {
  added: Known[]
  renewed: Known[]
  unchanged: number
  errors: GridNote[]
  warnings: GridNote[]
}

const KINDS: Readonly<Record<string, AreaKind>> = {
  综合: 'comprehensive',
  综合网格: 'comprehensive',
  comprehensive: 'comprehensive',
  专属: 'dedicated',
  专属网格: 'dedicated',
  专属网: 'dedicated',
  dedicated: 'dedicated',
  楼栋: 'building',
  building: 'building',
  村民小组: 'group',
  小组: 'group',
  group: 'group',
  企业: 'enterprise',
  企业单位: 'enterprise',
  enterprise: 'enterprise',
  商铺: 'shops',
  沿街商铺: 'shops',
  shops: 'shops',
  十户联组: 'cluster',
  联户: 'cluster',
  cluster: 'cluster',
}
const GRID_KINDS: readonly AreaKind[] = ['comprehensive', 'dedicated']

type Note = { column: keyof GridRow; message: Say; remedy: Say }

function villageFinder(villages: readonly { code: AreaCode; name: string }[]): (text: string) => AreaCode | Note {
  const codes = new Set(villages.map((v) => v.code))
  const byName = new Map<string, AreaCode[]>()
  for (const v of villages) {
    const { stem, kind } = villageStem(v.name)
    for (const name of new Set([v.name, stem, kind === 'village' ? `${stem.replace(/村$/, '')}村` : `${stem}社区`]))
      byName.set(name, [...(byName.get(name) ?? []), v.code])
  }
  return (text) => {
    if (/^\d+$/.test(text)) {
      if (codes.has(text)) return text
      return {
        column: 'village',
        message: say('本辖区没有这个村（社区）编码', 'No village with this code lies in the area'),
        remedy: say('请填 12 位村（社区）编码', 'Give the 12-digit code of the village'),
      }
    }
    const found = byName.get(text) ?? byName.get(villageStem(text).stem) ?? []
    const [code] = found
    if (found.length === 1 && code !== undefined) return code
    if (found.length > 1)
      return {
        column: 'village',
        message: say(`有 ${found.length} 个村（社区）同名`, `${found.length} villages have this name`),
        remedy: say(
          `请改填编码：${found.slice(0, 5).join('、')}`,
          `Give the code instead: ${found.slice(0, 5).join(', ')}`,
        ),
      }
    return {
      column: 'village',
      message: say('本辖区没有这个村（社区）', 'No village of this name lies in the area'),
      remedy: say('请核对名称，或改填 12 位编码', 'Check the name, or give the 12-digit code'),
    }
  }
}

/** "1", "001", "第1网格" and the full code are all one number. */
function sequence(text: string, parent: AreaCode): string | null {
  const full = new RegExp(`^${parent}(\\d{3})$`).exec(text)
  const n = full?.[1] ?? /^(?:第)?(\d{1,3})(?:网格|微网格|号)?$/.exec(text)?.[1]
  if (n === undefined || Number(n) === 0) return null
  return n.padStart(3, '0')
}

function sizeOf(text: string | undefined): number | null | Note {
  const t = (text ?? '').normalize('NFKC').replace(/[,\s户]/g, '')
  if (t === '') return null
  if (/^\d{1,6}(\.0+)?$/.test(t)) return Math.trunc(Number(t))
  return {
    column: 'households',
    message: say('户数不是整数', 'The number of households is not a whole number'),
    remedy: say('请填数字，或留空', 'Give a number, or leave it empty'),
  }
}

function isNote(value: unknown): value is Note {
  return typeof value === 'object' && value !== null && 'remedy' in value
}

type Reading = {
  known: ReadonlyMap<AreaCode, Known>
  seen: Map<AreaCode, number>
  find: (text: string) => AreaCode | Note
}

function readRow(row: GridRow, number: number, r: Reading): Known | Note {
  const village = r.find(row.village.normalize('NFKC').trim())
  if (isNote(village)) return village
  const grid = sequence(row.grid.normalize('NFKC').trim(), village)
  if (grid === null)
    return {
      column: 'grid',
      message: say('网格号应为 001 到 999', 'A grid number is 001 to 999'),
      remedy: say('请填三位数字', 'Give three digits'),
    }
  const unitText = row.unit?.normalize('NFKC').trim() ?? ''
  const unit = unitText === '' ? '' : sequence(unitText, village + grid)
  if (unit === null)
    return {
      column: 'unit',
      message: say('微网格号应为 001 到 999', 'A unit number is 001 to 999'),
      remedy: say('请填三位数字，或留空', 'Give three digits, or leave it empty'),
    }
  const code = village + grid + unit
  const before = r.seen.get(code)
  if (before !== undefined)
    return {
      column: unit === '' ? 'grid' : 'unit',
      message: say(`与第 ${before} 行重复`, `The same as row ${before}`),
      remedy: say('请删去一行，或改号', 'Delete one of the rows, or change the number'),
    }
  if (unit !== '' && !r.known.has(village + grid) && !r.seen.has(village + grid))
    return {
      column: 'grid',
      message: say(`还没有网格 ${village}${grid}`, `There is no grid ${village}${grid} yet`),
      remedy: say('请先写该网格的一行，微网格写在它后面', 'Write the row of the grid first, its units after it'),
    }
  const kind = kindOf(row.kind, unit !== '')
  if (isNote(kind)) return kind
  const households = sizeOf(row.households)
  if (isNote(households)) return households
  r.seen.set(code, number)
  const name = row.name?.trim() ?? ''
  const fallback = unit === '' ? `第${Number(grid)}网格` : `${Number(unit)}号微网格`
  return {
    code,
    parent: parentOf(code),
    level: unit === '' ? 6 : 7,
    name: name === '' ? fallback : name,
    kind,
    households,
  }
}

function kindOf(text: string | undefined, isUnit: boolean): AreaKind | Note {
  const t = (text ?? '').normalize('NFKC').trim().toLowerCase()
  if (t === '') return isUnit ? 'building' : 'comprehensive'
  const kind = KINDS[t]
  if (kind !== undefined && GRID_KINDS.includes(kind) !== isUnit) return kind
  return {
    column: 'kind',
    message: isUnit
      ? say('微网格类型不认识', 'This kind of unit is not known')
      : say('网格类型应为综合或专属', 'A grid is comprehensive or dedicated'),
    remedy: isUnit
      ? say('请填楼栋、村民小组、企业、商铺或联户', 'Give building, group, enterprise, shops or cluster')
      : say('请填综合或专属', 'Give 综合 or 专属'),
  }
}

function sizeWarning(area: Known): Note | null {
  const n = area.households
  if (n === null) return null
  if (area.kind === 'comprehensive' && (n < GRID_MIN || n > GRID_MAX))
    return {
      column: 'households',
      message: say(
        `${n} 户，不在 ${GRID_MIN}～${GRID_MAX} 户之内`,
        `${n} households, outside ${GRID_MIN} to ${GRID_MAX}`,
      ),
      remedy:
        n > GRID_MAX
          ? say('请考虑拆分', 'Consider a split')
          : say('请考虑与相邻网格合并', 'Consider merging it with a neighbour'),
    }
  if (area.level === 7 && n > UNIT_MAX)
    return {
      column: 'households',
      message: say(`微网格 ${n} 户，多于 ${UNIT_MAX} 户`, `A unit of ${n} households, above ${UNIT_MAX}`),
      remedy: say('请按单元或楼栋拆细', 'Divide it by staircase or building'),
    }
  return null
}

/**
 * @param firstRow number of the first data row as the reader of the file sees it (2 under a header line)
 * @param existing grids and units that hold now inside the area of the import
 */
export function readGridRows(
  rows: readonly GridRow[],
  villages: readonly { code: AreaCode; name: string }[],
  existing: readonly Known[],
  firstRow = 2,
): GridsRead {
  const result: GridsRead = { added: [], renewed: [], unchanged: 0, errors: [], warnings: [] }
  const reading: Reading = {
    known: new Map(existing.map((e) => [e.code, e])),
    seen: new Map(),
    find: villageFinder(villages),
  }
  rows.forEach((row, i) => {
    const number = firstRow + i
    const note = (n: Note): GridNote => ({
      row: number,
      column: n.column,
      value: row[n.column] ?? '',
      rule: 'AREA-4',
      message: n.message,
      remedy: n.remedy,
    })
    const area = readRow(row, number, reading)
    if (isNote(area)) {
      result.errors.push(note(area))
      return
    }
    const now = reading.known.get(area.code)
    const given = row.name !== undefined && row.name.trim() !== ''
    if (now && given && now.name !== area.name) {
      result.errors.push(
        note({
          column: 'name',
          message: say(`已有网格名为「${now.name}」`, `The grid exists under the name ${now.name}`),
          remedy: say('改名请走“辖区调整”，由第二人批准', 'Rename it by a change, which a second person applies'),
        }),
      )
      return
    }
    const warning = sizeWarning(area)
    if (warning) result.warnings.push(note(warning))
    if (!now) result.added.push(area)
    else if (area.households !== null && now.households !== area.households)
      result.renewed.push({ ...now, households: area.households })
    else result.unchanged += 1
  })
  return result
}
