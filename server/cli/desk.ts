import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
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
  /** Files go up and come down as streams: a command needs no more memory for a large one (FEED-16). */
  upload: (url: string, file: string, fields?: Record<string, string>) => Promise<unknown>
  /** Into a file that only its owner reads. What breaks off leaves no file that looks whole. */
  download: (url: string, file: string) => Promise<void>
  /** Runs what the calls have put into the queue. */
  work: () => Promise<void>
}

const LOOK_MS = 500

/**
 * Works at the queue, beside a running server or alone, and looks meanwhile at how far the work is, until the look has an answer. The
 * queue is always worked to its end, so that what follows from the work is done too when the command ends.
 */
export async function workUntil<T>(desk: Desk, look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    let over = false
    const work = desk.work().finally(() => (over = true))
    // Whoever looks may fail first; the work's own fault is told below.
    work.catch(() => undefined)
    while (!over) {
      await look()
      await Promise.race([work, sleep(LOOK_MS)])
    }
    await work
    const answer = await look()
    if (answer !== null) return answer
    await sleep(LOOK_MS)
  }
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

async function* multipart(file: string, fields: Record<string, string>): AsyncGenerator<Buffer> {
  for (const [name, value] of Object.entries(fields))
    yield Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  const name = path.basename(file).replaceAll('"', '_')
  yield Buffer.from(
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
  )
  for await (const chunk of createReadStream(file)) yield Buffer.from(chunk)
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
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
    payload?: object | Readable,
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
  const download = async (url: string, file: string): Promise<void> => {
    const { statusCode, stream } = await http.app.inject({
      method: 'GET',
      url,
      headers: { authorization: 'Bearer terminal' },
      payloadAsStream: true,
    })
    if (statusCode >= 400) throw refusal(JSON.parse(await text(stream())))
    const part = `${file}.part`
    try {
      await pipeline(stream(), createWriteStream(part, { mode: 0o600 }))
      await rename(part, file)
    } finally {
      await rm(part, { force: true })
    }
  }
  try {
    return await run({
      server,
      call: send,
      upload: (url, file, fields = {}) =>
        send(
          'POST',
          url,
          Readable.from(multipart(file, fields), { objectMode: false }),
          `multipart/form-data; boundary=${BOUNDARY}`,
        ),
      download,
      work: () => drainQueue(server),
    })
  } finally {
    await http.app.close()
  }
}
