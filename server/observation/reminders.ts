import { randomBytes } from 'node:crypto'
import type { Contact } from '@weiwang/domain/observation/reading'
import { linkUrl, TOKEN_BYTES, tokenOf } from '@weiwang/domain/observation/reading-link'
import { messageNumber, nextTryAt, optOutNumber, reminderText } from '@weiwang/domain/observation/reading-message'
import { isExpected, isQuiet, outOfQuiet, slotNamed } from '@weiwang/domain/observation/slots'
import type { ReadingPlan } from '@weiwang/domain/observation/slots'
import { gatewayOf, Undeliverable } from '../access/sms.ts'
import type { SmsGateway } from '../access/sms.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { followedOf, partOf } from './due-follow.ts'
import {
  duesOfResponders,
  insertCalls,
  openCalls,
  phonesOf,
  plansByArea,
  slotsSince,
  updateDue,
} from './readings-store.ts'
import type { DueRow } from './readings-store.ts'
import { claimMessages, insertLinks, isStopped, languageOf, updateMessage } from './reminders-store.ts'
import type { MessageRow } from './reminders-store.ts'
import { forgetLinks } from './reminders-store.ts'

/**
 * READ-14: reminders leave here. A message is made when it leaves, from who is still asked for at that moment (case 27); the way out
 * is asked outside of the transaction, and what became of it decides what is next (case 29): again later, by voice, or never more.
 */
const AT_ONCE = 50
/** A process that died with a message in hand: another takes it up. */
const STALE_MS = 120_000

type Ready = { to: string; text: string } | null

/** Who of this responder is still asked for this slot: expected, nothing has come, reached by message. */
async function stillAsked(ctx: Ctx, message: MessageRow, planOf: (area: string) => ReadingPlan): Promise<DueRow[]> {
  const key = { day: message.day, part: partOf(message.part) }
  const rows = (await duesOfResponders(ctx.db, [message.responder_person_id])).filter((row) => {
    const slot = slotNamed(planOf(row.area), key, row.zone ?? ctx.zone)
    return row.contact === 'sms' && slot !== null && ctx.now <= slot.dueAt && isExpected(followedOf(row, ctx), slot)
  })
  const keys = rows.map((row) => ({ county: row.county, observationId: row.observation_id }))
  const from = new Date(message.due_at.getTime() - 86_400_000)
  const came = new Set(
    (await slotsSince(ctx.db, keys, from)).flatMap((slot) =>
      slot.day === message.day && slot.part === message.part ? [slot.observation_id] : [],
    ),
  )
  return rows.filter((row) => !came.has(row.observation_id))
}

/** READ-7: this number takes no messages: whoever is behind it is called, now and from now on. */
async function toVoice(ctx: Ctx, rows: readonly DueRow[], contact: Contact): Promise<void> {
  const keys = rows.map((row) => ({ county: row.county, observationId: row.observation_id }))
  const open = new Set((await openCalls(ctx.db, keys)).map((call) => call.observation_id))
  for (const key of keys) await updateDue(ctx.db, key, { contact, updated_at: ctx.now })
  if (contact === 'door') return
  await insertCalls(
    ctx.db,
    rows
      .filter((row) => !open.has(row.observation_id))
      .map((row) => ({
        county: row.county,
        id: newId(ctx.now),
        observation_id: row.observation_id,
        area: row.area,
        emergency_id: row.emergency_id,
        why: 'round',
        how: 'call',
        missed: row.missed,
        since: row.since,
        task_id: null,
        opened_at: ctx.now,
        not_before: outOfQuiet(ctx.now, row.zone ?? ctx.zone),
      })),
  )
}

async function numberOf(ctx: Ctx, person: string): Promise<string | null> {
  const sealed = (await phonesOf(ctx.db, [person])).get(person) ?? null
  return openText(ctx, { table: 'identity', row: person, column: 'phone_sealed' }, sealed)
}

/** Makes the text and its links, or says why there is none. */
async function make(ctx: Ctx, server: Server, message: MessageRow): Promise<Ready> {
  // READ-8 (case 30): whenever it was to leave, it waits for the morning; after the deadline there is nothing to remind of.
  if (isQuiet(ctx.now, message.zone)) {
    const at = outOfQuiet(ctx.now, message.zone)
    await updateMessage(
      ctx.db,
      message.id,
      at < message.due_at ? { not_before: at, claimed_at: null } : { state: 'dropped' },
    )
    return null
  }
  const planOf = await plansByArea(ctx.db)
  const asked = await stillAsked(ctx, message, planOf)
  if (asked.length === 0) {
    await updateMessage(ctx.db, message.id, { state: 'dropped' })
    return null
  }
  const phone = await numberOf(ctx, message.responder_person_id)
  const to = messageNumber(phone)
  if (phone === null || to === null) {
    await toVoice(ctx, asked, phone === null ? 'door' : 'voice')
    await updateMessage(ctx.db, message.id, { state: 'voice', persons: asked.length })
    return null
  }
  const numberHash = ctx.keys.hash('phone', optOutNumber(phone))
  if (await isStopped(ctx.db, numberHash)) {
    await toVoice(ctx, asked, 'voice')
    await updateMessage(ctx.db, message.id, { state: 'stopped', persons: asked.length })
    return null
  }
  return compose(ctx, server, { message, asked, to, numberHash, planOf })
}

