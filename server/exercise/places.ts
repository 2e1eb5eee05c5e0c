import type { Actor } from '@weiwang/domain/access/actor'
import type { VillagePlan } from '@weiwang/domain/exercise/place'
import { population } from '@weiwang/domain/exercise/population'
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

/** Doors and the people whom the register knows; a second run changes nothing (PEOPLE-12). */
export async function putRegister(
  server: Server,
  operator: Actor,
  seed: string,
  plans: readonly VillagePlan[],
  onVillage: Progress = () => undefined,
): Promise<void> {
  const action = importHouseholds(server)
  let done = 0
  for (const village of population(seed, plans)) {
    const rows = registerRows(village)
    for (let i = 0; i < rows.length; i += LINES) {
      const answer = await server.run(action, operator, {
        area: village.village.code,
        source: REGISTER_SOURCE,
        rows: rows.slice(i, i + LINES),
      })
      const fault = answer.rows.find((row) => row.outcome === 'rejected')?.fault
      if (answer.rejected > 0)
        throw new Error(`register of ${village.village.code}: ${answer.rejected} lines, first ${fault?.reason}`)
    }
    onVillage(++done, plans.length)
  }
}
