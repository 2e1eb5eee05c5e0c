import { maxDay, minDay } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import { factsOfPerson, insertDenials, liftDenials, lockDenials } from './store-denied.ts'
import type { Denial } from './store-denied.ts'
import { markDirty } from './store-facts.ts'

/** What is corrected: a fact, and the days that the proof covers where they are wider than the fact's own. */
export type FactToDeny = { factId: string; from?: Day | undefined; to?: Day | undefined }
export type Denied = { id: string; personId: string; source: string; kind: string }

/** One correction for one content, whoever makes it and however often. */
function denialId(d: Omit<Denial, 'id'>): string {
  const text = [d.personId, d.source, d.kind, d.place ?? '', d.value ?? '', d.degree ?? '', d.from, d.to].join('\u001f')
  return idFrom(`deny/${text}`)
}

/**
 * FEED-42: what a source said of a person was wrong. It ceases now, and whatever the source says again inside it (the same row in
 * the next delivery, or under another id of its own) falls on the correction and stays without effect until it is lifted. The person
 * is graded again. Needs the system's role.
 * @param of.records the person and the records merged into it
 * @returns the corrections; null when a fact is not this person's or lives no more
 */
export async function denyFacts(
  ctx: Ctx,
  of: { records: readonly string[]; facts: readonly FactToDeny[]; reason: string; reasonId: string },
): Promise<Denied[] | null> {
  await lockDenials(ctx.db)
  const known = new Map((await factsOfPerson(ctx.db, of.records)).map((fact) => [fact.factId, fact]))
  const denials: Denial[] = []
  for (const { factId, from, to } of of.facts) {
    const fact = known.get(factId)
    if (!fact || fact.deniedBy !== null) return null
    const { personId, source, kind, place, value, degree } = fact
    const content = {
      personId,
      source,
      kind,
      place,
      value,
      degree,
      from: from === undefined ? fact.from : minDay(from, fact.from),
      to: to === undefined ? fact.to : maxDay(to, fact.to),
    }
    denials.push({ id: denialId(content), ...content })
  }
  const once = [...new Map(denials.map((denial) => [denial.id, denial])).values()]
  if (once.length === 0) return []
  const by = actorId(ctx)
  await insertDenials(ctx.db, once, { reason: of.reason, reasonId: of.reasonId, by, now: ctx.now })
  await markDirty(
    ctx.db,
    once.map((denial) => denial.personId),
    ctx.now,
  )
  ctx.emit('facts.denied', { reasonId: of.reasonId })
  return once.map(({ id, personId, source, kind }) => ({ id, personId, source, kind }))
}

/** A correction is taken back, with its own line of who and when: what it held down lives again where a batch still says it. */
export async function liftDenied(ctx: Ctx, keys: readonly { personId: string; id: string }[]): Promise<void> {
  await lockDenials(ctx.db)
  const by = actorId(ctx)
  await liftDenials(ctx.db, keys, { by, now: ctx.now })
  await markDirty(
    ctx.db,
    keys.map((key) => key.personId),
    ctx.now,
  )
  if (keys.length > 0) ctx.emit('facts.denied', {})
}
