/**
 * Changes of persons and doors from phones, field by field (SYNC-19, PEOPLE-19): what its writer saw is compared with what stands
 * there now. One transaction, the thing locked; each field has its own answer.
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { ChangeHousehold, ChangePerson, Changed } from '@weiwang/domain/people/change-api'
import type { ChangeField } from '@weiwang/domain/people/change-api'
import { judge } from '@weiwang/domain/people/change'
import type { LastEdit } from '@weiwang/domain/people/change'
import { mergeHazards } from '@weiwang/domain/people/hazards'
import { clearlyDifferent } from '@weiwang/domain/people/name'
import { readPhone } from '@weiwang/domain/people/phone'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { carryHouseholds, carryPersons } from './carry.ts'
import { doorChanges, doorWrite, personChanges, personNow, personWrite, positionOf } from './change-fields.ts'
import type { FieldChange, PersonNow } from './change-fields.ts'
import { hold, settle, valueHash } from './held.ts'
import type { Of } from './held.ts'
import { moveDoor } from './moving.ts'
import { cleanRow, keysOf } from './identity.ts'
import { findPerson, resolveAlias } from './store.ts'
import { lockDoorFields, lockPersonFields, madeHousehold, madePersons, writeDoor, writePerson } from './store-change.ts'
import type { DoorRow, PersonFieldsRow } from './store-change.ts'
import { findHousehold } from './store-household.ts'
import { addPersonKeys } from './store-register.ts'
import { tellChanged } from './told.ts'

type Values = ReadonlyMap<ChangeField, string>
type Edits = Record<string, { by: string; from: string; to: string; at: string }>

/** A person or door, locked: what stands there, and how it is written. */
export type Target = Of & {
  version: number
  edits: Edits
  now: ReadonlyMap<ChangeField, string>
  write: (values: Values, edits: Edits) => Promise<void>
}

const EditsRead = z.record(
  z.string(),
  z.object({ by: z.string(), from: z.string(), to: z.string(), at: z.iso.datetime({ offset: true }) }),
)

function editsOf(stored: unknown): Edits {
  return EditsRead.catch({}).parse(stored)
}

// ---- Persons --------------------------------------------------------------------------------------------------------------------

/** The record that an id means now: a phone's own id, then what was merged. */
export async function personMeant(ctx: Ctx, id: string): Promise<string> {
  const made = (await madePersons(ctx.db, [id])).get(id) ?? id
  return (await resolveAlias(ctx.db, [made])).get(made) ?? made
}

export async function doorMeant(ctx: Ctx, id: string): Promise<string> {
  return (await madeHousehold(ctx.db, id)) ?? id
}

export async function personTarget(ctx: Ctx, id: string): Promise<(Target & { person: PersonNow }) | null> {
  const row = await lockPersonFields(ctx.db, id)
  return row ? personTargetOf(ctx, row, await personNow(ctx, row)) : null
}

function personTargetOf(ctx: Ctx, row: PersonFieldsRow, person: PersonNow): Target & { person: PersonNow } {
  const id = row.person_id
  const now = new Map<ChangeField, string>([
    ['name', person.name],
    ['phone', person.phone],
    ['birth', person.birth],
    ['sex', person.sex],
  ])
  return {
    thing: 'person',
    id,
    area: row.home_area,
    emergencyId: row.emergency_id,
    version: row.version,
    edits: editsOf(row.edits),
    now,
    person,
    write: async (values, edits) => {
      const sealer = await ctx.keys.sealer(row.emergency_id, ctx.now)
      await writePerson(ctx.db, id, personWrite(ctx.keys, sealer, id, values), {
        edits,
        keyId: sealer.keyId,
        now: ctx.now,
      })
      if (row.doc_kind === 'none') await knowAs(ctx, id, row.home_area, new Map([...now, ...values]))
      tellChanged(ctx, { personIds: [id] })
      // Under the new name or telephone there may be somebody like that already (PEOPLE-8).
      ctx.emit('people.near', { personIds: [id] })
    },
  }
}

/** PEOPLE-6: who has no document is found again under the new name, telephone and birth date as well. */
async function knowAs(ctx: Ctx, personId: string, area: AreaCode, values: Values): Promise<void> {
  const phone = readPhone(values.get('phone') ?? '')
  const row = {
    document: null,
    name: values.get('name') ?? null,
    phone: phone.ok ? phone.value : null,
    birth: values.get('birth') || null,
    area,
    source: 'worker',
  }
  const hashes = keysOf(ctx.keys, cleanRow(row, ctx.root))
  await addPersonKeys(
    ctx.db,
    hashes.map((hash) => ({ hash, personId })),
  )
}

/** A document says the birth date and the sex, and another name under it is for a human (PEOPLE-7). */
function againstDocument(person: PersonNow, docKind: string, { field, current, to }: FieldChange): boolean {
  if (docKind === 'none') return false
  if (field === 'birth') return person.docBirth !== '' && person.docBirth === current
  if (field === 'sex') return person.docSex !== '' && person.docSex === current
  return field === 'name' && current !== '' && clearlyDifferent(current, to)
}

export const changePerson = defineAction({
  name: 'person.change',
  input: ChangePerson,
  output: Changed,
  reach: 'all',
  run: async (ctx, args) => {
    const id = await personMeant(ctx, args.id)
    const person = await findPerson(ctx.db, ctx.scope, id)
    if (!person) throw notFound({ thing: 'person' })
    permit(ctx, 'file', { kind: 'person', area: person.home_area })
    const { id: emergencyId } = await requireOpenEmergency(ctx, person.home_area)
    await carryPersons(ctx, emergencyId, [id])
    const target = await personTarget(ctx, id)
    if (!target) throw notFound({ thing: 'person' })
    const changes = personChanges(target.person, args.changes, ctx.today).map((change) => ({
      ...change,
      document: againstDocument(target.person, person.doc_kind, change),
    }))
    return changeFields(ctx, target, changes, args)
  },
})

