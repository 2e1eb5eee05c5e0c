import { keepFace } from '../shared/keepFace.ts'
import type { Scope, WorkEvent } from '../shared/keepFace.ts'

type Worker = Scope & {
  clients: {
    matchAll: (of: { type: 'window' }) => Promise<{ focus: () => Promise<unknown> }[]>
    openWindow: (url: string) => Promise<unknown>
  }
  navigator: { userAgent: string; setAppBadge?: () => Promise<void> }
  registration: { showNotification: (title: string, options: object) => Promise<void> }
  addEventListener: {
    (name: 'push', listener: (event: WorkEvent & { data: { json: () => unknown } | null }) => void): void
    (name: 'notificationclick', listener: (event: WorkEvent & { notification: { close: () => void } }) => void): void
  }
}
declare const self: Worker

/** People's data lie sealed in the phone's own store. A new version waits until the page says that no form is open. */
keepFace(self, self.__WB_MANIFEST, '/worker/index.html')

/**
 * A push says that there is something, never about whom: it passes through a maker's servers and shows on a locked screen. The
 * server's are empty (WAKE-1).
 */
const SOMETHING_NEW = '有新任务或指令，请打开查看 · Something new; open to see'

self.addEventListener('push', (event) => {
  const said: unknown = event.data?.json()
  const text = (name: string, otherwise: string): string => {
    const value =
      typeof said === 'object' && said !== null ? Object.entries(said).find(([key]) => key === name)?.[1] : null
    return typeof value === 'string' ? value : otherwise
  }
  const options = { body: text('body', SOMETHING_NEW), tag: text('tag', 'weiwang'), icon: '/worker/icon-192.png' }
  // The page takes it away again. A browser without windows has no badge, and ends the page that asks for one.
  if (!self.navigator.userAgent.includes('Headless')) void self.navigator.setAppBadge?.()
  event.waitUntil(self.registration.showNotification(text('title', '微网 Weiwang'), options))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const show = async (): Promise<unknown> => {
    const [page] = await self.clients.matchAll({ type: 'window' })
    return page ? page.focus() : self.clients.openWindow('/worker/')
  }
  event.waitUntil(show())
})
