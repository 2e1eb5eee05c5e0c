import path from 'node:path'
import { isDay } from '@weiwang/domain/core/day'
import { EXERCISE_DAY } from '@weiwang/domain/exercise/outbreak'
import { extentOf, planVillages, SIZES, villagesOf } from '@weiwang/domain/exercise/place'
import type { Extent, Size } from '@weiwang/domain/exercise/place'
import { readDivisions } from '../areas/divisions.ts'
import type { Config } from '../core/config.ts'
import { drainQueue } from '../core/queue.ts'
import type { Server } from '../core/server.ts'
import { check } from '../exercise/check.ts'
import { writeFeeds } from '../exercise/files.ts'
import { deskOf, loadExercise } from '../exercise/load.ts'
import { resetExerciseLogins } from '../exercise/logins.ts'
import { advance, requireExercise } from '../exercise/state.ts'
import { runDay } from '../exercise/workers.ts'
import { deliverDay } from '../exercise/yesterday.ts'
import { readArgs, Refused, UsageError } from './io.ts'
import type { Flags, Io } from './io.ts'
import { pathToType } from './paths.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

/** That of the first start, so that a command without a seed means the same exercise. */
const SEED = 'weiwang'

const FLAGS = {
  size: { type: 'string' },
  seed: { type: 'string' },
  root: { type: 'string' },
  people: { type: 'string' },
  day: { type: 'string' },
  out: { type: 'string' },
  rate: { type: 'string' },
  advance: { type: 'string' },
  ...DEPLOYMENT_FLAGS,
} as const

const ABOUT = 'exercise load | feeds --out DIR | logins | deliver [--day D] | advance 1d | work [--rate 0.6] | check'

export async function exerciseCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, FLAGS)
  // `exercise --advance 1d` is short for `exercise advance 1d`.
  const short = flags['advance']
  const [verb, amount] = typeof short === 'string' ? ['advance', short] : words
  switch (verb) {
    case 'feeds':
      return feeds(flags, io)
    case 'load':
      return withServer(exerciseConfig(flags), (server) => load(server, flags, io))
    case 'logins':
      return withServer(exerciseConfig(flags), (server) => logins(server, io))
    case 'deliver':
      return withServer(exerciseConfig(flags), (server) => deliver(server, flags, io))
    case 'advance':
      return withServer(exerciseConfig(flags), (server) => advanceBy(server, amount ?? '1d', io))
    case 'work':
      return withServer(exerciseConfig(flags), (server) => work(server, flags, io))
    case 'check':
      return withServer(exerciseConfig(flags), (server) => compare(server, io))
    default:
      throw new UsageError(`usage: weiwang ${ABOUT}`)
  }
}

function sizeOf(flags: Flags): Size {
  const asked = flags['size'] ?? 'town'
  const size = SIZES.find((one) => one === asked)
  if (!size) throw new UsageError(`--size is one of ${SIZES.join(', ')}`)
  return size
}

function text(flags: Flags, name: string, otherwise: string): string {
  const value = flags[name]
  return typeof value === 'string' ? value : otherwise
}

type Wanted = { extent: Extent; seed: string; day: string }

function wantedOf(flags: Flags): Wanted {
  const day = text(flags, 'day', EXERCISE_DAY)
  if (!isDay(day)) throw new UsageError('--day is a day: 2020-02-15')
  const people = flags['people'] === undefined ? undefined : Number(flags['people'])
  if (people !== undefined && !(Number.isInteger(people) && people > 0))
    throw new UsageError('--people is a number of people')
  const root = flags['root']
  const options = { ...(people === undefined ? {} : { people }), ...(typeof root === 'string' ? { root } : {}) }
  return { extent: extentOf(sizeOf(flags), options), seed: text(flags, 'seed', SEED), day }
}

