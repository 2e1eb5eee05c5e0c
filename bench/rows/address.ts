import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseLabelled, score } from '@weiwang/domain/people/address/labelled/score'
import type { Labelled, Rate } from '@weiwang/domain/people/address/labelled/score'
import { buildGazetteer } from '@weiwang/domain/people/address/gazetteer'
import { resolveAddress } from '@weiwang/domain/people/address/resolve'
import { allDivisions } from '@weiwang/server/areas/divisions'
import type { BenchRow } from '../row.ts'

type Peer = (address: string, options: { type: number }) => { province: string; city: string; area: string }

const ROUNDS = 5
const LIMIT = 15_000

function labelled(half: 'tune' | 'held'): Labelled[] {
  return parseLabelled(
    readFileSync(path.resolve(import.meta.dirname, `../../domain/people/address/labelled/${half}.tsv`), 'utf8'),
  )
}

/** The peer wants a `window` and prints what it finds; neither is counted. */
function loadPeer(): Peer {
  Object.assign(globalThis, { window: globalThis })
  const loaded: unknown = createRequire(import.meta.url)('zh-address-parse')
  if (typeof loaded !== 'function') throw new Error('zh-address-parse did not load')
  return (address, options) => loaded(address, options)
}

async function silently<T>(run: () => Promise<T>): Promise<T> {
  const { log } = console
  console.log = () => undefined
  try {
    return await run()
  } finally {
    console.log = log
  }
}

/** Addresses per second of CPU time of this process, which hardly moves when the machine has other work. */
function perCpuSecond(rows: readonly Labelled[], passes: number, one: (row: Labelled) => unknown): number {
  const before = process.cpuUsage()
  for (let i = 0; i < passes; i++) for (const row of rows) one(row)
  const used = process.cpuUsage(before)
  return (rows.length * passes) / ((used.user + used.system) / 1e6)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function accuracyRow(level: string, rate: Rate, limit: number): BenchRow {
  return {
    name: `address: ${level} right, held-out half`,
    measured: `${rate.percent.toFixed(1)} % (${rate.right} of ${rate.of})`,
    limit: `at least ${limit} %`,
    ratio: rate.percent / limit,
    ok: rate.percent >= limit,
  }
}

const whole = (n: number) => Math.round(n).toLocaleString('en')

/** Rate and accuracy of the resolver, beside zh-address-parse (type 1, which stops at the county) on the same addresses. */
export async function addressRows(): Promise<BenchRow[]> {
  const gazetteer = buildGazetteer(allDivisions())
  const rows = [...labelled('tune'), ...labelled('held')]
  const held = labelled('held')
  const ours = (row: Labelled) => resolveAddress({ text: row.address, prior: row.prior }, gazetteer)
  const peer = loadPeer()
  return silently(async () => {
    const mine: number[] = []
    const theirs: number[] = []
    // In turns, so that both meet the same moods of the machine.
    for (let i = 0; i < ROUNDS; i++) {
      mine.push(perCpuSecond(rows, 30, ours))
      theirs.push(perCpuSecond(rows, 6, (row) => peer(row.address, { type: 1 })))
    }
    const [rate, peerRate] = [median(mine), median(theirs)]
    const s = score(held, (row) => ours(row).code)
    const named = held.filter((row) => row.code !== null && row.code.length >= 6)
    const countyName = (code: string) => gazetteer.names.get(code.slice(0, 6)) ?? ''
    const peerRight = named.filter((row) => {
      const answer = peer(row.address, { type: 1 })
      return (
        answer.area === countyName(row.code ?? '') &&
        (gazetteer.names.get((row.code ?? '').slice(0, 4)) ?? answer.city) === answer.city
      )
    }).length
    return [
      {
        name: 'address: resolved to village and door',
        measured: `${whole(rate)} / CPU-s`,
        limit: `at least ${whole(LIMIT)} / CPU-s`,
        ratio: rate / LIMIT,
        ok: rate >= LIMIT,
      },
      {
        name: 'address: against zh-address-parse type 1',
        measured: `${(rate / peerRate).toFixed(1)} × its ${whole(peerRate)} / CPU-s`,
        limit: 'at least 1 ×',
        ratio: rate / peerRate,
        ok: rate >= peerRate,
        note: `it stops at the county, knows no prior, and has ${((peerRight / named.length) * 100).toFixed(1)} % of these counties right (${peerRight} of ${named.length})`,
      },
      accuracyRow('county', s.county, 99),
      accuracyRow('town', s.town, 97),
      accuracyRow('village', s.village, 95),
    ]
  })
}
