import { isAreaCode } from '@weiwang/domain/areas/code'
import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import { dropLoose } from './instruction-attachments.ts'
import { escalateReceipts, handOn, handOut, leavePhones, spreadVersion, takeUpHandOuts } from './instructions.ts'

const Sent = z.object({ id: z.uuid() })
const Passed = z.object({ id: z.uuid(), area: z.string().refine(isAreaCode) })
const Version = z.object({ id: z.uuid(), version: z.number().int(), kind: z.enum(['changed', 'recalled']) })

/** What happens after an instruction was written, passed on, changed or recalled, and when its time passes. */
export const instructionJobs = defineJobs({
  reactions: {
    'instruction.sent': (server, payload) => handOut(server, Sent.parse(payload).id),
    'instruction.passed': (server, payload) => {
      const { id, area } = Passed.parse(payload)
      return handOn(server, id, area)
    },
    'instruction.version': (server, payload) => {
      const { id, version, kind } = Version.parse(payload)
      return spreadVersion(server, id, version, kind)
    },
  },
  timers: [
    { name: 'instructions', cron: '* * * * *', run: takeUpHandOuts },
    { name: 'attachments', cron: '17 * * * *', run: dropLoose },
    { name: 'leaving', cron: '23 * * * *', run: leavePhones },
    { name: 'receipts', cron: '* * * * *', run: escalateReceipts },
  ],
})
