import type { MyObjection } from '@weiwang/domain/healthcode/objection-api'
import { stageArea } from '@weiwang/domain/healthcode/objection-clock'
import { REFUSAL_SAY, WRONG_SAY, afterGrant, remediesOf } from '@weiwang/domain/healthcode/objection-words'
import { desksAround } from '../access/account-store.ts'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { openText } from '../people/opening.ts'
import { textPlace } from './objection-change.ts'
import { objectionHistory } from './objection-store.ts'
import type { LoadedObjection } from './objection-store.ts'

type Answer = NonNullable<MyObjection['answer']>

/** OBJECT-12: the desk above the county, which may look at a refusal again; its telephone when it has one. */
export async function deskAbove(ctx: Ctx, area: string): Promise<{ name: string; phone: string | null } | null> {
  const city = stageArea(area, 'city')
  const names = await areaNames(ctx.db, [city])
  const name = names.get(city)
  if (name === undefined) return null
  const [desk] = await desksAround(ctx.db, [city], { limit: 1, telephone: true })
  const place = { table: 'account', row: desk?.id ?? '', column: 'phone_sealed' }
  return { name, phone: desk ? await openText(ctx, place, desk.phone_sealed) : null }
}

async function wordsOf(ctx: Ctx, { row }: LoadedObjection): Promise<string | null> {
  const lines = await objectionHistory(ctx.db, row.county, row.id)
  const last = lines.findLast((line) => line.kind === 'granted' || line.kind === 'refused')
  return last ? openText(ctx, textPlace(row.id, last.n), last.text_sealed) : null
}

/** OBJECT-11, OBJECT-12: the answer with who was wrong or why not, and what comes next; null while there is none. */
export async function answerOf(ctx: Ctx, loaded: LoadedObjection, withWords: boolean): Promise<Answer | null> {
  const { state } = loaded
  const { outcome, wrong, refusal, closedAt } = state
  if (closedAt === null || (outcome !== 'granted' && outcome !== 'refused')) return null
  const granted = outcome === 'granted'
  const why = granted ? (wrong === null ? null : WRONG_SAY[wrong]) : refusal === null ? null : REFUSAL_SAY[refusal]
  if (why === null) return null
  return {
    granted,
    at: closedAt,
    say: why,
    wrong,
    refusal,
    words: withWords ? await wordsOf(ctx, loaded) : null,
    colourBefore: state.colourBefore,
    colourAfter: state.colourAfter,
    remedies: refusal === null ? afterGrant(state.colourAfter) : remediesOf(refusal, await deskAbove(ctx, state.area)),
  }
}
