import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching'

/**
 * The service worker's work that every installable face has in common: the program is kept on the phone and nothing else, least of all
 * what the server answers under /api; every address of a face is its one page; a new version waits until the page asks for it.
 */
export type Precached = { url: string; revision: string | null }
type FetchEvent = Event & { request: Request; respondWith: (answer: Promise<Response>) => void }
export type WorkEvent = Event & { waitUntil: (work: Promise<unknown>) => void }

/** What of a service worker's own scope is used, as the browser has it. */
export type Scope = {
  __WB_MANIFEST: Precached[]
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  addEventListener: {
    (name: 'fetch', listener: (event: FetchEvent) => void): void
    (name: 'message', listener: (event: MessageEvent) => void): void
    (name: 'activate', listener: (event: WorkEvent) => void): void
  }
}

/** @param files written into the face's own sw.ts by its build, which looks for the name there */
export function keepFace(scope: Scope, files: Precached[], page: string): void {
  const answer = async (request: Request): Promise<Response> => (await matchPrecache(page)) ?? fetch(request)
  scope.addEventListener('fetch', (event) => {
    if (event.request.mode !== 'navigate') return
    event.stopImmediatePropagation()
    event.respondWith(answer(event.request))
  })
  scope.addEventListener('message', (event) => {
    if (event.data?.type === 'SKIP_WAITING') void scope.skipWaiting()
  })
  scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
  cleanupOutdatedCaches()
  precacheAndRoute(files)
}
