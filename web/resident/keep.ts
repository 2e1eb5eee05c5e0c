/**
 * What stays on this phone: keys that cannot leave it, credentials for the days ahead, the last answer about the colours, drafts.
 * One small store of IndexedDB, without a library: keys of WebCrypto can be put there as they are and nowhere else. A browser that
 * keeps nothing (private windows) still shows the code as long as the page is open.
 */
const NAME = 'weiwang-r'
const STORE = 'kept'

let opened: Promise<IDBDatabase | null> | null = null
const memory = new Map<string, unknown>()

function open(): Promise<IDBDatabase | null> {
  opened ??= new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
      asked.onsuccess = () => {
        // Another tab wipes or a newer version comes: this one lets go.
        asked.result.onversionchange = () => {
          asked.result.close()
          opened = null
        }
        resolve(asked.result)
      }
      asked.onerror = () => resolve(null)
      asked.onblocked = () => resolve(null)
    } catch {
      resolve(null)
    }
  })
  return opened
}

async function within<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | null | undefined> {
  const db = await open()
  if (db === null) return null
  return new Promise((resolve) => {
    try {
      const transaction = db.transaction(STORE, mode)
      const asked = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(asked.result)
      transaction.onerror = () => resolve(null)
      transaction.onabort = () => resolve(null)
    } catch {
      resolve(null)
    }
  })
}

/** Null when it is not there. The writer's type is the reader's: every key is written in one place. */
export async function recall<T>(key: string): Promise<T | null> {
  if (memory.has(key)) return (memory.get(key) as T) ?? null // eslint-disable-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- written by `keep` below under the same key
  const found: T | null | undefined = await within<T>('readonly', (store) => store.get(key))
  return found ?? null
}

/** True when it will be there after the page was closed. */
export async function keep(key: string, value: unknown): Promise<boolean> {
  const done = await within('readwrite', (store) => store.put(value, key))
  if (done === null) memory.set(key, value)
  return done !== null
}

export async function forget(key: string): Promise<void> {
  memory.delete(key)
  await within('readwrite', (store) => store.delete(key))
}

/** Everything goes: keys, credentials, drafts. */
export async function forgetAll(): Promise<void> {
  memory.clear()
  await within('readwrite', (store) => store.clear())
}

const SEAL_KEY = 'seal'

/** The key of drafts: made here, never shown to anybody, gone with everything else at log-out. Null where a browser has no keys. */
async function sealKey(): Promise<CryptoKey | null> {
  const kept = await recall<CryptoKey>(SEAL_KEY)
  if (kept !== null) return kept
  if (!globalThis.crypto?.subtle) return null
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await keep(SEAL_KEY, made)
  return made
}

type Sealed = { at: number; iv: Uint8Array<ArrayBuffer>; box: ArrayBuffer }

/** What is half written stays sealed: a backup of the phone, or a reader of its files, finds no identity number. */
export async function keepSealed(key: string, value: object, at: number): Promise<void> {
  const seal = await sealKey()
  if (seal === null) return
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const box = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv },
    seal,
    new TextEncoder().encode(JSON.stringify(value)),
  )
  const sealed: Sealed = { at, iv, box }
  await keep(key, sealed)
}

export async function recallSealed(key: string): Promise<{ at: number; value: unknown } | null> {
  const [seal, sealed] = await Promise.all([sealKey(), recall<Sealed>(key)])
  if (seal === null || sealed === null) return null
  try {
    const open = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, seal, sealed.box)
    return { at: sealed.at, value: JSON.parse(new TextDecoder().decode(open)) }
  } catch {
    return null
  }
}
