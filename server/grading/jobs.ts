import { contains, countyOf } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { longestWindow, planOf } from '@weiwang/domain/grading/plan'
import { z } from 'zod'
import { findEmergency, findOpenEmergency } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { DISTINCT_PLACES } from './compile.ts'
import { driveRun, scopeOf, startRun } from './run.ts'
import { activeRuleSets, distinctPlaces, rulesOf } from './store.ts'
import {
  changedRiskAreas,
  dropForeignDirty,
  hasOpenIncremental,
  isDue,
  markGraded,
  markFeed,
  markPersons,
  markStays,
  openRuns,
  riskSeen,
  seeRisk,
} from './store-run.ts'

/**
 * What makes the room grade again: new and withdrawn facts, people who move or are merged, levels that change, a source
 * that gains or loses the right to red, and days that pass. Each only marks people; one incremental run takes the marks.
 */
const RunPayload = z.object({ runId: z.uuid() })
const Persons = z.object({ personId: z.uuid().optional(), personIds: z.array(z.uuid()).optional() })
const Merged = z.object({ from: z.uuid(), into: z.uuid() })
const Unmerged = z.object({ personId: z.uuid(), from: z.uuid() })
const FeedPayload = z.object({ feedId: z.string() })

/** Starts an incremental run for every rule set in force whose people wait, unless one waits already to take them. */
export async function requestIncremental(ctx: Ctx): Promise<string[]> {
  const active = await activeRuleSets(ctx.db)
  await dropForeignDirty(
    ctx.db,
    active.map((row) => row.area),
  )
  const started: string[] = []
  for (const ruleSet of active) {
    // Outside an emergency nothing personal is written; colours end by themselves when they are read (GRADE-8).
    if (!(await findOpenEmergency(ctx, ruleSet.area))) continue
    if (await hasOpenIncremental(ctx.db, ruleSet.id)) continue
    if (!(await isDue(ctx.db, scopeOf(ruleSet.area, active), ctx.today))) continue
    started.push((await startRun(ctx, { ruleSet, kind: 'incremental', by: null, approvedBy: null })).runId)
  }
  return started
}

async function request(server: Server): Promise<void> {
  await server.asSystem('grading.request', requestIncremental)
}

async function mark(server: Server, ids: readonly string[]): Promise<void> {
  await server.asSystem('grading.mark', async (ctx) => {
    await markPersons(ctx.db, ids, ctx.now)
    await requestIncremental(ctx)
  })
}

async function markAndRequest(server: Server, payload: unknown): Promise<void> {
  const { personId, personIds } = Persons.parse(payload)
  await mark(server, [...(personIds ?? []), ...(personId === undefined ? [] : [personId])])
}

const PLACES_A_STEP = 100

/** GRADE-3: a level that was set, changed or taken back regrades those who were there, or elsewhere in the same county. */
async function riskChanged(server: Server): Promise<void> {
  const places = await server.asSystem('grading.risk', async (ctx) => {
    const changed = await changedRiskAreas(ctx.db, await riskSeen(ctx.db))
    if (changed.length === 0) return []
    const all = await distinctPlaces(ctx.db, DISTINCT_PLACES)
    return all.filter((place) =>
      changed.some(
        ({ area }) =>
          contains(area, place) || (place.length >= 6 && area.length > 6 && countyOf(area) === countyOf(place)),
      ),
    )
  })
  for (let i = 0; i < places.length; i += PLACES_A_STEP) {
    await server.asSystem('grading.risk', async (ctx) => {
      const window = Math.max(
        0,
        ...(await activeRuleSets(ctx.db)).map((row) => longestWindow(planOf({ area: row.area, ...rulesOf(row) }))),
      )
      await markStays(ctx.db, places.slice(i, i + PLACES_A_STEP), addDays(ctx.today, -window), ctx.now)
    })
  }
  await server.asSystem('grading.risk', async (ctx) => {
    await seeRisk(ctx.db)
    await requestIncremental(ctx)
  })
}

const GRADED_A_STEP = 20_000
const NOBODY = '00000000-0000-0000-0000-000000000000'
const Emergency = z.object({ emergencyId: z.uuid() })

/** The facts of a closed emergency are gone (DELETE-5): who was carried over to a later one is judged by what is left. */
async function closedOut(server: Server, payload: unknown): Promise<void> {
  const { emergencyId } = Emergency.parse(payload)
  const emergency = await server.asSystem('grading.closed_out', (ctx) => findEmergency(ctx.db, [''], emergencyId))
  if (!emergency) return
  let after: string | null = NOBODY
  while (after !== null) {
    const from: string = after
    after = await server.asSystem('grading.closed_out', (ctx) =>
      markGraded(ctx.db, emergency.area, from, GRADED_A_STEP, ctx.now),
    )
  }
  await request(server)
}

export const gradingJobs = defineJobs({
  reactions: {
    'emergency.closed_out': closedOut,
    'grading.run': async (server, payload) => driveRun(server, RunPayload.parse(payload).runId),
    'batch.loaded': request,
    'batch.withdrawn': request,
    // Who lives with somebody whose fact was corrected waits for no timer either (FEED-42).
    'facts.denied': request,
    'person.moved': markAndRequest,
    'person.resolved': markAndRequest,
    'person.rehomed': markAndRequest,
    // Both records change: one gets the other's facts, the other keeps no grade of its own (GRADE-10).
    'person.merged': async (server, payload) => {
      const { from, into } = Merged.parse(payload)
      await mark(server, [from, into])
    },
    'person.unmerged': async (server, payload) => {
      const { personId, from } = Unmerged.parse(payload)
      await mark(server, [personId, from])
    },
    'risk_areas.changed': riskChanged,
    'feed.red_changed': async (server, payload) => {
      const { feedId } = FeedPayload.parse(payload)
      await server.asSystem('grading.mark', async (ctx) => {
        await markFeed(ctx.db, feedId, ctx.now)
        await requestIncremental(ctx)
      })
    },
  },
  timers: [
    // After local midnight the ends of the day before are written; during the day whatever was marked without an event.
    { name: 'due', cron: '* * * * *', run: request },
    // A run whose process was killed goes on.
    {
      name: 'resume',
      cron: '*/2 * * * *',
      run: async (server) => {
        const runs = await server.asSystem('grading.resume', (ctx) =>
          openRuns(ctx.db, new Date(ctx.now.getTime() - 120_000)),
        )
        for (const runId of runs) await driveRun(server, runId)
      },
    },
  ],
})
