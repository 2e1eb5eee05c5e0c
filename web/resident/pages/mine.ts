import type { MyObservations } from '@weiwang/domain/observation/my-api'
import type { MyReadings } from '@weiwang/domain/observation/reading-api'

/** `ahead`: how far the server's clock is before this phone's, in milliseconds; deadlines go by the server's (an exercise has its own). */
export type Mine = { observations: MyObservations; readings: MyReadings; ahead: number }

/** What was fetched last, so that going to a report and back asks a slow network once; gone with the log-out. */
export const held: { mine: Mine | null } = { mine: null }