async function compose(
  ctx: Ctx,
  server: Server,
  of: {
    message: MessageRow
    asked: readonly DueRow[]
    to: string
    numberHash: Buffer
    planOf: (area: string) => ReadingPlan
  },
): Promise<Ready> {
  const { message, asked, to, numberHash } = of
  const part = partOf(message.part)
  const links = asked.flatMap((row) => {
    const plan = of.planOf(row.area)
    const slot = slotNamed(plan, { day: message.day, part }, row.zone ?? ctx.zone)
    const rule = plan.slots.find((one) => one.part === part)
    return slot && rule ? [{ row, slot, rule, token: tokenOf(randomBytes(TOKEN_BYTES)) }] : []
  })
  const first = links[0]
  if (!first) return null
  await insertLinks(
    ctx.db,
    message.id,
    links.map(({ row, slot, token }) => ({
      token_hash: ctx.keys.hash('token', token),
      county: row.county,
      observation_id: row.observation_id,
      message_id: message.id,
      number_hash: numberHash,
      day: slot.day,
      part: slot.part,
      ordinal: row.ordinal,
      due_at: slot.dueAt,
      closes_at: slot.closesAt,
    })),
  )
  const lang = await languageOf(ctx.db, ctx.keys.hash('account_phone', to))
  const base = server.publicUrl
  const text = reminderText(
    lang,
    first.rule,
    links.map(({ row, token }) => ({ ordinal: row.ordinal, url: linkUrl(base, token) })),
  )
  await updateMessage(ctx.db, message.id, { persons: links.length })
  return { to, text }
}

/** Case 29: what became of it. */
async function settle(server: Server, message: MessageRow, error: unknown): Promise<void> {
  await server.asSystem('readings.sent', async (ctx) => {
    if (error === null) return updateMessage(ctx.db, message.id, { state: 'sent', sent_at: ctx.now })
    if (error instanceof Undeliverable) {
      const asked = await stillAsked(ctx, message, await plansByArea(ctx.db))
      await toVoice(ctx, asked, 'voice')
      ctx.audit({
        verb: 'sms.undeliverable',
        thing: 'person',
        thingId: message.responder_person_id,
        area: message.area,
      })
      return updateMessage(ctx.db, message.id, { state: 'voice' })
    }
    const again = nextTryAt(message.tries, ctx.now, message.due_at, message.zone)
    if (again !== null) return updateMessage(ctx.db, message.id, { not_before: again, claimed_at: null })
    // The deadline will say that nothing came: then somebody calls.
    return updateMessage(ctx.db, message.id, { state: 'failed' })
  })
}

async function sendOne(server: Server, gateway: SmsGateway, message: MessageRow): Promise<void> {
  const ready = await server.asSystem('readings.message', (ctx) => make(ctx, server, message))
  if (ready === null) return
  try {
    await gateway.send(ready.to, ready.text)
  } catch (error) {
    server.log.warn({ err: error, message: message.id }, 'a reminder did not leave')
    return settle(server, message, error)
  }
  await settle(server, message, null)
}

/** Sends what is to be sent now; two processes share it. @returns how many were looked at */
export async function sendReminders(server: Server, gateway?: SmsGateway): Promise<number> {
  const out = gateway ?? (await gatewayOf(server))
  let done = 0
  for (;;) {
    const list = await server.asSystem('readings.messages', (ctx) =>
      claimMessages(ctx.db, ctx.now, new Date(ctx.now.getTime() - STALE_MS), AT_ONCE),
    )
    for (const message of list) await sendOne(server, out, message)
    done += list.length
    if (list.length < AT_ONCE) return done
  }
}

const KEEP_LINKS_MS = 2 * 86_400_000

export async function clearLinks(server: Server): Promise<void> {
  await server.asSystem('readings.links', (ctx) => forgetLinks(ctx.db, new Date(ctx.now.getTime() - KEEP_LINKS_MS)))
}
