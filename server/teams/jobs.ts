import { addDays } from '@weiwang/domain/core/day'
import { nearness } from '@weiwang/domain/teams/fill'
import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { bridge, passAll } from './actions.ts'
import { fillAndTell } from './filling.ts'
import { followAreas, followDoors, takeUpAreas } from './following.ts'
import { teamsById, unbridged } from './store.ts'
import { countiesWithTeams, coversToday } from './store-follow.ts'
import { shortTeams } from './store-lists.ts'
import { makeByVillage } from './watch-making.ts'

const Account = z.object({ accountId: z.uuid() })
const Short = z.object({ county: z.string(), teamIds: z.array(z.uuid()) })
const COUNTY_DIGITS = 6
const CHUNK = 500
const LEAVES = 50

/** TEAM-8: who no longer has a duty near a door, or no account any more, leaves it, and somebody else is found. */
async function followAccount(server: Server, payload: unknown): Promise<void> {
  const { accountId } = Account.parse(payload)
  await server.asSystem('teams.account', async (ctx) => {
    const { open, covers } = await coversToday(ctx.db, accountId, ctx.today)
    const left = (area: string): boolean => !open || nearness(covers, area) < COUNTY_DIGITS
    const { answer } = await passAll(ctx, accountId, null, 'replaced', (row) => left(row.area))
    if (answer.doors > 0)
      ctx.audit({
        verb: 'team.off_duty',
        thing: 'account',
        thingId: accountId,
        area: ctx.root,
        detail: { doors: answer.doors, covered: answer.covered },
      })
  })
}

/** What the opening transaction could not see to the end, with the bounds of who opened it. */
async function fillShort(server: Server, payload: unknown): Promise<void> {
  const { county, teamIds } = Short.parse(payload)
  await server.asSystem('teams.fill', async (ctx) => {
    const teams = (await teamsById(ctx.db, county, teamIds)).filter((team) => team.ended_at === null)
    await fillAndTell(ctx, teams)
  })
}

/** TEAM-7: leaves that are here or begin tomorrow, and doors that came since they were taken. */
export async function bridgeLeaves(server: Server): Promise<void> {
  await server.asSystem('teams.leaves', async (ctx) => {
    for (const leave of await unbridged(ctx.db, addDays(ctx.today, 1), LEAVES)) await bridge(ctx, leave)
  })
}

/** People come back, get duties and caps: what was short is tried again. */
async function fillAgain(server: Server): Promise<void> {
  for (const county of await server.asSystem('teams.fill', (ctx) => countiesWithTeams(ctx.db)))
    await server.asSystem('teams.fill', async (ctx) => {
      const teams = await shortTeams(ctx.db, [county], ctx.today, CHUNK)
      if (teams.length > 0) await fillAndTell(ctx, teams)
    })
}

export const teamJobs = defineJobs({
  reactions: {
    'people.changed': followDoors,
    'areas.followed': followAreas,
    'duty.changed': followAccount,
    'account.closed': followAccount,
    'team.short': fillShort,
    'watches.make': makeByVillage,
  },
  timers: [
    { name: 'areas', cron: '*/5 * * * *', run: takeUpAreas },
    { name: 'leaves', cron: '*/5 * * * *', run: bridgeLeaves },
    { name: 'fill', cron: '11,41 * * * *', run: fillAgain },
  ],
})
