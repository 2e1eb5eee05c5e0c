/**
 * Import of a household register (PEOPLE-12): one line per member, lines of one household share its external id or its address.
 * A thousand lines are one transaction of about thirty statements; a second import of the same file changes nothing (case 13).
 */
import { contains, countyOf, cutTo, isAreaCode, levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { uuid8 } from '@weiwang/domain/core/ids'
import { say } from '@weiwang/domain/core/say'
import { commonArea, resolveAddress } from '@weiwang/domain/people/address/resolve'
import { ImportAnswer, ImportHouseholds } from '@weiwang/domain/people/api'
import type { Outcome, RegisterRow, RowFault, RowResult } from '@weiwang/domain/people/api'
import { normaliseAddress, readHouseholdKind, readHouseholdUse } from '@weiwang/domain/people/household'
import { normaliseName } from '@weiwang/domain/people/name'
import { plain } from '@weiwang/domain/people/reading'
import type { Actor } from '@weiwang/domain/access/actor'
import type { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { codesNow } from '../areas/store.ts'
import { defineAction } from '../core/action.ts'
import type { Action } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { permit } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { carryHouseholds } from './carry.ts'
import { gazetteerOf } from './gazetteer.ts'
import { hold } from './held.ts'
import { addressHash, cleanText } from './identity.ts'
import { placePersons } from './places.ts'
import { registerPersons } from './register.ts'
import type { PersonRow } from './register.ts'
import { judge, readRegister } from './resolving.ts'
import { requireInScope } from './scope.ts'
import { countStock } from './stock.ts'
import { lockDoorFields } from './store-change.ts'
import { findHouseholds, insertHouseholds, updateHouseholds } from './store-household.ts'
import type { HouseholdRow, NewHousehold } from './store-household.ts'
import { readPerson, rowFault } from './typed.ts'
import { tellChanged } from './told.ts'

/** `typed`: the cells were text for certain (a workbook, JSON), so a number that ends in 000 was typed so. */
type Args = z.output<typeof ImportHouseholds> & { typed: boolean }
type Answer = z.output<typeof ImportAnswer>

/** Who imports and what that account reaches: a door elsewhere in it may be held for a decision, beyond it is refused (PEOPLE-24). */
export type Importer = Pick<Actor, 'id' | 'name' | 'scope'>

const VILLAGE_LEVEL = 5
const GRID_LEVEL = 6
const MAX_ANSWERED = 1000

function fault(
  column: string,
  reason: string,
  message: { zh: string; en: string },
  remedy: { zh: string; en: string },
): RowFault {
  return { column, reason, message, remedy }
}
const faults = {
  noPlace: fault(
    'grid',
    'GRID_MISSING',
    say('缺少网格编码，也没有地址', 'Neither a grid nor an address'),
    say('请填写 15 位网格编码或详细地址', 'Give the 15-digit grid code or the address'),
  ),
  badGrid: fault(
    'grid',
    'GRID_UNKNOWN',
    say('没有这个网格', 'There is no such grid'),
    say('请核对网格编码（15 或 18 位）', 'Check the grid code (15 or 18 digits)'),
  ),
  outside: fault(
    'grid',
    'GRID_OUTSIDE',
    say('网格不在导入的辖区内', 'The grid lies outside the area of this import'),
    say('请由该辖区的网格中心导入', 'Let the centre of that area import it'),
  ),
  notFound: fault(
    'address',
    'ADDRESS_NOT_FOUND',
    say('地址不能落到网格', 'The address does not lead to a grid'),
    say('请补填网格编码', 'Add the grid code'),
  ),
  kind: fault(
    'kind',
    'KIND_UNKNOWN',
    say('户的类型不认识', 'The kind of household is not known'),
    say(
      '可填：住宅、店铺、出租房、群租房、宿舍、企业',
      'One of: home, shop, rental, group_rental, dormitory, business',
    ),
  ),
  use: fault(
    'use',
    'USE_UNKNOWN',
    say('使用情况不认识', 'The use is not known'),
    say('可填：自住、出租、空置、未知', 'One of: self, rented, vacant, unassigned'),
  ),
  noKey: fault(
    'externalId',
    'HOUSEHOLD_UNNAMED',
    say('缺少户编号，也没有地址', 'Neither a household number nor an address'),
    say('请填写户编号或地址，以便下次对上', 'Give one of them, so that the next import finds it again'),
  ),
  doorHeld: fault(
    'externalId',
    'DOOR_ELSEWHERE_HELD',
    say(
      '该户（来源和户编号相同）现登记在另一个村（社区），未搬动',
      'This door (same source and number) stands in another village; it was not moved',
    ),
    say(
      '请在“人员和户 · 两处不一致”中核定；采用户册的，核定后重报本户',
      'Decide it under People and doors, Two values; when the register is right, import the door again afterwards',
    ),
  ),
  doorKept: fault(
    'externalId',
    'DOOR_ELSEWHERE_KEPT',
    say(
      '已核定：该户编号属于另一个村（社区）的户',
      'It was decided that this number belongs to a door in another village',
    ),
    say('请给本户另编户编号后重报', 'Give this door a number of its own and import it again'),
  ),
  doorOutside: fault(
    'externalId',
    'DOOR_ELSEWHERE_OUTSIDE',
    say('该来源的这个户编号已用于您辖区以外的户', 'This number of this source is in use for a door outside your area'),
    say(
      '请另编户编号；确属迁移的，由管辖两地的网格中心导入并核定',
      'Use another number; if the door has really moved, let a centre that covers both places import and decide it',
    ),
  ),
}

type Line = { row: RegisterRow; household: NewHousehold; person: PersonRow | null; warning: RowFault | null }
type Read = { line: Line; fault: null } | { line: null; fault: RowFault; row: RegisterRow }

/** Grids by row number: the code that stands in the row, or what the address resolves to. */
async function placesOf(server: Server, ctx: Ctx, args: Args): Promise<Map<number, AreaCode | RowFault>> {
  const codes = args.rows.map((row) => plain(row.grid ?? '')).filter((code) => isAreaCode(code) && code !== '')
  const known = await codesNow(ctx.db, [...new Set(codes)])
  const places = new Map<number, AreaCode | RowFault>()
  const byAddress: RegisterRow[] = []
  for (const row of args.rows) {
    const grid = plain(row.grid ?? '')
    if (grid === '') byAddress.push(row)
    else if (!known.has(grid) || levelOf(grid) < GRID_LEVEL) places.set(row.row, faults.badGrid)
    else places.set(row.row, contains(args.area, grid) ? grid : faults.outside)
  }
  for (const [row, place] of await resolveRows(server, ctx, args.area, byAddress)) places.set(row, place)
  return places
}

async function resolveRows(
  server: Server,
  ctx: Ctx,
  area: AreaCode,
  rows: readonly RegisterRow[],
): Promise<Map<number, AreaCode | RowFault>> {
  const texts = rows.map((row) => cleanText(row.address, 400))
  const found = new Map<number, AreaCode | RowFault>()
  if (rows.length === 0) return found
  const gazetteer = await gazetteerOf(server, ctx.db, ctx.root)
  const opened = rows.map((row, i) => {
    const text = texts[i] ?? ''
    const waiting = {
      person_id: String(row.row),
      home_area: area,
      emergency_id: '',
      address_sealed: Buffer.alloc(0),
      address_hash: addressHash(ctx.keys, text),
      source: '',
    }
    return { row: waiting, text, resolved: resolveAddress({ text, prior: area }, gazetteer) }
  })
  const register = await readRegister(server, ctx, opened)
  rows.forEach((row, i) => {
    const o = opened[i]
    if (!o || texts[i] === null) return void found.set(row.row, faults.noPlace)
    const verdict = judge(o, register, ctx.root)
    if (verdict.why !== null) return void found.set(row.row, faults.notFound)
    return void found.set(row.row, contains(area, verdict.area) ? verdict.area : faults.outside)
  })
  return found
}

function readLine(ctx: Ctx, args: Args, row: RegisterRow, place: AreaCode | RowFault | undefined): Read {
  if (place === undefined || typeof place !== 'string') return { line: null, fault: place ?? faults.noPlace, row }
  const kind = plain(row.kind ?? '') === '' ? 'home' : readHouseholdKind(row.kind ?? '')
  if (kind === null) return { line: null, fault: faults.kind, row }
  const use = plain(row.use ?? '') === '' ? 'self' : readHouseholdUse(row.use ?? '')
  if (use === null) return { line: null, fault: faults.use, row }
  const externalId = cleanText(row.externalId, 100)
  const address = cleanText(row.address, 400)
  const key = externalId ?? (address === null ? null : normaliseAddress(address))
  if (key === null) return { line: null, fault: faults.noKey, row }
  const { person, warning, refused } = memberOf(ctx, args, row, place, `${key}`)
  if (refused) return { line: null, fault: refused, row }
  const household: NewHousehold = {
    id: uuid8(
      ctx.keys.hash(
        'source_key',
        ['household', countyOf(place), args.source, externalId === null ? 'address' : 'id', key].join('\u0000'),
      ),
    ),
    area: place,
    kind,
    use,
    estate: cleanText(row.estate, 60),
    building: cleanText(row.building, 60),
    door: cleanText(row.door, 60),
    addressSealed: null,
    addressHash: address === null ? null : addressHash(ctx.keys, address),
    source: args.source,
    externalId,
  }
  return { line: { row, household, person, warning }, fault: null }
}

/** A line without name and document is a household without members. A wrong number refuses the line; a wrong telephone or birth date is left out and told. */
function memberOf(
  ctx: Ctx,
  args: Args,
  row: RegisterRow,
  area: AreaCode,
  key: string,
): { person: PersonRow | null; warning: RowFault | null; refused: RowFault | null } {
  const read = readPerson(
    { name: row.name, document: row.document, documentKind: row.documentKind, phone: row.phone, birth: row.birth },
    { today: ctx.today, area, source: args.source, typed: args.typed },
  )
  const wrongNumber = read.faults.find((f) => f.column === 'document')
  if (wrongNumber) return { person: null, warning: null, refused: rowFault('document', wrongNumber.problem) }
  const first = read.faults[0]
  const warning = first ? rowFault(first.column, first.problem) : null
  const name = cleanText(row.name, 100)
  if (read.row.document === null && name === null) return { person: null, warning, refused: null }
  const externalId = name === null ? null : `household/${key}/${normaliseName(name)}`
  return {
    person: { ...read.row, address: cleanText(row.address, 400), externalId, placed: true },
    warning,
    refused: null,
  }
}

function differs(at: HouseholdRow, next: NewHousehold): boolean {
  const sameAddress =
    next.addressHash === null ? at.address_hash === null : at.address_hash?.equals(next.addressHash) === true
  return (
    !sameAddress ||
    at.area !== next.area ||
    at.kind !== next.kind ||
    at.use !== next.use ||
    at.estate !== next.estate ||
    at.building !== next.building ||
    at.door !== next.door
  )
}

type Written = { outcome: Map<string, Outcome>; elsewhere: Map<string, RowFault> }

/** A finer or another grid of the same village is the register's to say; another village is not (PEOPLE-24). */
function changesVillage(from: AreaCode, to: AreaCode): boolean {
  return !contains(from, to) && cutTo(from, VILLAGE_LEVEL) !== cutTo(to, VILLAGE_LEVEL)
}

/** PEOPLE-24: the door stays where it is; a person decides, or is told why it is not for this importer. */
async function holdElsewhere(ctx: Ctx, importer: Importer, at: HouseholdRow, next: NewHousehold): Promise<RowFault> {
  if (!importer.scope.some((mine) => contains(mine, at.area))) return faults.doorOutside
  const door = await lockDoorFields(ctx.db, at.id)
  if (!door) return faults.doorHeld
  const held = await hold(
    ctx,
    {
      thing: 'household',
      id: at.id,
      area: commonArea(at.area, next.area),
      emergencyId: door.emergency_id,
    },
    { field: 'area', current: door.area, from: '', to: next.area, why: 'register' },
    { at: ctx.now, note: next.source, by: importer },
  )
  return held.outcome === 'kept' ? faults.doorKept : faults.doorHeld
}

/** Writes the households; the outcome of each by its id, and why those that stand in another village were left alone. */
async function writeHouseholds(
  ctx: Ctx,
  { emergencyId, importer }: { emergencyId: string; importer: Importer },
  lines: readonly Line[],
): Promise<Written> {
  const { seal } = await ctx.keys.sealer(emergencyId, ctx.now)
  const wanted = new Map<string, NewHousehold>()
  for (const { household, row } of lines) {
    if (wanted.has(household.id)) continue
    const address = cleanText(row.address, 400)
    wanted.set(household.id, {
      ...household,
      addressSealed:
        address === null ? null : seal({ table: 'household', row: household.id, column: 'address_sealed' }, address),
    })
  }
  const counties = new Set([...wanted.values()].map((h) => countyOf(h.area)))
  const outcome = new Map<string, Outcome>()
  const elsewhere = new Map<string, RowFault>()
  for (const county of [...counties].toSorted()) {
    const mine = [...wanted.values()].filter((h) => countyOf(h.area) === county)
    const made = await insertHouseholds(ctx.db, mine, emergencyId, ctx.now)
    const rest = mine.filter((h) => !made.has(h.id))
    const known = await findHouseholds(
      ctx.db,
      county,
      rest.map((h) => h.id),
    )
    for (const h of rest) {
      const at = known.get(h.id)
      if (at && changesVillage(at.area, h.area)) elsewhere.set(h.id, await holdElsewhere(ctx, importer, at, h))
    }
    const changed = rest.filter((h) => {
      const at = known.get(h.id)
      return at !== undefined && !elsewhere.has(h.id) && differs(at, h)
    })
    countStock(ctx, 'stock_doors', [
      ...mine.filter((h) => made.has(h.id)).map((h) => ({ from: null, to: h.area })),
      ...(await updateHouseholds(ctx.db, changed, ctx.now)),
    ])
    await carryHouseholds(
      ctx,
      emergencyId,
      rest.filter((h) => !elsewhere.has(h.id)).map((h) => h.id),
    )
    for (const h of mine) outcome.set(h.id, made.has(h.id) ? 'created' : 'unchanged')
    for (const h of changed) outcome.set(h.id, 'updated')
    for (const [id, { reason }] of elsewhere) outcome.set(id, reason === faults.doorHeld.reason ? 'held' : 'rejected')
  }
  const isWritten = (result: Outcome): boolean => result === 'created' || result === 'updated'
  tellChanged(ctx, { householdIds: [...outcome].flatMap(([id, result]) => (isWritten(result) ? [id] : [])) })
  return { outcome, elsewhere }
}

/** A register speaks for its area: who lives elsewhere is told there and stands here under the register's word (PEOPLE-17). */
async function writeMembers(
  ctx: Ctx,
  { emergencyId, area }: { emergencyId: string; area: AreaCode },
  lines: readonly Line[],
): Promise<RowResult[]> {
  const members = lines.flatMap((line) => (line.person === null ? [] : [{ line, person: line.person }]))
  const registered = await registerPersons(
    ctx,
    members.map((m) => m.person),
    { emergencyId, within: [area] },
  )
  const results = members.map(({ line }, i): RowResult => {
    const r = registered[i]
    const problem = r?.problem
    return {
      row: line.row.row,
      outcome: r?.outcome ?? 'rejected',
      householdId: line.household.id,
      personId: r?.personId ?? null,
      fault: problem ? rowFault('name', problem) : line.warning,
    }
  })
  const places = results.flatMap((r, i) => {
    const line = members[i]?.line
    return !line || r.personId === null || r.outcome === 'held'
      ? []
      : [
          {
            personId: r.personId,
            area: line.household.area,
            householdId: line.household.id,
            kind: 'unknown' as const,
            address: cleanText(line.row.address, 400),
            source: line.household.source,
            placed: true,
            fromDay: ctx.today,
          },
        ]
  })
  const placed = await placePersons(ctx, places)
  return results.map((r) =>
    r.outcome === 'unchanged' && r.personId !== null && placed.get(r.personId) === 'moved'
      ? { ...r, outcome: 'updated' }
      : r,
  )
}

/** Imports one chunk of a register, in the caller's transaction. */
export async function importChunk(server: Server, ctx: Ctx, args: Args, importer: Importer): Promise<Answer> {
  const { id: emergencyId } = await requireOpenEmergency(ctx, args.area)
  const places = await placesOf(server, ctx, args)
  const read = args.rows.map((row) => readLine(ctx, args, row, places.get(row.row)))
  const lines = read.flatMap((r) => (r.line === null ? [] : [r.line]))
  const { outcome: households, elsewhere } = await writeHouseholds(ctx, { emergencyId, importer }, lines)
  const standing = lines.filter((line) => !elsewhere.has(line.household.id))
  const members = await writeMembers(ctx, { emergencyId, area: args.area }, standing)
  const left = lines.flatMap((line): RowResult[] => {
    const why = elsewhere.get(line.household.id)
    const outcome = why === faults.doorHeld ? 'held' : 'rejected'
    // Which door that is, is told to nobody who may not see it.
    return why ? [{ row: line.row.row, outcome, householdId: null, personId: null, fault: why }] : []
  })
  const empty = standing
    .filter((line) => line.person === null)
    .map((line): RowResult => ({
      row: line.row.row,
      outcome: households.get(line.household.id) ?? 'unchanged',
      householdId: line.household.id,
      personId: null,
      fault: line.warning,
    }))
  const rejected = read.flatMap((r): RowResult[] =>
    r.line === null ? [{ row: r.row.row, outcome: 'rejected', householdId: null, personId: null, fault: r.fault }] : [],
  )
  const count = <T>(items: Iterable<T>, is: (item: T) => boolean): number => [...items].filter(is).length
  const told = [...members, ...empty, ...left, ...rejected].filter(
    (r) => r.fault !== null || r.outcome === 'held' || r.outcome === 'updated',
  )
  return {
    households: {
      created: count(households.values(), (o) => o === 'created'),
      updated: count(households.values(), (o) => o === 'updated'),
      unchanged: count(households.values(), (o) => o === 'unchanged'),
      held: count(households.values(), (o) => o === 'held'),
    },
    people: {
      created: count(members, (r) => r.outcome === 'created'),
      updated: count(members, (r) => r.outcome === 'updated'),
      unchanged: count(members, (r) => r.outcome === 'unchanged'),
      held: count(members, (r) => r.outcome === 'held'),
    },
    rejected: rejected.length + count([...members, ...left], (r) => r.outcome === 'rejected'),
    rows: told.toSorted((a, b) => a.row - b.row).slice(0, MAX_ANSWERED),
  }
}

/** POST /api/households/import: bulk is a right of its own, and the area of the import lies in the importer's. */
export function importHouseholds(server: Server): Action<typeof ImportHouseholds, Answer> {
  return defineAction({
    name: 'household.import',
    input: ImportHouseholds,
    output: ImportAnswer,
    reach: 'all',
    run: async (ctx, args) => {
      requireInScope(ctx, args.area, 'area')
      permit(ctx, 'bulk', { kind: 'household', area: args.area })
      const answer = await importChunk(server, ctx, { ...args, typed: true }, ctx.actor)
      ctx.audit({
        verb: 'household.import',
        thing: 'household',
        thingId: args.source,
        area: args.area,
        detail: {
          rows: args.rows.length,
          households: answer.households,
          people: answer.people,
          rejected: answer.rejected,
        },
      })
      return answer
    },
  })
}
