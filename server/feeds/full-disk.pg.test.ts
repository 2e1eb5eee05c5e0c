import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Actor } from '@weiwang/domain/access/actor'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { checkDigit } from '@weiwang/domain/people/document'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DISK_FULL_LINE, freeBytes } from '../core/disk.ts'
import { startEmbedded } from '../core/postgres/embedded.ts'
import { startTestCluster } from '../core/testing/cluster.ts'
import type { TestCluster } from '../core/testing/cluster.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { Answer, TestServer } from '../core/testing/test-server.ts'
import { importBatch } from './importer.ts'
import { feedJobs, takeUp } from './jobs.ts'
import { feedRoutes } from './routes.ts'

/**
 * A disk that is really full: a small one of its own is mounted, the database and the data folder lie on it, and an import takes its
 * last room. Only root on Linux may mount; elsewhere the test is skipped and says so by its name.
 */
const SIZE = '420m'
let mounted = false

function mount(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=711`, 'tmpfs', dir], { stdio: 'ignore' })
    mounted = true
    process.once('exit', () => unmount(dir))
    return dir
  } catch {
    rmSync(dir, { recursive: true, force: true })
    return null
  }
}

function unmount(dir: string): void {
  if (!mounted) return
  mounted = false
  // What was killed may hold its folder for a moment longer: taken out of sight at once, freed when the last one lets go.
  execFileSync('umount', ['--lazy', dir])
  rmSync(dir, { recursive: true, force: true })
}

const disk = mount()
const word = disk === null ? ' (only root on Linux can mount a disk of its own)' : ''
let cluster: TestCluster | null = null
let t: TestServer
let operator: Actor

beforeAll(async () => {
  if (disk === null) return
  cluster = await startTestCluster({ max_wal_size: '64MB', min_wal_size: '32MB', wal_recycle: 'off' }, disk)
  const dataDir = path.join(disk, 'data')
  mkdirSync(dataDir)
  t = await testServer({
    cluster,
    rooms: [{ room: 'feeds', jobs: feedJobs }],
    routes: [feedRoutes],
    env: { DATA_DIR: dataDir },
  })
  for (const [code, called] of [
    ['32', '江苏省'],
    ['3205', '苏州市'],
    ['42', '湖北省'],
    ['4201', '武汉市'],
  ] as const)
    await t.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, null, $2, $3, 'official', '2020-01-01')`,
      [code, code.length / 2, called],
    )
  operator = t.actor({ area: '3205', roles: ['operator'], name: '操作员' })
  await t.openEmergency()
})

afterAll(async () => {
  if (disk === null) return
  try {
    await t?.close().catch(() => undefined)
    await cluster?.stop()
  } finally {
    unmount(disk)
  }
})

/** A made-up number that is valid, another for each `n` below 20,000. */
function idNumber(n: number): string {
  const year = 1960 + Math.floor(n / 900)
  const first = `320506${year}0101${String(1 + (n % 900)).padStart(3, '0')}`
  return first + checkDigit(first)
}

const HEAD = '姓名,证件号码,手机号,现住址,出发地,乘车日期\n'
const line = (n: number) => `张三,${idNumber(n)},138${String(n).padStart(8, '0')},吴中区某路${n}号,武汉,2020-02-05\n`
const file = (from: number, to: number) => HEAD + Array.from({ length: to - from }, (_, i) => line(from + i)).join('')

function upload(content: string): Promise<Answer> {
  const boundary = 'x-weiwang-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="list.csv"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`)])
  return t.request(operator, 'POST', '/api/feeds/full/batches', body, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  })
}

/** Takes the disk's room but for the last bytes. */
function fill(left: number): string {
  const filler = path.join(disk ?? '', 'filler')
  for (let free = freeBytes(disk ?? ''); free > left; free = freeBytes(disk ?? '')) {
    const before = free
    try {
      appendFileSync(filler, Buffer.alloc(Math.min(8 * 2 ** 20, free - left)))
    } catch {
      return filler
    }
    if (freeBytes(disk ?? '') === before) return filler
  }
  return filler
}

const ROWS = 12_000

test.skipIf(disk === null)(
  `FEED-18: the disk fills while a file is imported: said in one line in both languages, nothing lost, and with room it goes on${word}`,
  { timeout: 240_000 },
  async () => {
    const { id: _id, ...rest } = PRESETS.find((one) => one.id === 'rail') ?? PRESETS[0]!
    const made = await t.request(operator, 'POST', '/api/feeds', {
      ...rest,
      id: 'full',
      area: '3205',
      owner: '交通专班',
    })
    expect(made.status).toBe(200)
    expect((await t.request(operator, 'POST', '/api/feeds/full/open', {})).body.state).toBe('open')
    const sent = await upload(file(0, ROWS))
    expect(sent.status).toBe(200)
    const id: string = sent.body.batch.id
    const said = vi.spyOn(t.server.log, 'error')

    const filler = fill(3 * 2 ** 20)
    await expect(importBatch(t.server, id)).rejects.toThrow(expect.anything())
    expect(said.mock.calls.map(([, text]) => text)).toContain(DISK_FULL_LINE)

    // Now to the last byte: a file that somebody uploads is refused, with the reason and the remedy in both languages.
    fill(0)
    const refused = await upload(file(ROWS, ROWS + 2_000))
    expect([refused.status, refused.body.code]).toEqual([503, 'DISK_FULL'])
    expect(refused.body.message).toEqual({
      zh: '服务器磁盘已满，未能保存',
      en: 'The server disk is full; nothing was saved',
    })
    expect(refused.body.remedy).toMatchObject({
      zh: expect.stringMatching(/清理磁盘/),
      en: expect.stringMatching(/free/),
    })

    // Room again: the timer takes the batch up where it stood, whatever PostgreSQL has to do first.
    rmSync(filler)
    const batch = async () => (await t.request(operator, 'GET', `/api/batches/${id}`)).body
    await expect
      .poll(
        async () => {
          await takeUp(t.server).catch(() => undefined)
          return (await batch().catch(() => null))?.state ?? null
        },
        { timeout: 180_000, interval: 500 },
      )
      .toBe('loaded')
    expect(await batch()).toMatchObject({ rows: ROWS, accepted: ROWS, unchanged: 0, rejected: 0 })
    const [{ facts, persons }] = await t.sql(
      `select (select count(*)::int from fact where source = 'full' and withdrawn_at is null) as facts, (select count(*)::int from person) as persons`,
    )
    expect([facts, persons]).toEqual([ROWS, ROWS])
  },
)

test.skipIf(disk === null)(
  `a start on a disk without room says how much there is and what to do, in both languages${word}`,
  { timeout: 60_000 },
  async () => {
    const dir = path.join(disk ?? '', 'late')
    mkdirSync(dir)
    chmodSync(dir, 0o711)
    const filler = fill(50 * 2 ** 20)
    try {
      await expect(startEmbedded({ dataDir: path.join(dir, 'data') })).rejects.toThrow(
        /^Only \d+ MiB are free at .*200 MiB.*DATA_DIR.*磁盘空间不足/,
      )
    } finally {
      rmSync(filler)
    }
  },
)
