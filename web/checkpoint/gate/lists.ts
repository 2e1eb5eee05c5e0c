import { CodeKeys } from '@weiwang/domain/healthcode/code-api'
import { applyRevocations, decodeRevocations, forgetEnded, noneRevoked } from '@weiwang/domain/healthcode/revocation'
import type { Revoked } from '@weiwang/domain/healthcode/revocation'
import type { GateKey } from '@weiwang/domain/healthcode/verify'
import type { Bell } from '../../worker/phone/bell.ts'
import { fromBase64url } from '../../worker/phone/codec.ts'
import { readMeta } from './store.ts'
import type { GateStore } from './store.ts'
import type { Net, NetAnswer } from './types.ts'

const KEYS_EVERY_MS = 15 * 60_000
const REVOKED_EVERY_MS = 2 * 60_000
/** A gap is asked for once more from where we stand, a new epoch from the beginning. */
const MOST_ASKS = 3

export type GateLists = Awaited<ReturnType<typeof openLists>>

function keysOf(body: unknown): GateKey[] | null {
  const parsed = CodeKeys.pick({ keys: true }).safeParse(body)
  if (!parsed.success) return null
  return parsed.data.keys.map((key) => ({ ...key, publicKey: fromBase64url(key.publicKey) }))
}

/**
 * The issuer's public keys and the list of replaced codes, as last heard. What is on the disk is never thrown away for being old:
 * the gate says how old it is, and the policy of the site says what that means (case 72).
 */
export async function openLists({ store, bell }: { store: GateStore; bell: Bell }) {
  let keys: readonly GateKey[] = (await readMeta(store, 'keys'))?.keys ?? []
  const held = await readMeta(store, 'revoked')
  let revoked: Revoked = held
    ? { epoch: held.epoch, n: held.n, groups: held.groups, asOf: (await readMeta(store, 'listAsOf'))?.asOf ?? null }
    : noneRevoked()
  let keysAt = Number.NEGATIVE_INFINITY
  let revokedAt = Number.NEGATIVE_INFINITY
  let wanted = 0

  async function hearKeys(ask: (request: Parameters<Net>[0]) => Promise<NetAnswer>): Promise<void> {
    const { status, body } = await ask({ method: 'GET', path: '/api/code/keys' })
    const heard = status === 200 ? keysOf(body) : null
    if (!heard) return
    // Revoked once is revoked for good: a gate takes no key back into use (case 71).
    keys = heard.map((key) => {
      const before = keys.find((one) => one.kid === key.kid)?.revokedAt ?? null
      return before !== null && key.revokedAt === null ? { ...key, revokedAt: before } : key
    })
    await store.meta.put({ key: 'keys', keys: [...keys] })
    bell.ring()
  }

  async function save(next: Revoked): Promise<void> {
    const changed = next.n !== revoked.n || next.epoch !== revoked.epoch
    revoked = next
    if (changed) await store.meta.put({ key: 'revoked', epoch: next.epoch, n: next.n, groups: [...next.groups] })
    if (next.asOf !== null) await store.meta.put({ key: 'listAsOf', asOf: next.asOf })
    bell.ring()
  }

  /** @returns whether the list now tells everything up to the server's word. */
  async function hearRevoked(
    ask: (request: Parameters<Net>[0]) => Promise<NetAnswer>,
    now: () => number,
  ): Promise<boolean> {
    let from = { since: revoked.n, epoch: revoked.epoch }
    for (let n = 0; n < MOST_ASKS; n++) {
      const path = `/api/code/revocations?since=${from.since}&epoch=${from.epoch}`
      const { status, bytes } = await ask({ method: 'GET', path, binary: true })
      const delta = status === 200 && bytes ? decodeRevocations(bytes) : null
      if (!delta) return false
      const next = applyRevocations(revoked, delta)
      if (next) {
        await save(forgetEnded(next, Math.floor(now() / 1000)))
        return true
      }
      from = { since: 0, epoch: delta.epoch }
    }
    return false
  }

  return {
    keys: () => keys,
    revoked: () => revoked,
    /** Seconds of the server's clock. */
    asOf: () => revoked.asOf,
    wantAll: (): void => {
      wanted += 1
      keysAt = Number.NEGATIVE_INFINITY
      revokedAt = Number.NEGATIVE_INFINITY
    },
    /** What is due; `steady` in ms, `now` trusted ms. */
    sync: async (
      ask: (request: Parameters<Net>[0]) => Promise<NetAnswer>,
      { steady, now }: { steady: () => number; now: () => number },
    ): Promise<void> => {
      if (keys.length === 0 || steady() - keysAt >= KEYS_EVERY_MS) {
        const before = wanted
        await hearKeys(ask)
        // Wanted while the answer was on its way: that answer may be from before.
        if (wanted === before) keysAt = steady()
      }
      if (revoked.asOf === null || steady() - revokedAt >= REVOKED_EVERY_MS) {
        const before = wanted
        if ((await hearRevoked(ask, now)) && wanted === before) revokedAt = steady()
      }
    },
    /** How many replaced codes are held. */
    held: (): number => revoked.groups.reduce((sum, { ids }) => sum + ids.length, 0),
  }
}
