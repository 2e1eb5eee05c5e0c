import { defineJobs } from '../core/jobs.ts'
import { feedChanged } from './feeding.ts'
import { raiseFloors } from './floors.ts'

export const syncJobs = defineJobs({
  reactions: { 'people.changed': feedChanged },
  timers: [{ name: 'floors', cron: '40 16 * * *', run: raiseFloors }],
})
