import { isDeepStrictEqual } from 'node:util'
import { keyRange } from '../../web/worker/phone/testing.ts'
import { idHere } from '../../web/worker/phone/feed.ts'
import { Store } from '../../web/worker/phone/store.ts'
import type { DraftRecord, OutboxRow, PhotoRow, ReceiptRow, SentRow } from '../../web/worker/phone/store.ts'
import { bookFaults, feedFaults, overwriteFaults } from './check-books.ts'
import type { Hand } from './hand.ts'
import type { Duty, Place } from './place.ts'
import type { Work, World } from './world.ts'

/** What lies on a phone's disk and what lies at the server must tell one story. Each fault is one sentence. */

type OnServer = {
  /** How often the server has a visit of this id, over all counties. */
  visits: Map<string, number>
  households: Set<string>
  helps: Set<string>
  /** Keys under `account/key` by which something was run. */
  keys: Map<string, number>
  handovers: Map<string, { state: string; n: number; body: boolean }>
  photos: Map<string, number>
  /** Pictures that were handed in sealed and wait for what they belong to. */
  sealedPhotos: Set<string>
}

type OnPhone = {
  outbox: Map<string, OutboxRow>
  sent: Map<string, SentRow>
  receipts: ReceiptRow[]
  photos: PhotoRow[]
  drafts: DraftRecord[]
}

const FATES = ['accepted', 'held', 'refused', 'mended', 'excused'] as const
type FateName = (typeof FATES)[number]
export type Counts = Record<FateName, number> & { works: number; photos: number; wiped: number; stranded: number }

function store(hand: Hand): Promise<Store> {
  const opened = new Store(hand.dbName(), { indexedDB: hand.device.disk, IDBKeyRange: keyRange })
  return opened.open().then(() => opened)
}

/** Under a key may also stand that a supervisor has the work, or that it was refused. */
const REAL = `action not in ('handover.hold', 'push.refuse')`

async function onServer(place: Place): Promise<OnServer> {
  const ids = place.workers.map(({ id }) => id)
  const [visits, households, helps, keys, held, photos, sealedPhotos] = await Promise.all([
    place.sql(`select id, count(*)::int as n from visit where by = any($1) group by id`, [ids]),
    place.sql(`select id from household`),
    place.sql(`select id from help_call`),
    place.sql(
      `select key, count(*) filter (where ${REAL})::int as n from idempotency where actor = any($1) group by key`,
      [ids],
    ),
    place.sql(
      `select account_id || '/' || key as key, min(state) as state, count(*)::int as n,
         bool_and(body_sealed is not null) as body from handover group by 1`,
    ),
    place.sql(`select id, count(*)::int as n from photo group by id`),
    place.sql(`select id from sealed_photo where jpeg_sealed is not null`),
  ])
  const numbers = (rows: Record<string, unknown>[], name: string) =>
    new Map(rows.map((row) => [String(row[name]), Number(row['n'])]))
  const idsOf = (rows: Record<string, unknown>[]) => new Set(rows.map((row) => String(row['id'])))
  return {
    visits: numbers(visits, 'id'),
    households: idsOf(households),
    helps: idsOf(helps),
    keys: numbers(keys, 'key'),
    handovers: new Map(
      held.map((row) => [
        String(row['key']),
        { state: String(row['state']), n: Number(row['n']), body: row['body'] === true },
      ]),
    ),
    photos: numbers(photos, 'id'),
    sealedPhotos: idsOf(sealedPhotos),
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
      drafts: await disk.drafts.toArray(),
    }
  } finally {
    disk.close()
  }
}

/** How often the server has what a piece of work makes. */
function isMade(work: Work, server: OnServer): number {
  const id = String(work.body['id'])
  if (work.kind === 'visit.file') return server.visits.get(id) ?? 0
  if (work.kind === 'household.add') return server.households.has(id) ? 1 : 0
  if (work.kind === 'help.ask') return server.helps.has(id) ? 1 : 0
  return server.keys.get(`${work.account}/${work.key}`) ?? 0
}

type Fate = { is: FateName; faults: string[] }

/** A phone whose word on its work cannot be heard: cleared, or known to nobody any more. What the server has counts. */
type Silent = { stranded: boolean; replaced: ReadonlySet<string> }

