import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { programOf } from './deployment.ts'
import type { Deployment } from './deployment.ts'

/**
 * A small client of the HTTP interface, as somebody else's program would have it: its own loose shapes, nothing of ours
 * imported. What a journey does not look at is not described here.
 */
export type Answer = { status: number; body: unknown; text: string }
export type Query = Record<string, string | number | undefined>

export const Page = z.looseObject({ items: z.array(z.looseObject({})), next: z.string().nullable(), total: z.number() })
export const Problem = z.looseObject({ code: z.string(), message: z.object({ zh: z.string(), en: z.string() }) })
export const Say = z.object({ zh: z.string().min(1), en: z.string().min(1) })
export const Batch = z.looseObject({
  id: z.string(),
  feedId: z.string(),
  state: z.string(),
  reading: z
    .looseObject({
      format: z.string(),
      encoding: z.string().nullable(),
      separator: z.string().nullable(),
      headerRow: z.number().nullable(),
    })
    .nullable(),
  rows: z.number(),
  accepted: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  error: z.unknown(),
})
export type Batch = z.infer<typeof Batch>
export const Received = z.looseObject({ batch: Batch, repeated: z.boolean() })
export const Run = z.looseObject({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  asOf: z.string(),
  counts: z.record(z.string(), z.number()),
  preview: z
    .looseObject({
      asOf: z.string(),
      changed: z.number(),
      grades: z.array(z.object({ before: z.string().nullable(), after: z.string().nullable(), persons: z.number() })),
      colours: z.array(z.object({ before: z.string().nullable(), after: z.string().nullable(), persons: z.number() })),
      areas: z.array(z.looseObject({ area: z.string(), changed: z.number() })),
      samples: z.array(
        z.looseObject({
          personId: z.string(),
          masked: z.string(),
          after: z.looseObject({
            grade: z.string().nullable(),
            colour: z.string().nullable(),
            until: z.string().nullable(),
          }),
        }),
      ),
    })
    .nullable()
    .optional(),
})
export type Run = z.infer<typeof Run>
export const Push = z.looseObject({
  id: z.string(),
  state: z.string(),
  consequence: z.looseObject({ persons: z.number(), keptOpen: z.number(), answeredBefore: z.number() }),
  result: z.object({
    task: z.number(),
    keptOpen: z.number(),
    answeredBefore: z.number(),
    unresolved: z.number(),
  }),
})
export type Push = z.infer<typeof Push>
export const Task = z.looseObject({
  id: z.string(),
  county: z.string(),
  area: z.string(),
  personId: z.string().nullable(),
  householdId: z.string().nullable(),
  masked: z.string(),
  grade: z.enum(['red', 'yellow', 'blue']),
  state: z.string(),
  outcome: z.string().nullable(),
  disposition: z.string().nullable(),
  attempts: z.number(),
  escalated: z.number(),
})
export type Task = z.infer<typeof Task>
export const Entry = z.looseObject({
  personId: z.string(),
  area: z.string(),
  outcome: z.string(),
  taskId: z.string().nullable(),
})
export const Graded = z.looseObject({
  personId: z.string(),
  grade: z.string().nullable(),
  colour: z.string().nullable(),
  until: z.string().nullable(),
})
const Figure = z.looseObject({
  id: z.string(),
  n: z.number(),
  door: z.object({ path: z.string(), query: z.record(z.string(), z.string()) }),
})
export type Figure = z.infer<typeof Figure>
export const Figures = z.looseObject({
  area: z.string(),
  figures: z.array(Figure),
  children: z.array(z.looseObject({ area: z.string(), own: z.boolean(), figures: z.array(Figure) })),
})
export type Figures = z.infer<typeof Figures>
const Metrics = z.object({ items: z.array(z.looseObject({ id: z.string(), additive: z.boolean() })) })

function searchOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] satisfies [string, string]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return { status: response.status, text, body: isJson && text !== '' ? JSON.parse(text) : text }
}

