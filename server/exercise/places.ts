import type { Actor } from '@weiwang/domain/access/actor'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { population } from '@weiwang/domain/exercise/population'
import type { VillagePopulation } from '@weiwang/domain/exercise/population'
import { gridRows, registerRows } from '@weiwang/domain/exercise/register'
import { importGrids } from '../areas/actions.ts'
import type { Server } from '../core/server.ts'
import { importHouseholds } from '../people/importing.ts'

/** Lines of one request of the register's import. */
const LINES = 1000
export const REGISTER_SOURCE = 'exercise'

type Progress = (done: number, total: number) => void

/** Grids and units, village by village, by the same import as a file's. */
export async function putGrids(
  server: Server,
  operator: Actor,
  seed: string,
  plans: readonly VillagePlan[],
): Promise<void> {
  for (const village of population(seed, plans)) {
    const answer = await server.run(importGrids, operator, {
      area: village.village.code,
      rows: gridRows(village),
      check: false,
    })
    const [error] = answer.errors
    if (error) throw new Error(`grids of ${village.village.code}, row ${error.row}: ${error.message.en}`)
  }
}

/** Villages whose registers are written at the same time: the database works on one while the next is sealed. */
const AT_ONCE = 3

/** Doors and the people whom the register knows; a second run changes nothing (PEOPLE-12). */
export async function putRegister(
  server: Server,
  operator: Actor,
  seed: string,
  plans: readonly VillagePlan[],
  onVillage: Progress = () => undefined,
): Promise<void> {
  const villages = population(seed, plans)
  let done = 0
  let failed = false
  const work = async (): Promise<void> => {
    for (;;) {
      const next = failed ? null : villages.next()
      if (next === null || next.done === true) return
      await putVillage(server, operator, next.value)
      onVillage(++done, plans.length)
    }
  }
  // When one village fails the others stop after theirs: nobody writes on behind a load that has ended.
  const ends = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () =>
      work().catch((error: unknown) => {
        failed = true
        throw error
      }),
    ),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

async function putVillage(server: Server, operator: Actor, population: VillagePopulation): Promise<void> {
  const action = importHouseholds(server)
  const area = population.village.code
  const rows = registerRows(population)
  for (let i = 0; i < rows.length; i += LINES) {
    const args = { area, source: REGISTER_SOURCE, rows: rows.slice(i, i + LINES) }
    const answer = await server.run(action, operator, args)
    const fault = answer.rows.find((row) => row.outcome === 'rejected')?.fault
    if (answer.rejected > 0) throw new Error(`register of ${area}: ${answer.rejected} lines, first ${fault?.reason}`)
  }
}
