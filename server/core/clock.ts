import { dayOf } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { DB } from './db/types.ts'

const ClockSetting = z.object({ offsetMs: z.number() })

/** Time of the deployment. An exercise may run at another day: its offset lies in the database and is the same for every process. */
export class Clock {
  readonly zone: string
  #offset = 0

  constructor(zone: string) {
    this.zone = zone
  }

  now(): Date {
    return new Date(Date.now() + this.#offset)
  }

  today(): Day {
    return dayOf(this.now(), this.zone)
  }

  /** Takes the offset of an exercise; a deployment with real data has none. */
  async load(jobs: Kysely<DB>): Promise<void> {
    const { rows } = await sql<{
      value: unknown
    }>`select value from setting where key = 'clock' and exists (select from setting where key = 'exercise')`.execute(
      jobs,
    )
    const parsed = ClockSetting.safeParse(rows[0]?.value)
    this.#offset = parsed.success ? parsed.data.offsetMs : 0
  }

  /** For tests: moves this process' clock. */
  shift(ms: number): void {
    this.#offset += ms
  }

  offset(): number {
    return this.#offset
  }
}
