import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '@weiwang/domain/access/actor'
import { defineProblem, Problem } from '@weiwang/domain/core/problem'
import type { ProblemKind } from '@weiwang/domain/core/problem'
import { invalidInput, otherAccount, unavailable } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Action, Reach } from './action.ts'
import type { Ctx } from './ctx.ts'
import type { Config } from './config.ts'
import { isAway, isDiskFull } from './disk.ts'
import { issuesOf } from './issues.ts'
import type { Server } from './server.ts'
import { VERSION } from './version.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who asks, or null: looked up by the access room, which core does not know. */
export type ResolveActor = (server: Server, token: string, now: Date) => Promise<Actor | null>

export type Query<I extends z.ZodType, O> = {
  name?: string
  input: I
  output?: z.ZodType<O>
  reach?: Reach
  run: (ctx: Ctx, args: z.output<I>) => Promise<O>
}

export type Public<I extends z.ZodType> = {
  input: I
  output?: z.ZodType
  /** Requests a minute and address; log-in has its own limits on top. */
  limit?: number
  run: (args: z.output<I>, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
}

export type RawOptions = {
  bodyLimit?: number
  body?: z.ZodType
  answer?: z.ZodType
  /** A file sent as multipart/form-data, in the part `file`, with these fields before it. */
  upload?: z.ZodObject
}

export type RawHandler = (actor: Actor, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export const SESSION_COOKIE = 'weiwang_session'

/** Every write by a browser carries this header, which another site cannot set. */
export const WRITE_HEADER = 'x-weiwang'
/** A phone says whose it is: a browser has one session at a time, and another worker's may be it (SYNC-16). */
const ACCOUNT_HEADER = 'x-weiwang-account'

const STATUS: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  refused: 403,
  not_found: 404,
  conflict: 409,
  limit: 429,
  unavailable: 503,
}

export const notLoggedIn = defineProblem<Record<string, never>>({
  code: 'NOT_LOGGED_IN',
  kind: 'unauthenticated',
  rule: 'ACCESS-1',
  message: () => say('请先登录', 'Please log in first'),
  remedy: () => say('登录后会回到本页', 'You will come back to this page'),
})

const foreignWrite = defineProblem<Record<string, never>>({
  code: 'FOREIGN_WRITE',
  kind: 'refused',
  message: () => say('请求来源不明，已拒绝', 'The request did not come from this application'),
  remedy: () => say('请从本系统页面操作', 'Use the pages of this system'),
})

const tooMany = defineProblem<{ seconds: number }>({
  code: 'TOO_MANY',
  kind: 'limit',
  message: ({ seconds }) =>
    say(`操作过于频繁，请 ${seconds} 秒后再试`, `Too many requests; try again in ${seconds} seconds`),
})

const noSuchRoute = defineProblem<{ path: string }>({
  code: 'NO_SUCH_ROUTE',
  kind: 'not_found',
  message: ({ path }) => say(`没有这个接口：${path}`, `There is no such address: ${path}`),
})

const diskFull = defineProblem<Record<string, never>>({
  code: 'DISK_FULL',
  kind: 'unavailable',
  message: () => say('服务器磁盘已满，未能保存', 'The server disk is full; nothing was saved'),
  remedy: () =>
    say('请联系管理员清理磁盘，已填内容仍在', 'Ask the administrator to free some space; what you typed is kept'),
})

/** What is read about a refusal, whatever its status: the shape of every problem (CORE-3). */
const Refusal = z.object({
  code: z.string(),
  kind: z.string(),
  rule: z.string().optional(),
  message: z.object({ zh: z.string(), en: z.string() }),
  remedy: z.object({ zh: z.string(), en: z.string() }).optional(),
  at: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
})
z.globalRegistry.add(Refusal, { id: 'Refusal' })

/** The address of a page, a script or a machine: a session in a cookie, or its token as bearer. */
const LOGGED_IN: readonly Record<string, readonly string[]>[] = [{ session: [] }, { bearer: [] }]
const WriteHeaders = z.object({
  'idempotency-key': z.string().max(100).optional(),
  [WRITE_HEADER]: z.string().optional(),
})

/** For the document alone: every route may refuse, and one that names no way to log in asks for none of ours. */
const described: typeof jsonSchemaTransform = (document) => {
  const { schema } = document
  if (!schema) return jsonSchemaTransform(document)
  return jsonSchemaTransform({
    ...document,
    schema: { security: [], ...schema, response: { ...asRecord(schema.response), default: Refusal } },
  })
}

const ABOUT = `Every answer is JSON unless it says otherwise. Lists are paged: \`limit\`, \`cursor\`, and \`total\` is exact within what you may see.
What lies outside of that is "not found" (ACCESS-3).

Log in with \`POST /api/login\`; the answer sets the cookie \`${SESSION_COOKIE}\`. A write that comes by the cookie carries the header \`${WRITE_HEADER}: 1\`.
A request with \`${ACCOUNT_HEADER}\` is answered for that account only: by the session of another it is refused (409, SYNC-16).
A write with \`Idempotency-Key\` is made once: the same key gets the first answer again (SYNC-1). Machines of a source send rows to
\`POST /api/feeds/{id}/rows\` with the key of that source as bearer (FEED-21).

A refusal is a \`Refusal\` with the rule that refuses, in Chinese and English, with what to do: 400 not valid, 401 not logged in, 403 not allowed,
404 not found, 409 conflict, 429 too often, 503 not available.

接口均为 JSON（另有说明的除外）。列表分页，total 为可见范围内的准确总数；范围以外一律“找不到”。先 \`POST /api/login\` 登录；用 Cookie 写入时须带 \`${WRITE_HEADER}: 1\`。
带 \`${ACCOUNT_HEADER}\` 的请求只按该账号答复，登录的是另一账号即拒绝（409）。
带 \`Idempotency-Key\` 的写入只生效一次。数据源的机器用该源的密钥（Bearer）报送。拒绝时给出规则编号、中英文原因和处理办法。`

function paramNames(path: string): string[] {
  return [...path.matchAll(/:([a-zA-Z]+)/g)].flatMap((m) => (m[1] === undefined ? [] : [m[1]]))
}

/** Where each field of an action's input travels, for the OpenAPI document. */
function documented(method: Method, path: string, input: z.ZodType): Record<string, z.ZodType> {
  if (!(input instanceof z.ZodObject)) return method === 'GET' ? {} : { body: input }
  const names = paramNames(path)
  const pick = (keys: string[]): z.ZodType => z.object(Object.fromEntries(keys.map((key) => [key, input.shape[key]])))
  const rest = Object.keys(input.shape).filter((key) => !names.includes(key))
  return {
    ...(names.length > 0 ? { params: pick(names.filter((n) => n in input.shape)) } : {}),
    ...(rest.length > 0 ? { [method === 'GET' ? 'querystring' : 'body']: pick(rest) } : {}),
  }
}

function mergedArgs(request: FastifyRequest): unknown {
  const { params, query, body } = request
  if (Array.isArray(body)) return body
  return { ...asRecord(query), ...asRecord(body), ...asRecord(params) }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

/** @throws invalidInput with what is wrong in both languages: only what was refused is looked at a second time. */
export function parseInput<I extends z.ZodType>(input: I, value: unknown): z.output<I> {
  const parsed = input.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(input, value, parsed.error)
  throw invalidInput({ issues }, issues[0]?.path)
}

/** What the framework refuses before any schema is asked. */
const UNREADABLE: Record<number, string> = {
  413: '内容过大，超过上限',
  415: '不支持这种内容格式',
}

function problemOf(error: unknown, config: Config): Problem | null {
  if (error instanceof Problem) return error
  if (!(error instanceof Error)) return null
  if (isDiskFull(error, config)) return diskFull({})
  if (isAway(error)) return unavailable({ what: 'database' })
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status === 429) return tooMany({ seconds: 60 })
  if (status >= 400 && status < 500) {
    const zh = UNREADABLE[status] ?? '请求的格式无法识别'
    return invalidInput({ issues: [{ path: '', message: error.message, zh }] })
  }
  return null
}

/** What a page may load and run; `script` is what its face needs beyond the usual: the gate's reader of codes is machine code. */
export function securityPolicy(script: string): string {
  return `default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; script-src ${script}; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`
}

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'content-security-policy': securityPolicy("'self'"),
}

