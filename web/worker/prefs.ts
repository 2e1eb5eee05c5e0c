import { useSyncExternalStore } from 'react'

/** What the worker has set for this device: nothing personal, so it lies open. */
const NAMES = { large: 'weiwang.large', mute: 'weiwang.mute' } as const
export type Pref = keyof typeof NAMES

const listeners = new Set<() => void>()

export function isOn(pref: Pref): boolean {
  return localStorage.getItem(NAMES[pref]) === '1'
}

/** Large text is a mark on the page, since every size is a multiple of the page's own. */
export function applyPrefs(): void {
  document.documentElement.toggleAttribute('data-large', isOn('large'))
}

export function setPref(pref: Pref, on: boolean): void {
  if (on) localStorage.setItem(NAMES[pref], '1')
  else localStorage.removeItem(NAMES[pref])
  applyPrefs()
  for (const listener of listeners) listener()
}

export function usePref(pref: Pref): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isOn(pref),
  )
}