/** Of a cleared phone everything was handed in before (SYNC-16). */
function fateOfSilent(work: Work, made: number, held: string | null, { stranded, replaced }: Silent): Fate {
  if (made > 0) return { is: 'accepted', faults: [] }
  if (held !== null) return { is: held === 'taken' ? 'accepted' : 'held', faults: [] }
  if (replaced.has(work.key)) return { is: 'mended', faults: [] }
  if (work.excused || stranded) return { is: 'excused', faults: [] }
  return {
    is: 'refused',
    faults: [`${work.hand} ${work.kind} ${work.key}: nowhere, and its phone was cleared`],
  }
}

/** SYNC-12, SYNC-13, SYNC-21: exactly one place for each piece of work, and the phone knows which. */
function fateOf(work: Work, phone: OnPhone | undefined, server: OnServer, silent: Silent): Fate {
  const say = (what: string): string => `${work.hand} ${work.kind} ${work.key}: ${what}`
  const name = `${work.account}/${work.key}`
  const made = isMade(work, server)
  const ran = server.keys.get(name) ?? 0
  const held = server.handovers.get(name)
  const waiting = phone?.outbox.get(work.key)
  const sent = phone?.sent.get(work.key)
  const faults: string[] = []
  if (made > 1) faults.push(say(`is at the server ${made} times`))
  if (held && held.n > 1) faults.push(say(`is ${held.n} times at the supervisor`))
  // Case 42: one queue and no other.
  if (ran > 0 && held && held.state !== 'taken') faults.push(say(`was run and is at the supervisor (${held.state})`))
  if (held?.state === 'waiting' && !held.body) faults.push(say('waits at the supervisor without its content'))
  if (work.wipedAt !== null || silent.stranded) {
    const fate = fateOfSilent(work, made, held?.state ?? null, silent)
    return { ...fate, faults: [...faults, ...fate.faults] }
  }
  if (waiting && ran > 0) faults.push(say(`is ${waiting.state} on the phone, and the server ran it`))
  if (waiting?.state === 'mended') return { is: 'mended', faults }
  if (waiting) {
    if (waiting.state !== 'refused') faults.push(say(`still ${waiting.state} after ${waiting.tries} tries`))
    if (waiting.state === 'refused' && waiting.problem === null) faults.push(say('refused without a reason'))
    return { is: 'refused', faults }
  }
  if (sent?.outcome === 'held' || (!sent && held && held.state !== 'taken')) {
    if (!held) faults.push(say('held, says the phone, and no supervisor has it'))
    if (held && held.state !== 'waiting' && sent && !sent.dismissed && sent.handover?.state !== held.state)
      faults.push(say(`is ${held.state}, and the phone says ${sent.handover?.state ?? 'waiting'}`))
    return { is: 'held', faults }
  }
  // What was replaced goes from the disk with the one that replaced it.
  if (!sent && made === 0 && !held) return { is: 'mended', faults }
  if (made === 0 && held?.state !== 'taken') faults.push(say('accepted, says the phone, and the server has nothing'))
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

/** As JSON has it: what is not there and what is null are one. */
function sameBody(here: Readonly<Record<string, unknown>>, there: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(here)), there)
}

/** SYNC-3, SYNC-10: what lies on an open phone is what the feeds of its grids say, word for word, no more and no less. */
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
    if (whole.has(String(row['grid']))) {
      const [kind, id, grid] = [String(row['kind']), String(row['id']), String(row['grid'])]
      there.set(keyOf({ kind, id: idHere({ kind, id, grid }) }), row)
    }
  const shelf = hand.tabs[0]?.phone.shelf
  const kinds = [...new Set(items.map(({ kind }) => kind))]
  const shown = new Map(kinds.flatMap((kind) => (shelf?.things(kind) ?? []).map((one) => [keyOf(one), one])))
  for (const [key, row] of there) {
    const item = here.get(key)
    // A phone that was full has made room with visits, which are read at the server (SYNC-23).
    if (!item && row['kind'] === 'visit' && hand.device.wasFull) continue
    if (!item) {
      const at = cursors.find(({ grid }) => grid === row['grid'])
      faults.push(
        `${hand.name}: ${key} of ${String(row['grid'])}, number ${String(row['n'])}, is not on the phone, which is at ${at?.n ?? 'nothing'}`,
      )
    }
    if (!item) continue
    if (item.grid === row['grid'] && item.n !== row['n'])
      faults.push(`${hand.name}: ${key} is number ${item.n} on the phone and ${String(row['n'])} in the feed`)
    else if (item.grid === row['grid']) {
      const view = shown.get(key)
      if (!view || !sameBody(view.body, row['body']))
        faults.push(`${hand.name}: ${key} shows something else than the feed says`)
    }
  }
  for (const [key, item] of here)
    if (whole.has(item.grid) && !there.has(key)) faults.push(`${hand.name}: ${key} is on the phone and not in the feed`)
  return faults
}