function parsed<T>(schema: z.ZodType<T>, answer: Answer, what: string): T {
  if (answer.status !== 200) throw new Error(`${what} answered ${answer.status}: ${answer.text.slice(0, 800)}`)
  return schema.parse(answer.body)
}

export class Client {
  readonly address: string
  readonly headers: Record<string, string>

  constructor(address: string, headers: Record<string, string> = {}) {
    this.address = address
    this.headers = headers
  }

  async send(
    method: string,
    url: string,
    init: { body?: BodyInit; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const headers = { ...this.headers, ...init.headers }
    return answerOf(
      await fetch(`${this.address}${url}`, {
        method,
        headers,
        ...(init.body === undefined ? {} : { body: init.body }),
      }),
    )
  }

  get(url: string, query: Query = {}): Promise<Answer> {
    return this.send('GET', `${url}${searchOf(query)}`)
  }

  /** A write as the screens send it: with the header that other sites cannot set, and a key that makes it happen once. */
  post(url: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', url, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'x-weiwang': '1', 'idempotency-key': randomUUID(), ...headers },
    })
  }

  upload(url: string, name: string, bytes: Buffer): Promise<Answer> {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)]), name)
    return this.send('POST', url, { body: form, headers: { 'x-weiwang': '1' } })
  }

  async read<T>(schema: z.ZodType<T>, url: string, query: Query = {}): Promise<T> {
    return parsed(schema, await this.get(url, query), `GET ${url}${searchOf(query)}`)
  }

  async write<T>(schema: z.ZodType<T>, url: string, body: unknown = {}): Promise<T> {
    return parsed(schema, await this.post(url, body), `POST ${url}`)
  }

  async load(feed: string, file: string | { name: string; bytes: Buffer }): Promise<z.infer<typeof Received>> {
    const { name, bytes } = typeof file === 'string' ? { name: path.basename(file), bytes: readFileSync(file) } : file
    const url = `/api/feeds/${feed}/batches`
    return parsed(Received, await this.upload(url, name, bytes), `POST ${url}`)
  }

  /** Every row of a list, page after page; throws when they are not as many as the list says. */
  async all<T>(schema: z.ZodType<T>, url: string, query: Query = {}): Promise<T[]> {
    const rows: T[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await this.read(Page, url, { ...query, limit: 200, cursor })
      rows.push(...page.items.map((item) => schema.parse(item)))
      if (page.next === null) {
        if (rows.length !== page.total) throw new Error(`${url}: total ${page.total}, but ${rows.length} rows came`)
        return rows
      }
      cursor = page.next
    }
  }

  async total(url: string, query: Query = {}): Promise<number> {
    return (await this.read(Page, url, { ...query, limit: 1 })).total
  }
}

export async function logIn(address: string, who: { login: string; password: string }): Promise<Client> {
  const response = await fetch(`${address}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: who.login, password: who.password }),
  })
  if (response.status !== 200) throw new Error(`log-in of ${who.login}: ${response.status} ${await response.text()}`)
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return new Client(address, { cookie })
}

/** By log-in name, such as `city3205.operator`. */
export function logInAs(deployment: Deployment, login: string): Promise<Client> {
  const who = deployment.logins.find((one) => one.login === login)
  if (!who) throw new Error(`no log-in ${login}; there are ${deployment.logins.map((one) => one.login).join(', ')}`)
  return logIn(deployment.address, who)
}

/** Asks again until the answer is there; says what it last saw when time is up. */
export async function until<T>(what: string, ask: () => Promise<T | null>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000
  let last: unknown = null
  for (;;) {
    try {
      const found = await ask()
      if (found !== null) return found
      last = null
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`, { cause: last })
    await sleep(250)
  }
}

const ENDED = new Set(['loaded', 'failed', 'withdrawn'])