/** An exercise lives in its own database, whatever EXERCISE says for `serve`; province is only a matter of its size. */
function exerciseConfig(flags: Flags): Config {
  return configOf(flags, {
    ...process.env,
    EXERCISE: process.env['EXERCISE'] === 'off' ? 'town' : process.env['EXERCISE'],
  })
}

async function feeds(flags: Flags, io: Io): Promise<void> {
  const out = flags['out']
  if (typeof out !== 'string') throw new UsageError('--out DIR says where the files go')
  const { extent, seed, day } = wantedOf(flags)
  const plans = planVillages(villagesOf(readDivisions('jiangsu')), extent)
  if (plans.length === 0) throw new Refused(`there is no village in ${extent.root} 此辖区内没有村（社区）`)
  const written = writeFeeds({
    seed,
    plans,
    day,
    dir: path.resolve(out),
    onVillage: (done, total) => io.progress(done, total, 'villages'),
  })
  const rows = written.files.map((f) => `${String(f.rows).padStart(8)}  ${pathToType(f.path)}`)
  io.result(
    written,
    [`${written.people} people, ${written.truths} in the outbreak. 演练数据，均为虚构。`, ...rows].join('\n'),
  )
}

async function load(server: Server, flags: Flags, io: Io): Promise<void> {
  const { extent, seed, day } = wantedOf(flags)
  const loaded = await loadExercise(server, {
    ...extent,
    seed,
    day,
    dir: server.config.dataDir,
    onStep: (step) => io.note(step),
  })
  io.result(
    loaded,
    `Exercise ready: about ${loaded.people} people, ${loaded.grids} grids, day ${loaded.day}. 演练已就绪。\nFiles: ${loaded.feeds}`,
  )
}

async function logins(server: Server, io: Io): Promise<void> {
  const rows = await resetExerciseLogins(server)
  const lines = rows.map((r) => `${r.login.padEnd(34)} ${r.password.padEnd(14)} ${r.areaName} ${r.title.zh} ${r.name}`)
  io.result(
    { logins: rows },
    ['Shown once; the former passwords no longer work. 仅显示一次，旧密码已失效。', ...lines].join('\n'),
  )
}

/** Loads the files of a day as their offices would send them, and lets everything follow from them that follows by itself. */
async function deliver(server: Server, flags: Flags, io: Io): Promise<void> {
  const state = await requireExercise(server)
  const feeds = path.join(server.config.dataDir, 'exercise', 'feeds')
  const centre = state.root.slice(0, 4)
  const delivered = await deliverDay(server, await deskOf(server, centre), feeds, text(flags, 'day', state.day))
  await drainQueue(server)
  const lines = delivered.map((d) => `${d.repeated ? 'repeated 重复' : 'loaded 已导入'}  ${d.file}`)
  io.result({ delivered }, lines.join('\n'))
}

async function advanceBy(server: Server, amount: string, io: Io): Promise<void> {
  const days = /^(\d{1,3})d?$/.exec(amount)?.[1]
  if (days === undefined || Number(days) < 1) throw new UsageError('exercise advance 1d: whole days')
  const today = await advance(server, Number(days))
  io.result({ today }, `It is now ${today} in the exercise. 演练日期现为 ${today}。`)
}

async function work(server: Server, flags: Flags, io: Io): Promise<void> {
  const rate = Number(text(flags, 'rate', '0.6'))
  if (!(rate > 0 && rate <= 1)) throw new UsageError('--rate lies between 0 and 1')
  const { seed } = await requireExercise(server)
  const done = await runDay(server, { rate, seed: text(flags, 'seed', seed) })
  await drainQueue(server)
  const lines = Object.entries(done.dispositions).map(([code, n]) => `${String(n).padStart(6)}  ${code}`)
  io.result(done, [`${done.visits} visits filed, ${done.refused} refused. 已模拟走访。`, ...lines].join('\n'))
}

async function compare(server: Server, io: Io): Promise<void> {
  const result = await check(server)
  io.result(result, result.lines.join('\n'))
}
