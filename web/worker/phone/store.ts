import type { Mine, Order, PhotoSubject, Reference } from '@weiwang/domain/sync/api'
import { Dexie } from 'dexie'
import type { EntityTable, Table } from 'dexie'
import type { Bytes } from './codec.ts'
import type { HeardPath } from './heard.ts'
import type { Decision } from './types.ts'

/**
 * What lies on the phone's disk. Only ids, grid, kind, number and due time stand in clear and are indexed (design section 7);
 * names, telephones, addresses, answers and notes are sealed. Every transaction is on the disk before it is told done, so that
 * an empty battery loses nothing that was shown as kept.
 */
export type Sealed = { keyId: string; bytes: Bytes }

export type MetaRow =
  | {
      key: 'vault'
      deviceKey: CryptoKey
      /** Null when the data key was destroyed. */
      pin: { salt: Bytes; rounds: number; wrapped: Bytes; keyId: string } | null
      wrong: number
    }
  | {
      key: 'phone'
      account: { id: string; name: string }
      device: string
      /** Under the device key, about `secret`. */
      secret: Bytes
      sealKey: { id: string; point: string }
    }
  | ContactRow
  | { key: 'seq'; n: number }
  /** This was a phone and was cleared: what a page that slept through it still wants to write belongs nowhere. */
  | { key: 'cleared' }
  | { key: 'mine'; mine: Mine }
  /** Own calls for help and held changes as last heard: sealed JSON, about `own`. */
  | { key: 'own'; sealed: Sealed }
  /** A list of the account's own as last heard: sealed JSON, about its key. */
  | { key: `heard ${HeardPath}`; sealed: Sealed }
  | { key: 'reference'; reference: Reference }

export type ContactRow = {
  key: 'contact'
  /** Server's clock minus the phone's. */
  offset: number
  contactAt: number | null
  /** What the phone's clock showed last, and how long it ran forward since the last contact. */
  lastSeen: number
  awayMs: number
  /** Counts how often the clock was put back, and which run the last contact was in. */
  clockRun: number
  contactRun: number
  order: Order
  mustLogIn: boolean
  /** The last restore of the server that this phone has heard of and offered its work again for. */
  restoredAt?: string | null
}

/** `upTo`: the number of the grid's clock when the last page came; below it the register here is in parts. */
export type CursorRow = { grid: string; epoch: number; n: number; upTo?: number }

export type ItemRow = {
  kind: string
  id: string
  grid: string
  n: number
  /** answerBy of a task, day of a visit, else ''. */
  due: string
  /** Sealed JSON {body, identity?, address?}, about `kind/id`. */
  sealed: Sealed
}

export type Kept = {
  key: string
  seq: number
  kind: string
  grid: string
  at: string
  /** What the phone's clock showed, in which run of the clock, and the distance that `at` was made with. */
  phoneAt: number
  clockRun: number
  offset: number
  /** Sealed JSON of the PushItem, about the key. */
  plain: Sealed
  /** The same JSON sealed to the server's key `boxKey`. */
  box: Bytes
  boxKey: string
  photos: string[]
  mends: string | null
}

export type OutboxRow = Kept & {
  /** mended: stands behind the item that replaces it until that one is in. */
  state: 'waiting' | 'refused' | 'stuck' | 'mended'
  tries: number
  /** It may have reached the server, whatever came back: from now on its content is fixed (SYNC-2). */
  offered: boolean
  /** By the phone's clock. */
  nextAt: number
  /** Sealed reason, about `problem/key`. */
  problem: Sealed | null
}

export type SentRow = Kept & {
  outcome: 'accepted' | 'duplicate' | 'held'
  recordedAt: string
  movedTo: { area: string; name: string } | null
  /** Sealed answer and problem, about `answer/key`. */
  answer: Sealed | null
  handover: Decision | null
  /** When the server's word came, by the phone's clock. */
  heardAt: number
  dismissed: boolean
}

export type PhotoRow = {
  id: string
  /** Key of the work that it belongs to; '' while its form is open. */
  of: string
  /** The visit or observation that it goes to; `visit` where an older version of the app has not said. */
  about?: PhotoSubject
  subject: string
  state: 'draft' | 'waiting' | 'done' | 'refused'
  /** Sealed under a key of its own, about its id; null when the server has it for good. */
  sealed: Bytes | null
  /** When the server took it, by its clock. */
  doneAt?: number
  /** That key, sealed under the data key and to the server. */
  photoKey: Sealed
  box: Bytes
  boxKey: string
  bytes: number
  takenAt: number
  tries: number
  nextAt: number
}

export type DraftRecord = {
  id: string
  form: string
  version: string
  subject: string
  savedAt: string
  /** When the server said that it has it, by its clock. */
  keptAt?: string
  plain: Sealed
  /** A PushItem of kind `draft.keep`, sealed to the server, under a key of its own. */
  push: { key: string; at: string; box: Bytes; boxKey: string } | null
  dropped: boolean
}

export type ReceiptRow = {
  key: string
  kind: string
  subject: string | null
  at: string
  day: string
  recordedAt: string
  outcome: 'accepted' | 'held'
  movedTo: { area: string; name: string } | null
  open: number
  supersedes: string | null
}

const TABLES = {
  meta: 'key',
  cursors: 'grid',
  items: '[kind+id], id, grid, n, kind, due',
  outbox: 'key, seq',
  sent: 'key, recordedAt',
  photos: 'id, of',
  drafts: 'id',
  receipts: 'key, day',
} as const

export class Store extends Dexie {
  declare meta: Table<MetaRow, MetaRow['key']>
  declare cursors: EntityTable<CursorRow, 'grid'>
  declare items: Table<ItemRow, [string, string]>
  declare outbox: EntityTable<OutboxRow, 'key'>
  declare sent: EntityTable<SentRow, 'key'>
  declare photos: EntityTable<PhotoRow, 'id'>
  declare drafts: EntityTable<DraftRecord, 'id'>
  declare receipts: EntityTable<ReceiptRow, 'key'>

  constructor(name: string, own: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }) {
    super(name, { ...own, chromeTransactionDurability: 'strict' })
    this.version(1).stores(TABLES)
  }
}

function isOf<K extends MetaRow['key']>(row: MetaRow | undefined, key: K): row is Extract<MetaRow, { key: K }> {
  return row?.key === key
}

export async function readMeta<K extends MetaRow['key']>(
  store: Store,
  key: K,
): Promise<Extract<MetaRow, { key: K }> | undefined> {
  const row = await store.meta.get(key)
  return isOf(row, key) ? row : undefined
}

/** The phone has no room for a piece of work; it was not kept. */
export class PhoneFull extends Error {
  constructor() {
    super('no room on the phone')
    this.name = 'PhoneFull'
  }
}

/** Asked for something that needs the PIN first. */
export class PhoneLocked extends Error {
  constructor() {
    super('the phone is locked')
    this.name = 'PhoneLocked'
  }
}

function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const inner = 'inner' in error ? namesOf(error.inner) : []
  // A change of many rows names what became of each.
  const each = 'failures' in error && Array.isArray(error.failures) ? error.failures.flatMap(namesOf) : []
  return [error.name, ...inner, ...each]
}

export function isFull(error: unknown): boolean {
  return namesOf(error).includes('QuotaExceededError')
}

/** Runs a write; a full disk is said as PhoneFull. */
export async function orFull<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isFull(error)) throw new PhoneFull()
    throw error
  }
}
