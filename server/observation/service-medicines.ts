import { countyOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import {
  AddMedicine,
  EndMedicine,
  FoundMedicines,
  OpenedMedicine,
  OpenMedicine,
  RefillMedicine,
  SavedMedicine,
  SearchMedicine,
} from '@weiwang/domain/observation/service-api'
import type { ListMedicines, MedicineLine } from '@weiwang/domain/observation/service-api'
import { ASK_DAYS_BEFORE, daysLeft, medicineName, runsOut } from '@weiwang/domain/observation/service-medicine'
import { z } from 'zod'
import { areaNames, findOpenEmergency, requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { areasOf } from '../tasks/queries.ts'
import { doorsOf } from '../tasks/store.ts'
import { servicePlace, writeService } from './service-ask.ts'
import { permitServices } from './service-queries.ts'
import {
  insertMedicine,
  listMedicines,
  lockMedicine,
  medicinesDue,
  medicinesIn,
  medicinesNamed,
  setMedicine,
} from './service-store-lists.ts'
import type { MedicineRow } from './service-store-lists.ts'

/** SERV-11, SERV-12: medicines of chronic patients. What it is, is health data: sealed, and opened one at a time or by its name. */
const VILLAGE = 12
const MOST_OPENED = 500
const MOST_FOUND = 200
const CHUNK = 200

const Detail = z.object({
  name: z.string(),
  note: z.string().nullable(),
  stock: z.number(),
  perDay: z.number(),
  asOf: z.string(),
})
type Detail = z.output<typeof Detail>
const EMPTY: Detail = { name: '', note: null, stock: 0, perDay: 1, asOf: '' }
const place = (id: string) => ({ table: 'medicine', row: id, column: 'detail_sealed' })

function nameHash(ctx: Ctx, name: string): Buffer {
  return ctx.keys.hash('source_key', `medicine\u0000${medicineName(name)}`)
}

async function detailOf(ctx: Ctx, row: MedicineRow): Promise<Detail | null> {
  const text = await openText(ctx, place(row.id), row.detail_sealed)
  return text === null ? null : Detail.catch(EMPTY).parse(JSON.parse(text))
}

function seal(ctx: Ctx, row: { id: string; emergency_id: string }, detail: Detail): Promise<Buffer> {
  return ctx.keys.seal({ emergencyId: row.emergency_id, now: ctx.now, ...place(row.id) }, JSON.stringify(detail))
}

const saved = (ctx: Ctx, id: string, last: string) => ({ id, runsOut: last, daysLeft: daysLeft(last, ctx.today) })

/** Audit lines say which row and whose, never which medicine. */
function audit(ctx: Ctx, verb: string, row: { id: string; area: string }, detail: Record<string, unknown> = {}): void {
  ctx.audit({ verb, thing: 'medicine', thingId: row.id, area: row.area, detail })
}

export const addMedicine = defineAction({
  name: 'medicine.add',
  input: AddMedicine,
  output: SavedMedicine,
  reach: 'county',
  run: async (ctx, args) => {
    const at = await servicePlace(ctx, { personId: args.personId })
    permit(ctx, 'file', { kind: 'service', area: at.area })
    const { id: emergencyId } = await requireOpenEmergency(ctx, at.area)
    const { stock, perDay } = args
    const supply = { stock, perDay, asOf: args.asOf ?? ctx.today }
    const last = runsOut(supply)
    const made = await insertMedicine(ctx.db, {
      county: countyOf(at.area),
      id: args.id,
      area: at.area,
      emergency_id: emergencyId,
      person_id: at.personId ?? args.personId,
      household_id: at.householdId,
      masked: at.masked,
      name_hash: nameHash(ctx, args.name),
      detail_sealed: await seal(
        ctx,
        { id: args.id, emergency_id: emergencyId },
        { name: args.name, note: args.note ?? null, ...supply },
      ),
      runs_out: last,
      by: ctx.actor.id,
      made_at: ctx.now,
      updated_at: ctx.now,
    })
    const row = await lockMedicine(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'medicine' })
    audit(ctx, 'medicine.add', row, made ? {} : { repeat: true })
    return saved(ctx, row.id, row.runs_out)
  },
})

async function mine(ctx: Ctx, id: string): Promise<MedicineRow> {
  const row = await lockMedicine(ctx.db, ctx.scope, id)
  if (!row || row.ended_at !== null) throw notFound({ thing: 'medicine' })
  permit(ctx, 'file', { kind: 'service', area: row.area })
  return row
}

export const refillMedicine = defineAction({
  name: 'medicine.refill',
  input: RefillMedicine,
  output: SavedMedicine,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await mine(ctx, args.id)
    const { stock, perDay } = args
    const supply = { stock, perDay, asOf: args.asOf ?? ctx.today }
    const before = (await detailOf(ctx, row)) ?? EMPTY
    const last = runsOut(supply)
    await setMedicine(ctx.db, row, {
      detail_sealed: await seal(ctx, row, { ...before, ...supply }),
      runs_out: last,
      service_id: null,
      updated_at: ctx.now,
    })
    audit(ctx, 'medicine.refill', row)
    return saved(ctx, row.id, last)
  },
})

