/** Opening identities (PEOPLE-11): clear text for a stated purpose, one audit line that lists the persons. */
import { mayOpen } from '@weiwang/domain/access/mask'
import type { Channel } from '@weiwang/domain/access/mask'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notAllowed } from '@weiwang/domain/core/problems'
import { commonArea } from '@weiwang/domain/people/address/resolve'
import type { OpenedIdentity, OpenPurpose } from '@weiwang/domain/people/api'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { openText } from './opening.ts'
import type { SealedIdentity } from './store.ts'
import { findSealed } from './store.ts'

const DocumentText = z.tuple([z.string(), z.string(), z.string()])

/** The address of the open residence, or else the one that waits. Without an audit line, like openSealed. */
export async function openAddress(ctx: Ctx, row: SealedIdentity): Promise<string | null> {
  if (row.residence_id !== null && row.residence_address !== null)
    return openText(ctx, { table: 'residence', row: row.residence_id, column: 'address_sealed' }, row.residence_address)
  if (row.unresolved_address !== null)
    return openText(ctx, { table: 'unresolved', row: row.person_id, column: 'address_sealed' }, row.unresolved_address)
  return openText(ctx, { table: 'address_pending', row: row.person_id, column: 'address_sealed' }, row.pending_address)
}

/** In clear, without an audit line: for matching in memory, never for an answer. */
export async function openSealed(ctx: Ctx, row: SealedIdentity): Promise<OpenedIdentity> {
  const document = await openText(ctx, { table: 'identity', row: row.person_id, column: 'doc_sealed' }, row.doc_sealed)
  const parsed = document === null ? null : DocumentText.parse(JSON.parse(document))
  return {
    personId: row.person_id,
    name: await openText(ctx, { table: 'person', row: row.person_id, column: 'name_sealed' }, row.name_sealed),
    document: parsed === null ? null : { kind: parsed[0], country: parsed[1], number: parsed[2] },
    phone: await openText(ctx, { table: 'identity', row: row.person_id, column: 'phone_sealed' }, row.phone_sealed),
    birth: await openText(ctx, { table: 'identity', row: row.person_id, column: 'birth_sealed' }, row.birth_sealed),
    address: await openAddress(ctx, row),
  }
}

/**
 * Identities in clear, for whoever may open them there for this purpose; ids outside the scope are left out, and the caller
 * decides whether that is "not found". One audit line with all ids opened, at the lowest area that holds them.
 * @throws notAllowed when the actor's role may not open identities.
 */
export async function openIdentities(
  ctx: Ctx,
  ids: readonly string[],
  purpose: OpenPurpose,
  channel: Channel,
): Promise<OpenedIdentity[]> {
  const rows = await findSealed(ctx.db, ctx.scope, [...new Set(ids)])
  for (const row of rows) {
    const sight = mayOpen(ctx.actor, { kind: 'person', area: row.home_area, channel, purpose })
    if (sight !== 'open') throw notAllowed({ verb: 'open', thing: 'person' })
  }
  if (rows.length === 0) return []
  const area = rows.map((row): AreaCode => row.home_area).reduce(commonArea)
  const opened = rows.map((row) => row.person_id).toSorted()
  ctx.audit({
    verb: 'person.open',
    thing: 'person',
    thingId: opened.length === 1 ? (opened[0] ?? '') : channel,
    area: area || ctx.root,
    purpose,
    ids: opened,
    detail: { channel, count: opened.length },
  })
  return Promise.all(rows.map((row) => openSealed(ctx, row)))
}
