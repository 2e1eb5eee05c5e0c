import path from 'node:path'
import type { Day } from '@weiwang/domain/core/day'
import { pathOf } from '@weiwang/domain/areas/code'
import { costOf } from '@weiwang/domain/exercise/place'
import type { Cost, Extent } from '@weiwang/domain/exercise/place'
import { noRoom } from '@weiwang/domain/exercise/problems'
import { loadDivisions } from '../areas/load.ts'
import { freeBytes } from '../core/disk.ts'
import { drainQueue } from '../core/queue.ts'
import type { Server } from '../core/server.ts'
import { actorsOf, makeAccounts } from './accounts.ts'
import { writeFeeds } from './files.ts'
import { putContacts } from './contacts.ts'
import { putGates } from './gates.ts'
import { observeYesterday, readFirst } from './observe.ts'
import { openOrder } from './order.ts'
import type { Desk } from './order.ts'
import { plansOf } from './plans.ts'
import { putGrids, putRegister } from './places.ts'
import { putRegistered } from './registered.ts'
import { nameRiskAreas, openSources } from './sources.ts'
import { loadYesterday, pushYesterday, putRules, visitYesterday } from './yesterday.ts'
import { claim, once, openDay, readState, resume } from './state.ts'
import type { ExerciseState } from './state.ts'

export type LoadOptions = Extent & {
  seed: string
  day: Day
  /** The data folder; files go to `exercise/feeds` in it. */
  dir: string
  /** Told before each step, in both languages. */
  onStep?: (text: string) => void
  /** Villages whose register is in, or whose workers have been round. */
  onVillage?: (done: number, total: number) => void
}

export type LoadedExercise = { size: string; seed: string; day: Day; people: number; grids: number; feeds: string }

/** The desk of an area: the province opens the order, the city keeps the sources and grades. */
export async function deskOf(server: Server, area: string): Promise<Desk> {
  const level = area.length === 2 ? 'province' : 'city'
  const login = (role: string): string => `${level}${area}.${role}`
  const actors = await actorsOf(server, ['operator', 'chief', 'chief2', 'auditor'].map(login))
  const of = (role: string): Desk['chief'] => {
    const actor = actors.get(login(role))
    if (!actor) throw new Error(`the exercise has no account ${login(role)}`)
    return actor
  }
  return { operator: of('operator'), chief: of('chief'), second: of('chief2'), auditor: of('auditor') }
}

/**
 * Makes the exercise in an empty database, or goes on where a former load stopped (EX-10, EX-13). Every step that people
 * could do is done by the accounts of the exercise through the actions of the rooms.
 * @throws notEmpty, otherExercise, noRoom
 */
export async function loadExercise(server: Server, options: LoadOptions): Promise<LoadedExercise> {
  const { size, root, people, seed, day, onStep = () => undefined } = options
  if ((await server.asSystem('exercise.state', (ctx) => readState(ctx.db))) === null) checkRoom(server, options)
  const state = await claim(server, { size, root, people, seed, day })
  const plans = plansOf(state)
  const feeds = path.join(options.dir, 'exercise', 'feeds')
  if (!state.steps.includes('visits')) tellCost(costOf(plans), onStep)
  const step = async (name: string, text: string, run: () => Promise<void>): Promise<void> => {
    if (!state.steps.includes(name)) onStep(text)
    await once(server, state, name, run)
  }
  await step('divisions', '装入行政区划 · divisions', async () => {
    await server.asSystem('exercise.divisions', loadDivisions)
  })
  await step('accounts', '建立账号 · accounts', async () => {
    await makeAccounts(server, seed, plans, day)
  })
  const province = pathOf(root)[0] ?? root
  const centre = root.slice(0, 4)
  const above = await deskOf(server, province)
  const desk = await deskOf(server, centre)
  await step('grids', '划分网格 · grids and units', async () => putGrids(server, desk.operator, seed, plans))
  await step('contacts', '设置求助电话 · whom workers call', async () => {
    await putContacts(server, desk.operator, plans)
  })
  await step('order', '启动应急响应和专项 · emergency and campaign', async () =>
    openOrder(server, above, province, day),
  )
  await step('risk_areas', '公布风险地区 · risk areas', async () => nameRiskAreas(server, above))
  await step('sources', '登记数据源 · sources', async () => openSources(server, desk, centre))
  await step('register', '导入户册 · household register', async () =>
    putRegister(server, desk.operator, seed, plans, options.onVillage),
  )
  // A register of a county is 1,500 messages for phones: said by its own name, and not as a part of the push.
  await step('phones', '写入手机同步 · what phones pull', async () => drainQueue(server))
  await step('files', '生成数据文件 · files of the offices', async () => {
    writeFeeds({ seed, plans, day, dir: feeds })
  })
  await step('yesterday', '导入昨日名单 · the lists of yesterday', async () =>
    loadYesterday(server, desk, state, feeds),
  )
  await step('rules', '研判 · rules and grades', async () => putRules(server, above, desk, centre))
  await step('push', '下发网格 · push to the grids', async () => pushYesterday(server, desk, centre, seed))
  await step('visits', '昨日走访 · visits of yesterday', async () => visitYesterday(server, seed, options.onVillage))
  await step('observations', '居家观察文书 · papers of home observations', async () => {
    await observeYesterday(server, seed)
  })
  await step('morning', '开始演练日 · the day of the exercise', async () => openDay(server, day))
  await step('gates', '设立卡口 · gates', async () => putGates(server, desk.operator, seed, { plans, day }))
  await step('registered', '居民登记 · residents who have registered', async () =>
    putRegistered(server, seed, { plans, day }),
  )
  await step('readings', '昨晚和今早的体温 · the first readings', async () => {
    await drainQueue(server)
    await readFirst(server, seed)
  })
  return { size, seed, day, people: peopleOf(state), grids: plans.reduce((n, plan) => n + plan.grids, 0), feeds }
}

/** Below this a load is over before anybody has read what it takes. */
const LONG_MINUTES = 5

function tellCost({ people, villages, grids, bytes, minutes }: Cost, onStep: (text: string) => void): void {
  if (minutes < LONG_MINUTES) return
  const gb = (bytes / 1e9).toFixed(1)
  onStep(
    `约 ${people} 人、${grids} 个网格、${villages} 个村社区：磁盘约 ${gb} GB，时间约 ${minutes} 分钟；可随时中断，再次执行同一命令即继续 · ` +
      `about ${people} people in ${grids} grids of ${villages} villages: about ${gb} GB of disk and ${minutes} minutes; stop it any time, the same command goes on`,
  )
}

/** EX-22: what does not fit on the disk is not begun. @throws noRoom */
function checkRoom(server: Server, { root, people, size, dir }: LoadOptions): void {
  if (server.config.databaseUrl !== null) return
  const needed = costOf(plansOf({ root, people, size })).bytes
  const free = freeBytes(dir)
  if (free < needed) throw noRoom({ needed: Math.ceil(needed / 1e9), free: Math.floor(free / 1e9) })
}

function peopleOf(state: ExerciseState): number {
  return state.people
}

/** At the start of every process: the exercise's clock goes on from where it stood. */
export async function resumeExercise(server: Server): Promise<Day> {
  return resume(server)
}
