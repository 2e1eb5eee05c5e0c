import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching'

/**
 * Keeps this page on the phone, and nothing else: what the server answers under /api is never kept here. Codes and keys lie in the
 * page's own store, where a log-out takes them away.
 */
type Precached = { url: string; revision: string | null }
type FetchEvent = Event & { request: Request; respondWith: (answer: Promise<Response>) => void }
type WorkEvent = Event & { waitUntil: (work: Promise<unknown>) => void }
type Worker = {
  __WB_MANIFEST: Precached[]
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  addEventListener: {
    (name: 'fetch', listener: (event: FetchEvent) => void): void
    (name: 'message', listener: (event: MessageEvent) => void): void
    (name: 'activate', listener: (event: WorkEvent) => void): void
  }
}
declare const self: Worker

const PAGE = '/r/index.html'

async function page(request: Request): Promise<Response> {
  return (await matchPrecache(PAGE)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return
  event.stopImmediatePropagation()
  event.respondWith(page(event.request))
})

// A new version waits until the page begins on its first screen (shell.ts): nothing that is being filled in is lost.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