export const endMedicine = defineAction({
  name: 'medicine.end',
  input: EndMedicine,
  output: SavedMedicine,
  reach: 'county',
  run: async (ctx, { id }) => {
    const row = await mine(ctx, id)
    await setMedicine(ctx.db, row, { updated_at: ctx.now, ended_at: ctx.now })
    audit(ctx, 'medicine.end', row)
    return saved(ctx, row.id, row.runs_out)
  },
})

export const openMedicine = defineAction({
  name: 'medicine.open',
  input: OpenMedicine,
  output: OpenedMedicine,
  reach: 'county',
  secret: true,
  run: async (ctx, args) => {
    const row = await lockMedicine(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'medicine' })
    permit(ctx, 'open', { kind: 'service', area: row.area })
    ctx.audit({
      verb: 'medicine.open',
      thing: 'medicine',
      thingId: row.id,
      area: row.area,
      purpose: args.purpose,
      ids: [row.person_id],
    })
    const detail = await detailOf(ctx, row)
    const { stock, perDay, asOf } = detail ?? EMPTY
    return { id: row.id, name: detail?.name ?? null, note: detail?.note ?? null, stock, perDay, asOf }
  },
})

async function present(ctx: Ctx, rows: readonly MedicineRow[]): Promise<MedicineLine[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const doors = await doorsOf(
    ctx.db,
    rows.map((row) => ({ county: row.county, id: row.household_id })),
  )
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    masked: row.masked,
    householdId: row.household_id,
    door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    runsOut: row.runs_out,
    daysLeft: daysLeft(row.runs_out, ctx.today),
    serviceId: row.service_id,
  }))
}

/** Who runs out within so many days: `within` 0 are those who have enough for today at most. */
export async function readMedicines(ctx: Ctx, args: ListMedicines) {
  const areas = areasOf(ctx, args.area)
  permitServices(ctx, areas)
  const until = addDays(ctx.today, args.within + 1)
  const page = await listMedicines(ctx.db, { areas, until, personId: args.personId }, args)
  return { items: await present(ctx, page.rows), next: page.next, total: page.total }
}

export const searchMedicine = defineAction({
  name: 'medicine.search',
  input: SearchMedicine,
  output: FoundMedicines,
  reach: 'county',
  secret: true,
  run: async (ctx, args) => {
    const areas = areasOf(ctx, args.area)
    for (const area of areas) permit(ctx, 'open', { kind: 'service', area })
    const rows = areas.every((area) => area.length >= VILLAGE)
      ? await openedMatches(ctx, areas, args.name)
      : await medicinesNamed(ctx.db, areas, nameHash(ctx, args.name), MOST_FOUND + 1)
    const shown = rows.slice(0, MOST_FOUND)
    ctx.audit({
      verb: 'medicine.search',
      thing: 'medicine',
      thingId: '',
      area: areas[0] ?? ctx.actor.area,
      purpose: args.purpose,
      ids: shown.map((row) => row.person_id),
    })
    return { items: await present(ctx, shown), more: rows.length > MOST_FOUND }
  },
})

/** Within a village a part of the name finds: rows are opened and compared in memory. */
async function openedMatches(ctx: Ctx, areas: readonly string[], name: string): Promise<MedicineRow[]> {
  const wanted = medicineName(name)
  const found: MedicineRow[] = []
  for (const row of await medicinesIn(ctx.db, areas, MOST_OPENED)) {
    const detail = await detailOf(ctx, row)
    if (detail && medicineName(detail.name).includes(wanted)) found.push(row)
  }
  return found
}

/** SERV-12: before it runs out somebody is asked to bring more; once for each end, whenever the job runs. */
export async function askForMedicines(server: Server): Promise<void> {
  for (;;) {
    const n = await server.asSystem('medicine.ask', async (ctx) => {
      const rows = await medicinesDue(ctx.db, addDays(ctx.today, ASK_DAYS_BEFORE), CHUNK)
      for (const row of rows) await askOne(ctx, row)
      return rows.length
    })
    if (n < CHUNK) return
  }
}

async function askOne(ctx: Ctx, row: MedicineRow): Promise<void> {
  if (!(await findOpenEmergency(ctx, row.area))) {
    await setMedicine(ctx.db, row, { asked_for: row.runs_out, updated_at: row.updated_at })
    return
  }
  const detail = await detailOf(ctx, row)
  const id = idFrom(`medicine\u0000${row.id}\u0000${row.runs_out}`)
  await writeService(
    ctx,
    { area: row.area, householdId: row.household_id, personId: row.person_id, masked: row.masked },
    {
      id,
      kind: 'medicine',
      urgency: 'usual',
      asker: 'medicine',
      askedBy: row.by,
      medicineId: row.id,
      words: detail === null ? undefined : [detail.name, detail.note].filter((part) => part !== null).join('；'),
    },
  )
  await setMedicine(ctx.db, row, { asked_for: row.runs_out, service_id: id, updated_at: row.updated_at })
}
