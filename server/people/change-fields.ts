/** Fields of persons and doors as they are compared and written when a phone changes them (PEOPLE-19). */
import { maskName } from '@weiwang/domain/access/mask'
import type { Day } from '@weiwang/domain/core/day'
import { Problem } from '@weiwang/domain/core/problem'
import { readBirth } from '@weiwang/domain/people/birth'
import type { ChangeHousehold, ChangePerson, ChangeField } from '@weiwang/domain/people/change-api'
import { roundPosition } from '@weiwang/domain/people/change'
import type { Position } from '@weiwang/domain/people/change'
import { readDocument } from '@weiwang/domain/people/document'
import { nameInitials, namePinyin, normaliseName } from '@weiwang/domain/people/name'
import { readPhone } from '@weiwang/domain/people/phone'
import { nameEmpty } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import type { Keyring } from '../core/keys/keyring.ts'
import { cleanText, nameHash } from './identity.ts'
import type { Sealer } from './identity.ts'
import { openText } from './opening.ts'
import type { DoorRow, DoorWrite, PersonFieldsRow, PersonWrite } from './store-change.ts'

/** One field as it is compared: texts in their normal form, '' is nothing. */
export type FieldChange = { field: ChangeField; current: string; from: string; to: string }

// ---- Persons --------------------------------------------------------------------------------------------------------------------

export type PersonNow = { name: string; phone: string; birth: string; sex: string; docBirth: string; docSex: string }

const DocumentText = z.tuple([z.string(), z.string(), z.string()])

/** Opened for comparing; nobody is shown anything here. */
export async function personNow(ctx: Ctx, row: PersonFieldsRow): Promise<PersonNow> {
  const open = async (table: string, column: string, sealed: Buffer | null): Promise<string> =>
    (await openText(ctx, { table, row: row.person_id, column }, sealed)) ?? ''
  const text = await open('identity', 'doc_sealed', row.doc_sealed)
  const document = text === '' ? null : documentOf(text, ctx.today)
  return {
    name: await open('person', 'name_sealed', row.name_sealed),
    phone: await open('identity', 'phone_sealed', row.phone_sealed),
    birth: await open('identity', 'birth_sealed', row.birth_sealed),
    sex: String(row.sex),
    docBirth: document?.birth ?? '',
    docSex: document?.sex ? String(document.sex) : '',
  }
}

function documentOf(text: string, today: Day): { birth: string | null; sex: number | null } | null {
  const [kind, country, number] = DocumentText.parse(JSON.parse(text))
  const read = readDocument(number, { today, typed: true, kind: kindOf(kind), country: country || undefined })
  return read.ok ? { birth: read.value.birth ?? null, sex: read.value.sex ?? null } : null
}

function kindOf(kind: string): Parameters<typeof readDocument>[1]['kind'] {
  const kinds = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const
  return kinds.find((one) => one === kind)
}

/** A telephone that the phone showed is in its normal form already; one that cannot be read is compared as it stands. */
function phoneSeen(text: string | null): string {
  const read = readPhone(text ?? '')
  return read.ok ? read.value.e164 : (cleanText(text, 60) ?? '')
}

/** @throws what the telephone's reader says */
function phoneWanted(text: string | null): string {
  const read = readPhone(text ?? '')
  if (read.ok) return read.value.e164
  if (read.problem.code === 'PHONE_EMPTY') return ''
  throw new Problem({ ...read.problem, at: 'changes.phone.to' })
}

function birthWanted(text: string | null, today: Day): string {
  const read = readBirth(text ?? '', today)
  if (read.ok) return read.value?.value ?? ''
  throw new Problem({ ...read.problem, at: 'changes.birth.to' })
}

function birthSeen(text: string | null, today: Day): string {
  const read = readBirth(text ?? '', today)
  return read.ok ? (read.value?.value ?? '') : (cleanText(text, 30) ?? '')
}

/** Names that are written alike count as one; only a writer who saw the present spelling may change the spelling. */
function nameChange(current: string, seen: string | null, wanted: string | null): FieldChange {
  const to = cleanText(wanted, 100) ?? ''
  if (normaliseName(to) === '') throw nameEmpty({})
  const alike = (text: string | null) => normaliseName(text ?? '') === normaliseName(current)
  const from = alike(seen) ? current : (cleanText(seen, 100) ?? '')
  return { field: 'name', current, from, to: from !== current && alike(to) ? current : to }
}

