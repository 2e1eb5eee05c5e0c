/**
 * Registration of persons: the one way by which a feed, a register or a form makes or completes a person. Set-based (about
 * twelve statements for a thousand rows), harmless to repeat and to run in parallel (cases 13, 24, 64, 76).
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { ProblemBody } from '@weiwang/domain/core/problem'
import { commonArea } from '@weiwang/domain/people/address/resolve'
import type { Outcome } from '@weiwang/domain/people/api'
import { birthsAgree } from '@weiwang/domain/people/birth'
import { matchPersons, orderedPair } from '@weiwang/domain/people/match'
import type { Known } from '@weiwang/domain/people/match'
import { clearlyDifferent } from '@weiwang/domain/people/name'
import { tooLittle } from '@weiwang/domain/people/problems'
import { requireOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { carryPersons } from './carry.ts'
import { askHome, registerAs } from './elsewhere.ts'
import type { Away } from './elsewhere.ts'
import { addressHash, cleanRow, documentId, keysOf, nameHash, sealPerson } from './identity.ts'
import type { CleanRow, PersonRow, Sealer } from './identity.ts'
import { openText } from './opening.ts'
import { countStock } from './stock.ts'
import type { NearProbe, NewReview, PersonChange, ProbeRow, StoredPerson, UnresolvedRow } from './store-register.ts'
import {
  addPersonKeys,
  addReviews,
  closeUnresolved,
  findCandidates,
  findPersonKeys,
  findProbes,
  findStored,
  insertPersons,
  putPending,
  putUnresolved,
  updatePersons,
} from './store-register.ts'

export type { PersonRow } from './identity.ts'
import { tellChanged } from './told.ts'

export type Registered = {
  /** Null only for a rejected row. */
  personId: string | null
  outcome: Outcome
  problem?: ProblemBody
}

export type RegisterOptions = {
  /** The open emergency; looked up when it is not given. */
  emergencyId?: string
  /**
   * The areas that this registration sees and speaks for: who lives outside them and is known there is somebody new here
   * (PEOPLE-17). Not given by a feed, whose facts go to the person wherever they live.
   */
  within?: readonly AreaCode[]
  /** Look for near records (PEOPLE-8) in the same transaction; `false` (bulk loading) leaves it to a reaction right after. */
  near?: boolean
}

/**
 * The person ids of rows, without writing the persons: what the fact importer needs in its first stage. A document gives its
 * id by computation; without one the keys of PEOPLE-6 are looked up and, when new, get a random id. Null: too little is known.
 */
export async function identifyPersons(ctx: Ctx, rows: readonly PersonRow[]): Promise<(string | null)[]> {
  return identify(
    ctx,
    rows.map((row) => cleanRow(row, ctx.root)),
  )
}

async function identify(ctx: Ctx, rows: readonly CleanRow[]): Promise<(string | null)[]> {
  const keyed = rows.map((row) => (row.document === null ? keysOf(ctx.keys, row) : []))
  const hashes = new Map(keyed.flat().map((hash) => [hash.toString('hex'), hash]))
  const known = await findPersonKeys(ctx.db, [...hashes.values()])
  const fresh: { hash: Buffer; personId: string }[] = []
  for (const keys of keyed) {
    const missing = keys.filter((hash) => !known.has(hash.toString('hex')))
    if (missing.length === 0) continue
    const personId =
      keys.map((hash) => known.get(hash.toString('hex'))).find((id) => id !== undefined) ?? newId(ctx.now)
    for (const hash of missing) {
      known.set(hash.toString('hex'), personId)
      fresh.push({ hash, personId })
    }
  }
  if (fresh.length > 0) {
    await addPersonKeys(ctx.db, fresh)
    // Whoever wrote the same key in the same moment has the say; both then use one id.
    for (const [hash, id] of await findPersonKeys(
      ctx.db,
      fresh.map((f) => f.hash),
    ))
      known.set(hash, id)
  }
  return rows.map((row, i) => {
    if (row.document !== null) return documentId(ctx.keys, row.document)
    return keyed[i]?.map((hash) => known.get(hash.toString('hex'))).find((id) => id !== undefined) ?? null
  })
}

