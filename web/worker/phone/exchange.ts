import type { ProblemBody } from '@weiwang/domain/core/problem'
import { Order, ProblemOut, PROTOCOL } from '@weiwang/domain/sync/api'
import { z } from 'zod'
import type { Time } from './time.ts'
import type { Clock, Net, NetAnswer, NetRequest, Strip } from './types.ts'
import type { Vault } from './vault.ts'
import { problemFrom } from './works.ts'

const PATIENCE_MS = 45_000
/** domain/core/problems.ts, whose texts need not lie on the phone. */
const OTHER_ACCOUNT = 'OTHER_ACCOUNT'
const BUSY = [408, 425, 429, 502, 503, 504]

/** Why an exchange brought nothing. `content`: the server read the request and will not take it as it is. */
export type Why = NonNullable<Strip['trouble']> | 'content'

export class Trouble extends Error {
  readonly why: Why
  readonly status: number
  readonly seconds: number | null
  readonly problem: ProblemBody | null
  constructor(why: Why, status = 0, problem: ProblemBody | null = null) {
    super(`${why} ${status}`)
    this.name = 'Trouble'
    this.why = why
    this.status = status
    this.problem = problem
    const seconds = problem?.details['seconds']
    this.seconds = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, 3600) : null
  }
}

export type Auth = 'session' | 'phone'

/** What every answer of the sync routes has; the rest is read by who asked. */
const Answer = z.looseObject({
  now: z.iso.datetime({ offset: true }),
  order: Order.catch('none').default('none'),
  protocol: z.object({ now: z.number(), min: z.number() }).optional(),
  restoredAt: z.string().nullish(),
})
export type Answer = z.infer<typeof Answer>

function problemOf(body: unknown): ProblemBody | null {
  const parsed = ProblemOut.safeParse(body)
  return parsed.success ? problemFrom(parsed.data) : null
}

export type Exchange = ReturnType<typeof newExchange>

/** The way to the server: who speaks, what the clocks say, how many bytes it took. */
export function newExchange(needs: {
  net: Net
  clock: Clock
  time: Time
  vault: Vault
  app: string
  counts: () => { waiting: number; refused: number; oldest: string | null }
}) {
  const { net, clock, time, vault } = needs
  let bytes = 0

  /** By the session it is said whose phone speaks: nothing of somebody else's who is logged in here is read for it. */
  function named(request: NetRequest): NetRequest {
    const account = vault.phone()?.account.id
    if (account === undefined || request.headers?.['authorization'] !== undefined) return request
    return { ...request, headers: { ...request.headers, 'x-weiwang-account': account } }
  }

  async function raw(request: NetRequest): Promise<NetAnswer> {
    let answer: NetAnswer
    try {
      answer = await net({ timeoutMs: PATIENCE_MS, ...named(request) })
    } catch {
      throw new Trouble('offline')
    }
    bytes += (answer.bytes ?? 0) + (request.body?.length ?? 0)
    // Somebody else's log-in is none for this phone: what lies here goes sealed.
    const problem = answer.status === 409 ? problemOf(answer.body) : null
    if (problem?.code === OTHER_ACCOUNT) throw new Trouble('session', answer.status, problem)
    return answer
  }

  async function checked(request: NetRequest): Promise<NetAnswer> {
    const answer = await raw(request)
    const { status, body } = answer
    if (status >= 200 && status < 300) return answer
    if (status === 401) throw new Trouble('session', status, problemOf(body))
    if (BUSY.includes(status)) throw new Trouble('busy', status, problemOf(body))
    throw new Trouble('content', status, problemOf(body))
  }

  function contact(): Record<string, unknown> {
    const phone = vault.phone()
    const { waiting, refused, oldest } = needs.counts()
    const { restoredAt } = time.row()
    return {
      device: phone?.device,
      account: phone?.account.id,
      protocol: PROTOCOL,
      app: needs.app,
      clock: clockText(clock.now()),
      waiting,
      refused,
      oldest,
      ...(restoredAt === undefined ? {} : { restoredAt }),
    }
  }

  return {
    raw,
    checked,
    contact,
    takeBytes: (): number => {
      const taken = bytes
      bytes = 0
      return taken
    },
    /** @throws Trouble */
    post: async (path: string, body: Record<string, unknown>, auth: Auth): Promise<Answer> => {
      const sent = clock.now()
      const authorization = auth === 'phone' ? await vault.authorization() : null
      if (auth === 'phone' && authorization === null) throw new Trouble('session', 401)
      const { body: answer } = await checked({
        method: 'POST',
        path,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'x-weiwang': '1',
          ...(authorization === null ? {} : { authorization }),
        },
        body: JSON.stringify({ ...contact(), ...body }),
      })
      const parsed = Answer.safeParse(answer)
      if (!parsed.success) throw new Trouble('server', 200)
      await time.contact(new Date(parsed.data.now).getTime(), sent)
      return parsed.data
    },
  }
}

/** A clock may show a time that no date can be written for. */
function clockText(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString()
}
