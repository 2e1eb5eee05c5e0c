import { defineJobs } from '../core/jobs.ts'
import { sweep, wakeForHelp, wakeGrids, wakePhone } from './webpush.ts'

export const wakeJobs = defineJobs({
  reactions: { 'phone.wake': wakePhone, 'help.asked': wakeForHelp },
  timers: [
    { name: 'wakes', cron: '* * * * *', run: wakeGrids },
    { name: 'sweep', cron: '25 17 * * *', run: sweep },
  ],
})
