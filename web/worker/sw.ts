import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching'

/**
 * Keeps the program on the phone, and nothing else: what the server answers under /api is never kept here, since people's data
 * lie sealed in the phone's own store. Every address of the worker's face is its one page.
 */
type Precached = { url: string; revision: string | null }
type FetchEvent = Event & { request: Request; respondWith: (answer: Promise<Response>) => void }
type Worker = {
  __WB_MANIFEST: Precached[]
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  registration: { showNotification: (title: string, options: object) => Promise<void> }
  addEventListener: {
    (name: 'fetch', listener: (event: FetchEvent) => void): void
    (name: 'message', listener: (event: MessageEvent) => void): void
    (name: 'activate', listener: (event: Event & { waitUntil: (work: Promise<unknown>) => void }) => void): void
  }
}
declare const self: Worker

const PAGE = '/worker/index.html'

async function page(request: Request): Promise<Response> {
  return (await matchPrecache(PAGE)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return
  event.stopImmediatePropagation()
  event.respondWith(page(event.request))
})

// The new version waits until the page says that no form is open.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
