import { notFound } from '@weiwang/domain/core/problems'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ShownMessages } from '@weiwang/domain/access/api'
import { systemActor } from '../core/ctx.ts'
import type { Http } from '../core/http.ts'
import { isExercise } from './emergency-actions.ts'
import { mayLook, shownMessages, usesRealGateway } from './sms.ts'
import type { ShownMessage } from './sms.ts'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
}

/** A page without scripts that renews itself; nobody else's style sheet is needed to read a code. */
function messagePage(messages: readonly ShownMessage[]): string {
  const rows = messages
    .map(
      (m) =>
        `<tr><td>${escape(m.at.replace('T', ' ').slice(0, 19))}Z</td><td>${escape(m.to)}</td><td>${escape(m.text)}</td></tr>`,
    )
    .join('\n')
  const empty = '<tr><td colspan="3">还没有短信 No messages yet</td></tr>'
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>短信（演示） Messages (development)</title>
<style>body{font:16px/1.6 system-ui,"Noto Sans SC",sans-serif;margin:24px auto;max-width:60rem;padding:0 16px;color:#1c2321}
table{width:100%;border-collapse:collapse}td,th{text-align:start;padding:8px;border-top:1px solid #d7dedc;vertical-align:top}td{font-variant-numeric:tabular-nums}</style></head>
<body><h1>短信（演示） Messages (development)</h1><p>没有配置短信网关，短信显示在这里，不会发出。 No SMS gateway is set: messages are shown here and not sent.</p>
<table><thead><tr><th>时间 Time</th><th>收件 To</th><th>内容 Text</th></tr></thead><tbody>${rows || empty}</tbody></table></body></html>`
}

/** The development form of short messages; elsewhere these addresses are not there. */
export function messageRoutes(http: Http): void {
  const { server } = http
  const look = async (request: FastifyRequest): Promise<ShownMessage[]> => {
    const exercise = await server.read(systemActor('messages'), 'messages', null, isExercise)
    if ((await usesRealGateway(server)) || !mayLook(request.ip, request.headers, exercise))
      throw notFound({ thing: 'messages' })
    return shownMessages(server)
  }
  http.open('GET', '/api/dev/messages', {
    input: z.strictObject({}),
    output: ShownMessages,
    limit: 120,
    run: async (_args, request) => ({ items: await look(request) }),
  })
  http.open('GET', '/dev/messages', {
    input: z.looseObject({}),
    limit: 120,
    run: async (_args, request, reply) => {
      const page = messagePage(await look(request))
      reply.type('text/html; charset=utf-8')
      return page
    },
  })
}
