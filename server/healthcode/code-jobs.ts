/** What changes codes: a run, a declaration, a day that passed, an emergency that ended, records that were joined (CODE-13). */
import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { gatewayOf } from '../access/sms.ts'
import { followCodes } from './code-change.ts'
import { ensureKeys } from './code-gates.ts'
import { codesOfEmergency, codesOfRun, codesPastEnd } from './code-store.ts'
import { tellHolders } from './code-tell.ts'

const A_STEP = 500
const NOBODY = '00000000-0000-0000-0000-000000000000'
const RunPayload = z.object({ runId: z.uuid() })
const PersonPayload = z.object({ personId: z.uuid() })
const EmergencyPayload = z.object({ emergencyId: z.uuid() })
const Merged = z.object({ from: z.uuid(), into: z.uuid() })

/** Chunk by chunk in the order of ids, each its own transaction; run again after a stop it finds nothing left to change. */
async function inSteps(
  server: Server,
  name: string,
  next: (ctx: Parameters<Parameters<Server['asSystem']>[1]>[0], after: string) => Promise<string[]>,
  runId: string | null = null,
): Promise<void> {
  let after: string | null = NOBODY
  while (after !== null) {
    const from: string = after
    after = await server.asSystem(name, async (ctx) => {
      const ids = await next(ctx, from)
      await followCodes(ctx, ids, { runId })
      return ids.length < A_STEP ? null : (ids.at(-1) ?? null)
    })
  }
}

export const codeJobs = defineJobs({
  reactions: {
    'grades.changed': async (server, payload) => {
      const { runId } = RunPayload.parse(payload)
      await inSteps(server, 'code.run', (ctx, after) => codesOfRun(ctx.db, runId, after, A_STEP), runId)
    },
    // The declaration's own transaction has made the code already; this finds what it could not do.
    declared: async (server, payload) => {
      const { personId } = PersonPayload.parse(payload)
      await server.asSystem('code.declared', (ctx) =>
        followCodes(ctx, [personId], { apply: true, trigger: 'declaration' }),
      )
    },
    'person.moved': async (server, payload) => {
      const { personId } = PersonPayload.parse(payload)
      await server.asSystem('code.moved', (ctx) => followCodes(ctx, [personId]))
    },
    'person.merged': async (server, payload) => {
      const { from, into } = Merged.parse(payload)
      await server.asSystem('code.merged', (ctx) =>
        followCodes(ctx, [from, into].toSorted(), { trigger: 'correction' }),
      )
    },
    'emergency.ended': async (server, payload) => {
      const { emergencyId } = EmergencyPayload.parse(payload)
      await inSteps(server, 'code.ended', (ctx, after) => codesOfEmergency(ctx.db, emergencyId, after, A_STEP))
    },
  },
  timers: [
    { name: 'keys', cron: '7 * * * *', run: ensureKeys },
    // After midnight the runs say what has ended; this finds what no run says.
    {
      name: 'past',
      cron: '*/10 * * * *',
      run: (server) =>
        server.asSystem('code.past', async (ctx) => {
          await followCodes(ctx, await codesPastEnd(ctx.db, ctx.today, A_STEP))
        }),
    },
    {
      name: 'tell',
      cron: '* * * * *',
      run: async (server) => void (await tellHolders(server, await gatewayOf(server))),
    },
  ],
})
