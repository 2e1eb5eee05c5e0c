import { useSyncExternalStore } from 'react'

/** The addresses of this face; few enough for a router of our own. The phone's back button goes back. */
const BASE = '/gate'
export const VIEWS = [
  'scan',
  'log',
  'more',
  'login',
  'no-code',
  'document',
  'pass',
  'visitor',
  'vehicle',
  'emergency',
  'refer',
  'returns',
  'clock',
] as const
export type View = (typeof VIEWS)[number]

/** Where something is being written that the next person's code must not sweep away. */
const WRITING: readonly View[] = ['document', 'visitor', 'vehicle', 'refer', 'pass']
export const isWriting = (): boolean => WRITING.includes(current())

export const hrefOf = (view: View): string => (view === 'scan' ? `${BASE}/` : `${BASE}/${view}`)

const listeners = new Set<() => void>()
function ring(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}

function current(): View {
  const name = location.pathname.slice(BASE.length).replaceAll('/', '')
  return VIEWS.find((view) => view === name) ?? 'scan'
}

export function useView(): View {
  return useSyncExternalStore(subscribe, current)
}

export function go(view: View): void {
  if (view === current()) return
  // Back from a form leads to the camera, never through the forms of people who have gone.
  if (view === 'scan' || current() !== 'scan') history.replaceState(null, '', hrefOf(view))
  else history.pushState(null, '', hrefOf(view))
  ring()
}
