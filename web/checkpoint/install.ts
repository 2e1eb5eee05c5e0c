import { useSyncExternalStore } from 'react'

/** The browser's own offer to install the app, kept until somebody presses our button. */
type InstallEvent = Event & { prompt: () => Promise<unknown> }

let offer: InstallEvent | null = null
const listeners = new Set<() => void>()

function ring(): void {
  for (const listener of listeners) listener()
}

function isInstall(event: Event): event is InstallEvent {
  return 'prompt' in event && typeof event.prompt === 'function'
}

export function hearInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    if (!isInstall(event)) return
    event.preventDefault()
    offer = event
    ring()
  })
  window.addEventListener('appinstalled', () => {
    offer = null
    ring()
  })
}

export function useInstall(): (() => void) | null {
  const there = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => offer,
  )
  return there ? () => void there.prompt() : null
}
