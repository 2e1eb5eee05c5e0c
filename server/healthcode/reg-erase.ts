/**
 * Erasing on request (REGISTER-22): what may go goes at once, the rest is named with its reason and term. A registration that a place asks
 * for is kept while the response lasts; what was registered freely goes, unless a measure or a colour rests on it today.
 */
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import { EraseData, ErasedData } from '@weiwang/domain/healthcode/reg-api'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { gradeToday } from '../grading/store.ts'
import { endLinks } from '../people/account-person-store.ts'
import type { AccountPerson } from '../people/account-persons.ts'
import { boundMine } from './holders.ts'
import { endCodes } from './reg-codes.ts'
import { unsay } from './reg-declare.ts'
import { eraseReturns } from './reg-return-store.ts'
import {
  dropDraft,
  eraseDeclarations,
  eraseRegistration,
  isObserved,
  lockRegistration,
  personHeads,
} from './reg-store.ts'
import type { RegistrationRow } from './reg-store.ts'
import { emergencyOf } from './reg-checks.ts'

type Result = ErasedData['results'][number]
type Kind = Result['kind']

const WHY = {
  erased: say('已删除，备份随期限一并清除', 'Erased; backups lose it with their term'),
  present: say(
    '现行申报须保留到应急响应结束后 30 天',
    'The present declaration is kept until 30 days after the response',
  ),
  must: say(
    '本地规定应当登记，保留到应急响应结束后 30 天',
    'Registration is required here; kept until 30 days after the response',
  ),
  measure: say(
    '健康管理或码色未结束，结束后可删除',
    'A measure or a colour rests on it; it may go when that has ended',
  ),
  open: say('未结束的请先取消', 'Cancel what is open first'),
  nothing: say('没有可删除的', 'There is nothing to erase'),
} satisfies Record<string, Say>

async function mayGo(ctx: Ctx, row: RegistrationRow): Promise<Say | null> {
  if (row.need === 'must') return WHY.must
  const now = await gradeToday(ctx.db, row.person_id, ctx.today)
  const strict = now !== undefined && (now.grade !== null || now.colour === 'red' || now.colour === 'yellow')
  return strict || (await isObserved(ctx.db, row.person_id)) ? WHY.measure : null
}

async function erase(ctx: Ctx, person: AccountPerson, row: RegistrationRow | null, kind: Kind): Promise<Result> {
  const personId = person.personId
  if (kind === 'drafts') {
    const erased = person.relation === 'self' ? await dropDraft(ctx.db, ctx.actor.id, null) : 0
    return { kind, erased, kept: 0, why: erased > 0 ? WHY.erased : WHY.nothing }
  }
  if (kind === 'returns') {
    const { erased, kept } = await eraseReturns(ctx.db, personId)
    return { kind, erased, kept, why: kept > 0 ? WHY.open : erased > 0 ? WHY.erased : WHY.nothing }
  }
  if (!row || row.erased_at !== null) return { kind, erased: 0, kept: 0, why: WHY.nothing }
  if (kind === 'declarations') {
    const erased = await eraseDeclarations(ctx.db, { personId, all: false, now: ctx.now })
    return { kind, erased, kept: 1, why: WHY.present }
  }
  const kept = await mayGo(ctx, row)
  if (kept !== null) return { kind, erased: 0, kept: 1, why: kept }
  await unsay(ctx, personId, await emergencyOf(ctx, row.home_area))
  const erased = await eraseDeclarations(ctx.db, { personId, all: true, now: ctx.now })
  await eraseRegistration(ctx.db, personId, ctx.now)
  // The binding of one's own document stays: it is what keeps the number alone from opening anything (REGISTER-4).
  if (person.relation !== 'self') await endLinks(ctx.db, { personId, accountId: ctx.actor.id }, ctx.now)
  await endCodes(ctx, personId)
  return { kind, erased: erased + 1, kept: 0, why: WHY.erased }
}

/** POST /api/my/data/erase */
export const eraseMine = defineAction({
  name: 'registration.erase',
  input: EraseData,
  output: ErasedData,
  reach: 'all',
  run: async (ctx, { personId, kinds }): Promise<ErasedData> => {
    const person = await boundMine(ctx, personId)
    const row = await lockRegistration(ctx.db, person.personId)
    const results: Result[] = []
    for (const kind of new Set(kinds)) results.push(await erase(ctx, person, row, kind))
    const area = (await personHeads(ctx.db, [person.personId])).get(person.personId)?.home_area ?? ctx.root
    ctx.audit({
      verb: 'registration.erase',
      thing: 'person',
      thingId: person.personId,
      area,
      detail: Object.fromEntries(results.map((one) => [one.kind, { erased: one.erased, kept: one.kept }])),
    })
    return { personId: person.personId, results }
  },
})
