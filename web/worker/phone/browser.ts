import { createPhone } from './phone.ts'
import { shrinkPicture } from '../../shared/picture.ts'
import type { Channel, Clock, Live, Locks, Net, Phone, Room } from './types.ts'

/** The browser's side of the engine: net, clock, disk, tabs, room. */

const net: Net = async ({ method, path, headers, body, timeoutMs }) => {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), timeoutMs ?? 45_000)
  try {
    const response = await fetch(path, {
      method,
      // A phone that speaks with its own secret does not bring somebody's session along.
      credentials: headers?.['authorization'] ? 'omit' : 'same-origin',
      ...(headers ? { headers: { ...headers } } : {}),
      ...(body === undefined ? {} : { body }),
      signal: patience.signal,
    })
    const text = await response.text()
    return { status: response.status, body: jsonOf(text), bytes: text.length }
  } finally {
    clearTimeout(timer)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const clock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (timer) => {
    if (typeof timer === 'number') window.clearTimeout(timer)
  },
}

const live: Live = ({ event, closed }) => {
  const source = new EventSource('/api/live')
  source.addEventListener('grid', (message) => event('grid', jsonOf(String(message.data))))
  source.onerror = () => {
    // The browser opens a cut stream again by itself; a refused one it gives up.
    if (source.readyState !== EventSource.CLOSED) return
    source.close()
    closed()
  }
  return () => source.close()
}

/** Old browsers without locks have no second tab worth guarding: the server takes each item once anyway (SYNC-1). */
const locks: Locks = async (name, run) => {
  if (!('locks' in navigator)) {
    await run()
    return true
  }
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return false
    await run()
    return true
  })
}

function channelOf(name: string): Channel {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    listen: (on) => {
      const hear = (event: MessageEvent): void => on(event.data)
      channel.addEventListener('message', hear)
      return () => {
        channel.removeEventListener('message', hear)
        channel.close()
      }
    },
  }
}

const room: Room = {
  estimate: async () => {
    const said = await navigator.storage?.estimate?.()
    return said?.usage === undefined || said.quota === undefined ? null : { usage: said.usage, quota: said.quota }
  },
  persist: async () => (await navigator.storage?.persisted?.()) || ((await navigator.storage?.persist?.()) ?? false),
}

const ACCOUNT = 'weiwang.phone.account'

/** Whose phone this browser was last; its register opens without a net. */
export function lastAccount(): string | null {
  return localStorage.getItem(ACCOUNT)
}

/** Keys need a secure context: https, or this very computer. Without one the phone says so instead of failing oddly. */
export function isSecure(): boolean {
  return window.isSecureContext && 'subtle' in crypto && 'indexedDB' in window
}

/** The phone of an account in this browser; each account has a disk of its own, so two workers can share a device. */
export async function openPhone(accountId: string, app: string): Promise<Phone> {
  const dbName = `weiwang.phone.${accountId}`
  const phone = await createPhone({
    net,
    clock,
    dbName,
    indexedDB: window.indexedDB,
    IDBKeyRange: window.IDBKeyRange,
    crypto,
    log: (what, detail) => window.dispatchEvent(new CustomEvent('weiwang.log', { detail: { what, ...detail } })),
    app,
    shrink: shrinkPicture,
    live,
    locks,
    room,
    ...('BroadcastChannel' in window ? { channel: channelOf(dbName) } : {}),
  })
  localStorage.setItem(ACCOUNT, accountId)
  await phone.start()
  window.addEventListener('online', phone.nudge)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') phone.nudge()
  })
  phone.run()
  return phone
}
