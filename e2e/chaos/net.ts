import { setTimeout as sleep } from 'node:timers/promises'
import type { Rng } from '@weiwang/domain/exercise/prng'
import type { Net, NetAnswer, NetRequest } from '../../web/worker/phone/types.ts'

/** How often, of all exchanges, each thing goes wrong. */
export type Faults = {
  /** No net: the request never left. */
  before: number
  /** The server acted and its answer was lost. */
  after: number
  /** The request arrives twice at the same time; one of the answers comes back. */
  twice: number
  /** An older request of this phone arrives once more, beside this one. */
  stale: number
  /** It takes its time, so that others overtake it. */
  slow: number
  /** The server's pages are small, so that a sync has many. */
  small: number
}

export const FAULTS: Faults = { before: 0.05, after: 0.07, twice: 0.04, stale: 0.03, slow: 0.05, small: 0.3 }
export const CALM: Faults = { before: 0, after: 0, twice: 0, stale: 0, slow: 0, small: 0 }

const KEPT_REQUESTS = 12
const SLOW_MS = 40

/** Over HTTP as the browser does it: the cookie goes along whatever else does. @throws when there is no answer */
export async function exchange(address: string, cookie: string | null, request: NetRequest): Promise<NetAnswer> {
  const { method, path, headers, body } = request
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { ...headers, ...(cookie === null ? {} : { cookie }) },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : null, bytes: text.length }
}

/** Asks for fewer things at once; nothing else of the request changes. */
function smaller(request: NetRequest, rng: Rng): NetRequest {
  if (request.path !== '/api/sync/pull' || typeof request.body !== 'string') return request
  const body: unknown = JSON.parse(request.body)
  if (typeof body !== 'object' || body === null) return request
  return { ...request, body: JSON.stringify({ ...body, limit: rng.between(1, 120) }) }
}

/** The same faults for the same stream of chances, whatever the machine's speed. */
export function chaoticNet(needs: {
  send: (request: NetRequest) => Promise<NetAnswer>
  rng: Rng
  faults: () => Faults
  told: (what: string) => void
}): Net {
  const { rng, told } = needs
  const kept: NetRequest[] = []
  const quietly = (request: NetRequest): void => void needs.send(request).catch(() => undefined)
  return async (asked) => {
    const faults = needs.faults()
    // Every chance is taken every time, so that one fault does not move the others.
    const [before, after, twice, stale, slow, small] = [
      rng.chance(faults.before),
      rng.chance(faults.after),
      rng.chance(faults.twice),
      rng.chance(faults.stale),
      rng.chance(faults.slow),
      rng.chance(faults.small),
    ]
    const old = kept[rng.int(Math.max(1, kept.length))]
    const second = rng.chance(0.5)
    const request = small ? smaller(asked, rng) : asked
    if (before) {
      told(`no net for ${request.path}`)
      throw new Error('no net')
    }
    if (slow) await sleep(rng.between(1, SLOW_MS))
    if (stale && old) {
      told(`${old.path} comes once more`)
      quietly(old)
    }
    if (/push|sealed|photos/.test(request.path)) kept.push(request)
    if (kept.length > KEPT_REQUESTS) kept.shift()
    const [one, other] = [needs.send(request), twice ? needs.send(request) : null]
    if (other) {
      told(`${request.path} comes twice`)
      void one.catch(() => undefined)
      void other.catch(() => undefined)
      await Promise.allSettled([one, other])
    }
    const answer = await (other && second ? other : one)
    if (after) {
      told(`the answer of ${request.path} is lost`)
      throw new Error('the answer was lost')
    }
    return answer
  }
}
