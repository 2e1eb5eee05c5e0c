/** What is hashed and sealed of a person, in one place: the same text always gives the same hash. */
import { maskName } from '@weiwang/domain/access/mask'
import { isAreaCode } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { IdDocument } from '@weiwang/domain/people/document'
import { normaliseAddress } from '@weiwang/domain/people/household'
import { nameInitials, namePinyin, normaliseName } from '@weiwang/domain/people/name'
import type { Phone } from '@weiwang/domain/people/phone'
import { plain } from '@weiwang/domain/people/reading'
import type { Keyring } from '../core/keys/keyring.ts'
import type { NewPerson } from './store-register.ts'

export type PersonRow = {
  document: IdDocument | null
  name: string | null
  phone: Phone | null
  /** `1963-05-17`, `1963-05` or `1963` (domain/people/birth). */
  birth?: string | null | undefined
  sex?: number | undefined
  address?: string | null | undefined
  /** The lowest area known before the address is resolved: the county of the batch, the grid of the register. */
  area: AreaCode
  /** The id of the feed or register. */
  source: string
  /** The source's own id of this person, stable from delivery to delivery. */
  externalId?: string | null | undefined
  /** The caller places the person itself (a register): no address waits for stage two. */
  placed?: boolean | undefined
}

export type Sealer = {
  keyId: string
  seal: (place: { table: string; row: string; column: string }, text: string) => Buffer
}

const MAX_NAME = 100
const MAX_ADDRESS = 400
// eslint-disable-next-line no-control-regex -- exactly these are what a database text cannot hold
const CONTROL = /[\u0000-\u001f\u007f]/g

/** Text that a database can hold, whatever the cell held; null when nothing is left. */
export function cleanText(text: string | null | undefined, max: number): string | null {
  if (text === null || text === undefined) return null
  const t = plain(text.replace(CONTROL, ' ')).replace(/\s+/g, ' ').trim()
  return t === '' ? null : Array.from(t).slice(0, max).join('')
}

export type CleanRow = {
  document: IdDocument | null
  name: string | null
  phone: Phone | null
  birth: string | null
  sex: number
  address: string | null
  area: AreaCode
  source: string
  externalId: string | null
  placed: boolean
}

export function cleanRow(row: PersonRow, root: AreaCode): CleanRow {
  const name = cleanText(row.name, MAX_NAME)
  return {
    document: row.document,
    name: name !== null && normaliseName(name) !== '' ? name : null,
    phone: row.phone,
    birth: row.document?.birth ?? row.birth ?? null,
    sex: row.document?.sex ?? row.sex ?? 0,
    address: cleanText(row.address, MAX_ADDRESS),
    area: isAreaCode(row.area) && row.area !== '' ? row.area : root,
    source: cleanText(row.source, 60) ?? 'unknown',
    externalId: cleanText(row.externalId, 200),
    placed: row.placed ?? false,
  }
}

export function documentId(keys: Keyring, document: IdDocument): string {
  return keys.personId(document.kind, document.country, document.number)
}

/**
 * What a person without a document is known by, strongest first: the source's own id; name with telephone and birth date, or
 * with the address when both are missing. Empty: too little to know who it is (PEOPLE-6).
 */
export function keysOf(keys: Keyring, row: CleanRow): Buffer[] {
  const found: Buffer[] = []
  if (row.externalId !== null)
    found.push(keys.hash('source_key', `person\u0000ext\u0000${row.source}\u0000${row.externalId}`))
  const name = row.name === null ? '' : normaliseName(row.name)
  const phone = row.phone?.e164 ?? ''
  const birth = row.birth ?? ''
  const address = phone === '' && birth === '' && row.address !== null ? normaliseAddress(row.address) : ''
  if (phone !== '' || (name !== '' && (birth !== '' || address !== ''))) {
    found.push(keys.hash('source_key', `person\u0000who\u0000${name}\u0000${phone}\u0000${birth}\u0000${address}`))
  }
  return found
}

export function nameHash(keys: Keyring, name: string): Buffer {
  return keys.hash('name', normaliseName(name))
}

export function addressHash(keys: Keyring, address: string): Buffer {
  return keys.hash('address', normaliseAddress(address))
}

export function documentText(document: IdDocument): string {
  return JSON.stringify([document.kind, document.country, document.number])
}

/** Every hash and sealed value of one row under its person's id. `known` holds the telephone and the address, in this order. */
export function sealPerson(keys: Keyring, sealer: Sealer, personId: string, row: CleanRow): NewPerson {
  const { name, phone, birth, document } = row
  const seal = (table: string, column: string, text: string | null): Buffer | null =>
    text === null ? null : sealer.seal({ table, row: personId, column }, text)
  const known: Buffer[] = []
  const phoneHash = phone === null ? null : keys.hash('phone', phone.e164)
  if (phoneHash) known.push(phoneHash)
  if (row.address !== null) known.push(addressHash(keys, row.address))
  return {
    personId,
    area: row.area,
    masked: name === null ? '*' : maskName(name),
    nameSealed: seal('person', 'name_sealed', name),
    nameHash: name === null ? null : nameHash(keys, name),
    pinyinHash: name === null ? null : keys.hash('pinyin', namePinyin(name)),
    initialsHash: name === null ? null : keys.hash('initials', nameInitials(name)),
    phoneHash,
    phone4Hash: phone === null ? null : keys.hash('phone4', phone.last4),
    birthHash: birth === null ? null : keys.hash('birth', birth),
    birthYearHash: birth === null ? null : keys.hash('birth', birth.slice(0, 4)),
    birthPrecision: birth?.length ?? 0,
    docKind: document?.kind ?? 'none',
    sex: row.sex,
    source: row.source,
    docSealed: seal('identity', 'doc_sealed', document === null ? null : documentText(document)),
    phoneSealed: seal('identity', 'phone_sealed', phone?.e164 ?? null),
    birthSealed: seal('identity', 'birth_sealed', birth),
    known,
  }
}