// ---- Doors ----------------------------------------------------------------------------------------------------------------------

export async function doorTarget(ctx: Ctx, id: string): Promise<(Target & { door: DoorRow }) | null> {
  const door = await lockDoorFields(ctx.db, id)
  if (!door) return null
  const position = positionOf(door)
  const now = new Map<ChangeField, string>([
    ['kind', door.kind],
    ['use', door.use],
    ['estate', door.estate ?? ''],
    ['building', door.building ?? ''],
    ['door', door.door ?? ''],
    ['position', position === null ? '' : JSON.stringify(position)],
    ['area', door.area],
  ])
  return {
    thing: 'household',
    id,
    area: door.area,
    emergencyId: door.emergency_id,
    version: door.version,
    edits: editsOf(door.edits),
    now,
    door,
    write: async (values, edits) => {
      const area = values.get('area')
      if (area !== undefined && area !== door.area) await moveDoor(ctx, { id, from: door.area, to: area })
      await writeDoor(ctx.db, door, doorWrite(values), { edits, now: ctx.now })
      tellChanged(ctx, { householdIds: [id] })
    },
  }
}

export const changeHousehold = defineAction({
  name: 'household.change',
  input: ChangeHousehold,
  output: Changed,
  reach: 'all',
  run: async (ctx, args) => {
    const id = await doorMeant(ctx, args.id)
    const household = await findHousehold(ctx.db, ctx.scope, id)
    if (!household) throw notFound({ thing: 'household' })
    permit(ctx, 'file', { kind: 'household', area: household.area })
    const { id: emergencyId } = await requireOpenEmergency(ctx, household.area)
    await carryHouseholds(ctx, emergencyId, [id])
    const target = await doorTarget(ctx, id)
    if (!target) throw notFound({ thing: 'household' })
    const noted = await noteHazards(ctx, target.door, args.changes.hazards)
    const changes = doorChanges(target.door, args.changes).map((change) => ({ ...change, document: false }))
    const answer = await changeFields(ctx, target, changes, args)
    if (noted === null) return answer
    const fields = [...answer.fields, { field: 'hazards' as const, outcome: noted, conflictId: null }]
    return { ...answer, version: answer.version + (noted === 'applied' ? 1 : 0), fields }
  },
})

/** PEOPLE-22: word by word, so two people never contradict each other; null when nothing was said about it. */
async function noteHazards(
  ctx: Ctx,
  door: DoorRow,
  change: { from: string[]; to: string[] } | undefined,
): Promise<'applied' | 'same' | null> {
  if (change === undefined) return null
  const hazards = mergeHazards(door.hazards, change.from, change.to)
  const same = hazards.length === door.hazards.length && hazards.every((word) => door.hazards.includes(word))
  if (same) return 'same'
  await writeDoor(ctx.db, door, { hazards }, { edits: {}, now: ctx.now })
  tellChanged(ctx, { householdIds: [door.id] })
  return 'applied'
}

// ---- Both -----------------------------------------------------------------------------------------------------------------------

type Asked = FieldChange & { document: boolean }

async function changeFields(
  ctx: Ctx,
  target: Target,
  changes: readonly Asked[],
  made: { note?: string | undefined; occurredAt: string },
): Promise<Changed> {
  const at = new Date(Math.min(Date.parse(made.occurredAt), ctx.now.getTime()))
  const judged = changes.map((change) => ({ change, verdict: verdictOf(ctx, target, change, at) }))
  const applied = judged.filter(({ verdict }) => verdict === 'applied').map(({ change }) => change)
  if (applied.length > 0) {
    await target.write(
      new Map(applied.map(({ field, to }) => [field, to])),
      Object.fromEntries(applied.map((change) => [change.field, editOf(ctx, target, change, at)])),
    )
    for (const change of applied) await settle(ctx, target, change)
  }
  const fields: Changed['fields'] = []
  for (const { change, verdict } of judged) {
    const held =
      verdict === 'held'
        ? await hold(ctx, target, { ...change, why: change.document ? 'document' : 'changed' }, { at, note: made.note })
        : { outcome: verdict, conflictId: null }
    fields.push({ field: change.field, ...held })
  }
  ctx.audit({
    verb: `${target.thing}.change`,
    thing: target.thing,
    thingId: target.id,
    area: target.area,
    ids: target.thing === 'person' ? [target.id] : [],
    detail: Object.fromEntries(fields.map(({ field, outcome }) => [field, outcome])),
  })
  return { id: target.id, version: target.version + (applied.length > 0 ? 1 : 0), fields }
}

function hashed(ctx: Ctx, target: Target, field: ChangeField, value: string): string {
  return valueHash(ctx.keys, target.id, field, value).toString('base64url')
}

function verdictOf(ctx: Ctx, target: Target, change: Asked, at: Date): ReturnType<typeof judge> {
  const hash = (value: string): string => hashed(ctx, target, change.field, value)
  const stored = target.edits[change.field]
  const last: LastEdit | null = stored === undefined ? null : { ...stored, at: new Date(stored.at) }
  const verdict = judge({
    current: hash(change.current),
    from: hash(change.from),
    to: hash(change.to),
    by: ctx.actor.id,
    at,
    last,
  })
  return verdict === 'applied' && change.document ? 'held' : verdict
}

function editOf(ctx: Ctx, target: Target, change: Asked, at: Date): Edits[string] {
  return {
    by: ctx.actor.id,
    from: hashed(ctx, target, change.field, change.from),
    to: hashed(ctx, target, change.field, change.to),
    at: at.toISOString(),
  }
}
