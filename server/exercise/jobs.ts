import { defineJobs } from '../core/jobs.ts'
import { heartbeat } from './state.ts'

/** A sign of life each minute, so that the exercise's time stands still while nobody runs it (EX-12). */
export const exerciseJobs = defineJobs({
  timers: [{ name: 'heartbeat', cron: '* * * * *', run: heartbeat }],
})
