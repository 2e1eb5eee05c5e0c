import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import type { Actor } from '@weiwang/domain/access/actor'
import { z } from 'zod'
import { systemActor } from '../core/ctx.ts'
import { buildHttp } from '../core/http.ts'
import { drainQueue } from '../core/queue.ts'
import type { Server } from '../core/server.ts'
import { ROUTES } from '../rooms.ts'
import type { Flags } from './io.ts'
import { Refused } from './io.ts'
import { configOf, withServer } from './program.ts'

/**
 * A desk at the terminal: commands go through the same routes as the screens, so that parsing, rights, audit and answers are
 * one. The terminal may do and propose; what needs a second person is approved on the screen.
 */
export type Desk = {
  server: Server
  call: (method: 'GET' | 'POST', url: string, body?: object) => Promise<unknown>
  upload: (url: string, file: string, fields?: Record<string, string>) => Promise<unknown>
  /** Runs what the calls have put into the queue. */
  work: () => Promise<void>
}

function terminal(): Actor {
  return systemActor(`terminal:${userInfo().username}`)
}

const Told = z.object({
  code: z.string(),
  message: z.object({ zh: z.string(), en: z.string() }),
  remedy: z.object({ zh: z.string(), en: z.string() }).optional(),
})

/** A problem of the program as a refusal of the command. */
function refusal(body: unknown): Refused {
  const told = Told.safeParse(body)
  if (!told.success) return new Refused('the program failed; see the log')
  const { code, message, remedy } = told.data
  return new Refused(`${message.en} ${message.zh}${remedy ? `\n  ${remedy.en} ${remedy.zh}` : ''}`, {
    problem: body,
    code,
  })
}

const BOUNDARY = '----weiwang-terminal'

function multipart(file: string, fields: Record<string, string>): Buffer {
  const head = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const name = path.basename(file).replaceAll('"', '_')
  return Buffer.concat([
    Buffer.from(
      `${head.join('')}--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    readFileSync(file),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ])
}

export async function atDesk<T>(flags: Flags, run: (desk: Desk) => Promise<T>): Promise<T> {
  return withServer(configOf(flags), (server) => atServer(server, run))
}

async function atServer<T>(server: Server, run: (desk: Desk) => Promise<T>): Promise<T> {
  const http = await buildHttp(server, async () => terminal())
  for (const routes of ROUTES) await routes(http)
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    payload?: object | Buffer,
    type?: string,
  ): Promise<unknown> => {
    const response = await http.app.inject({
      method,
      url,
      headers: { authorization: 'Bearer terminal', ...(type === undefined ? {} : { 'content-type': type }) },
      ...(payload === undefined ? {} : { payload }),
    })
    const isJson = String(response.headers['content-type'] ?? '').includes('json')
    const body: unknown = isJson ? response.json() : response.body
    if (response.statusCode >= 400) throw refusal(body)
    return body
  }
  try {
    return await run({
      server,
      call: send,
      upload: (url, file, fields = {}) =>
        send('POST', url, multipart(file, fields), `multipart/form-data; boundary=${BOUNDARY}`),
      work: () => drainQueue(server),
    })
  } finally {
    await http.app.close()
  }
}
