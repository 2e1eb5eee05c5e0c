import { Readable } from 'node:stream'
import { pageOf } from '@weiwang/domain/core/page'
import { SaySchema } from '@weiwang/domain/core/api'
import {
  Batch,
  BatchReceived,
  BatchRef,
  CaseCount,
  CountsImport,
  Feed,
  FeedKey,
  FeedPreset,
  FeedRef,
  ListBatches,
  ListCaseCounts,
  ListFeeds,
  ListRejects,
  ListRiskAreas,
  MachineAnswer,
  MachineRows,
  Precision,
  PrecisionQuery,
  Reject,
  RejectsFile,
  RiskArea,
  RiskAreaImport,
} from '@weiwang/domain/feeds/api'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { fileMissing } from '@weiwang/domain/feeds/problems'
import type { Actor } from '@weiwang/domain/access/actor'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { permit } from '../core/ctx.ts'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import { newId } from '../core/transaction.ts'
import { permitList } from './access.ts'
import { receiveBatch, resumeBatch, withdrawBatch } from './actions-batch.ts'
import {
  approveRed,
  closeFeed,
  createFeed,
  editFeed,
  makeKey,
  openFeed,
  openFeedFor,
  proposeRed,
  revokeKey,
  revokeRed,
} from './actions-feed.ts'
import {
  addRiskArea,
  endRiskArea,
  importCounts,
  importRiskAreas,
  readCountsFile,
  readRiskFile,
  withdrawRiskArea,
} from './actions-risk.ts'
import { adopt, discard, fileOf, receive } from './inbox.ts'
import type { Received } from './inbox.ts'
import { MAX_BODY, receiveRows } from './machine.ts'
import {
  caseCountsQuery,
  getBatchQuery,
  getFeedQuery,
  listBatchesQuery,
  listFeedsQuery,
  listRejectsQuery,
  listRiskAreasQuery,
  precisionQuery,
} from './queries.ts'
import { LIMITS } from './reader/limits.ts'
import { exportRejects, rejectsCsv } from './rejects.ts'

/** The first file of a multipart request, in the inbox under a name of its own. @throws fileMissing, fileTooBig */
async function receiveFile(
  http: Http,
  request: FastifyRequest,
  name: string,
): Promise<Received & { fileName: string }> {
  const part = request.isMultipart() ? await request.file({ limits: { fileSize: LIMITS.bytes + 1 } }) : undefined
  if (part === undefined) throw fileMissing({})
  const received = await receive(http.server.config.dataDir, name, part.file, LIMITS.bytes)
  return { ...received, fileName: part.filename.replace(/\p{C}/gu, '').slice(-255) || 'file' }
}

function idempotencyKey(request: FastifyRequest): { key?: string } {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' && key.length <= 100 ? { key } : {}
}

function sourceRoutes(http: Http): void {
  http.query('GET', '/api/feeds', { name: 'feed.list', input: ListFeeds, output: pageOf(Feed), run: listFeedsQuery })
  http.query('GET', '/api/feeds/:id', {
    name: 'feed.get',
    input: FeedRef,
    output: Feed,
    run: (ctx, { id }) => getFeedQuery(ctx, id),
  })
  http.query('GET', '/api/feed-presets', {
    name: 'feed.presets',
    input: z.strictObject({}),
    output: z.object({ items: z.array(FeedPreset) }),
    run: async (ctx) => {
      permitList(ctx, 'feed')
      return { items: [...PRESETS] }
    },
  })
  http.action('POST', '/api/feeds', createFeed)
  http.action('POST', '/api/feeds/:id/edit', editFeed)
  http.action('POST', '/api/feeds/:id/open', openFeed)
  http.action('POST', '/api/feeds/:id/close', closeFeed)
  http.action('POST', '/api/feeds/:id/red/propose', proposeRed)
  http.action('POST', '/api/feeds/:id/red/approve', approveRed)
  http.action('POST', '/api/feeds/:id/red/revoke', revokeRed)
  http.action('POST', '/api/feeds/:id/key/revoke', revokeKey)
  http.query('GET', '/api/feeds/:id/precision', {
    name: 'feed.precision',
    input: PrecisionQuery,
    output: Precision,
    run: precisionQuery,
  })
  // Without an idempotency key: the first answers of writes are stored, and this one holds a secret.
  http.raw(
    'POST',
    '/api/feeds/:id/key',
    async (actor, request) =>
      FeedKey.parse(
        await http.server.run(makeKey, actor, parseInput(FeedRef, request.params), { requestId: request.id }),
      ),
    { answer: FeedKey },
  )
}

