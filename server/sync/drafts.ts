/** Half-written forms that follow their worker to another phone (SYNC-22, case 57): sealed here, read by nobody else. */
import { Drafts, KeepDraft, KeptDraft, MAX_DRAFT, MAX_DRAFTS } from '@weiwang/domain/sync/drafts'
import { draftTooLong } from '@weiwang/domain/sync/push-problems'
import { z } from 'zod'
import { findOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { KeyDestroyed, NO_EMERGENCY } from '../core/keys/keyring.ts'
import { draftsOf, filedOf, putDraft } from './store-drafts.ts'
import type { DraftRecord } from './store-drafts.ts'

/** What the sealed text is bound to. */
function placeOf({
  account_id,
  form,
  version,
  subject,
}: Pick<DraftRecord, 'account_id' | 'form' | 'version' | 'subject'>) {
  return { table: 'draft', row: [account_id, form, version, subject].join('\u0000'), column: 'content_sealed' }
}

export const keepDraft = defineAction({
  name: 'draft.keep',
  input: KeepDraft,
  output: KeptDraft,
  reach: 'all',
  run: async (ctx, { form, version, subject, savedAt, content }) => {
    const text = JSON.stringify(content ?? null)
    if (text.length > MAX_DRAFT) throw draftTooLong({ most: MAX_DRAFT })
    const emergencyId = (await findOpenEmergency(ctx))?.id ?? NO_EMERGENCY
    const of = { account_id: ctx.actor.id, form, version, subject }
    const dropped = text === 'null'
    const sealed = dropped ? null : await ctx.keys.seal({ emergencyId, now: ctx.now, ...placeOf(of) }, text)
    // A clock that runs ahead must not keep every later word of another phone away.
    const saved_at = new Date(Math.min(Date.parse(savedAt), ctx.now.getTime()))
    const row = { ...of, emergency_id: emergencyId, content_sealed: sealed, saved_at, recorded_at: ctx.now }
    const kept = await putDraft(ctx.db, row)
    // Which form and nothing of what was written.
    ctx.audit({ verb: 'draft.keep', thing: 'draft', thingId: form, area: ctx.actor.area })
    return { state: !kept ? ('older' as const) : dropped ? ('dropped' as const) : ('kept' as const) }
  },
})

async function openDraft(ctx: Ctx, row: DraftRecord): Promise<unknown> {
  if (row.content_sealed === null) return null
  try {
    return JSON.parse(await ctx.keys.open(placeOf(row), row.content_sealed))
  } catch (error) {
    if (error instanceof KeyDestroyed) return null
    throw error
  }
}

const OfVisit = z.object({ visitId: z.uuid() })

/** The visit that a draft is to become, when it is one. */
function visitOf(content: unknown): string | null {
  return OfVisit.safeParse(content).data?.visitId ?? null
}

/**
 * The account's own, the latest first, for a phone that was just enrolled. A phone drops the draft when it files the visit; where
 * that word was lost with the phone, the visit itself says that its form is used up.
 */
export async function listDrafts(ctx: Ctx): Promise<z.output<typeof Drafts>> {
  const items: z.output<typeof Drafts>['items'] = []
  for (const row of await draftsOf(ctx.db, ctx.actor.id, MAX_DRAFTS)) {
    const content = await openDraft(ctx, row)
    if (content === null) continue
    const { form, version, subject } = row
    items.push({ form, version, subject, savedAt: row.saved_at.toISOString(), content })
  }
  const filed = await filedOf(
    ctx.db,
    items.flatMap(({ content }) => visitOf(content) ?? []),
  )
  return { items: items.filter(({ content }) => !filed.has(visitOf(content) ?? '')) }
}
