import { isDeepStrictEqual } from 'node:util'
import { Rebuilt, Verdict, weiwang } from '../api.ts'
import { keyRange } from '../../web/worker/phone/testing.ts'
import { Store } from '../../web/worker/phone/store.ts'
import type { OutboxRow, PhotoRow, ReceiptRow, SentRow } from '../../web/worker/phone/store.ts'
import type { Work } from './acts.ts'
import type { Hand } from './hand.ts'
import type { Duty, Place } from './place.ts'

/** What lies on a phone's disk and what lies at the server must tell one story. Each fault is one sentence. */

type OnServer = {
  /** How often the server has a visit of this id, over all counties. */
  visits: Map<string, number>
  households: Set<string>
  /** Keys under `account/key` by which something was run. */
  keys: Map<string, number>
  handovers: Map<string, { state: string; n: number }>
  photos: Map<string, number>
}

type OnPhone = {
  outbox: Map<string, OutboxRow>
  sent: Map<string, SentRow>
  receipts: ReceiptRow[]
  photos: PhotoRow[]
}

export type Counts = { works: number; accepted: number; held: number; refused: number; mended: number; photos: number }

function store(hand: Hand): Promise<Store> {
  const opened = new Store(hand.dbName, { indexedDB: hand.disk, IDBKeyRange: keyRange })
  return opened.open().then(() => opened)
}

async function onServer(place: Place): Promise<OnServer> {
  const ids = place.workers.map(({ id }) => id)
  const visits = await place.sql(`select id, count(*)::int as n from visit where by = any($1) group by id`, [ids])
  const households = await place.sql(`select id from household`)
  const keys = await place.sql(`select key, count(*)::int as n from idempotency where actor = any($1) group by key`, [
    ids,
  ])
  const held = await place.sql(
    `select account_id || '/' || key as key, min(state) as state, count(*)::int as n from handover group by 1`,
  )
  const photos = await place.sql(`select id, count(*)::int as n from photo group by id`)
  const numbers = (rows: Record<string, unknown>[], name: string) =>
    new Map(rows.map((row) => [String(row[name]), Number(row['n'])]))
  return {
    visits: numbers(visits, 'id'),
    households: new Set(households.map((row) => String(row['id']))),
    keys: numbers(keys, 'key'),
    handovers: new Map(held.map((row) => [String(row['key']), { state: String(row['state']), n: Number(row['n']) }])),
    photos: numbers(photos, 'id'),
  }
}

async function onPhone(hand: Hand): Promise<OnPhone> {
  const disk = await store(hand)
  try {
    return {
      outbox: new Map((await disk.outbox.toArray()).map((row) => [row.key, row])),
      sent: new Map((await disk.sent.toArray()).map((row) => [row.key, row])),
      receipts: await disk.receipts.toArray(),
      photos: await disk.photos.toArray(),
    }
  } finally {
    disk.close()
  }
}

/** Whether the server has what a piece of work makes. */
function isMade(work: Work, account: string, server: OnServer): number {
  const id = String(work.body['id'])
  if (work.kind === 'visit.file') return server.visits.get(id) ?? 0
  if (work.kind === 'household.add') return server.households.has(id) ? 1 : 0
  return server.keys.get(`${account}/${work.key}`) ?? 0
}

type Fate = { is: keyof Omit<Counts, 'works' | 'photos'>; faults: string[] }

/** SYNC-12, SYNC-13, SYNC-21: exactly one place for each piece of work, and the phone knows which. */
function fateOf(work: Work, hand: Hand, phone: OnPhone, server: OnServer): Fate {
  const account = hand.worker.id
  const say = (what: string): string => `${hand.name} ${work.kind} ${work.key}: ${what}`
  const made = isMade(work, account, server)
  const held = server.handovers.get(`${account}/${work.key}`)
  const waiting = phone.outbox.get(work.key)
  const sent = phone.sent.get(work.key)
  const faults: string[] = []
  if (made > 1) faults.push(say(`is at the server ${made} times`))
  if (held && held.n > 1) faults.push(say(`is ${held.n} times at the supervisor`))
  if (waiting?.state === 'mended') return { is: 'mended', faults }
  if (waiting) {
    if (waiting.state !== 'refused') faults.push(say(`still ${waiting.state} after ${waiting.tries} tries`))
    if (waiting.state === 'refused' && waiting.problem === null) faults.push(say('refused without a reason'))
    return { is: 'refused', faults }
  }
  if (sent?.outcome === 'held' || (!sent && held && held.state !== 'taken')) {
    if (!held) faults.push(say('held, says the phone, and no supervisor has it'))
    return { is: 'held', faults }
  }
  // What was replaced goes from the disk with the one that replaced it.
  if (!sent && made === 0 && !held) return { is: 'mended', faults }
  if (made === 0 && held?.state !== 'taken') faults.push(say('accepted, says the phone, and the server has nothing'))
  if (made > 0 && held && held.state !== 'taken') faults.push(say(`filed and at the supervisor (${held.state})`))
  return { is: 'accepted', faults }
}