type Batch = {
  ctx: Ctx
  sealer: Sealer
  common: { emergencyId: string; keyId: string; now: Date }
  results: Registered[]
}
type Indexed = { i: number; row: CleanRow; personId: string }

/**
 * Registers persons. Per row, in the order given: `created`, `updated` (something unknown was filled in, or a telephone or
 * address not told before), `unchanged`, `held` (the document is known under a clearly different name, PEOPLE-7), `rejected`.
 * A value that cannot be used is left out; it never breaks the batch.
 * @throws noOpenEmergency
 */
export async function registerPersons(
  ctx: Ctx,
  rows: readonly PersonRow[],
  options: RegisterOptions = {},
): Promise<Registered[]> {
  const emergencyId = options.emergencyId ?? (await requireOpenEmergency(ctx)).id
  const sealer = await ctx.keys.sealer(emergencyId, ctx.now)
  const clean = rows.map((row) => cleanRow(row, ctx.root))
  const ids = await identify(ctx, clean)
  const batch: Batch = {
    ctx,
    sealer,
    common: { emergencyId, keyId: sealer.keyId, now: ctx.now },
    results: ids.map((personId) =>
      personId === null
        ? { personId, outcome: 'rejected', problem: tooLittle({}).body }
        : { personId, outcome: 'unchanged' },
    ),
  }
  const asked = clean.flatMap((row, i): Indexed[] => {
    const personId = ids[i]
    return personId === null || personId === undefined ? [] : [{ i, row, personId }]
  })
  const { indexed, created } = await create(batch, asked, options.within)
  // A later row about the same person completes the one just made, like a row of another file.
  const rest = indexed.filter((x) => !created.has(x.i))
  const touched = await completeKnown(batch, rest)
  const looked = [...new Set([...created.values(), ...touched])]
  tellChanged(ctx, { personIds: touched })
  if (options.near !== false) await proposeNear(ctx, looked)
  else if (looked.length > 0) ctx.emit('people.near', { personIds: looked })
  return batch.results
}

type Created = Map<number, string>

/** The rows under the ids that they are registered as, and the new persons among them by row number. */
async function create(
  batch: Batch,
  asked: readonly Indexed[],
  within: readonly AreaCode[] | undefined,
): Promise<{ indexed: Indexed[]; created: Created }> {
  const { ctx, common } = batch
  let stored = await findStored(ctx.db, [...new Set(asked.map((x) => x.personId))])
  const away = new Map<string, Away>()
  const renamed = async (rows: readonly Indexed[], ids: readonly string[]): Promise<Indexed[]> => {
    if (within === undefined || ids.length === 0) return [...rows]
    const found = await registerAs(ctx, within, ids)
    for (const [guest, of] of found.away) away.set(guest, of)
    return rows.map((x) => {
      const personId = found.as.get(x.personId) ?? x.personId
      if (personId !== x.personId) batch.results[x.i] = { personId, outcome: 'unchanged' }
      return { ...x, personId }
    })
  }
  let indexed = await renamed(asked, [...stored.keys()])
  const used = [...new Set(indexed.map((x) => x.personId))]
  if (away.size > 0) stored = await findStored(ctx.db, used)
  if ([...stored.values()].some((at) => at.emergency_id !== common.emergencyId)) {
    await carryPersons(ctx, common.emergencyId, used)
    stored = await findStored(ctx.db, used)
  }
  const created = await createNew(batch, indexed, stored)
  const lost = used.filter((id) => !stored.has(id) && ![...created.values()].includes(id))
  if (within !== undefined && lost.length > 0) {
    // Somebody else has made them in the same moment, perhaps elsewhere.
    indexed = await renamed(indexed, lost)
    const again = await findStored(ctx.db, [...new Set(indexed.map((x) => x.personId))])
    for (const [i, id] of await createNew(batch, indexed, again)) created.set(i, id)
  }
  await askHomes(batch, indexed, created, away)
  return { indexed, created }
}

