import { IDBDatabase as Connection, IDBObjectStore } from 'fake-indexeddb'

/** Disks in memory that are full for a while: what lies there can be read and deleted, nothing can be written (case 5). */
const full = new Set<string>()

// Called with their store again below.
// oxlint-disable-next-line typescript/unbound-method
const { add: plainAdd, put: plainPut } = IDBObjectStore.prototype

function check(store: IDBObjectStore): void {
  if (full.has(store.transaction.db.name)) throw new DOMException('no room left', 'QuotaExceededError')
}

IDBObjectStore.prototype.add = function add(this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
  check(this)
  return plainAdd.call(this, value, key)
}
IDBObjectStore.prototype.put = function put(this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
  check(this)
  return plainPut.call(this, value, key)
}

export function setFull(dbName: string, is: boolean): void {
  if (is) full.add(dbName)
  else full.delete(dbName)
}

// oxlint-disable-next-line typescript/unbound-method
const { transaction: plainTransaction } = Connection.prototype
const dead = new WeakSet<IDBDatabase>()
const running = new WeakMap<IDBDatabase, Set<IDBTransaction>>()

Connection.prototype.transaction = function transaction(
  this: IDBDatabase,
  names: string | Iterable<string>,
  mode?: IDBTransactionMode,
  options?: IDBTransactionOptions,
) {
  if (dead.has(this)) throw new DOMException('the tab was killed', 'InvalidStateError')
  const made = plainTransaction.call(this, names, mode, options)
  const all = running.get(this) ?? new Set()
  running.set(this, all.add(made))
  for (const end of ['complete', 'abort']) made.addEventListener(end, () => all.delete(made))
  return made
}

/** A disk as one tab sees it; `kill` ends what it was writing and lets it write nothing more, as the end of its process does. */
export function diskOf(disk: IDBFactory): { disk: IDBFactory; kill: () => void } {
  const connections: IDBDatabase[] = []
  const open: IDBFactory['open'] = (name, version) => {
    const request = disk.open(name, version)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  }
  const kill = (): void => {
    for (const connection of connections) {
      dead.add(connection)
      for (const one of running.get(connection) ?? []) {
        try {
          one.abort()
        } catch {
          // It had been written.
        }
      }
    }
  }
  return {
    disk: {
      open,
      cmp: (a, b) => disk.cmp(a, b),
      databases: () => disk.databases(),
      deleteDatabase: (name) => disk.deleteDatabase(name),
    },
    kill,
  }
}

/** What a killed tab was waiting for is told to nobody. */
const OF_THE_DEAD = new Set(['AbortError', 'InvalidStateError', 'DatabaseClosedError', 'TransactionInactiveError'])

process.on('unhandledRejection', (error) => {
  if (error instanceof Error && OF_THE_DEAD.has(error.name)) return
  throw error
})
