import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { fillTeam, releaseTeam } from '../teams/actions.ts'
import { sayMeasure } from './measure-facts.ts'
import {
  bindTeam,
  closeUnreached,
  endDue,
  followHome,
  mergeObservations,
  openFromTask,
  openFromVisit,
  openTransferred,
  tellDesk,
  visitOpens,
} from './react.ts'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { followAreas } from './reorganise.ts'
import { countServices, findObservation } from './store.ts'

const People = z.object({ personId: z.string().optional(), personIds: z.array(z.string()).optional() })
const Merge = z.object({ from: z.string(), into: z.string() })
const Of = z.object({ observationId: z.string() })

async function followAll(server: Server, payload: unknown): Promise<void> {
  const { personId, personIds = [] } = People.parse(payload)
  for (const id of personId === undefined ? personIds : [personId, ...personIds]) await followHome(server, id)
}

/** OBS-7: a door that begins to be observed gets its team; who joins a door joins the team that is there. */
async function bind(server: Server, payload: unknown): Promise<void> {
  const { observationId } = Of.parse(payload)
  await server.asSystem('observation.bind', async (ctx) => {
    const loaded = await findObservation(ctx.db, [''], observationId)
    if (!loaded || loaded.state.endedAt !== null || !MEASURE_RULES[loaded.state.measure].needs.team) return
    const { row, state } = loaded
    if (state.householdId === null) return
    const at = { county: row.county, householdId: state.householdId, area: state.area, observationId: row.id }
    const { teamId } = await fillTeam(ctx, at)
    await bindTeam(ctx, { county: row.county, observationId: row.id, teamId })
  })
}

async function letGo(server: Server, payload: unknown): Promise<void> {
  const { observationId } = Of.parse(payload)
  await server.asSystem('observation.let_go', async (ctx) => {
    const loaded = await findObservation(ctx.db, [''], observationId)
    if (!loaded || loaded.state.householdId === null) return
    const why = loaded.state.outcome === 'transferred' ? 'moved' : 'released'
    const { row, state } = loaded
    await releaseTeam(ctx, { county: row.county, householdId: state.householdId ?? '', observationId: row.id, why })
  })
}

const Service = z.object({ county: z.string(), serviceId: z.string() })

async function serve(server: Server, payload: unknown): Promise<void> {
  const { county, serviceId } = Service.parse(payload)
  await server.asSystem('observation.serve', (ctx) => countServices(ctx.db, county, serviceId))
}

/** Readings and services have jobs of their own; here are the steps. */
export const observationJobs = defineJobs({
  reactions: {
    'task.answered': openFromTask,
    'visit.filed': { when: visitOpens, react: openFromVisit },
    'observation.opened': async (server, payload) => {
      await sayMeasure(server, Of.parse(payload))
      await bind(server, payload)
    },
    'observation.changed': async (server, payload) => sayMeasure(server, Of.parse(payload)),
    'observation.ended': async (server, payload) => {
      await sayMeasure(server, Of.parse(payload))
      await letGo(server, payload)
    },
    'observation.transferred': openTransferred,
    'observation.urgent': tellDesk,
    'service.asked': serve,
    'service.changed': serve,
    'person.moved': followAll,
    'person.merged': async (server, payload) => {
      const { from, into } = Merge.parse(payload)
      await mergeObservations(server, from, into)
    },
    'person.rehomed': followAreas,
    'areas.followed': followAreas,
  },
  timers: [
    { name: 'end-due', cron: '* * * * *', run: async (server) => void (await endDue(server)) },
    { name: 'close-unreached', cron: '20 * * * *', run: closeUnreached },
    { name: 'areas', cron: '*/5 * * * *', run: async (server) => followAreas(server, null) },
  ],
})
