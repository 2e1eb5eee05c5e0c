/** FORCE-5: what somebody leaves open goes to a successor or onto the desk's list; nobody's work is lost. */
import { pathOf } from '@weiwang/domain/areas/code'
import { desksAround, insertNotices } from '../access/account-store.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { awayOnDay, insertTurn, lockTurnsFrom, turnAcross, updateTurn } from './force-store-posts.ts'
import type { TurnRow } from './force-store-posts.ts'
import { insertHandovers, lockAccountRoster, openThingsOf } from './force-store.ts'

export type Leaving = {
  county: string
  area: string
  accountId: string
  name: string
  emergencyId: string
  /** Turns that begin from here on are no longer this person's. */
  from: Date
  to: { id: string; name: string } | null
}
const MOST_TOLD = 10

/** A turn ahead to the successor, when he is free; otherwise it is a gap that everybody sees. */
async function passTurn(ctx: Ctx, turn: TurnRow, to: Leaving['to']): Promise<string | null> {
  await updateTurn(ctx.db, turn, { ended_at: ctx.now })
  if (to === null) return null
  const busy = await turnAcross(ctx.db, to.id, turn.starts_at, turn.ends_at)
  if (busy !== null || (await awayOnDay(ctx.db, [to.id], turn.day)).has(to.id)) return null
  const id = newId(ctx.now)
  await insertTurn(ctx.db, {
    county: turn.county,
    id,
    shift_id: turn.shift_id,
    post_id: turn.post_id,
    area: turn.area,
    post_name: turn.post_name,
    account_id: to.id,
    account_name: to.name,
    emergency_id: turn.emergency_id,
    day: turn.day,
    starts_at: turn.starts_at,
    ends_at: turn.ends_at,
    at: ctx.now,
  })
  return id
}

/**
 * Writes down what is open, passes turns on and tells the rooms whose things they are (`force.handed`): tasks go back to their grid
 * with the duty, services are offered anew, the successor first. Returns how many things there were.
 */
export async function handOn(ctx: Ctx, who: Leaving): Promise<{ handed: number; turns: number }> {
  for (const id of [who.accountId, ...(who.to ? [who.to.id] : [])].toSorted()) await lockAccountRoster(ctx.db, id)
  const things = await openThingsOf(ctx.db, who.county, who.accountId)
  const turns = await lockTurnsFrom(ctx.db, who.county, who.accountId, who.from)
  const lost: TurnRow[] = []
  for (const turn of turns) if ((await passTurn(ctx, turn, who.to)) === null) lost.push(turn)
  const base = {
    county: who.county,
    account_id: who.accountId,
    account_name: who.name,
    to_account: who.to?.id ?? null,
    to_name: who.to?.name ?? null,
    emergency_id: who.emergencyId,
    at: ctx.now,
  }
  await insertHandovers(ctx.db, [
    ...things.map((one) => ({ ...base, id: newId(ctx.now), area: one.area, thing: one.thing, thing_id: one.id })),
    ...lost.map((one) => ({
      ...base,
      id: newId(ctx.now),
      area: one.area,
      thing: 'turn',
      thing_id: one.id,
      to_account: null,
      to_name: null,
    })),
  ])
  const n = things.length + turns.length
  if (n > 0) {
    ctx.emit('force.handed', { county: who.county, accountId: who.accountId, to: who.to?.id ?? null })
    const told = who.to
      ? [who.to]
      : await desksAround(ctx.db, pathOf(who.area).toReversed().slice(0, 2), { limit: MOST_TOLD })
    const body = {
      zh: `${who.name} 离岗，移交 ${n} 件未结事项，请接手`,
      en: `${who.name} has left; ${n} open things are handed over to you`,
    }
    await insertNotices(
      ctx.db,
      told.map((one) => ({ accountId: one.id, id: newId(ctx.now), kind: 'force.handed', body, at: ctx.now })),
    )
  }
  return { handed: n, turns: turns.length }
}
