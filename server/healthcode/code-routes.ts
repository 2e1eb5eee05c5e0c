import {
  AskCode,
  AskDays,
  AskFresh,
  AskHistory,
  AskKeys,
  AskMyCodes,
  AskMyPaper,
  AskPaper,
  AskRevocations,
  CodeHistory,
  CodeKeys,
  CodeVerdict,
  CodeView,
  ExportedCode,
  FreshCodes,
  ListPartners,
  MyCodes,
  PartnerList,
  VerifyCode,
} from '@weiwang/domain/healthcode/code-api'
import type { FreshCodes as Fresh } from '@weiwang/domain/healthcode/code-api'
import { codesBusy, keyElsewhere } from '@weiwang/domain/healthcode/code-problems'
import { Problem } from '@weiwang/domain/core/problem'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import { systemActor } from '../core/ctx.ts'
import type { Action } from '../core/action.ts'
import { parseInput } from '../core/http.ts'
import type { Http, RawHandler } from '../core/http.ts'
import { answerQuickly, codeIdOf, freshMemory, KEEP_MS, memoryKey, NEXT_HEADER, tokenOf } from './code-fresh.ts'
import { readKeys, revocationsFor, verdictOn } from './code-gates.ts'
import { etagOf, exportMine, readFresh, readHistory, readMyCodes, takeDays } from './code-mine.ts'
import { decidePartner, makePartner, partnerOf, readPartners, stopPartner, VerdictCounts } from './code-partners.ts'
import { resumeCode, stopCode } from './code-stop.ts'
import { printAtDesk, printMine, readCodeOf } from './code-paper.ts'

function sendFresh(reply: FastifyReply, codes: Fresh): FastifyReply {
  return reply
    .header('etag', etagOf(codes.n, codes.credentials))
    .header(NEXT_HEADER, String(codes.nextS))
    .send(FreshCodes.parse(codes))
}

/** At the peak the answer says when to come back. */
async function shed<T>(reply: FastifyReply, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Problem && error.body.code === codesBusy.code)
      reply.header('retry-after', String(error.body.details['seconds']))
    throw error
  }
}

/** CODE-18, the usual way: what `answerQuickly` left. */
function freshRoute(http: Http): RawHandler {
  const { server } = http
  const memory = freshMemory(server)
  http.app.addHook('onClose', async () => memory.stop())
  http.quick((request, response) => answerQuickly(server, request, response))
  return async (actor, request, reply) => {
    const { person } = parseInput(AskFresh, request.params)
    const codes = await shed(reply, () =>
      memory.turn(async () => {
        const mark = await memory.follow()
        const read = await server.read(actor, 'code.fresh', { person }, (ctx) => readFresh(ctx, person), 'all')
        const token = tokenOf(request.headers)
        if (token !== null) {
          const now = server.clock.now()
          const rest = instantOf(addDays(server.clock.today(), 1), server.clock.zone).getTime() - now.getTime()
          const entry = {
            etag: etagOf(read.n, read.credentials),
            until: Date.now() + Math.min(KEEP_MS, rest),
            codeIds: read.credentials.map(({ codeId }) => codeIdOf(codeId)),
          }
          memory.keep(memoryKey(token, person), entry, mark)
        }
        return read
      }),
    )
    if (request.headers['if-none-match'] === etagOf(codes.n, codes.credentials))
      return reply
        .code(304)
        .header('etag', request.headers['if-none-match'])
        .header(NEXT_HEADER, String(codes.nextS))
        .send()
    return sendFresh(reply, codes)
  }
}

function daysRoute(http: Http): RawHandler {
  const memory = freshMemory(http.server)
  return async (actor, request, reply) => {
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {}
    const { person } = parseInput(AskFresh, request.params)
    const args = parseInput(AskDays, { ...body, person })
    const answer = await shed(reply, () =>
      memory.turn(() => http.server.run(takeDays, actor, args, { requestId: request.id })),
    )
    if (answer.refused !== null) throw keyElsewhere({})
    return sendFresh(reply, answer.codes)
  }
}

function paper<I extends z.ZodType>(http: Http, print: Action<I, Buffer>): RawHandler {
  return async (actor, request, reply) => {
    const body = typeof request.body === 'object' && request.body !== null ? request.body : {}
    const params = typeof request.params === 'object' && request.params !== null ? request.params : {}
    const args = parseInput(print.input, { ...body, ...params })
    const pdf = await http.server.run(print, actor, args, { requestId: request.id })
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', 'inline; filename="code.pdf"')
      .send(pdf)
  }
}

/** Asked by many behind one address: gates of a station, phones of a city behind one carrier. */
const MANY = 1200

export function codeRoutes(http: Http): void {
  const { server } = http
  const counts = new VerdictCounts(server)
  http.app.addHook('onClose', () => counts.flush())
  http.query('GET', '/api/my/codes', { input: AskMyCodes, output: MyCodes, reach: 'all', run: readMyCodes })
  http.query('GET', '/api/my/codes/:person/history', {
    input: AskHistory,
    output: CodeHistory,
    reach: 'all',
    run: readHistory,
  })
  http.raw('POST', '/api/my/codes/:person/days', daysRoute(http), {
    body: AskDays.omit({ person: true }),
    answer: FreshCodes,
  })
  http.raw('GET', '/api/my/codes/:person/fresh', freshRoute(http), { answer: FreshCodes })
  http.raw('POST', '/api/my/codes/:person/paper', paper(http, printMine))
  http.query('GET', '/api/my/codes/:person/export', {
    input: AskMyPaper,
    output: ExportedCode,
    reach: 'all',
    run: (ctx, { person }) => exportMine(ctx, person),
  })
  http.query('GET', '/api/codes/:person', {
    input: AskCode,
    output: CodeView,
    reach: 'all',
    run: (ctx, { person }) => readCodeOf(ctx, person),
  })
  http.action('POST', '/api/codes/:person/stop', stopCode)
  http.action('POST', '/api/codes/:person/resume', resumeCode)
  http.raw('POST', '/api/codes/:person/paper', paper(http, printAtDesk), { body: AskPaper.omit({ person: true }) })
  http.open('GET', '/api/code/keys', {
    input: AskKeys,
    output: CodeKeys,
    limit: MANY,
    run: () => server.read(systemActor('code.keys'), 'code.keys', null, readKeys, 'all'),
  })
  http.open('GET', '/api/code/revocations', {
    input: AskRevocations,
    limit: MANY,
    run: async (args, _request, reply) => {
      const bytes = await revocationsFor(server, args)
      reply.header('content-type', 'application/cbor')
      return bytes
    },
  })
  http.open('POST', '/api/code/verify', {
    input: VerifyCode,
    output: CodeVerdict,
    limit: MANY,
    run: async ({ text }, request) => {
      const partner = await partnerOf(server, request.headers.authorization)
      const said = await server.read(
        systemActor(`code.verify ${partner.id}`),
        'code.verify',
        null,
        (ctx) => verdictOn(ctx, text),
        'all',
      )
      counts.note(partner, said.verdict)
      return said
    },
  })
  http.query('GET', '/api/code/partners', { input: ListPartners, output: PartnerList, run: readPartners })
  http.action('POST', '/api/code/partners', makePartner)
  http.action('POST', '/api/code/partners/:id/decide', decidePartner)
  http.action('POST', '/api/code/partners/:id/end', stopPartner)
}
