import { Readable } from 'node:stream'
import type { Actor } from '@weiwang/domain/access/actor'
import { csvLine } from '@weiwang/domain/core/csv'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { defineAction } from './action.ts'
import type { Server } from './server.ts'
import { newId } from './transaction.ts'

type Cells = (string | number | null)[]

export type Export = {
  /** For the file name and the audit: `tasks`, `visits`. */
  name: string
  area: string
  header: string[]
  /** One page after another, each its own read within the actor's scope; null ends. */
  page: (cursor: string | undefined) => Promise<{ rows: Cells[]; next: string | null }>
}

const Line = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  area: z.string(),
  rows: z.number().int().nullable(),
  complete: z.boolean(),
})

const noteExport = defineAction({
  name: 'export.note',
  input: Line,
  run: async (ctx, args) => {
    ctx.audit({
      verb: args.rows === null ? `${args.name}.export.begin` : `${args.name}.export`,
      thing: 'export',
      thingId: args.id,
      area: args.area,
      detail: { rows: args.rows, complete: args.complete },
    })
    return null
  },
})

/**
 * A list as CSV: streamed page by page, formulas defused, every row marked with who took it and when, and the number of rows
 * that really left counted in the audit trail (also when the reader hangs up). Names are masked as in the list.
 */
export async function sendCsv(server: Server, actor: Actor, reply: FastifyReply, spec: Export): Promise<FastifyReply> {
  const at = server.clock.now()
  const id = newId(at)
  const mark = `${actor.name} ${at.toISOString()} ${id}`
  // The first page is read before anything is sent, so that a refusal is an answer and not a torn file.
  const first = await spec.page(undefined)
  await server.run(noteExport, actor, { id, name: spec.name, area: spec.area, rows: null, complete: false })
  async function* lines(): AsyncGenerator<string> {
    let rows = 0
    let complete = false
    try {
      yield `\uFEFF${csvLine([...spec.header, '导出标记 export mark'])}`
      for (let page = first; ;) {
        yield page.rows.map((cells) => csvLine([...cells, mark])).join('')
        rows += page.rows.length
        if (page.next === null) break
        page = await spec.page(page.next)
      }
      complete = true
    } finally {
      await server.run(noteExport, actor, { id, name: spec.name, area: spec.area, rows, complete })
    }
  }
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${spec.name}-${at.toISOString().slice(0, 10)}.csv"`)
    .send(Readable.from(lines()))
}
