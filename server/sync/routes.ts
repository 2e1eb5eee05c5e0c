import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Pull, Pulled } from '@weiwang/domain/sync/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import { lastVerifiedBackup } from '../core/postgres/backup.ts'
import type { Server } from '../core/server.ts'
import { admission } from './admission.ts'
import { listContacts, putContactAction } from './contacts.ts'
import { Live } from './live.ts'
import { contactDone, touchPhone } from './phones.ts'
import { pull } from './pull.ts'
import { lastRestore } from './restored.ts'

/** First syncs that one process serves at the same time (SYNC-11). */
const FIRST_SYNCS = 8
/** Below this an answer fits a packet or two and is not worth compressing. */
const WORTH_BYTES = 1_400
const DURABLE_MS = 30_000

const compress = promisify(gzip)

/** JSON as few bytes on the wire as the phone takes; says how many that were. */
async function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
): Promise<{ bytes: number; text: Buffer }> {
  const text = Buffer.from(JSON.stringify(body))
  void reply.header('content-type', 'application/json; charset=utf-8').header('vary', 'accept-encoding')
  const takes = String(request.headers['accept-encoding'] ?? '').includes('gzip')
  if (!takes || text.length < WORTH_BYTES) return { bytes: text.length, text }
  const packed = await compress(text, { level: 5 })
  void reply.header('content-encoding', 'gzip')
  return { bytes: packed.length, text: packed }
}

/** Asked by every pull, changed once a day: looked up at most every half minute. */
function durable(server: Server): () => Promise<string | null> {
  let kept: { at: number; to: string | null } | null = null
  return async () => {
    if (kept === null || performance.now() - kept.at > DURABLE_MS) {
      const backup = await lastVerifiedBackup(server.jobsPool.db)
      kept = { at: performance.now(), to: backup?.coversUntil.toISOString() ?? null }
    }
    return kept.to
  }
}

export function syncRoutes(http: Http): void {
  const { server } = http
  const gate = admission(FIRST_SYNCS, Math.random)
  const durableTo = durable(server)
  const live = new Live(server)
  http.app.addHook('preClose', async () => live.close())

  http.raw(
    'POST',
    '/api/sync/pull',
    async (actor, request, reply) => {
      const args = parseInput(Pull, request.body)
      const touched = await touchPhone(server, actor, args)
      const answer = await pull(server, actor, args, {
        order: touched.order,
        home: touched.home,
        durableTo: await durableTo(),
        admission: gate,
        restored: await lastRestore(server),
      })
      const { bytes, text } = await sendJson(request, reply, answer)
      const level = !answer.more && answer.comeBack === null && !args.head
      await contactDone(server, touched, { level, bytes, items: answer.items.length })
      return reply.send(text)
    },
    { body: Pull, answer: Pulled },
  )
  http.raw('GET', '/api/live', async (actor, request, reply) => {
    if (await live.listen(actor, request, reply)) return reply
    return reply.code(503).header('retry-after', '60').send({})
  })
  http.query('GET', '/api/sync/contacts', listContacts)
  http.action('POST', '/api/sync/contacts', putContactAction)
}
