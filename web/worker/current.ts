import { useSyncExternalStore } from 'react'
import { version } from '../package.json'
import { openPhone } from './phone/browser.ts'
import type { Phone } from './phone/types.ts'

/** Which phone of this browser is in use. Each account has its own; the former one's sealed work still goes up by itself. */
export const VERSION = version

const open = new Map<string, Phone>()
const listeners = new Set<() => void>()
let current: { account: string; phone: Phone } | null = null

function ring(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export async function openFor(account: string): Promise<Phone> {
  const known = open.get(account) ?? (await openPhone(account, VERSION))
  open.set(account, known)
  if (current && current.account !== account) {
    current.phone.lock()
    current.phone.signedOut()
  }
  current = { account, phone: known }
  ring()
  return known
}

export function currentPhone(): Phone | null {
  return current?.phone ?? null
}

export function useCurrentPhone(): Phone | null {
  return useSyncExternalStore(subscribe, currentPhone)
}

/**
 * The worker asked for a new PIN (the old one is forgotten, or the key is gone), and has logged in again for it. Kept in memory
 * only: a reload asks again, so that a session left in the browser never is enough for a new PIN.
 */
let pinWish: 'none' | 'asked' | 'allowed' = 'none'

export function wishPin(next: typeof pinWish): void {
  pinWish = next
  ring()
}

export function usePinWish(): typeof pinWish {
  return useSyncExternalStore(subscribe, () => pinWish)
}
