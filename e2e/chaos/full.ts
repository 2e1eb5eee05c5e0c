import { IDBObjectStore } from 'fake-indexeddb'

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
