import { createHash } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { notFound } from '@weiwang/domain/core/problems'
import { attachmentType } from '@weiwang/domain/tasks/instruction'
import {
  Attachment,
  ATTACHMENT_TYPES,
  GetAttachment,
  MAX_ATTACHMENT_BYTES,
  PutAttachment,
} from '@weiwang/domain/tasks/instruction-api'
import { attachmentUnknown, notAnAttachment } from '@weiwang/domain/tasks/problems'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Http } from '../core/http.ts'
import { parseInput } from '../core/http.ts'
import type { Server } from '../core/server.ts'
import { seenInstruction } from './instruction-queries.ts'
import { areasOf } from './queries.ts'
import { attachmentContent, dropLooseAttachments, findAttachment, insertAttachment } from './store-instructions.ts'

/** A file may be a little larger on the way than what is kept. */
const BODY_LIMIT = MAX_ATTACHMENT_BYTES + 1_000
const LOOSE_MS = 24 * 3_600_000

const Stored = PutAttachment.extend({ type: z.enum(ATTACHMENT_TYPES), content: z.instanceof(Buffer) })

/** INSTR-8: kept until an instruction takes it up; the same file under the same id again is the same file. */
const storeAttachment = defineAction({
  name: 'instruction.attach',
  input: Stored,
  output: Attachment,
  secret: true,
  run: async (ctx, { id, area, name, type, content }): Promise<Attachment> => {
    areasOf(ctx, area)
    permit(ctx, 'file', { kind: 'instruction', area })
    const hash = createHash('sha256').update(content).digest()
    const row = { id, area, name, type, bytes: content.length, hash, content, by: ctx.actor.id, at: ctx.now }
    if (!(await insertAttachment(ctx.db, row))) {
      const known = await findAttachment(ctx.db, id)
      if (!known || known.by !== ctx.actor.id || !known.hash.equals(hash)) throw attachmentUnknown({ id })
      return { id, name: known.name, type: known.type, bytes: known.bytes }
    }
    ctx.audit({
      verb: 'instruction.attach',
      thing: 'instruction',
      thingId: id,
      area,
      detail: { type, bytes: content.length },
    })
    return { id, name, type, bytes: content.length }
  },
})

const readAttachment = async (server: Server, actor: Actor, args: z.output<typeof GetAttachment>) =>
  server.read(
    actor,
    'instruction.attachment',
    args,
    async (ctx) => {
      await seenInstruction(ctx, args.id)
      const row = await findAttachment(ctx.db, args.attachment)
      if (!row || row.instruction_id !== args.id) throw notFound({ thing: 'attachment' })
      return { row, content: await attachmentContent(ctx.db, row.id) }
    },
    'county',
  )

export async function dropLoose(server: Server): Promise<void> {
  const before = new Date(server.clock.now().getTime() - LOOSE_MS)
  await server.asSystem('instruction.loose', (ctx) => dropLooseAttachments(ctx.db, before))
}

export function attachmentRoutes(http: Http): void {
  const { app, server } = http
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  )
  http.raw(
    'POST',
    '/api/instructions/attachments/:id',
    async (actor: Actor, request: FastifyRequest) => {
      const asked = parseInput(PutAttachment, { ...Object(request.query), ...Object(request.params) })
      const content = Buffer.isBuffer(request.body) ? request.body : null
      const type = content === null ? null : attachmentType(content)
      if (content === null || type === null || content.length > MAX_ATTACHMENT_BYTES)
        throw notAnAttachment({ megabytes: Math.floor(MAX_ATTACHMENT_BYTES / 1_000_000) })
      return server.run(storeAttachment, actor, { ...asked, type, content })
    },
    { bodyLimit: BODY_LIMIT, answer: Attachment },
  )
  http.raw(
    'GET',
    '/api/instructions/:id/attachments/:attachment',
    async (actor: Actor, request: FastifyRequest, reply: FastifyReply) => {
      const { row, content } = await readAttachment(server, actor, parseInput(GetAttachment, request.params))
      // Always a download: what somebody uploaded is never shown as a page of this site.
      return reply
        .header('content-type', row.type)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(row.name)}`)
        .send(content)
    },
  )
}
