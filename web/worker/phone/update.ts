/**
 * The service worker and new versions of the app. A new version waits until nobody is filling in a form (case 20): it is
 * offered, never forced, and drafts lie on the disk in any case. `face` is the address below which the app lives.
 */
export type Updates = {
  /** A new version is there and no form is open. */
  isReady: () => boolean
  apply: () => void
  /** A form is open until the returned function is called. */
  openForm: () => () => void
  subscribe: (listener: () => void) => () => void
}

const CHECK_EVERY_MS = 3_600_000

export function watchUpdates(
  container: ServiceWorkerContainer | undefined,
  reload: () => void,
  face = '/worker/',
): Updates {
  const listeners = new Set<() => void>()
  let waiting: ServiceWorker | null = null
  let forms = 0
  let asked = false
  const ring = (): void => {
    for (const listener of listeners) listener()
  }

  function look(registration: ServiceWorkerRegistration): void {
    // Without a controller this is the first install: nothing older runs.
    waiting = container?.controller ? registration.waiting : null
    ring()
  }

  async function register(): Promise<void> {
    if (!container) return
    const registration = await container.register(`${face}sw.js`, { scope: face, updateViaCache: 'none' })
    look(registration)
    registration.addEventListener('updatefound', () => {
      const { installing } = registration
      installing?.addEventListener('statechange', () => look(registration))
    })
    container.addEventListener('controllerchange', () => {
      if (asked) reload()
    })
    setInterval(() => void registration.update().catch(() => undefined), CHECK_EVERY_MS)
  }
  register().catch(() => undefined)

  return {
    isReady: () => waiting !== null && forms === 0,
    apply: () => {
      asked = true
      waiting?.postMessage({ type: 'SKIP_WAITING' })
    },
    openForm: () => {
      forms += 1
      ring()
      let open = true
      return () => {
        if (open) forms -= 1
        open = false
        ring()
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
