import { z } from 'zod'
import { pathOf } from '@weiwang/domain/areas/code'
import { defineJobs } from '../core/jobs.ts'
import { desksAround, insertNotices } from '../access/account-store.ts'
import { newId } from '../core/transaction.ts'
import { followVisit, visitMediates } from './from-visit.ts'
import { followDisputeAreas } from './reorganise.ts'

const Passed = z.object({ to: z.string() })
const MOST_TOLD = 20

export const incidentJobs = defineJobs({
  reactions: {
    'visit.filed': { when: visitMediates, react: followVisit },
    'areas.followed': async (server) => followDisputeAreas(server),
    // The desk above learns that something lies with it; what, it reads where that is confidential.
    'mediation.passed': async (server, payload) => {
      const { to } = Passed.parse(payload)
      await server.asSystem('mediation.tell', async (ctx) => {
        const desks = await desksAround(ctx.db, pathOf(to).slice(-1), { limit: MOST_TOLD })
        const body = { zh: '下级移交一件调解事项，请处理', en: 'A dispute under mediation was passed up to you' }
        await insertNotices(
          ctx.db,
          desks.map((one) => ({ accountId: one.id, id: newId(ctx.now), kind: 'mediation.passed', body, at: ctx.now })),
        )
      })
    },
  },
})
