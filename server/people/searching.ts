/** Search (PEOPLE-10): exact hashes anywhere in the scope; within a community rows are opened and compared in memory. */
import { levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { SearchAnswer, SearchPeople } from '@weiwang/domain/people/api'
import { readBirth } from '@weiwang/domain/people/birth'
import { readDocument } from '@weiwang/domain/people/document'
import { normaliseAddress } from '@weiwang/domain/people/household'
import { compareNames, foldPinyin, nameInitials, namePinyin, normaliseName } from '@weiwang/domain/people/name'
import { readPhone } from '@weiwang/domain/people/phone'
import { guessSearch } from '@weiwang/domain/people/search'
import type { SearchBy } from '@weiwang/domain/people/search'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { z } from 'zod'
import { areasFor } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { guestIds } from './elsewhere.ts'
import { addressHash, documentId, nameHash } from './identity.ts'
import { openSealed } from './identities.ts'
import { findSealed, listPersons, livesAt, personIdsIn, personLines, resolveAlias, splitCursor } from './store.ts'
import type { Cut } from './store.ts'

type Args = z.output<typeof SearchPeople>
type By = Exclude<SearchBy, 'auto'>

/** Rows that are opened for one search at most. */
export const MAX_OPENED = 20_000
const VILLAGE_LEVEL = 5

export async function searchPeople(ctx: Ctx, args: Args): Promise<SearchAnswer> {
  const areas = areasFor(ctx, args.area)
  const by = args.by === 'auto' ? guessSearch(args.text, ctx.today) : args.by
  if (areas.length > 0 && areas.every((area) => levelOf(area) >= VILLAGE_LEVEL)) {
    const ids = await personIdsIn(ctx.db, areas, MAX_OPENED + 1)
    if (ids.length <= MAX_OPENED) return searchCommunity(ctx, areas, ids, by, args)
  }
  const where = await exact(ctx, by, args.text)
  const page = where === null ? { items: [], next: null, total: 0 } : await listPersons(ctx, areas, where, args)
  return { ...page, by, loose: false }
}

function phoneOf(text: string): string | null {
  const read = readPhone(text)
  return read.ok ? read.value.e164 : null
}

function birthOf(ctx: Ctx, text: string): string | null {
  const read = readBirth(text, ctx.today)
  return read.ok ? (read.value?.value ?? null) : null
}

/** The condition of an exact search; null when the text cannot be what it is said to be, which finds nobody. */
async function exact(ctx: Ctx, by: By, text: string): Promise<RawBuilder<boolean> | null> {
  const { keys } = ctx
  switch (by) {
    case 'name':
      return sql`p.name_hash = ${nameHash(keys, text)}`
    case 'pinyin':
      // A Latin name is stored under its own letters, so both readings are asked for.
      return sql`(p.pinyin_hash = any(${[foldPinyin(text), namePinyin(text)].map((t) => keys.hash('pinyin', t))}::bytea[]))`
    case 'initials':
      return sql`p.initials_hash = ${keys.hash('initials', text.toLowerCase().replace(/[^a-z]/g, ''))}`
    case 'phone': {
      const phone = phoneOf(text)
      return phone === null ? null : sql`p.phone_hash = ${keys.hash('phone', phone)}`
    }
    case 'phone_end': {
      const end = text.normalize('NFKC').replace(/\D/g, '').slice(-4)
      return end.length === 4 ? sql`p.phone4_hash = ${keys.hash('phone4', end)}` : null
    }
    case 'birth': {
      const birth = birthOf(ctx, text)
      return birth === null ? null : sql`p.birth_hash = ${keys.hash('birth', birth)}`
    }
    case 'document': {
      const document = readDocument(text, { today: ctx.today, typed: true })
      if (!document.ok) return null
      const id = documentId(keys, document.value)
      const ids = [(await resolveAlias(ctx.db, [id])).get(id) ?? id, ...guestIds(keys, id)]
      return sql`p.person_id = any(${ids}::uuid[])`
    }
    case 'address':
      return livesAt(addressHash(keys, text))
  }
}

/** Part of a name and part of an address look alike: what was not said to be a name and is none is sought as an address. */
async function searchCommunity(
  ctx: Ctx,
  areas: readonly AreaCode[],
  ids: readonly string[],
  by: By,
  args: Args,
): Promise<SearchAnswer> {
  const page = await searchInMemory(ctx, areas, ids, by, args)
  if (page.total > 0 || args.by !== 'auto' || by !== 'name') return { ...page, by, loose: true }
  return { ...(await searchInMemory(ctx, areas, ids, 'address', args)), by: 'address', loose: true }
}

type Test = (opened: {
  name: string | null
  phone: string | null
  birth: string | null
  address: string | null
  number: string | null
}) => boolean

function loosely(ctx: Ctx, by: By, text: string): Test {
  const name = normaliseName(text)
  const latin = foldPinyin(text)
  const digits = text.normalize('NFKC').replace(/\D/g, '')
  const address = normaliseAddress(text)
  const birth = birthOf(ctx, text)
  const number = text.normalize('NFKC').replace(/\s/g, '').toUpperCase()
  switch (by) {
    case 'name':
      return (p) =>
        p.name !== null &&
        name !== '' &&
        (normaliseName(p.name).includes(name) || ['same_sound', 'near'].includes(compareNames(p.name, name)))
    case 'pinyin':
      return (p) =>
        p.name !== null && latin !== '' && (namePinyin(p.name).startsWith(latin) || nameInitials(p.name) === latin)
    case 'initials':
      return (p) => p.name !== null && latin !== '' && nameInitials(p.name).startsWith(latin)
    case 'phone':
    case 'phone_end':
      return (p) =>
        p.phone !== null &&
        digits.length >= 3 &&
        (p.phone.split(';')[0] ?? '').endsWith(digits.replace(/^86(?=1\d{10}$)/, ''))
    case 'birth':
      return (p) => p.birth !== null && birth !== null && p.birth.startsWith(birth)
    case 'document':
      return (p) => p.number === number
    case 'address':
      return (p) => p.address !== null && address !== '' && normaliseAddress(p.address).includes(address)
  }
}

async function searchInMemory(
  ctx: Ctx,
  areas: readonly AreaCode[],
  ids: readonly string[],
  by: By,
  args: Args,
): Promise<Cut<SearchAnswer['items'][number]>> {
  const fits = loosely(ctx, by, args.text)
  const hits: { area: string; id: string }[] = []
  for (let i = 0; i < ids.length; i += 2000) {
    for (const row of await findSealed(ctx.db, areas, ids.slice(i, i + 2000))) {
      const opened = await openSealed(ctx, pick(row, by))
      if (fits({ ...opened, number: opened.document?.number ?? null }))
        hits.push({ area: row.home_area, id: row.person_id })
    }
  }
  hits.sort((a, b) => (`${a.area}~${a.id}` < `${b.area}~${b.id}` ? -1 : 1))
  const at = splitCursor(args.cursor)
  const rest = at === null ? hits : hits.filter((hit) => `${hit.area}~${hit.id}` > `${at[0]}~${at[1]}`)
  const page = rest.slice(0, args.limit)
  const lines = await personLines(
    ctx.db,
    areas,
    page.map((hit) => hit.id),
  )
  const last = page.at(-1)
  return {
    items: page.flatMap((hit) => lines.get(hit.id) ?? []),
    next: rest.length > args.limit && last ? `${last.area}~${last.id}` : null,
    total: hits.length,
  }
}

/** Only the column that is searched is opened. */
function pick<T extends Parameters<typeof openSealed>[1]>(row: T, by: By): T {
  const names = by === 'name' || by === 'pinyin' || by === 'initials'
  const phones = by === 'phone' || by === 'phone_end'
  return {
    ...row,
    name_sealed: names ? row.name_sealed : null,
    phone_sealed: phones ? row.phone_sealed : null,
    birth_sealed: by === 'birth' ? row.birth_sealed : null,
    doc_sealed: by === 'document' ? row.doc_sealed : null,
    ...(by === 'address' ? {} : { residence_address: null, unresolved_address: null, pending_address: null }),
  }
}