const Shown = z.object({ items: z.array(z.looseObject({ id: z.string(), to: z.string(), text: z.string() })) })

/** What the gateway's page shows of a number, the newest first; numbers are masked to their last four digits. */
export async function messagesTo(address: string, phone: string): Promise<{ id: string; text: string }[]> {
  const { items } = await new Client(address).read(Shown, '/api/dev/messages')
  return items.filter(({ to }) => to.endsWith(phone.slice(-4)))
}

/** The six digits that were sent to a number; `before` are the messages that do not count. */
export function codeSentTo(address: string, phone: string, before: ReadonlySet<string> = new Set()): Promise<string> {
  return until(`a code for the number that ends in ${phone.slice(-4)}`, async () => {
    const [newest] = (await messagesTo(address, phone)).filter(({ id }) => !before.has(id))
    return /(?<!\d)\d{6}(?!\d)/.exec(newest?.text ?? '')?.[0] ?? null
  })
}

const Wait = z.looseObject({ details: z.looseObject({ seconds: z.number() }) })

/** A resident who came in with the code that was sent to the number; a number gets one a minute (ACCESS-13). */
export async function enterAsResident(address: string, phone: string): Promise<Client> {
  const guest = new Client(address)
  const before = new Set((await messagesTo(address, phone)).map(({ id }) => id))
  let asked = await guest.post('/api/resident/code', { phone })
  if (asked.status === 429) {
    await sleep(Wait.parse(asked.body).details.seconds * 1000)
    asked = await guest.post('/api/resident/code', { phone })
  }
  parsed(z.unknown(), asked, 'POST /api/resident/code')
  const code = await codeSentTo(address, phone, before)
  const entered = await fetch(`${address}/api/resident/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-weiwang': '1' },
    body: JSON.stringify({ phone, code, lang: 'zh' }),
  })
  if (entered.status !== 200) throw new Error(`the code answered ${entered.status}: ${await entered.text()}`)
  return new Client(address, { cookie: (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '' })
}

export async function batchEnds(client: Client, id: string, seconds = 90): Promise<Batch> {
  let seen = ''
  return until(
    `batch ${id} to end (it is ${seen})`,
    async () => {
      const batch = await client.read(Batch, `/api/batches/${id}`)
      seen = batch.state
      return ENDED.has(batch.state) ? batch : null
    },
    seconds,
  )
}

export function runEnds(client: Client, id: string, seconds = 90): Promise<Run> {
  return until(
    `run ${id} to end`,
    async () => {
      const run = await client.read(Run, `/api/grade-runs/${id}`)
      return run.state === 'running' ? null : run
    },
    seconds,
  )
}

export function pushEnds(client: Client, id: string, seconds = 90): Promise<Push> {
  return until(
    `push ${id} to end`,
    async () => {
      const push = await client.read(Push, `/api/pushes/${id}`)
      return push.state === 'running' ? null : push
    },
    seconds,
  )
}

/** The newest incremental run began after this moment and is over: what happened before it has been graded. */
export async function gradedSince(client: Client, before: ReadonlySet<string>, seconds = 90): Promise<Run> {
  return until(
    'a grading run after the batch',
    async () => {
      const runs = (await client.read(Page, '/api/grade-runs', { limit: 20 })).items.map((item) => Run.parse(item))
      const fresh = runs.filter((run) => run.kind !== 'preview' && !before.has(run.id))
      return fresh.length > 0 && fresh.every((run) => run.state !== 'running') ? (fresh[0] ?? null) : null
    },
    seconds,
  )
}

export async function runIds(client: Client): Promise<Set<string>> {
  const page = await client.read(Page, '/api/grade-runs', { limit: 200 })
  return new Set(page.items.map((item) => Run.parse(item).id))
}

/** Persons with a grade or a colour by id, as text that can be compared. */
export async function gradesOf(client: Client): Promise<Map<string, string>> {
  const rows = await client.all(Graded, '/api/graded')
  return new Map(rows.map((row) => [row.personId, `${row.grade}/${row.colour}/${row.until}`]))
}

export async function openTasks(client: Client, area?: string): Promise<Task[]> {
  return client.all(Task, '/api/tasks', { list: 'open', area })
}

export function countOf(figures: Figure[], id: string): number {
  const found = figures.find((figure) => figure.id === id)
  if (!found) throw new Error(`no figure ${id}`)
  return found.n
}

/** What stands where: every figure of an area by name. */
export async function figuresOf(client: Client, area: string): Promise<Record<string, number>> {
  const answer = await client.read(Figures, '/api/stats/figures', { area })
  return Object.fromEntries(answer.figures.map((figure) => [figure.id, figure.n]))
}

/**
 * Figures whose list has another total, as sentences; none when all is well. Each list is asked once; what differs is asked
 * again together with its figure, because a timer may have escalated a task between the two questions.
 */
export async function wrongDoors(
  client: Client,
  area: string,
  deep: boolean,
): Promise<{ wrong: string[]; asked: number }> {
  let asked = 0
  for (let turn = 0; ; turn++) {
    const wrong = await doorsOnce(client, area, deep)
    asked += wrong.asked
    if (wrong.wrong.length === 0 || turn === 2) return { wrong: wrong.wrong, asked }
  }
}

async function doorsOnce(client: Client, area: string, deep: boolean): Promise<{ wrong: string[]; asked: number }> {
  const answer = await client.read(Figures, '/api/stats/figures', { area })
  const rows = [{ area: answer.area, own: false, figures: answer.figures }, ...(deep ? answer.children : [])]
  const wrong: string[] = []
  const doors = rows.flatMap((row) => row.figures.map((figure) => ({ row, figure })))
  for (let i = 0; i < doors.length; i += 8) {
    await Promise.all(
      doors.slice(i, i + 8).map(async ({ row, figure }) => {
        const total = await client.total(figure.door.path, figure.door.query)
        if (total !== figure.n)
          wrong.push(`${row.area}${row.own ? ' own' : ''} ${figure.id}: figure ${figure.n}, list ${total}`)
      }),
    )
  }
  return { wrong, asked: doors.length }
}

/** Figures of a parent that are not the sum of its children and of what lies at itself, as sentences. */
export async function wrongSums(client: Client, area: string): Promise<string[]> {
  const { items } = await client.read(Metrics, '/api/stats/metrics')
  const answer = await client.read(Figures, '/api/stats/figures', { area })
  return items.flatMap(({ id, additive }) => {
    const sum = answer.children.reduce((total, row) => total + countOf(row.figures, id), 0)
    const parent = countOf(answer.figures, id)
    return !additive || sum === parent ? [] : [`${area} ${id}: parent ${parent}, below and own ${sum}`]
  })
}

export type Ran = { code: number; value: unknown; err: string }

/** `./weiwang …` on the folder of a deployment, with its JSON. */
export function weiwang(deployment: Deployment, args: string[]): Promise<Ran> {
  const { file, before } = programOf()
  return new Promise((resolve) => {
    execFile(
      file,
      [...before, ...args, '--json'],
      {
        env: { ...process.env, ...deployment.env, NODE_OPTIONS: '', DATA_DIR: deployment.dataDir },
        maxBuffer: 1 << 26,
      },
      (error, stdout, stderr) => {
        const line = stdout.trim().split('\n').at(-1) ?? ''
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, value: line.startsWith('{') ? JSON.parse(line) : null, err: stderr.slice(-2000) })
      },
    )
  })
}

export const Rebuilt = z.looseObject({
  counters: z.number(),
  tasks: z.number(),
  differences: z.array(z.unknown()),
  folds: z.array(z.unknown()),
})
export const Verdict = z.looseObject({ ok: z.boolean(), lines: z.number(), findings: z.array(z.unknown()) })
