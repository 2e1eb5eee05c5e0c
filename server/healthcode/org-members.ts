/** Who belongs to an organisation, and the one sentence that it learns of them (ORG-6, ORG-7). */
import type { Day } from '@weiwang/domain/core/day'
import type { OrgAnswer } from '@weiwang/domain/healthcode/org-api'
import { answerOf } from '@weiwang/domain/healthcode/org-decide'
import type { Ctx } from '../core/ctx.ts'
import { resolveAlias } from '../people/store.ts'
import { seenCodes } from './code-change.ts'
import { findCodes } from './code-store.ts'
import { openEnds } from './org-store.ts'
import type { MemberRow } from './org-store.ts'

/** A hash of its own kind: it meets no other column of the database, so that a list finds nobody by itself. */
export function memberHash(ctx: Pick<Ctx, 'keys'>, personId: string): Buffer {
  return ctx.keys.hash('code_person', `org\u0000${personId}`)
}

export const namePlace = (id: string) => ({ table: 'org_member', row: id, column: 'name_sealed' })

/**
 * At the moment of reading, from the colour as it stands today and the ends of observations: nothing of it is stored. Of who has
 * not consented nothing is asked at all.
 */
export async function answersFor(
  ctx: Ctx,
  members: readonly Pick<MemberRow, 'id' | 'person_id'>[],
): Promise<Map<string, OrgAnswer>> {
  const persons = [...new Set(members.flatMap((one) => one.person_id ?? []))]
  const roots = await resolveAlias(ctx.db, persons)
  const rootOf = (id: string): string => roots.get(id) ?? id
  const ids = [...new Set([...persons, ...persons.map(rootOf)])]
  const codes = await findCodes(ctx.db, ids)
  const seen = await seenCodes(ctx, ids, codes)
  const ends = await openEnds(ctx.db, ids)
  return new Map(
    members.map(({ id, person_id }) => {
      const root = person_id === null ? null : rootOf(person_id)
      const standing = root === null ? undefined : seen.get(root)?.standing
      const end: Day | null | undefined =
        root === null || person_id === null ? undefined : (ends.get(root) ?? ends.get(person_id))
      const observed = root !== null && person_id !== null && (ends.has(root) || ends.has(person_id))
      const answer = answerOf({
        today: ctx.today,
        consented: person_id !== null,
        code: { state: standing?.state ?? 'none', untilDay: standing?.untilDay ?? null },
        judged: root === null || (seen.get(root)?.judged ?? true),
        observation: observed ? { endDay: end ?? null } : null,
      })
      return [id, answer]
    }),
  )
}

export function answerIn(answers: ReadonlyMap<string, OrgAnswer>, id: string): OrgAnswer {
  return (
    answers.get(id) ??
    answerOf({
      today: '9999-12-31',
      consented: false,
      code: { state: 'none', untilDay: null },
      judged: true,
      observation: null,
    })
  )
}