/** The replaced ones that went with their replacement must have one that is there. */
function replacedFaults(
  works: readonly Work[],
  fates: ReadonlyMap<string, Fate>,
  replaced: ReadonlySet<string>,
): string[] {
  return works
    .filter(({ key }) => fates.get(key)?.is === 'mended' && !replaced.has(key))
    .map(({ key, kind, hand }) => `${hand} ${kind} ${key}: nowhere`)
}

/** SYNC-3, SYNC-10: what lies on an open phone is what the feeds of its grids say, no more and no less. */
async function levelFaults(place: Place, hand: Hand, duties: readonly Duty[]): Promise<string[]> {
  const mine = duties.filter(({ account }) => account === hand.worker.id).map(({ area }) => area)
  const grids = new Set(mine.map((area) => area.slice(0, 15)))
  const whole = new Set(mine.filter((area) => area.length === 15))
  const rows = await place.sql(
    `select f.grid, f.kind, f.id, f.n, f.body from grid_feed f where f.grid = any($1) and f.body ->> 'gone' is null order by f.n`,
    [[...grids]],
  )
  const disk = await store(hand)
  const items = await disk.items.toArray()
  const cursors = await disk.cursors.toArray()
  disk.close()
  const faults: string[] = []
  for (const { grid } of [...items, ...cursors])
    if (!grids.has(grid)) faults.push(`${hand.name}: keeps something of ${grid}, which is not its worker's`)
  const keyOf = (one: { kind: unknown; id: unknown }): string => `${String(one.kind)}/${String(one.id)}`
  const here = new Map(items.map((item) => [keyOf(item), item]))
  // A thing may have gone through several of my grids: the newest word of the one where it lies now counts.
  const there = new Map<string, Record<string, unknown>>()
  for (const row of rows)
    if (whole.has(String(row['grid']))) there.set(keyOf({ kind: row['kind'], id: row['id'] }), row)
  for (const [key, row] of there) {
    const item = here.get(key)
    if (!item) faults.push(`${hand.name}: ${key} of ${String(row['grid'])} is not on the phone`)
    else if (item.grid === row['grid'] && item.n !== row['n'])
      faults.push(`${hand.name}: ${key} is number ${item.n} on the phone and ${String(row['n'])} in the feed`)
  }
  for (const [key, item] of here)
    if (whole.has(item.grid) && !there.has(key)) faults.push(`${hand.name}: ${key} is on the phone and not in the feed`)
  const tasks = hand.tabs[0]?.phone.shelf.tasks() ?? []
  for (const task of tasks) {
    const row = there.get(`task/${task.id}`)
    if (!row) continue
    const said = row['body']
    const same =
      typeof said === 'object' &&
      said !== null &&
      Object.entries(task.body).every(([name, value]) =>
        isDeepStrictEqual(value ?? null, Reflect.get(said, name) ?? null),
      )
    if (!same) faults.push(`${hand.name}: task ${task.id} shows something else than the feed says`)
  }
  return faults
}

/** Receipts are true, and the strip's figure of today is no more than the server has. */
function receiptFaults(hand: Hand, phone: OnPhone, works: readonly Work[], server: OnServer): string[] {
  const byKey = new Map(works.map((work) => [work.key, work]))
  return phone.receipts.flatMap((row) => {
    const work = byKey.get(row.key)
    if (!work) return [`${hand.name}: a receipt for ${row.key}, which nobody made`]
    const held = server.handovers.get(`${hand.worker.id}/${row.key}`)
    if (row.outcome === 'held') return held ? [] : [`${hand.name}: a receipt of ${row.key} as held, which nobody holds`]
    const made = isMade(work, hand.worker.id, server) > 0 || held?.state === 'taken'
    return made ? [] : [`${hand.name}: a receipt of ${work.kind} ${row.key}, which the server does not have`]
  })
}

