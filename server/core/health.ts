import { sql } from 'kysely'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Http } from './http.ts'

/** `/healthz` (alive), `/readyz` (ready to serve) and `/metrics` for the operator. */
export function healthRoutes(http: Http, state: { ready: () => boolean }): void {
  const { app, server } = http
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'weiwang_request_seconds',
    help: 'time of requests',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  new Gauge({
    name: 'weiwang_pool_connections',
    help: 'connections by pool and state',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [name, { raw }] of [
        ['app', server.appPool],
        ['jobs', server.jobsPool],
      ] as const) {
        this.set({ pool: name, state: 'idle' }, raw.idleCount)
        this.set({ pool: name, state: 'busy' }, raw.totalCount - raw.idleCount)
        this.set({ pool: name, state: 'waiting' }, raw.waitingCount)
      }
    },
  })
  app.addHook('onResponse', async (request, reply) => {
    seconds.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
  })
  app.get('/healthz', { schema: { hide: true } }, async () => ({ alive: true }))
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    if (!state.ready()) return reply.code(503).send({ ready: false, why: 'starting or stopping' })
    try {
      await sql`select 1`.execute(server.appPool.db)
      return { ready: true }
    } catch {
      return reply.code(503).send({ ready: false, why: 'the database does not answer' })
    }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}
