import { createGate } from './gate.ts'
import type { Gate, GateOptions } from './gate.ts'
import type { Net } from './types.ts'

/** The browser's side of the gate: net, clocks, disk, tabs. */
const PATIENCE_MS = 30_000

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const net: Net = async ({ method, path, body, key, binary }) => {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        'x-weiwang': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: patience.signal,
    })
    if (binary && response.ok)
      return { status: response.status, body: null, bytes: new Uint8Array(await response.arrayBuffer()) }
    return { status: response.status, body: jsonOf(await response.text()), bytes: null }
  } finally {
    clearTimeout(timer)
  }
}

const locks: GateOptions['locks'] = async (name, run) => {
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

/** Keys need a secure context: https, or this very computer. */
export function isSecure(): boolean {
  return window.isSecureContext && 'subtle' in crypto && 'indexedDB' in window
}

export async function openGate(): Promise<Gate> {
  const gate = await createGate({
    net,
    clocks: { wall: () => Date.now(), steady: () => performance.now() },
    timers: {
      set: (run, ms) => window.setTimeout(run, ms),
      clear: (timer) => {
        if (typeof timer === 'number') window.clearTimeout(timer)
      },
    },
    dbName: 'weiwang.gate',
    indexedDB: window.indexedDB,
    IDBKeyRange: window.IDBKeyRange,
    crypto,
    random: Math.random,
    locks,
  })
  void navigator.storage?.persist?.()
  window.addEventListener('online', gate.nudge)
  window.addEventListener('offline', gate.lost)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') gate.nudge()
  })
  gate.run()
  return gate
}
