import { ExpectedReturns, GatePasses } from '@weiwang/domain/checkpoints/api'
import type { ExpectedReturn, GatePass } from '@weiwang/domain/checkpoints/api'
import { z } from 'zod'
import type { Bell } from '../../worker/phone/bell.ts'
import { newQueue } from '../../worker/phone/bell.ts'
import { recordOf, textOf, utf8 } from '../../worker/phone/codec.ts'
import type { Ciphers } from '../../worker/phone/crypto.ts'
import { readMeta } from './store.ts'
import type { GateStore } from './store.ts'
import type { Net, NetAnswer } from './types.ts'

const EVERY_MS = 2 * 60_000
const ABOUT = 'kept'

const Kept = z.object({
  gateId: z.string(),
  passes: GatePasses.nullable(),
  expected: ExpectedReturns.nullable(),
  /** Returns that somebody here said have come; the server's list may be from before. */
  come: z.array(z.string()),
})
type Kept = z.infer<typeof Kept>
const none = (gateId: string): Kept => ({ gateId, passes: null, expected: null, come: [] })

export type KeptLists = Awaited<ReturnType<typeof openKept>>

/**
 * Who holds a temporary pass and who is expected back behind this gate, as last heard (GATE-113, GATE-114): masked names, but names.
 * They lie sealed under the key of this browser and belong to one gate: another one, or none, and they are gone.
 */
export async function openKept(needs: { store: GateStore; ciphers: Ciphers; deviceKey: CryptoKey; bell: Bell }) {
  const { store, ciphers, deviceKey, bell } = needs
  const inTurn = newQueue()
  let heardAt = Number.NEGATIVE_INFINITY
  let kept: Kept = await read()

  async function read(): Promise<Kept> {
    const row = await readMeta(store, 'kept')
    if (!row) return none('')
    try {
      return Kept.parse(recordOf(textOf(await ciphers.open(deviceKey, row.sealed, ABOUT))))
    } catch {
      return none('')
    }
  }

  async function save(next: Kept): Promise<void> {
    kept = next
    bell.ring()
    const sealed = await ciphers.seal(deviceKey, utf8(JSON.stringify(next)), ABOUT)
    await store.meta.put({ key: 'kept', sealed })
  }

  async function hear(ask: (request: Parameters<Net>[0]) => Promise<NetAnswer>, gateId: string): Promise<void> {
    const passes = await ask({ method: 'GET', path: `/api/gate/passes?gateId=${gateId}` })
    const expected = await ask({ method: 'GET', path: `/api/gate/expected?gateId=${gateId}` })
    const said = {
      passes: passes.status === 200 ? GatePasses.safeParse(passes.body).data : undefined,
      expected: expected.status === 200 ? ExpectedReturns.safeParse(expected.body).data : undefined,
    }
    await inTurn(async () => {
      const before = kept.gateId === gateId ? kept : none(gateId)
      const listed = said.expected ?? before.expected
      await save({
        gateId,
        passes: said.passes ?? before.passes,
        expected: listed,
        come: before.come.filter((id) => listed?.items.some((one) => one.id === id) === true),
      })
    })
  }

  return {
    passes: (gateId: string): { asOf: number; items: readonly GatePass[] } | null =>
      kept.gateId === gateId && kept.passes !== null
        ? { asOf: Date.parse(kept.passes.asOf), items: kept.passes.items }
        : null,
    /** Without those who have come. */
    expected: (gateId: string): readonly ExpectedReturn[] =>
      kept.gateId === gateId ? (kept.expected?.items.filter((one) => !kept.come.includes(one.id)) ?? []) : [],
    hasCome: (id: string): Promise<void> => inTurn(() => save({ ...kept, come: [...kept.come, id] })),
    wantAll: (): void => {
      heardAt = Number.NEGATIVE_INFINITY
    },
    forget: (): Promise<void> =>
      inTurn(async () => {
        heardAt = Number.NEGATIVE_INFINITY
        kept = none('')
        await store.meta.delete('kept')
        bell.ring()
      }),
    /** What is due for the gate at which one stands. */
    sync: async (
      ask: (request: Parameters<Net>[0]) => Promise<NetAnswer>,
      of: { gateId: string | null; steady: () => number },
    ): Promise<void> => {
      const { gateId, steady } = of
      if (gateId === null || (kept.gateId === gateId && steady() - heardAt < EVERY_MS)) return
      await hear(ask, gateId)
      heardAt = steady()
    },
  }
}