/** Registers rooms' routes; parses, finds the actor, runs, presents, and turns every error into one shape. */
export class Http {
  readonly app: FastifyInstance
  readonly server: Server
  readonly #resolve: ResolveActor

  constructor(app: FastifyInstance, server: Server, resolve: ResolveActor) {
    this.app = app
    this.server = server
    this.#resolve = resolve
  }

  /** The actor of a request. @throws notLoggedIn; foreignWrite when a browser's write lacks the header; otherAccount. */
  async actor(request: FastifyRequest): Promise<Actor> {
    const bearer = request.headers.authorization?.startsWith('Bearer ')
      ? request.headers.authorization.slice(7)
      : undefined
    const token = bearer ?? request.cookies[SESSION_COOKIE]
    if (token === undefined || token === '') throw notLoggedIn({})
    if (bearer === undefined && request.method !== 'GET' && request.headers[WRITE_HEADER] === undefined)
      throw foreignWrite({})
    const actor = await this.#resolve(this.server, token, this.server.clock.now())
    if (!actor) throw notLoggedIn({})
    const named = request.headers[ACCOUNT_HEADER]
    if (named !== undefined && named !== actor.id) throw otherAccount({})
    return actor
  }

  action<I extends z.ZodType, O>(method: Method, path: string, action: Action<I, O>): void {
    this.app.route({
      method,
      url: path,
      schema: {
        operationId: action.name,
        tags: [path.split('/')[2] ?? ''],
        security: LOGGED_IN,
        headers: WriteHeaders,
        ...documented(method, path, action.input),
        ...(action.output ? { response: { 200: action.output } } : {}),
      },
      handler: async (request) => {
        const actor = await this.actor(request)
        const args = parseInput(action.input, mergedArgs(request))
        const key = request.headers['idempotency-key']
        const answer = await this.server.run(action, actor, args, {
          requestId: request.id,
          ...(typeof key === 'string' && key.length <= 100 ? { key } : {}),
        })
        return action.output ? action.output.parse(JSON.parse(JSON.stringify(answer ?? null))) : (answer ?? null)
      },
    })
  }