async function askHomes(
  batch: Batch,
  indexed: readonly Indexed[],
  created: Created,
  away: ReadonlyMap<string, Away>,
): Promise<void> {
  const { ctx, sealer } = batch
  const made = indexed.flatMap(({ i, row, personId }) => {
    const of = away.get(personId)
    return of && created.get(i) === personId ? [{ guest: personId, of, row }] : []
  })
  if (made.length > 0) await addReviews(ctx.db, await askHome(ctx, sealer, made), ctx.now)
}

/** Inserts the first row of every id that is not there yet; returns them by row number. */
async function createNew(
  batch: Batch,
  rows: readonly Indexed[],
  stored: ReadonlyMap<string, StoredPerson>,
): Promise<Created> {
  const { ctx, sealer, common } = batch
  const first = new Map<string, Indexed>()
  for (const x of rows) if (!stored.has(x.personId) && !first.has(x.personId)) first.set(x.personId, x)
  const people = [...first.values()].map((x) => ({ x, person: sealPerson(ctx.keys, sealer, x.personId, x.row) }))
  const made = await insertPersons(
    ctx.db,
    people.map(({ person }) => person),
    common,
  )
  const mine = people.filter(({ person }) => made.has(person.personId))
  countStock(
    ctx,
    'stock_people',
    mine.map(({ person }) => ({ from: null, to: person.area })),
  )
  for (const { x } of mine) batch.results[x.i] = { personId: x.personId, outcome: 'created' }
  await queueAddresses(
    batch,
    mine.map(({ x }) => x),
  )
  const nowhere = mine.filter(({ x }) => x.row.address === null && !x.row.placed)
  await putUnresolved(
    ctx.db,
    nowhere.map(({ x }): UnresolvedRow => ({
      personId: x.personId,
      area: x.row.area,
      sealed: null,
      why: 'no_address',
    })),
    ctx.now,
  )
  return new Map(mine.map(({ x }) => [x.i, x.personId]))
}

async function queueAddresses(batch: Batch, rows: readonly Indexed[]): Promise<void> {
  const { ctx, sealer, common } = batch
  const last = new Map<string, Indexed>()
  for (const x of rows) if (x.row.address !== null && !x.row.placed) last.set(x.personId, x)
  await putPending(
    ctx.db,
    [...last.values()].map(({ personId, row }) => ({
      personId,
      area: row.area,
      sealed: sealer.seal({ table: 'address_pending', row: personId, column: 'address_sealed' }, row.address ?? ''),
      hash: addressHash(ctx.keys, row.address ?? ''),
      source: row.source,
    })),
    common,
  )
  if (last.size > 0) ctx.emit('people.pending', {}, { key: 'people.pending' })
}

/** What the rows add to persons that are there; a row that adds nothing costs three hashes and no statement. */
async function completeKnown(batch: Batch, rows: readonly Indexed[]): Promise<string[]> {
  const { ctx, sealer, common } = batch
  if (rows.length === 0) return []
  const stored = await findStored(ctx.db, [...new Set(rows.map((x) => x.personId))])
  const changes = new Map<string, PersonChange>()
  const clashes: NewReview[] = []
  const addresses: Indexed[] = []
  for (const x of rows) {
    const at = stored.get(x.personId)
    // Not visible to this role: it lives elsewhere and is nobody's business here.
    if (!at) continue
    const clash = await clashOf(batch, at, x)
    if (clash) {
      clashes.push(clash)
      batch.results[x.i] = { personId: x.personId, outcome: 'held' }
      continue
    }
    const news = newsOf(batch, at, x)
    if (!news) continue
    batch.results[x.i] = { personId: x.personId, outcome: 'updated' }
    if (news.address) addresses.push(x)
    changes.set(
      x.personId,
      mergeChange(changes.get(x.personId), {
        ...sealPerson(ctx.keys, sealer, x.personId, news.row),
        learned: news.learned,
      }),
    )
    remember(ctx, at, x.row, news)
  }
  await addReviews(ctx.db, clashes, ctx.now)
  await updatePersons(ctx.db, [...changes.values()], common)
  await queueAddresses(batch, addresses)
  // One queue at a time (case 42): whoever waits with a new address does not stand in the other one.
  await closeUnresolved(
    ctx.db,
    addresses.map((x) => x.personId),
    ctx.now,
  )
  return [...changes.keys()]
}

