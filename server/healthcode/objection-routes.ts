import {
  AskAtDesk,
  AskMyObjections,
  AskObjectionFigures,
  GetObjection,
  ListObjections,
  ListPasses,
  MayObject,
  MyObjections,
  ObjectionDetail,
  ObjectionFigures,
  ObjectionPage,
  PassPage,
  PrintAnswer,
  PrintPass,
} from '@weiwang/domain/healthcode/objection-api'
import type { FastifyReply } from 'fastify'
import { parseInput } from '../core/http.ts'
import type { Http } from '../core/http.ts'
import {
  decideObjection,
  openObjectionAtDesk,
  openObjectionTexts,
  readAtDesk,
  stepObjection,
  undoObjection,
} from './objection-desk.ts'
import { openMyObjection, readMyObjections, supplementMine, withdrawMine } from './objection-mine.ts'
import { printAnswer } from './objection-answer-pdf.ts'
import { issuePass, printMyPass, printPass, readPasses, revokePass } from './objection-pass.ts'
import { proofRoutes } from './objection-proofs.ts'
import { readObjection, readObjectionFigures, readObjections } from './objection-queries.ts'

/** Objections to a colour, and temporary passes for hardship. */
export function objectionRoutes(http: Http): void {
  http.query('GET', '/api/my/objections', {
    input: AskMyObjections,
    output: MyObjections,
    reach: 'all',
    run: readMyObjections,
  })
  http.action('POST', '/api/my/objections', openMyObjection)
  http.action('POST', '/api/my/objections/:id/supplement', supplementMine)
  http.action('POST', '/api/my/objections/:id/withdraw', withdrawMine)

  http.query('GET', '/api/objections', {
    input: ListObjections,
    output: ObjectionPage,
    reach: 'county',
    run: readObjections,
  })
  http.query('GET', '/api/objections/ask', { input: AskAtDesk, output: MayObject, reach: 'all', run: readAtDesk })
  http.query('GET', '/api/objections/figures', {
    input: AskObjectionFigures,
    output: ObjectionFigures,
    reach: 'county',
    run: readObjectionFigures,
  })
  http.query('GET', '/api/objections/:id', {
    input: GetObjection,
    output: ObjectionDetail,
    reach: 'all',
    run: (ctx, args) => readObjection(ctx, args.id),
  })
  http.action('POST', '/api/objections', openObjectionAtDesk)
  http.action('POST', '/api/objections/:id/step', stepObjection)
  http.action('POST', '/api/objections/:id/decide', decideObjection)
  http.action('POST', '/api/objections/:id/undo', undoObjection)
  http.action('POST', '/api/objections/:id/open', openObjectionTexts)
  proofRoutes(http)

  http.query('GET', '/api/hardship-passes', { input: ListPasses, output: PassPage, reach: 'county', run: readPasses })
  http.action('POST', '/api/hardship-passes', issuePass)
  http.action('POST', '/api/hardship-passes/:id/revoke', revokePass)
  const pdf = (reply: FastifyReply, bytes: Buffer, name = 'pass') =>
    reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="${name}.pdf"`)
      .send(bytes)
  http.raw('GET', '/api/objections/:id/answer.pdf', async (actor, request, reply) => {
    const args = parseInput(PrintAnswer, { ...Object(request.query), ...Object(request.params) })
    return pdf(reply, await http.server.run(printAnswer, actor, args, { requestId: request.id }), 'answer')
  })
  http.raw('GET', '/api/hardship-passes/:id/pass.pdf', async (actor, request, reply) => {
    const args = parseInput(PrintPass, { ...Object(request.query), ...Object(request.params) })
    return pdf(reply, await http.server.run(printPass, actor, args, { requestId: request.id }))
  })
  http.raw('GET', '/api/my/passes/:id/pass.pdf', async (actor, request, reply) => {
    const args = parseInput(PrintPass, request.params)
    return pdf(reply, await http.server.run(printMyPass, actor, args, { requestId: request.id }))
  })
}