/** So often a phone may hear of something new while it is looked at. */
const NEWS = 20

/**
 * Timers go on writing to feeds after the phone synced: it is asked again as long as something comes. What it should have had before
 * stays missing however often it syncs.
 */
async function notLevel(world: World, hand: Hand, duties: readonly Duty[]): Promise<string[]> {
  let faults = await levelFaults(world.place, hand, duties)
  for (let turn = 0, silent = 0; faults.length > 0 && turn < NEWS && silent < 2; turn++) {
    silent = (await world.level(hand)) === 0 ? silent + 1 : 0
    faults = await levelFaults(world.place, hand, duties)
  }
  return faults
}

/** Receipts are true, and the strip's figure of today is no more than the server has. */
function receiptFaults(hand: Hand, phone: OnPhone, works: readonly Work[], server: OnServer): string[] {
  const byKey = new Map(works.map((work) => [work.key, work]))
  return phone.receipts.flatMap((row) => {
    const work = byKey.get(row.key)
    if (!work) return [`${hand.name}: a receipt for ${row.key}, which nobody made`]
    const held = server.handovers.get(`${work.account}/${row.key}`)
    if (row.outcome === 'held') return held ? [] : [`${hand.name}: a receipt of ${row.key} as held, which nobody holds`]
    const made = isMade(work, server) > 0 || held?.state === 'taken'
    return made ? [] : [`${hand.name}: a receipt of ${work.kind} ${row.key}, which the server does not have`]
  })
}

/** A picture follows its visit: what the server has accepted has its pictures, and says so. */
function photoFaults(hand: Hand, phone: OnPhone, fates: ReadonlyMap<string, Fate>, server: OnServer): string[] {
  return phone.photos.flatMap((photo) => {
    const filed = fates.get(photo.of)?.is === 'accepted'
    const there = server.photos.has(photo.id)
    // Room was made with what the server had; a server restored to before that lacks it (SYNC-23).
    if (!there && photo.sealed === null && hand.device.wasFull) return []
    if (filed && !there)
      return [`${hand.name}: photo ${photo.id} of accepted ${photo.of} is ${photo.state}, not at the server`]
    // Of a visit that a supervisor holds it may lie there sealed, when its key went with a forgotten PIN (SYNC-25).
    if (photo.state === 'done' && !there && !server.sealedPhotos.has(photo.id))
      return [`${hand.name}: photo ${photo.id} is done and not at the server`]
    return photo.state === 'refused' ? [`${hand.name}: photo ${photo.id} was refused`] : []
  })
}

/**
 * SYNC-25: a phone says that it is cleared when the server has answered for each picture, so each lies with its visit, or sealed as
 * long as a supervisor has the visit.
 */
function clearedPhotoFaults(world: World, fates: ReadonlyMap<string, Fate>, server: OnServer): string[] {
  const full = new Set(world.hands.filter(({ device }) => device.wasFull).map(({ name }) => name))
  return world.works.flatMap((work) => {
    const { key, kind, hand, wipedAt, excused, photoIds } = work
    const is = fates.get(key)?.is
    // Room was made with what the server had; a server restored to before that lacks it (SYNC-23).
    if (wipedAt === null || excused || full.has(hand) || (is !== 'accepted' && is !== 'held')) return []
    const gone = photoIds.filter((id) => !server.photos.has(id) && (is === 'accepted' || !server.sealedPhotos.has(id)))
    return gone.map((id) => `${hand} ${kind} ${key}: is ${is}, and its photo ${id} went with the phone`)
  })
}

