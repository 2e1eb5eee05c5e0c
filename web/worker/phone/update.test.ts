import { expect, test, vi } from 'vitest'
import { watchUpdates } from './update.ts'

/** The browser's side, as far as it is used. */
function browser(controlled: boolean) {
  const worker = { postMessage: vi.fn<(message: unknown) => void>() }
  const registration = Object.assign(new EventTarget(), {
    waiting: null as unknown,
    installing: null as EventTarget | null,
    update: async () => undefined,
  })
  const container = Object.assign(new EventTarget(), {
    controller: controlled ? {} : null,
    register: vi.fn<(url: string, options: object) => Promise<typeof registration>>(async () => registration),
  })
  const arrives = (): void => {
    registration.installing = new EventTarget()
    registration.dispatchEvent(new Event('updatefound'))
    registration.waiting = worker
    registration.installing.dispatchEvent(new Event('statechange'))
  }
  return { worker, container, arrives, as: container as unknown as ServiceWorkerContainer }
}

const ready = () => new Promise((resolve) => setTimeout(resolve, 0))

test('a new version is offered when no form is open, and taken only when asked for', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const { worker, container, arrives, as } = browser(true)
  const reload = vi.fn<() => void>()
  const updates = watchUpdates(as, reload)
  await ready()
  expect(container.register).toHaveBeenCalledWith('/worker/sw.js', { scope: '/worker/', updateViaCache: 'none' })
  expect(updates.isReady()).toBe(false)
  const close = updates.openForm()
  const other = updates.openForm()
  arrives()
  expect(updates.isReady()).toBe(false)
  close()
  close()
  expect(updates.isReady()).toBe(false)
  other()
  expect(updates.isReady()).toBe(true)
  container.dispatchEvent(new Event('controllerchange'))
  expect(reload).not.toHaveBeenCalled()
  updates.apply()
  expect(worker.postMessage).toHaveBeenCalledWith({ type: 'SKIP_WAITING' })
  container.dispatchEvent(new Event('controllerchange'))
  expect(reload).toHaveBeenCalledTimes(1)
  vi.useRealTimers()
})

test('the first install is no update', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const { arrives, as } = browser(false)
  const updates = watchUpdates(as, () => undefined)
  await ready()
  arrives()
  expect(updates.isReady()).toBe(false)
  vi.useRealTimers()
})

test('without service workers nothing is offered and nothing breaks', () => {
  const updates = watchUpdates(undefined, () => undefined)
  updates.apply()
  expect(updates.isReady()).toBe(false)
})
