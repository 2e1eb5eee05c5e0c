/** The code by identity document, from a reader or typed (GATE-8): for whoever stands there with a card and no phone. */
import { AskByDocument, ByDocument } from '@weiwang/domain/checkpoints/api'
import { LOOKS_BACK_MINUTES, waitOfLooks } from '@weiwang/domain/checkpoints/looks'
import { lookedTooMuch } from '@weiwang/domain/checkpoints/problems'
import { say } from '@weiwang/domain/core/say'
import { readDocument } from '@weiwang/domain/people/document'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { documentId, nameHash } from '../people/identity.ts'
import { resolveAlias } from '../people/store.ts'
import { codeByDocument } from './code-link.ts'
import { gateNow } from './gate-access.ts'
import { nameAtGate } from './named.ts'
import { insertLook, lockLooks, looksSince, namedSo } from './store-referrals.ts'

const MINUTE = 60_000
const PURPOSE = 'pass_gate'

const NONE = {
  result: 'none' as const,
  why: say(
    '没有查到可用的码，不等于有问题；请走无码通道：看证件、测体温',
    'No code is found for it, which says nothing against the person: use the lane without a code, papers and temperature',
  ),
}

/** Neither the document nor the name alone gives anything, and nothing tells which of them is not known. */
export const askByDocument = defineAction({
  name: 'gate.document',
  secret: true,
  input: AskByDocument,
  output: ByDocument,
  reach: 'all',
  run: async (ctx, args): Promise<ByDocument> => {
    const gate = await gateNow(ctx, args.gateId)
    await lockLooks(ctx.db, ctx.actor.id)
    const looks = await looksSince(ctx.db, ctx.actor.id, new Date(ctx.now.getTime() - LOOKS_BACK_MINUTES * MINUTE))
    const minutes = waitOfLooks(looks, ctx.now)
    if (minutes > 0) throw lookedTooMuch({ minutes })
    const personId = await personOf(ctx, args)
    const code = personId === null ? null : await codeByDocument(ctx, personId)
    await insertLook(ctx.db, {
      county: gate.county,
      id: newId(ctx.now),
      area: gate.area,
      account_id: ctx.actor.id,
      found: code !== null,
      at: ctx.now,
    })
    ctx.audit({
      verb: 'gate.document',
      thing: 'gate',
      thingId: gate.id,
      area: gate.area,
      purpose: PURPOSE,
      detail: { how: args.how, found: code !== null },
    })
    if (code !== null && personId !== null)
      await nameAtGate(ctx, {
        county: gate.county,
        area: gate.area,
        emergencyId: code.emergencyId,
        day: ctx.today,
        verb: 'gate.document',
        purpose: PURPOSE,
        people: [personId],
      })
    const after = [...looks, { at: ctx.now, found: code !== null }]
    // The look that closes the lane is told where the trail is read.
    if (waitOfLooks(after, ctx.now) > 0)
      ctx.audit({
        verb: 'gate.document_limited',
        thing: 'gate',
        thingId: gate.id,
        area: gate.area,
        detail: { looks: after.length, missed: after.filter((one) => !one.found).length },
      })
    if (code === null) return NONE
    return {
      result: 'colour',
      colour: code.colour,
      name: code.masked,
      until: code.until.toISOString(),
      codeId: code.codeId,
      why: say('只告知颜色和有效期，不告知原因', 'The colour and its end are told, and nothing of why'),
    }
  },
})

async function personOf(ctx: Ctx, args: AskByDocument): Promise<string | null> {
  const read = readDocument(args.number, { today: ctx.today, kind: args.kind, country: args.country, typed: true })
  if (!read.ok) return null
  const id = documentId(ctx.keys, read.value)
  const personId = (await resolveAlias(ctx.db, [id])).get(id) ?? id
  return (await namedSo(ctx.db, personId, nameHash(ctx.keys, args.name))) ? personId : null
}