async function strangers(world: World): Promise<string[]> {
  const { place } = world
  const known = new Set(world.works.map((work) => String(work.body['id'])))
  const ids = place.workers.map(({ id }) => id)
  const faults: string[] = []
  const check = (what: string, rows: Record<string, unknown>[]): void => {
    for (const row of rows)
      if (!known.has(String(row['id']))) faults.push(`${what} ${String(row['id'])} is at the server and nobody made it`)
  }
  check('visit', await place.sql(`select id from visit where by = any($1) and recorded_at > $2`, [ids, place.begun]))
  check('door', await place.sql(`select id from household where source = 'worker' and created_at > $1`, [place.begun]))
  check('call for help', await place.sql(`select id from help_call where account_id = any($1)`, [ids]))
  return faults
}

/** What each accepted piece of work has written down, once. */
async function eventFaults(
  world: World,
  fates: ReadonlyMap<string, Fate>,
  taken: ReadonlySet<string>,
  server: OnServer,
): Promise<string[]> {
  const { place, works } = world
  const ids = place.workers.map(({ id }) => id)
  const counted = ({ key }: Work): boolean => fates.get(key)?.is === 'accepted' || taken.has(key)
  const count = (kind: string): number => works.filter((work) => work.kind === kind && counted(work)).length
  const [attempts] = await place.sql(
    `select count(*)::int as n from task_event where kind = 'attempted' and body ->> 'visitId' is null and by = any($1) and recorded_at > $2`,
    [ids, place.begun],
  )
  // What was said in a grid that was split stands with each part as well, as it was said (INSTR-9).
  const [receipts] = await place.sql(
    `select count(distinct (instruction_id, by, kind, version, at))::int as n from receipt_event where by = any($1)`,
    [ids],
  )
  const faults: string[] = []
  /** Which ones it may be: made and not counted, or counted and not made. */
  const suspects = (kind: string): string =>
    works
      .filter((work) => work.kind === kind)
      .flatMap((work) => {
        const { account, key, hand } = work
        const ran = server.keys.get(`${account}/${key}`) ?? 0
        const held = server.handovers.get(`${account}/${key}`)?.state
        const fits = counted(work) ? ran > 0 || held === 'taken' : ran === 0
        return fits ? [] : [`${hand} ${key} ${fates.get(key)?.is} ran ${ran} held ${held ?? 'no'}`]
      })
      .join('; ')
  const compare = (kind: string, n: unknown): void => {
    if (n !== count(kind))
      faults.push(`${count(kind)} of ${kind} were accepted and ${String(n)} are written: ${suspects(kind)}`)
  }
  compare('task.attempt', attempts?.['n'])
  compare('instruction.receipt', receipts?.['n'])
  return faults
}

/** SYNC-22: the last one written is at the server, unless a restore took it away. */
async function draftFaults(world: World, hand: Hand, phone: OnPhone): Promise<string[]> {
  const faults = phone.drafts
    .filter((row) => row.push !== null)
    .map((row) => `${hand.name}: draft ${row.id} has not gone up`)
  if (world.restores > 0) return faults
  const rows = await world.place.sql(`select form, version, subject, saved_at from draft where account_id = $1`, [
    hand.worker.id,
  ])
  const there = new Map(
    rows.map((row) => [
      JSON.stringify([row['form'], row['version'], row['subject']]),
      row['saved_at'] instanceof Date ? row['saved_at'].toISOString() : '',
    ]),
  )
  for (const { id, subject, savedAt, keptAt, dropped } of phone.drafts) {
    if ((there.get(id) ?? '') !== '') continue
    // Whose it is there, if anybody's, says whether it was lost or taken for somebody else's.
    const others = await world.place.sql(
      `select account_id, saved_at, recorded_at, content_sealed is null as dropped from draft where subject = $1`,
      [subject],
    )
    const here = JSON.stringify({ account: hand.worker.id, savedAt, keptAt, dropped })
    faults.push(`${hand.name}: draft ${id} is not at the server: here ${here}, there ${JSON.stringify(others)}`)
  }
  return faults
}

