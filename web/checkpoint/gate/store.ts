import type { GateItem, MyGates } from '@weiwang/domain/checkpoints/api'
import type { Say } from '@weiwang/domain/core/say'
import type { GateKey } from '@weiwang/domain/healthcode/verify'
import { Dexie } from 'dexie'
import type { EntityTable, Table } from 'dexie'
import type { Bytes } from '../../worker/phone/codec.ts'

/**
 * What lies on the gate's disk. Code ids, plates and visitors are sealed to the server before they are written and cannot be opened
 * here; the rest of a passage is sealed to a key of this browser that no script can read (GATE-104). Keys and revocations are public.
 * The store is the device's, not an account's: the next shift sends what the former one left.
 */
export type ClockRow = {
  key: 'clock'
  /** Trusted time minus what the phone's clock shows, as of the last contact. */
  offset: number
  contactAt: number | null
  /** The last trusted time; it only grows on this phone's own word. */
  last: number | null
  by: 'server' | 'hand'
  since: number
}

export type MetaRow =
  | ClockRow
  | { key: 'device'; deviceKey: CryptoKey }
  | { key: 'mine'; mine: MyGates; heardAt: number }
  | { key: 'chosen'; gateId: string; direction: 'in' | 'out' }
  | { key: 'keys'; keys: GateKey[] }
  /** Written when it grew; how fresh it is stands apart, so that an unchanged list costs no writing. */
  | { key: 'revoked'; epoch: number; n: number; groups: { until: number; ids: Float64Array }[] }
  | { key: 'listAsOf'; asOf: number }
  /** Who holds a temporary pass and who is expected back: under the device key, since they are names. */
  | { key: 'kept'; sealed: Bytes }
  | { key: 'tally'; day: string; passages: number; notGreen: number; fever: number; byHand: number; refused: number }

export type QueueRow = {
  /** UUIDv7: in the order of time. */
  id: string
  kind: GateItem['kind']
  /** open: the person is still being dealt with, and what is told may change. */
  state: 'open' | 'waiting' | 'refused'
  /** By the steady count of nothing: the phone's clock, only to space out tries. */
  nextAt: number
  tries: number
  /** JSON of the GateItem under the device key, about its id. */
  sealed: Bytes
  problem: { code: string; rule: string | null; message: Say; remedy: Say | null } | null
}

/** A fever that rests. Nothing says who: the attendant knows, and the number on the slip is the last digits of the id. */
export type RestRow = { id: string; gateId: string; at: number; temperature: number; from: number; until: number }

const TABLES = { meta: 'key', queue: 'id, state, [state+nextAt]', rest: 'id' } as const

export class GateStore extends Dexie {
  declare meta: Table<MetaRow, MetaRow['key']>
  declare queue: EntityTable<QueueRow, 'id'>
  declare rest: EntityTable<RestRow, 'id'>

  constructor(name: string, own: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }) {
    super(name, { ...own, chromeTransactionDurability: 'strict' })
    this.version(1).stores(TABLES)
  }
}

function isOf<K extends MetaRow['key']>(row: MetaRow | undefined, key: K): row is Extract<MetaRow, { key: K }> {
  return row?.key === key
}

export async function readMeta<K extends MetaRow['key']>(
  store: GateStore,
  key: K,
): Promise<Extract<MetaRow, { key: K }> | undefined> {
  const row = await store.meta.get(key)
  return isOf(row, key) ? row : undefined
}