  query<I extends z.ZodType, O>(method: 'GET' | 'POST', path: string, query: Query<I, O>): void {
    const name = query.name ?? `${method} ${path}`
    this.app.route({
      method,
      url: path,
      schema: {
        operationId: name,
        tags: [path.split('/')[2] ?? ''],
        security: LOGGED_IN,
        ...documented(method, path, query.input),
        ...(query.output ? { response: { 200: query.output } } : {}),
      },
      handler: async (request) => {
        const actor = await this.actor(request)
        const args = parseInput(query.input, mergedArgs(request))
        const answer = await this.server.read(actor, name, args, (ctx) => query.run(ctx, args), query.reach ?? 'scope')
        return query.output ? query.output.parse(JSON.parse(JSON.stringify(answer ?? null))) : (answer ?? null)
      },
    })
  }

  /** Without log-in: log-in itself, the deployment's facts. */
  open<I extends z.ZodType>(method: Method, path: string, route: Public<I>): void {
    this.app.route({
      method,
      url: path,
      config: { rateLimit: { max: route.limit ?? 60, timeWindow: '1 minute' } },
      schema: {
        tags: [path.split('/')[2] ?? ''],
        ...documented(method, path, route.input),
        ...(route.output ? { response: { 200: route.output } } : {}),
      },
      handler: async (request, reply) => {
        const answer = await route.run(parseInput(route.input, mergedArgs(request)), request, reply)
        return route.output ? route.output.parse(JSON.parse(JSON.stringify(answer ?? null))) : (answer ?? null)
      },
    })
  }