function openName(ctx: Ctx, at: StoredPerson): Promise<string | null> {
  return openText(ctx, { table: 'person', row: at.person_id, column: 'name_sealed' }, at.name_sealed)
}

async function clashOf(batch: Batch, at: StoredPerson, { row, personId }: Indexed): Promise<NewReview | null> {
  const { ctx, sealer } = batch
  if (row.name === null || at.name_hash === null) return null
  const hash = nameHash(ctx.keys, row.name)
  if (hash.equals(at.name_hash)) return null
  const name = await openName(ctx, at)
  if (name === null || !clearlyDifferent(name, row.name)) return null
  const id = newId(ctx.now)
  const detail = JSON.stringify({ name: row.name, source: row.source })
  return {
    id,
    area: at.home_area,
    kind: 'name_clash',
    personId,
    other: null,
    detailHash: hash,
    detailSealed: sealer.seal({ table: 'person_review', row: id, column: 'detail_sealed' }, detail),
    score: 1,
    reasons: [{ zh: '同一证件，姓名明显不同', en: 'Same document under a clearly different name' }],
  }
}

type News = { row: CleanRow; learned: Buffer[]; address: boolean }

function includes(known: readonly Buffer[] | null, hash: Buffer): boolean {
  return known?.some((k) => k.equals(hash)) ?? false
}

/** Only what was unknown: a name never replaces a name, a telephone or address told before is not news. */
function newsOf({ ctx }: Batch, at: StoredPerson, { row }: Indexed): News | null {
  const phoneHash = row.phone === null ? null : ctx.keys.hash('phone', row.phone.e164)
  const phone = phoneHash !== null && !includes(at.known, phoneHash)
  const home = row.address === null || row.placed ? null : addressHash(ctx.keys, row.address)
  const address = home !== null && !includes(at.known, home)
  const name = row.name !== null && at.name_hash === null
  const birth = row.birth !== null && row.birth.length > at.birth_precision && birthFits(ctx, at, row.birth)
  const sex = row.sex !== 0 && at.sex === 0
  if (!phone && !address && !name && !birth && !sex) return null
  const learned = [...(phone && phoneHash ? [phoneHash] : []), ...(address && home ? [home] : [])]
  return {
    row: {
      ...row,
      document: null,
      name: name ? row.name : null,
      phone: phone ? row.phone : null,
      birth: birth ? row.birth : null,
      sex: sex ? row.sex : 0,
      address: null,
    },
    learned,
    address,
  }
}

/** A finer birth date completes a coarser one only where they agree. */
function birthFits(ctx: Ctx, at: StoredPerson, birth: string): boolean {
  if (at.birth_hash === null || at.birth_precision === 0) return true
  return at.birth_hash.equals(ctx.keys.hash('birth', birth.slice(0, at.birth_precision)))
}

/** What a row has just told counts as known for the rows behind it. */
function remember(ctx: Ctx, at: StoredPerson, row: CleanRow, news: News): void {
  at.known = [...(at.known ?? []), ...news.learned]
  if (news.row.name !== null) at.name_hash = nameHash(ctx.keys, news.row.name)
  if (news.row.birth !== null) {
    at.birth_hash = ctx.keys.hash('birth', news.row.birth)
    at.birth_precision = news.row.birth.length
  }
  if (news.row.sex !== 0) at.sex = row.sex
}

