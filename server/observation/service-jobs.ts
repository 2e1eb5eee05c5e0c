import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import { askForMedicines } from './service-medicines.ts'
import { escalateServices, followServiceAreas, offerAsked, offerDue, passOnServices } from './service-offers.ts'
import { makeOccurrences } from './service-rules.ts'
import { endWithObservation } from './service-store.ts'

const Of = z.object({ serviceId: z.uuid() })
const Ended = z.object({ observationId: z.uuid() })

/** Services as a room of its own in the list of jobs: what follows an ask, and what time makes true. */
export const serviceJobs = defineJobs({
  reactions: {
    'service.asked': async (server, payload) => offerAsked(server, Of.parse(payload).serviceId),
    'service.rule': async (server) => makeOccurrences(server),
    'observation.ended': async (server, payload) => {
      const { observationId } = Ended.parse(payload)
      await server.asSystem('service.end', (ctx) => endWithObservation(ctx.db, observationId, ctx.now))
    },
    // FORCE-5: what somebody who left had taken is offered anew, to the successor first.
    'force.handed': passOnServices,
    'areas.followed': async (server) => followServiceAreas(server),
  },
  timers: [
    { name: 'offer-services', cron: '* * * * *', run: offerDue },
    { name: 'escalate-services', cron: '* * * * *', run: escalateServices },
    { name: 'repeat-services', cron: '*/10 * * * *', run: makeOccurrences },
    { name: 'ask-medicines', cron: '*/30 * * * *', run: askForMedicines },
  ],
})
