import type { FileByLink, FiledByLink, LinkPage } from '@weiwang/domain/observation/reading-api'
import { linkState } from '@weiwang/domain/observation/reading-link'
import { linkOver, linkUnknown, linkUsed } from '@weiwang/domain/observation/reading-problems'
import type { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { partOf } from './due-follow.ts'
import { fileOne } from './readings-file.ts'
import { findReading, findSlot, lockDue } from './readings-store.ts'
import { findLink, lockLink, stopNumber, useLink } from './reminders-store.ts'
import type { LinkRow } from './reminders-store.ts'

/**
 * READ-13: the form behind a link. Whoever holds it may file one reading of one slot and stop messages to the number; it shows no name
 * and nothing that was said before. An unknown token costs one look-up of a keyed hash.
 */
function keyOf(link: LinkRow) {
  return { county: link.county, observationId: link.observation_id }
}

async function linkInHand(ctx: Ctx, token: string, lock: boolean): Promise<LinkRow> {
  const hash = ctx.keys.hash('token', token)
  const link = lock ? await lockLink(ctx.db, hash) : await findLink(ctx.db, hash)
  if (!link) throw linkUnknown({})
  return link
}

function mustBeGood(ctx: Ctx, link: LinkRow): void {
  const state = linkState({ closesAt: link.closes_at, usedAt: link.used_at }, ctx.now)
  if (state === 'used') throw linkUsed({})
  if (state === 'over') throw linkOver({})
}

export async function lookLink(server: Server, token: string): Promise<LinkPage> {
  return server.asSystem('reading.link', async (ctx) => {
    const link = await linkInHand(ctx, token, false)
    mustBeGood(ctx, link)
    const slot = await findSlot(ctx.db, keyOf(link), { day: link.day, part: partOf(link.part) })
    return {
      ordinal: link.ordinal,
      day: link.day,
      part: partOf(link.part),
      dueAt: link.due_at.toISOString(),
      closesAt: link.closes_at.toISOString(),
      answered: slot !== null && slot.state !== 'missed',
    }
  })
}

export async function fileByLink(server: Server, args: z.output<typeof FileByLink>): Promise<FiledByLink> {
  const { token, ...said } = args
  return server.asSystem('reading.link', async (ctx) => {
    const link = await linkInHand(ctx, token, true)
    const item = { ...said, ...keyOf(link), slot: { day: link.day, part: partOf(link.part) } }
    // The answer was lost on the way: the same report again gets it again (SYNC-1).
    const again = link.reading_id === args.id && (await findReading(ctx.db, link.county, args.id)) !== null
    if (!again) mustBeGood(ctx, link)
    const due = await lockDue(ctx.db, keyOf(link))
    if (!due) throw linkOver({})
    const filed = await fileOne(ctx, due, item, { how: 'link', taken: ctx.now, by: null })
    if (!again) await useLink(ctx.db, link.token_hash, args.id, ctx.now)
    return { state: filed.state, alarm: filed.alarm, recordedAt: filed.recordedAt }
  })
}

/** READ-15: by the link itself, used or not, as long as it is known. */
export async function stopByLink(server: Server, token: string): Promise<void> {
  await server.asSystem('reading.stop', async (ctx) => {
    const link = await linkInHand(ctx, token, false)
    await stopNumber(ctx.db, link.number_hash, 'link', ctx.now)
    ctx.audit({
      verb: 'message.stop',
      thing: 'observation',
      thingId: link.observation_id,
      area: link.county,
      detail: { how: 'link' },
    })
  })
}
