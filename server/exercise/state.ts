import { addDays, dayOf, instantOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { notEmpty, notExercise, otherExercise } from '@weiwang/domain/exercise/problems'
import { SIZES } from '@weiwang/domain/exercise/place'
import { z } from 'zod'
import { postponeSessions } from '../access/login-store.ts'
import type { Db } from '../core/db/connect.ts'
import type { Server } from '../core/server.ts'
import { countPersonal, putSetting, readSetting } from './store.ts'
import { lastWritten } from './store-clock.ts'

/** What the database knows of its exercise: the parameters, from which everything can be made again, and the steps done. */
export const ExerciseState = z.object({
  size: z.enum(SIZES),
  seed: z.string(),
  root: z.string(),
  people: z.number().int(),
  day: z.string(),
  steps: z.array(z.string()),
})
export type ExerciseState = z.infer<typeof ExerciseState>

const ClockState = z.object({ offsetMs: z.number() })
/** When the exercise was last seen running: its own time and the real one. */
const Heartbeat = z.object({ exercise: z.number(), real: z.number() })

const DAY_MS = 86_400_000
/** The desk opens at eight and the lists of the night are there. */
const OPENING_HOUR = 9
/** Silence after which nobody else can be running. */
const ASLEEP_MS = 5 * 60_000

export async function readState(db: Db): Promise<ExerciseState | null> {
  const value = await readSetting(db, 'exercise')
  const parsed = ExerciseState.safeParse(value)
  return parsed.success ? parsed.data : null
}

/** @throws notExercise */
export async function requireExercise(server: Server): Promise<ExerciseState> {
  const state = await server.asSystem('exercise.state', (ctx) => readState(ctx.db))
  if (!state) throw notExercise({})
  return state
}

const told = (s: Omit<ExerciseState, 'steps'>): string => `${s.size} ${s.root} ${s.people} seed ${s.seed} ${s.day}`

/**
 * EX-10, EX-13: marks an empty database as an exercise, or finds the same exercise in it.
 * @throws notEmpty, otherExercise
 */
export async function claim(server: Server, wanted: Omit<ExerciseState, 'steps'>): Promise<ExerciseState> {
  const state = await server.asSystem('exercise.claim', async (ctx) => {
    const stored = await readState(ctx.db)
    if (stored) {
      if (told(stored) !== told(wanted)) throw otherExercise({ stored: told(stored), asked: told(wanted) })
      return stored
    }
    for (const { what, n } of await countPersonal(ctx.db)) if (n > 0) throw notEmpty({ what, n })
    const fresh: ExerciseState = { ...wanted, steps: [] }
    await putSetting(ctx.db, 'exercise', fresh)
    // Yesterday is worked through first; the clock goes on to the day of the exercise when that is done.
    await putSetting(ctx.db, 'clock', { offsetMs: offsetTo(addDays(wanted.day, -1), ctx.zone) })
    return fresh
  })
  await server.clock.load(server.jobsPool.db)
  return state
}

function offsetTo(day: Day, zone: string): number {
  return instantOf(day, zone, OPENING_HOUR).getTime() - Date.now()
}

/** Whoever is logged in stays so: a session's hours are those in which people worked (ACCESS-17). */
async function jumpTo(db: Db, offsetMs: number): Promise<void> {
  const clock = ClockState.parse(await readSetting(db, 'clock'))
  await putSetting(db, 'clock', { offsetMs })
  await postponeSessions(db, offsetMs - clock.offsetMs)
}

/** The morning of the exercise: the clock goes forward to it, never back. */
export async function openDay(server: Server, day: Day): Promise<void> {
  await server.asSystem('exercise.open_day', async (ctx) => {
    if (ctx.today < day) await jumpTo(ctx.db, offsetTo(day, ctx.zone))
  })
  await server.clock.load(server.jobsPool.db)
}

/** EX-13: a step runs once; what fails in the middle runs again and must be harmless to repeat. */
export async function once(
  server: Server,
  state: ExerciseState,
  step: string,
  run: () => Promise<void>,
): Promise<void> {
  if (state.steps.includes(step)) return
  await run()
  state.steps.push(step)
  await server.asSystem('exercise.step', (ctx) => putSetting(ctx.db, 'exercise', state))
}

/** EX-12: moves the clock of the exercise by whole days; other processes read it within a minute, and nobody is logged out. */
export async function advance(server: Server, days: number): Promise<Day> {
  await requireExercise(server)
  await server.asSystem('exercise.advance', async (ctx) => {
    const clock = ClockState.parse(await readSetting(ctx.db, 'clock'))
    await jumpTo(ctx.db, clock.offsetMs + days * DAY_MS)
  })
  await server.clock.load(server.jobsPool.db)
  // Ended before the next sign of life, it must not go on from before the jump.
  await heartbeat(server)
  return server.clock.today()
}

/**
 * EX-12: while nobody runs the exercise, its time stands still. Called at the start of a process: when the last sign of life
 * is old, the clock goes on from there, and never from before what is written already.
 */
export async function resume(server: Server): Promise<Day> {
  const real = Date.now()
  await server.asSystem('exercise.resume', async (ctx) => {
    const beat = Heartbeat.safeParse(await readSetting(ctx.db, 'exercise_heartbeat'))
    if (beat.success && real - beat.data.real > ASLEEP_MS) {
      const written = (await lastWritten(ctx.db))?.getTime() ?? 0
      await putSetting(ctx.db, 'clock', { offsetMs: Math.max(beat.data.exercise, written) - real })
    }
  })
  await server.clock.load(server.jobsPool.db)
  await heartbeat(server)
  return dayOf(server.clock.now(), server.clock.zone)
}

export async function heartbeat(server: Server): Promise<void> {
  await server.asSystem('exercise.heartbeat', async (ctx) => {
    if (!(await readState(ctx.db))) return
    await putSetting(ctx.db, 'exercise_heartbeat', { exercise: ctx.now.getTime(), real: Date.now() })
  })
}
