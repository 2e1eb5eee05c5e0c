import { z } from 'zod'

/**
 * Web push: a phone that is not open is told that there is something new, and nothing else (WAKE-1). What travels over a maker's
 * servers is empty; what it is about is pulled by the phone itself.
 */
const Device = z.uuid()

/** GET /api/sync/wake: null while the site has no web push. */
export const WakeKey = z.object({
  key: z.string().nullable(),
  /** Whether the phone of this session is told. */
  on: z.boolean(),
})

/** POST /api/sync/wake: where this phone is told. Without a device it is the phone that this session belongs to. */
export const PutWake = z.strictObject({ device: Device.optional(), endpoint: z.url().max(1000) })
export type PutWake = z.infer<typeof PutWake>
/** POST /api/sync/wake/end */
export const EndWake = z.strictObject({ device: Device.optional() })
export const WakeAnswer = z.object({ on: z.boolean() })

/** Push services of browsers; a site names others in PUSH_HOSTS. A leading dot: every host below. */
const KNOWN_HOSTS = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
] as const

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost']

/**
 * WAKE-2: an address is given by a browser, so the server writes only to push services that are known, over https; else a phone
 * could make it write to machines inside. A loopback host that the site names may be http, for trying out.
 */
export function mayWake(endpoint: string, moreHosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, username, password } = new URL(endpoint)
  if (username !== '' || password !== '') return false
  const named = moreHosts.includes(hostname)
  if (protocol === 'http:') return named && LOOPBACK.includes(hostname)
  if (protocol !== 'https:') return false
  return named || KNOWN_HOSTS.some((host) => (host.startsWith('.') ? hostname.endsWith(host) : hostname === host))
}

/** What a push service's answer means for a subscription. */
export function wakeOutcome(status: number): 'told' | 'gone' | 'again' | 'refused' {
  if (status >= 200 && status < 300) return 'told'
  if (status === 404 || status === 410) return 'gone'
  return status === 408 || status === 429 || status >= 500 ? 'again' : 'refused'
}
