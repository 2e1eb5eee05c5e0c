import { readdirSync } from 'node:fs'
import path from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { LAYOUTS } from '@weiwang/domain/exercise/layouts'
import { drainQueue } from '../core/queue.ts'
import type { Server } from '../core/server.ts'
import { deliverFile, deliverRows } from './deliver.ts'
import type { Delivered } from './deliver.ts'
import type { Desk } from './order.ts'
import type { ExerciseState } from './state.ts'

/** All files of a day, as their offices send them. */
export async function deliverDay(server: Server, desk: Desk, feeds: string, day: Day): Promise<Delivered[]> {
  const dir = path.join(feeds, day)
  const names = readdirSync(dir).toSorted()
  const delivered: Delivered[] = []
  for (const { source, format } of LAYOUTS) {
    for (const name of names.filter((one) => one.startsWith(`${source}-`))) {
      const deliver = format === 'json' ? deliverRows : deliverFile
      delivered.push(await deliver(server, desk.operator, source, path.join(dir, name)))
    }
  }
  return delivered
}

/** The day before the exercise: its lists are loaded and what follows from them is done. */
export async function workYesterday(server: Server, desk: Desk, state: ExerciseState, feeds: string): Promise<void> {
  await deliverDay(server, desk, feeds, addDays(state.day, -1))
  await drainQueue(server)
}