function mergeChange(a: PersonChange | undefined, b: PersonChange): PersonChange {
  if (!a) return b
  return {
    ...b,
    masked: a.nameHash === null ? b.masked : a.masked,
    nameSealed: a.nameSealed ?? b.nameSealed,
    nameHash: a.nameHash ?? b.nameHash,
    pinyinHash: a.pinyinHash ?? b.pinyinHash,
    initialsHash: a.initialsHash ?? b.initialsHash,
    phoneHash: b.phoneHash ?? a.phoneHash,
    phone4Hash: b.phone4Hash ?? a.phone4Hash,
    phoneSealed: b.phoneSealed ?? a.phoneSealed,
    birthHash: b.birthHash ?? a.birthHash,
    birthYearHash: b.birthYearHash ?? a.birthYearHash,
    birthPrecision: Math.max(a.birthPrecision, b.birthPrecision),
    birthSealed: b.birthSealed ?? a.birthSealed,
    sex: a.sex === 0 ? b.sex : a.sex,
    learned: [...a.learned, ...b.learned].slice(-2),
  }
}

async function openKnown(
  ctx: Ctx,
  p: {
    person_id: string
    name_sealed: Buffer | null
    phone_hash: Buffer | null
    birth_sealed: Buffer | null
    doc_kind: string
    sex: number
  },
): Promise<Known> {
  const open = (table: string, column: string, sealed: Buffer | null): Promise<string | null> =>
    openText(ctx, { table, row: p.person_id, column }, sealed)
  return {
    personId: p.person_id,
    docKind: p.doc_kind,
    name: await open('person', 'name_sealed', p.name_sealed),
    phone: p.phone_hash?.toString('hex') ?? null,
    birth: await open('identity', 'birth_sealed', p.birth_sealed),
    sex: p.sex,
  }
}

export type NearFound = {
  person: Known
  other: Known
  otherArea: string
  match: { score: number; reasons: { zh: string; en: string }[] }
}

/** Candidates of the index, opened and judged by the rule (PEOPLE-8). Names are compared in memory and shown to nobody here. */
export async function findNear(ctx: Ctx, people: readonly { probe: NearProbe; known: Known }[]): Promise<NearFound[]> {
  const byId = new Map(people.map((p) => [p.probe.personId, p]))
  const found: NearFound[] = []
  for (const candidate of await findCandidates(
    ctx.db,
    people.map((p) => p.probe),
  )) {
    const person = byId.get(candidate.new_id)
    if (!person) continue
    const other = await openKnown(ctx, candidate)
    if (birthsAgree(person.known.birth, other.birth) === false && person.known.phone !== other.phone) continue
    const match = matchPersons(person.known, other)
    if (match) found.push({ person: person.known, other, otherArea: candidate.home_area, match })
  }
  return found
}

/** Proposes the pairs of these persons to the review queue; harmless to repeat. */
export async function proposeNear(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const rows = await findProbes(ctx.db, ids)
  const probes = await Promise.all(rows.map(async (row) => ({ probe: probeOf(row), known: await openKnown(ctx, row) })))
  const areas = new Map(rows.map((row) => [row.person_id, row.home_area]))
  const reviews = (await findNear(ctx, probes)).flatMap(({ person, other, otherArea, match }): NewReview[] => {
    const [a, b] = orderedPair(person.personId, other.personId)
    // Nobody above both: nobody could judge the pair.
    const area = commonArea(areas.get(person.personId) ?? '', otherArea)
    return area === ''
      ? []
      : [
          {
            id: newId(ctx.now),
            area,
            kind: 'near_name',
            personId: a,
            other: b,
            detailHash: null,
            detailSealed: null,
            ...match,
          },
        ]
  })
  await addReviews(ctx.db, uniquePairs(reviews), ctx.now)
}

function probeOf(row: ProbeRow): NearProbe {
  return {
    personId: row.person_id,
    area: row.home_area,
    phoneHash: row.phone_hash,
    pinyinHash: row.pinyin_hash,
    birthHash: row.birth_hash,
    birthYearHash: row.birth_year_hash,
    birthPrecision: row.birth_precision,
    docKind: row.doc_kind,
  }
}

function uniquePairs(reviews: readonly NewReview[]): NewReview[] {
  return [...new Map(reviews.map((r) => [`${r.personId}${r.other ?? ''}`, r])).values()]
}
