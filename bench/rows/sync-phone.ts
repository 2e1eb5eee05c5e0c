import { Agent, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

/** What a phone says and hears, for every process of the load maker. */
const Pulled = z.looseObject({
  grids: z.array(z.looseObject({ grid: z.string(), epoch: z.number(), to: z.number() })),
  items: z.array(z.unknown()),
  more: z.boolean(),
  comeBack: z.number().nullable(),
  mine: z.looseObject({ version: z.string() }).optional(),
  reference: z.looseObject({ version: z.string() }).optional(),
})

type Answer = { status: number; body: unknown; wire: number }
export type Worker = { id: string; grid: string; cookie: string; device: string }

export const agent = new Agent({ keepAlive: true, maxSockets: 1200 })

/** One request; `wire` counts what the answer took on the socket, its head too. */
export function ask(url: string, cookie: string, body: object): Promise<Answer> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'accept-encoding': 'gzip',
          'x-weiwang': '1',
          cookie,
        },
      },
      (answer) => {
        const { socket } = answer
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const raw = Buffer.concat(parts)
          const plain = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
          const wire = socket.bytesRead - before
          const isJson = String(answer.headers['content-type']).includes('json')
          resolve({ status: answer.statusCode ?? 0, body: isJson ? JSON.parse(plain.toString()) : null, wire })
        })
      },
    )
    let before = 0
    sent.on('socket', (socket) => (before = socket.bytesRead))
    sent.on('error', reject)
    sent.end(text)
  })
}

export function contact(device: string): Record<string, unknown> {
  return { device, protocol: 1, app: 'bench', clock: new Date().toISOString(), waiting: 0 }
}

export type Cursor = { grids: { grid: string; epoch: number; n: number }[]; mine: string; reference: string }
export const NOTHING: Cursor = { grids: [], mine: '', reference: '' }

/** One pull; what the phone would hold after it. */
export async function pull(at: string, worker: Pick<Worker, 'cookie'>, device: string, from: Cursor) {
  const { status, body, wire } = await ask(`${at}/api/sync/pull`, worker.cookie, { ...contact(device), ...from })
  if (status !== 200) throw new Error(`pull answered ${status}: ${JSON.stringify(body).slice(0, 300)}`)
  const page = Pulled.parse(body)
  const next: Cursor = {
    grids: page.grids.map(({ grid, epoch, to }) => ({ grid, epoch, n: to })),
    mine: page.mine?.version ?? from.mine,
    reference: page.reference?.version ?? from.reference,
  }
  return { next, wire, items: page.items.length, more: page.more, comeBack: page.comeBack }
}
