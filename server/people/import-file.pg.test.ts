import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Workbook } from '@cj-tech-master/excelts'
import { newId } from '../core/transaction.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOneChunk, takeUpImports } from './import-file.ts'
import { readRegisterFile } from './read-file.ts'
import { keepRegister } from './register-files.ts'
import { citizen, COUNTY, GRID, GRID2, OTHER_COUNTY, place } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

const BOUNDARY = '----weiwang'

function form(bytes: Buffer, area: string): { body: Buffer; headers: Record<string, string> } {
  const part = (name: string, value: string) =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  return {
    body: Buffer.concat([
      Buffer.from(
        part('area', area) +
          part('source', 'police') +
          `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="r.csv"\r\ncontent-type: text/csv\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]),
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  }
}

async function send(bytes: Buffer, area = COUNTY, as = COUNTY) {
  const { body, headers } = form(bytes, area)
  const answer = await t.request(t.as(as), 'POST', '/api/households/import/file', body, headers)
  if (answer.status !== 200) return { answer, job: null }
  for (;;) {
    const job = (await t.request(t.as(as, ['operator']), 'GET', `/api/jobs/${answer.body.jobId}`)).body
    if (job.state === 'done' || job.state === 'failed') return { answer, job }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const CSV = [
  '姑苏区住户登记表,,,,,,',
  '户编号,网格编码,房屋类型,姓名,身份证号码,联系电话,地址',
  `1,${GRID},住宅,张三丰,${citizen('1960-01-01')},13877770001,临顿路11号`,
  `1,${GRID},住宅,李四妹,,13877770002,临顿路11号`,
  `2,${GRID2},出租房,王五郎,3.20508E+17,13877770003,临顿路12号`,
  `3,${GRID2},空中楼阁,,,,`,
  '',
].join('\r\n')

describe('a register as a file (PEOPLE-12)', () => {
  it('reads UTF-8 with BOM and a title line, answers at once, and the second time changes nothing (cases 10, 13)', async () => {
    const { job } = await send(Buffer.from(`\ufeff${CSV}`))
    expect(job).toMatchObject({
      state: 'done',
      done: 4,
      result: { households: { created: 1 }, people: { created: 2 }, rejected: 2 },
    })
    expect(job.result.rows.map((r: { row: number; fault: { reason: string } }) => [r.row, r.fault.reason])).toEqual([
      [5, 'DOCUMENT_FLOAT'],
      [6, 'KIND_UNKNOWN'],
    ])
    const again = await send(Buffer.from(CSV))
    expect(again.job.result).toMatchObject({
      households: { created: 0, unchanged: 1 },
      people: { created: 0, updated: 0, unchanged: 2 },
    })
  })

  it('reads semicolons and GB18030', async () => {
    // 户编号;网格;姓名;电话 / 9;…;钱九;13877770009 in GB18030.
    const head = Buffer.from('bba7b1e0bac53bcdf8b8f13bd0d5c3fb3bb5e7bbb00d0a', 'hex')
    const { job } = await send(
      Buffer.concat([head, Buffer.from(`9;${GRID};`), Buffer.from('c7aebec5', 'hex'), Buffer.from(';13877770009\r\n')]),
    )
    expect(job.result).toMatchObject({ people: { created: 1 }, rejected: 0 })
    expect((await t.request(t.as(COUNTY), 'POST', '/api/people/search', { text: '钱九' })).body.total).toBe(1)
  })

  it('says what is wrong with a file that is none (case 12)', async () => {
    expect((await send(Buffer.from('a,b\n1,2\n'))).answer.body.code).toBe('REGISTER_UNREADABLE')
    expect((await send(Buffer.from('户编号,网格编码\n'))).answer.body.code).toBe('REGISTER_EMPTY')
    expect((await send(readFileSync(import.meta.filename).subarray(0, 0))).answer.body.code).toBe('REGISTER_UNREADABLE')
    expect((await send(Buffer.concat([Buffer.from('PK'), Buffer.alloc(50)]))).answer.body.code).toBe(
      'REGISTER_UNREADABLE',
    )
  })

  it('is not found from another county', async () => {
    expect((await send(Buffer.from(CSV), COUNTY, OTHER_COUNTY)).answer.status).toBe(404)
  })

  it('reads a workbook as Excel writes it: typed numbers stay, numbers turned into figures are refused (PEOPLE-2)', async () => {
    const book = new Workbook()
    const sheet = book.addWorksheet('户册')
    sheet.addRow(['姑苏区住户登记表'])
    sheet.addRow(['户编号', '网格编码', '房屋类型', '姓名', '身份证号码', '联系电话', '出生日期', '地址'])
    // As text; as a number that Excel keeps exactly; with a real date; and an identity number turned into a float.
    sheet.addRow(['x1', GRID, '住宅', '赵一鸣', citizen('1970-03-04', 7), '13877771001', '', '人民路1号'])
    sheet.addRow(['x1', Number(GRID), '住宅', '赵二妹', '', 13877771002, new Date(Date.UTC(1975, 0, 2)), '人民路1号'])
    sheet.addRow([
      'x2',
      GRID2,
      '出租房',
      '钱三',
      Number(citizen('1980-05-06', 8).slice(0, 17)) * 10,
      '13877771003',
      '',
      '人民路2号',
    ])
    const { job } = await send(Buffer.from(await book.xlsx.writeBuffer()))
    expect(job).toMatchObject({
      state: 'done',
      done: 3,
      result: { households: { created: 1 }, people: { created: 2 }, rejected: 1 },
    })
    expect(job.result.rows.map((r: { row: number; fault: { reason: string } }) => [r.row, r.fault.reason])).toEqual([
      [5, 'DOCUMENT_FLOAT'],
    ])
    expect((await t.request(t.as(COUNTY), 'POST', '/api/people/search', { text: '13877771002' })).body.total).toBe(1)
  })

  it('goes on after its process was killed, from where it stood, and then deletes the file; a lost file is told', async () => {
    const lines = Array.from({ length: 5 }, (_, i) => `k${i},${GRID},周${'甲乙丙丁戊'[i]}禾,1387779000${i}`)
    const bytes = Buffer.from(['户编号,网格编码,姓名,电话', ...lines].join('\n'))
    const { dataDir } = t.server.config
    const job = async (state: string): Promise<string> => {
      const id = newId(t.server.clock.now())
      await t.sql(
        `insert into job_progress (id, area, kind, title, state, total, subject, started_at, updated_at)
         values ($1, $2, 'household.import', '{"zh":"x","en":"x"}', $3, 5, 'police', now(), now() - interval '10 minutes')`,
        [id, COUNTY, state],
      )
      return id
    }
    const killed = await job('waiting')
    await keepRegister(dataDir, killed, bytes)
    await importOneChunk(t.server, killed, await readRegisterFile(bytes), 2)
    const row = async (id: string) =>
      (await t.sql(`select state, done, result, error from job_progress where id = $1`, [id]))[0]
    expect(await row(killed)).toMatchObject({ state: 'running', done: 2 })
    // Somebody may still be at work on what has just moved.
    await takeUpImports(t.server)
    expect(await row(killed)).toMatchObject({ state: 'running', done: 2 })
    await t.sql(`update job_progress set updated_at = now() - interval '10 minutes' where id = $1`, [killed])
    const lost = await job('running')
    await Promise.all([takeUpImports(t.server), takeUpImports(t.server)])
    expect(await row(killed)).toMatchObject({
      state: 'done',
      done: 5,
      result: { households: { created: 5, unchanged: 0 }, people: { created: 5, unchanged: 0 }, rejected: 0 },
    })
    expect(await row(lost)).toMatchObject({ state: 'failed' })
    expect(existsSync(path.join(dataDir, 'registers')) ? readdirSync(path.join(dataDir, 'registers')) : []).toEqual([])
  })
})
