import type { Day } from '@weiwang/domain/core/day'
import { EXERCISE_DAY } from '@weiwang/domain/exercise/outbreak'
import { extentOf } from '@weiwang/domain/exercise/place'
import { loadDivisions } from './areas/load.ts'
import type { Io } from './cli/io.ts'
import { pathToType } from './cli/paths.ts'
import type { Server } from './core/server.ts'
import { loadExercise, resumeExercise } from './exercise/load.ts'
import { resetExerciseLogins } from './exercise/logins.ts'
import type { ExerciseLogin } from './exercise/logins.ts'
import { exerciseResident } from './exercise/resident.ts'
import { ensureKeys } from './healthcode/code-gates.ts'
import { sealKey } from './core/keys/seal-key.ts'

/** What a start tells the person at the terminal. */
export type Welcome = {
  logins: ExerciseLogin[]
  /** The number of somebody who is observed, in an exercise on loopback (EX-16). */
  resident: string | null
  text: (address: string, loopback: boolean) => string
}

const SEED = 'weiwang'

async function prepareExercise(server: Server, size: 'grid' | 'town' | 'county', io: Io): Promise<Welcome> {
  const loaded = await loadExercise(server, {
    ...extentOf(size),
    seed: SEED,
    day: EXERCISE_DAY,
    dir: server.config.dataDir,
    onStep: (step) => io.note(`演练 ${step} …`),
    onVillage: (done, total) => io.progress(done, total, '村社区 villages'),
  })
  const today = await resumeExercise(server)
  await ensureKeys(server)
  const logins = await resetExerciseLogins(server)
  const resident = await exerciseResident(server)
  return {
    logins,
    resident,
    text: (address, loopback) =>
      exerciseText(address, loopback, { today, logins, resident, people: loaded.people, feeds: loaded.feeds }),
  }
}

type Told = { today: Day; logins: ExerciseLogin[]; resident: string | null; people: number; feeds: string }

function exerciseText(address: string, loopback: boolean, told: Told): string {
  const rows = told.logins.map(
    (l) => `  ${l.login.padEnd(34)} ${l.password.padEnd(16)} ${l.title.zh} ${l.title.en}, ${l.areaName}`,
  )
  return [
    '',
    `Weiwang 微网   演练 EXERCISE: made-up people, nothing here is real. 均为虚构人员。`,
    `  Centre 网格中心    ${address}/`,
    `  Worker 网格员      ${address}/worker/`,
    `  Gate 卡口          ${address}/gate/`,
    ...(told.resident === null
      ? []
      : [`  Resident 居民      ${address}/r/  with 号码 ${told.resident}; codes 验证码 ${address}/dev/messages`]),
    `  Day of the exercise 演练日期 ${told.today}, ${told.people.toLocaleString('en')} people 人`,
    `  Files to load 待导入文件  ${pathToType(told.feeds)}`,
    '',
    ...(loopback && rows.length > 0
      ? ['Log in (new at each start) 登录账号（每次启动重新生成）:', ...rows]
      : ['Log-ins of an exercise are refused off loopback. 对外监听时不提供演练账号。']),
    '',
  ].join('\n')
}

/** Before the first request: the divisions, and the exercise unless told not to. */
export async function prepare(server: Server, io: Io): Promise<Welcome> {
  // Made before any phone and any backup: whatever is restored opens what phones sealed to it (SYNC-15).
  await sealKey(server.keys, server.jobsPool.db, server.clock.now())
  if (server.config.exercise !== 'off') return prepareExercise(server, server.config.exercise, io)
  await server.asSystem('divisions', loadDivisions)
  await ensureKeys(server)
  return {
    logins: [],
    resident: null,
    text: (address) =>
      [
        '',
        `Weiwang 微网   ${address}/`,
        'The first account is made at the terminal: ./weiwang accounts create --area 32 --name … --login … --roles administrator 首个账号在终端建立。',
        '',
      ].join('\n'),
  }
}
