import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '@weiwang/server/core/config'
import { Server } from '@weiwang/server/core/server'
import { startTestCluster } from '@weiwang/server/core/testing/cluster'
import pg from 'pg'
import { pino } from 'pino'

/** A database of its own with a made-up province: cities × counties × towns × villages × grids, evenly numbered. */
export type Shape = { cities: number; counties: number; towns: number; villages: number; grids: number }
export type Province = {
  server: Server
  client: pg.Client
  emergencyId: string
  campaignId: string
  grids: number
  close: () => Promise<void>
}

/** SQL of the n-th grid code, n from 0; the same numbering everywhere in the bench. */
export function gridCode(n: string, s: Shape): string {
  const pad = (value: string, digits: number) => `lpad((${value})::text, ${digits}, '0')`
  const grid = `${n} % ${s.grids} + 1`
  const village = `${n} / ${s.grids} % ${s.villages} + 1`
  const town = `${n} / ${s.grids * s.villages} % ${s.towns} + 1`
  const county = `${n} / ${s.grids * s.villages * s.towns} % ${s.counties} + 1`
  const city = `${n} / ${s.grids * s.villages * s.towns * s.counties} % ${s.cities} + 1`
  return `'32' || ${pad(city, 2)} || ${pad(county, 2)} || ${pad(town, 3)} || ${pad(village, 3)} || ${pad(grid, 3)}`
}

export function gridsOf(s: Shape): number {
  return s.cities * s.counties * s.towns * s.villages * s.grids
}

export async function openProvince(shape: Shape): Promise<Province> {
  const cluster = await startTestCluster()
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-'))
  const config = readConfig({ DATA_DIR: path.join(dir, 'data'), EXERCISE: 'off', KEY_FILE: path.join(dir, 'key.json') })
  const url = cluster.url(cluster.template)
  const server = await Server.open({ config, log: pino({ level: 'silent' }), url, rooms: [], now: new Date() })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const grids = gridsOf(shape)
  await client.query(
    `with g as (select ${gridCode('n', shape)} as code from generate_series(0, $1::int - 1) n),
     a as (select distinct left(code, d) as code, d from g cross join unnest(array[2, 4, 6, 9, 12, 15]) d)
     insert into area (code, parent, level, name, kind, valid_from)
     select code, case d when 2 then null when 4 then left(code, 2) when 6 then left(code, 4) when 9 then left(code, 6) when 12 then left(code, 9) else left(code, 12) end,
       case d when 2 then 1 when 4 then 2 when 6 then 3 when 9 then 4 when 12 then 5 else 6 end, code, 'bench', '2020-01-01' from a`,
    [grids],
  )
  const emergencyId = randomUUID()
  const campaignId = randomUUID()
  const text = JSON.stringify({ zh: '基准', en: 'bench' })
  await client.query(
    `insert into emergency (id, area, name, legal_order, purpose, basis, starts, state, proposed_at) values ($1, '32', $2, 'x', $2, $2, '2020-01-01', 'open', now())`,
    [emergencyId, text],
  )
  await client.query(
    `insert into campaign (id, emergency_id, area, name, purpose, basis, script, questions, hours, starts, ends, state, created_at)
     values ($1, $2, '32', $3, $3, $3, $3, '[]', '{}', '2020-01-01', '2099-12-31', 'open', now())`,
    [campaignId, emergencyId, text],
  )
  return {
    server,
    client,
    emergencyId,
    campaignId,
    grids,
    close: async () => {
      await client.end()
      await server.close()
      await cluster.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}

export const whole = (n: number): string => Math.round(n).toLocaleString('en')
