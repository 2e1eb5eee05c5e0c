import { createServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@weiwang/domain/access/actor'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Live } from './live.ts'
import { GRID, phoneWorld } from './sync.fixture.ts'
import type { Phone } from './sync.fixture.ts'

/** Streams over real connections, since it is their ends that matter. */
let p: Phone
let live: Live
let http: HttpServer
let worker: Actor
let answers: boolean[] = []

beforeAll(async () => {
  p = await phoneWorld()
  worker = await p.worker([GRID])
  live = new Live(p.server)
  http = createServer((raw, out) => {
    const reply = { raw: out, hijack: () => undefined }
    void live.listen(worker, { raw } as FastifyRequest, reply as unknown as FastifyReply).then((heard) => {
      answers.push(heard)
      if (!heard) out.writeHead(503).end()
    })
  })
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  live.close()
  http.closeAllConnections()
  http.close()
  await p.close()
})

const listen = (signal: AbortSignal): Promise<Response> =>
  fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`, { signal })

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !what(); i++) await sleep(50)
  expect(what()).toBe(true)
}

test('the first change after the stream stands is told, though nobody had looked at that grid before', async () => {
  const end = new AbortController()
  const { body } = await listen(end.signal)
  await p.doors(GRID, 1)
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  while (!heard.includes('event: grid')) heard += (await reader?.read())?.value ?? ''
  expect(heard.startsWith('event: hello')).toBe(true)
  expect(heard).toContain(`"grid":"${GRID}"`)
  end.abort()
  await until(() => live.listening === 0)
})

test('who has gone before the stream stands is no listener, for good or at all', async () => {
  answers = []
  const end = new AbortController()
  const read = p.server.read.bind(p.server)
  // The net breaks off while the duties are looked up.
  Object.assign(p.server, {
    read: async (...args: Parameters<typeof read>) => {
      end.abort()
      await sleep(200)
      return read(...args)
    },
  })
  await expect(listen(end.signal)).rejects.toThrow()
  await until(() => answers.length === 1)
  Object.assign(p.server, { read })
  expect([answers, live.listening]).toEqual([[true], 0])
})

test('one account listens with so many pages at most; the next goes on by its timer, and there is room when one has gone', async () => {
  const ends: AbortController[] = []
  const one = async (): Promise<number> => {
    const end = new AbortController()
    ends.push(end)
    return (await listen(end.signal)).status
  }
  const told: number[] = []
  for (let i = 0; i < 9; i++) told.push(await one())
  expect(told).toEqual([...Array.from({ length: 8 }, () => 200), 503])
  ends[0]?.abort()
  await until(() => live.listening === 7)
  expect(await one()).toBe(200)
  for (const end of ends) end.abort()
  await until(() => live.listening === 0)
})