  /**
   * A way ahead of everything else, for answers that must cost next to nothing: `answer` says true when it has answered, or when it
   * will say `pass` later, once it has looked into the request and put back what it read. It sees requests of the main listener alone;
   * everything it leaves goes the usual way, which must give the same answers.
   */
  quick(answer: (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean): void {
    const usual = this.app.server.listeners('request')
    this.app.server.removeAllListeners('request')
    this.app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const pass = (): void => {
        for (const listener of usual) listener.call(this.app.server, request, response)
      }
      if (!answer(request, response, pass)) pass()
    })
  }

  noRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return reply.code(404).send(noSuchRoute({ path: request.url.split('?')[0] ?? '' }).body)
  }

  /** Uploads, downloads and streams, which read or write the connection themselves. `body` and `answer` document them. */
  raw(method: Method, path: string, handler: RawHandler, options: RawOptions = {}): void {
    const { body, answer, upload, ...rest } = options
    const sent = upload?.extend({ file: z.string().meta({ format: 'binary' }) }) ?? body
    this.app.route({
      method,
      url: path,
      ...rest,
      schema: {
        tags: [path.split('/')[2] ?? ''],
        security: LOGGED_IN,
        ...(upload ? { consumes: ['multipart/form-data'] } : {}),
        ...(sent ? { body: sent } : {}),
        ...(answer ? { response: { 200: answer } } : {}),
      },
      handler: async (request, reply) => handler(await this.actor(request), request, reply),
    })
  }
}

const TELL_EVERY_MS = 10_000

/** While the database is away or its disk full every request meets it: why is told at once, then with how many met it meanwhile. */
function tellAway(server: Server): (error: Error, said: Say, route: string | undefined) => void {
  let [last, more] = [-Infinity, 0]
  return (error, said, route) => {
    const now = performance.now()
    if (now - last < TELL_EVERY_MS) {
      more += 1
      return
    }
    server.log.warn({ err: error, route, more }, `${said.en} ${said.zh}`)
    last = now
    more = 0
  }
}

function errorHandler(server: Server): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  const away = tellAway(server)
  return (error, request, reply) => {
    const problem = problemOf(error, server.config)
    if (problem) {
      if (problem.body.kind === 'unavailable' && error instanceof Error && !(error instanceof Problem))
        away(error, problem.body.message, request.routeOptions.url)
      void reply.code(STATUS[problem.body.kind]).send(problem.body)
      return
    }
    server.log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'request failed')
    const body = {
      code: 'FAILED',
      kind: 'unavailable',
      message: say('服务器出错，未能完成', 'The server failed; nothing was changed'),
      remedy: say(
        `请稍后再试；若仍出错，请告知管理员编号 ${request.id}`,
        `Try again; if it fails again, tell the administrator number ${request.id}`,
      ),
      details: { requestId: request.id },
    }
    void reply.code(500).send(body)
  }
}

export async function buildHttp(server: Server, resolve: ResolveActor): Promise<Http> {
  const tls = server.config.tls
  const app: FastifyInstance = Fastify({
    logger: false,
    trustProxy: server.config.trustProxy,
    bodyLimit: 2 * 1024 * 1024,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    ...(tls ? { https: { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } } : {}),
  })
  // Arguments are checked by parseInput, which gives our problems; schemas on routes feed the OpenAPI document.
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler(errorHandler(server))
  app.addHook('onSend', async (request, reply) => {
    // A face that needs more has said so already.
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  await app.register(cookie)
  await app.register(multipart, { limits: { fileSize: 512 * 1024 * 1024, files: 1, fields: 20 } })
  await app.register(rateLimit, { global: false })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Weiwang 微网', version: VERSION, license: { name: 'Apache-2.0' }, description: ABOUT },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: described,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: false })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  return new Http(app, server, resolve)
}