/** At any moment, whatever goes on: one piece of work in two places, a clock behind its feed, a fault of the program. */
export async function brokenNow(world: World): Promise<string[]> {
  const rows = await world.place.sql(
    `select 'was run and waits at the supervisor: ' || h.kind || ' ' || h.key as what
     from handover h join idempotency i on i.county = h.county and i.key = h.account_id || '/' || h.key and ${REAL}
     where h.state <> 'taken'
     union all select 'the server failed on ' || kind || ' ' || key from handover where reason = 'server_fault'
     union all select 'twice: visit ' || id from visit group by id having count(*) > 1
     union all select 'the clock of ' || f.grid || ' is behind its feed' from grid_feed f
       join grid_clock c on c.county = f.county and c.grid = f.grid group by f.grid, c.n having max(f.n) > c.n
     limit 20`,
  )
  return [...rows.map((row) => String(row['what'])), ...world.takeOdd()]
}

async function closedAccounts(place: Place): Promise<Set<string>> {
  const rows = await place.sql(`select id from account where state = 'closed'`)
  return new Set(rows.map((row) => String(row['id'])))
}

/**
 * Its account is closed, and a server that was restored to before the phone got its secret does not know it: nobody can say any
 * more whose it is. Asked once more it is not heard; a closed phone that is heard is to be cleared (SYNC-16).
 */
async function isStranded(hand: Hand): Promise<boolean> {
  const phone = hand.tabs[0]?.phone
  if (!phone) return false
  const before = phone.strip().contactAt?.getTime()
  await phone.sync()
  return phone.strip().contactAt?.getTime() === before
}

export async function faultsOf(
  world: World,
  { books }: { books: boolean },
): Promise<{ faults: string[]; counts: Counts }> {
  const { place, works, replaced } = world
  const server = await onServer(place)
  const duties = await place.duties()
  const faults: string[] = await brokenNow(world)
  const fates = new Map<string, Fate>()
  const taken = new Set<string>()
  const closed = await closedAccounts(place)
  let strandedHands = 0
  for (const hand of world.hands) {
    const phone = await onPhone(hand)
    const own = works.filter((work) => work.hand === hand.name)
    const stranded = world.restores > 0 && closed.has(hand.worker.id) && (await isStranded(hand))
    for (const work of own) {
      const fate = fateOf(work, phone, server, { stranded, replaced })
      fates.set(work.key, fate)
      if (server.handovers.get(`${work.account}/${work.key}`)?.state === 'taken') taken.add(work.key)
      faults.push(...fate.faults)
    }
    if (stranded) {
      strandedHands += 1
      continue
    }
    const gate = hand.tabs[0]?.phone.state().gate ?? 'closed'
    faults.push(...receiptFaults(hand, phone, own, server))
    faults.push(...photoFaults(hand, phone, fates, server))
    faults.push(...(await draftFaults(world, hand, phone)))
    // A phone that was cleared before its account was closed lets nobody in any more, rightly; what it had to say is looked at above.
    const isOver = gate === 'new' && closed.has(hand.worker.id)
    if (gate === 'open') faults.push(...(await notLevel(world, hand, duties)))
    else if (!isOver) faults.push(`${hand.name} is ${gate} in the end`)
  }
  faults.push(...replacedFaults(works, fates, replaced))
  faults.push(...clearedPhotoFaults(world, fates, server))
  faults.push(...(await strangers(world)))
  faults.push(...(await eventFaults(world, fates, taken, server)))
  faults.push(...(await overwriteFaults(world)))
  faults.push(...(await feedFaults(place)))
  for (const [id, n] of server.photos) if (n > 1) faults.push(`photo ${id} is at the server ${n} times`)
  if (books) faults.push(...(await bookFaults(place)))
  const of = (is: FateName): number => [...fates.values()].filter((fate) => fate.is === is).length
  const counts = {
    works: works.length,
    accepted: of('accepted'),
    held: of('held'),
    refused: of('refused'),
    mended: of('mended'),
    excused: of('excused'),
    photos: server.photos.size,
    wiped: works.filter((work) => work.wipedAt !== null).length,
    stranded: strandedHands,
  }
  return { faults, counts }
}
