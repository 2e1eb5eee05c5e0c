import { randomBytes, webcrypto } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import path from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import { AskDays } from '@weiwang/domain/healthcode/code-api'
import type { FreshCodes, MyCodes } from '@weiwang/domain/healthcode/code-api'
import { signCredential } from '@weiwang/domain/healthcode/credential'
import { openings } from '../../e2e/resident/first-open.ts'
import type { Opened } from '../../e2e/resident/first-open.ts'
import type { BenchRow } from '../row.ts'

/**
 * The built page of residents on a phone four times slower than this machine, over 2G: what travels before the code shows, and how
 * long it takes, the first time and from the home screen. The server answers at once: what is measured is the page.
 */
const DIST = path.resolve(import.meta.dirname, '../../web/dist/resident')
const PERSON = '01900000-0000-8000-8000-000000000001'
const DAY_MS = 86_400_000
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}

/** As much as a yellow code with one reason and a short history says. */
function codes(now: Date): MyCodes {
  const today = now.toISOString().slice(0, 10)
  const say = { zh: '近 14 天来自高风险地区', en: 'In a high-risk area within 14 days' }
  const todo = { zh: '在固定住处观察，每天按要求填报体温', en: 'Stay at one address and report your temperature' }
  const reason = {
    rule: 'sz-yellow-stay',
    say,
    colour: 'yellow',
    source: { zh: '您本人的申报', en: 'Your own declaration' },
    what: { zh: '武昌区，2020-02-01 — 2020-02-13', en: 'Wuchang, 2020-02-01 — 2020-02-13' },
    day: today,
    until: addDays(today, 12),
  } as const
  return {
    items: [
      {
        personId: PERSON,
        relation: 'self',
        masked: '陈*英',
        state: 'yellow',
        stateName: { zh: '黄码', en: 'Yellow' },
        colour: 'yellow',
        means: todo,
        todo: [todo],
        ruleSet: { short: 'sz-1', name: { zh: '苏城码', en: 'Suzhou' } },
        fromDay: today,
        untilDay: addDays(today, 12),
        reasons: [reason],
        history: [
          { n: 1, at: now.toISOString(), from: 'applied', to: 'yellow', trigger: 'applied', say, reasons: [reason] },
        ],
        n: 1,
        mayPaper: true,
      },
    ],
    today,
    zone: 'UTC',
    asOf: now.toISOString(),
  }
}

async function issue(body: unknown): Promise<FreshCodes> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const asked = AskDays.parse(body)
  const credentials = await Promise.all(
    asked.days.map(async ({ day, publicKey }) => {
      const from = Date.parse(`${day}T00:00:00Z`)
      const codeId = randomBytes(8)
      const credential = await signCredential(
        {
          codeId,
          colour: 'yellow',
          name: '陈*英',
          ruleSet: 'sz-1',
          issuedAt: from / 1000,
          expiresAt: (from + DAY_MS) / 1000,
          holder: Buffer.from(publicKey, 'base64url'),
          paper: false,
        },
        Uint8Array.of(1, 2, 3, 4),
        async (data) =>
          new Uint8Array(
            await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, Uint8Array.from(data)),
          ),
      )
      return {
        day,
        credential: Buffer.from(credential).toString('base64url'),
        codeId: codeId.toString('base64url'),
        holder: publicKey,
        from: new Date(from).toISOString(),
        until: new Date(from + DAY_MS).toISOString(),
      }
    }),
  )
  return { n: 1, state: 'yellow', credentials, missing: [], nextS: 600, asOf: new Date().toISOString() }
}

function sendFile(response: ServerResponse, url: string): void {
  const name = url === '/r/' ? 'index.html' : url.replace(/^\/r\//, '')
  const file = path.join(DIST, name)
  const type = TYPES[path.extname(file)]
  if (type === undefined || !file.startsWith(DIST) || !existsSync(file)) {
    response.writeHead(404).end()
    return
  }
  const packed = existsSync(`${file}.br`)
  response.writeHead(200, {
    'content-type': type,
    'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(packed ? { 'content-encoding': 'br' } : {}),
  })
  response.end(readFileSync(packed ? `${file}.br` : file))
}

function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    const json = (answer: object): void => {
      response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' }).end(JSON.stringify(answer))
    }
    if (url === '/api/my/codes') json(codes(new Date()))
    else if (url.endsWith('/days')) {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { days } = Object(JSON.parse(Buffer.concat(parts).toString()))
        issue({ person: PERSON, days }).then(json, (error: unknown) => response.writeHead(500).end(String(error)))
      })
    } else if (url.endsWith('/fresh')) response.writeHead(304, { etag: '"1"' }).end()
    else if (url.startsWith('/api/')) json({ items: [], asOf: new Date().toISOString() })
    else sendFile(response, url.split('?')[0] ?? '')
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const median = (all: readonly Opened[], of: (one: Opened) => number): number =>
  all.map(of).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

const KB = 1024
const LIMITS = { bytes: 100 * KB, firstMs: 10_000, againMs: 1_000 }

export async function residentRows(scale: number): Promise<BenchRow[]> {
  if (!existsSync(DIST)) throw new Error('the page is not built: node scripts/build.mjs')
  const server = await serve()
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const { first, again } = await openings(`http://localhost:${port}/r/`, scale >= 1 ? 9 : 3)
    const bytes = median(first, (one) => one.bytes)
    const firstMs = median(first, (one) => one.ms)
    const againMs = median(again, (one) => one.ms)
    const row = (name: string, value: number, limit: number, unit: 'KB' | 's', note: string): BenchRow => {
      const said = (n: number): string => (unit === 'KB' ? `${(n / KB).toFixed(1)} KB` : `${(n / 1000).toFixed(2)} s`)
      return { name, measured: said(value), limit: said(limit), ratio: value / limit, ok: value <= limit, note }
    }
    return [
      row(
        'code page: everything that travels before the code shows',
        bytes,
        LIMITS.bytes,
        'KB',
        'first opening, brotli',
      ),
      row('code page: first opening, 2G, processor 4 times slower', firstMs, LIMITS.firstMs, 's', 'to the drawn code'),
      row('code page: from the home screen, the same phone', againMs, LIMITS.againMs, 's', 'page and code kept'),
    ]
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