/** A picture follows its visit: what the server has accepted has its pictures, and says so. */
function photoFaults(hand: Hand, phone: OnPhone, fates: ReadonlyMap<string, Fate>, server: OnServer): string[] {
  return phone.photos.flatMap((photo) => {
    const filed = fates.get(photo.of)?.is === 'accepted'
    const there = server.photos.has(photo.id)
    if (filed && !there)
      return [`${hand.name}: photo ${photo.id} of accepted ${photo.of} is ${photo.state}, not at the server`]
    if (photo.state === 'done' && !there) return [`${hand.name}: photo ${photo.id} is done and not at the server`]
    return photo.state === 'refused' ? [`${hand.name}: photo ${photo.id} was refused`] : []
  })
}

async function strangers(place: Place, works: readonly Work[]): Promise<string[]> {
  const known = new Set(works.map((work) => String(work.body['id'])))
  const rows = await place.sql(
    `select id from visit where by = any($1) and id not in (select id from visit where recorded_at < $2)`,
    [place.workers.map(({ id }) => id), place.begun],
  )
  return rows
    .filter((row) => !known.has(String(row['id'])))
    .map((row) => `visit ${String(row['id'])} is at the server and nobody filed it`)
}

async function attemptFaults(
  place: Place,
  works: readonly Work[],
  fates: ReadonlyMap<string, Fate>,
  taken: ReadonlySet<string>,
): Promise<string[]> {
  const filed = works.filter(
    ({ key, kind }) => kind === 'task.attempt' && (fates.get(key)?.is === 'accepted' || taken.has(key)),
  ).length
  const [row] = await place.sql(
    `select count(*)::int as n from task_event where kind = 'attempted' and body ->> 'visitId' is null and by = any($1) and recorded_at >= $2`,
    [place.workers.map(({ id }) => id), place.begun],
  )
  return row?.['n'] === filed ? [] : [`${filed} attempts were accepted and ${String(row?.['n'])} are written`]
}

/** Counted again from the events there is no difference, and the trail is whole. */
async function bookFaults(place: Place): Promise<string[]> {
  const rebuilt = await weiwang(place.deployment, ['stats', 'rebuild'])
  const counted = Rebuilt.safeParse(rebuilt.value)
  const verified = await weiwang(place.deployment, ['audit', 'verify'])
  const trail = Verdict.safeParse(verified.value)
  const faults: string[] = []
  if (!counted.success || counted.data.differences.length + counted.data.folds.length > 0)
    faults.push(`counters: ${rebuilt.err} ${JSON.stringify(rebuilt.value).slice(0, 600)}`)
  if (!trail.success || !trail.data.ok)
    faults.push(`audit: ${verified.err} ${JSON.stringify(verified.value).slice(0, 600)}`)
  return faults
}

export async function faultsOf(
  place: Place,
  hands: readonly Hand[],
  works: readonly Work[],
  replaced: ReadonlySet<string>,
): Promise<{ faults: string[]; counts: Counts }> {
  const server = await onServer(place)
  const duties = await place.duties()
  const faults: string[] = []
  const fates = new Map<string, Fate>()
  const taken = new Set<string>()
  for (const hand of hands) {
    const phone = await onPhone(hand)
    const own = works.filter((work) => work.hand === hand.name)
    for (const work of own) {
      const fate = fateOf(work, hand, phone, server)
      fates.set(work.key, fate)
      if (server.handovers.get(`${hand.worker.id}/${work.key}`)?.state === 'taken') taken.add(work.key)
      faults.push(...fate.faults)
    }
    faults.push(...receiptFaults(hand, phone, own, server))
    faults.push(...photoFaults(hand, phone, fates, server))
    if (hand.tabs[0]?.phone.state().gate === 'open') faults.push(...(await levelFaults(place, hand, duties)))
    else faults.push(`${hand.name} is ${hand.tabs[0]?.phone.state().gate ?? 'closed'} in the end`)
  }
  faults.push(...replacedFaults(works, fates, replaced))
  faults.push(...(await strangers(place, works)))
  faults.push(...(await attemptFaults(place, works, fates, taken)))
  for (const [id, n] of server.photos) if (n > 1) faults.push(`photo ${id} is at the server ${n} times`)
  faults.push(...(await bookFaults(place)))
  const of = (is: Fate['is']): number => [...fates.values()].filter((fate) => fate.is === is).length
  const counts = {
    works: works.length,
    accepted: of('accepted'),
    held: of('held'),
    refused: of('refused'),
    mended: of('mended'),
    photos: server.photos.size,
  }
  return { faults, counts }
}