function batchRoutes(http: Http): void {
  const { server } = http
  http.raw(
    'POST',
    '/api/feeds/:id/batches',
    async (actor, request) => {
      const { id } = parseInput(FeedRef, request.params)
      // Asked before a byte is taken in: who may not load, and a time without an emergency, must not fill the inbox.
      await server.read(actor, 'batch.receive', { id }, async (ctx) =>
        requireOpenEmergency(ctx, (await openFeedFor(ctx, id)).area),
      )
      const batchId = newId(server.clock.now())
      const { fileName, ...received } = await receiveFile(http, request, batchId)
      // The file is at its place before the batch is: a job may begin as soon as the batch is committed.
      await adopt(server.config.dataDir, received, batchId)
      try {
        const { bytes, sha256 } = received
        const answer = await server.run(
          receiveBatch,
          actor,
          { id, batchId, fileName, bytes, sha256 },
          { requestId: request.id },
        )
        if (answer.batch.id !== batchId) await discard(fileOf(server.config.dataDir, batchId))
        return answer
      } catch (error) {
        await discard(fileOf(server.config.dataDir, batchId))
        throw error
      }
    },
    { upload: z.object({}), answer: BatchReceived },
  )
  http.query('GET', '/api/batches', {
    name: 'batch.list',
    input: ListBatches,
    output: pageOf(Batch),
    run: listBatchesQuery,
  })
  http.query('GET', '/api/batches/:id', {
    name: 'batch.get',
    input: BatchRef,
    output: Batch,
    run: (ctx, { id }) => getBatchQuery(ctx, id),
  })
  http.query('GET', '/api/batches/:id/rejects', {
    name: 'batch.rejects',
    input: ListRejects,
    output: pageOf(Reject),
    run: listRejectsQuery,
  })
  http.raw('GET', '/api/batches/:id/rejects.csv', async (actor, request, reply) => {
    const args = parseInput(RejectsFile, {
      ...z.looseObject({}).parse(request.query),
      ...z.looseObject({}).parse(request.params),
    })
    const { id } = await server.run(exportRejects, actor, args, { requestId: request.id })
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="rejects-${id}.csv"`)
    return reply.send(Readable.from(rejectsCsv(server, id, args.lang)))
  })
  http.action('POST', '/api/batches/:id/resume', resumeBatch)
  http.action('POST', '/api/batches/:id/withdraw', withdrawBatch)
}

/** Machines have no session: their key is looked at here, and opens nothing but their own source. */
async function machineRoutes(http: Http): Promise<void> {
  await http.app.register(async (app) => {
    app.addContentTypeParser(
      ['text/csv', 'application/csv'],
      { parseAs: 'buffer', bodyLimit: MAX_BODY },
      (_request, body, done) => done(null, body),
    )
    app.post(
      '/api/feeds/:id/rows',
      {
        bodyLimit: MAX_BODY,
        schema: {
          operationId: 'feed.rows',
          tags: ['feeds'],
          description: 'Rows as JSON, or a CSV as text/csv; the bearer is the key of the source (FEED-21).',
          security: [{ bearer: [] }],
          body: MachineRows,
          response: { 200: MachineAnswer },
        },
      },
      async (request) =>
        receiveRows(http.server, {
          feedId: parseInput(FeedRef, request.params).id,
          authorization: request.headers.authorization,
          body: request.body,
          key: idempotencyKey(request).key,
          requestId: request.id,
        }),
    )
  })
}

const RiskPage = pageOf(RiskArea).extend({ about: SaySchema })

function riskRoutes(http: Http): void {
  const { server } = http
  http.query('GET', '/api/risk-areas', {
    name: 'risk_area.list',
    input: ListRiskAreas,
    output: RiskPage,
    run: listRiskAreasQuery,
  })
  http.query('GET', '/api/case-counts', {
    name: 'case_count.list',
    input: ListCaseCounts,
    output: z.object({ items: z.array(CaseCount), about: SaySchema }),
    run: caseCountsQuery,
  })
  http.action('POST', '/api/risk-areas', addRiskArea)
  http.action('POST', '/api/risk-areas/:id/end', endRiskArea)
  http.action('POST', '/api/risk-areas/:id/withdraw', withdrawRiskArea)
  const upload = async <T>(
    actor: Actor,
    request: FastifyRequest,
    run: (file: Received & { fileName: string }) => Promise<T>,
  ): Promise<T> => {
    await server.read(actor, 'risk_area.import', {}, async (ctx) =>
      permit(ctx, 'file', { kind: 'risk_area', area: actor.area }),
    )
    const file = await receiveFile(http, request, newId(server.clock.now()))
    try {
      return await run(file)
    } finally {
      await discard(file.path)
    }
  }
  http.raw(
    'POST',
    '/api/risk-areas/import',
    (actor, request) =>
      upload(actor, request, async ({ path, fileName, sha256 }) => {
        const read = await readRiskFile(server, path, fileName)
        return server.run(
          importRiskAreas(read),
          actor,
          { sha256, fileName },
          { requestId: request.id, ...idempotencyKey(request) },
        )
      }),
    { upload: z.object({}), answer: RiskAreaImport },
  )
  http.raw(
    'POST',
    '/api/case-counts/import',
    (actor, request) =>
      upload(actor, request, async ({ path, fileName, sha256 }) => {
        const read = await readCountsFile(server, path, fileName)
        return server.run(
          importCounts(read),
          actor,
          { sha256, fileName },
          { requestId: request.id, ...idempotencyKey(request) },
        )
      }),
    { upload: z.object({}), answer: CountsImport },
  )
}

export async function feedRoutes(http: Http): Promise<void> {
  sourceRoutes(http)
  batchRoutes(http)
  riskRoutes(http)
  await machineRoutes(http)
}