/** What the phone wants, field by field. @throws Problem when a value cannot be read */
export function personChanges(now: PersonNow, changes: ChangePerson['changes'], today: Day): FieldChange[] {
  const { name, phone, birth, sex } = changes
  const found: FieldChange[] = []
  if (name) found.push(nameChange(now.name, name.from, name.to))
  if (phone) found.push({ field: 'phone', current: now.phone, from: phoneSeen(phone.from), to: phoneWanted(phone.to) })
  if (birth)
    found.push({
      field: 'birth',
      current: now.birth,
      from: birthSeen(birth.from, today),
      to: birthWanted(birth.to, today),
    })
  if (sex) found.push({ field: 'sex', current: now.sex, from: String(sex.from), to: String(sex.to) })
  return found
}

/** Hashes and sealed values of the fields that are written. */
export function personWrite(
  keys: Keyring,
  sealer: Sealer,
  id: string,
  values: ReadonlyMap<ChangeField, string>,
): PersonWrite {
  const write: PersonWrite = {}
  const [name, phone, birth, sex] = [values.get('name'), values.get('phone'), values.get('birth'), values.get('sex')]
  const sealIf = (table: string, column: string, text: string): Buffer | null =>
    text === '' ? null : sealer.seal({ table, row: id, column }, text)
  if (name !== undefined)
    write.name = {
      masked: maskName(name),
      sealed: sealer.seal({ table: 'person', row: id, column: 'name_sealed' }, name),
      nameHash: nameHash(keys, name),
      pinyinHash: keys.hash('pinyin', namePinyin(name)),
      initialsHash: keys.hash('initials', nameInitials(name)),
    }
  if (phone !== undefined) {
    const read = readPhone(phone)
    write.phone = {
      sealed: sealIf('identity', 'phone_sealed', phone),
      hash: phone === '' ? null : keys.hash('phone', phone),
      last4: read.ok ? keys.hash('phone4', read.value.last4) : null,
    }
  }
  if (birth !== undefined)
    write.birth = {
      sealed: sealIf('identity', 'birth_sealed', birth),
      hash: birth === '' ? null : keys.hash('birth', birth),
      year: birth === '' ? null : keys.hash('birth', birth.slice(0, 4)),
      precision: birth.length,
    }
  if (sex !== undefined) write.sex = Number(sex)
  return write
}

// ---- Doors ----------------------------------------------------------------------------------------------------------------------

const PositionText = z.object({ lat: z.number(), lng: z.number(), accuracy: z.number() })

function positionText(position: Position | null): string {
  return position === null ? '' : JSON.stringify(roundPosition(position))
}

export function positionOf(row: Pick<DoorRow, 'lat' | 'lng' | 'accuracy'>): Position | null {
  const { lat, lng, accuracy } = row
  return lat === null || lng === null || accuracy === null ? null : { lat, lng, accuracy }
}

/** Everything but hazards, which are merged word by word. */
export function doorChanges(row: DoorRow, changes: ChangeHousehold['changes']): FieldChange[] {
  const found: FieldChange[] = []
  for (const field of ['kind', 'use'] as const) {
    const change = changes[field]
    if (change) found.push({ field, current: row[field], from: change.from, to: change.to })
  }
  for (const field of ['estate', 'building', 'door'] as const) {
    const change = changes[field]
    const text = (value: string | null): string => cleanText(value, 60) ?? ''
    if (change) found.push({ field, current: text(row[field]), from: text(change.from), to: text(change.to) })
  }
  const { position } = changes
  if (position) {
    const current = positionText(positionOf(row))
    // What a visit has noted by the way gives way to a hand.
    const from = row.position_by === 'visit' ? current : positionText(position.from)
    found.push({ field: 'position', current, from, to: positionText(position.to) })
  }
  return found
}

export function doorWrite(values: ReadonlyMap<ChangeField, string>): DoorWrite {
  const write: DoorWrite = {}
  for (const field of ['kind', 'use'] as const) {
    const value = values.get(field)
    if (value !== undefined) write[field] = value
  }
  for (const field of ['estate', 'building', 'door'] as const) {
    const value = values.get(field)
    if (value !== undefined) write[field] = value === '' ? null : value
  }
  const position = values.get('position')
  if (position !== undefined) write.position = position === '' ? null : PositionText.parse(JSON.parse(position))
  return write
}
