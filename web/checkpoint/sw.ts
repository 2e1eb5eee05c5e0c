import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching'

/**
 * Keeps the program on the phone, and nothing else: keys, revocations and passages lie in the gate's own store. Every address of the
 * gate's face is its one page.
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

const PAGE = '/gate/index.html'

async function page(request: Request): Promise<Response> {
  return (await matchPrecache(PAGE)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  if (event.request.mode !== 'navigate') return
  event.stopImmediatePropagation()
  event.respondWith(page(event.request))
})

// The new version waits until the page says that nobody is being dealt with.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
