/** Near records before saving (case 9): what the writer is shown, inside his own scope. */
import type { NearAnswer, PersonLine } from '@weiwang/domain/people/api'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { knownAs } from './elsewhere.ts'
import { cleanRow, documentId, keysOf, sealPerson } from './identity.ts'
import type { PersonRow } from './identity.ts'
import { findNear } from './register.ts'
import { personLines } from './store.ts'
import { findPersonKeys } from './store-register.ts'

/** Hashes are needed, sealed values are not: nothing is written. */
const NO_SEAL = { keyId: '', seal: () => Buffer.alloc(0) }

/** Candidates for rows that are not saved yet, best first, at most 20, each once. A score of 1 is the person himself. */
export async function nearPeople(ctx: Ctx, rows: readonly PersonRow[]): Promise<NearAnswer['items']> {
  const cleaned = rows.map((row) => cleanRow(row, ctx.root))
  const keyed = cleaned.map((row) => (row.document === null ? keysOf(ctx.keys, row) : []))
  const byKey = await findPersonKeys(ctx.db, keyed.flat())
  const same: { id: string; reason: Say }[] = []
  const ids = cleaned.map((clean, i) =>
    clean.document === null
      ? keyed[i]?.map((hash) => byKey.get(hash.toString('hex'))).find((id) => id !== undefined)
      : documentId(ctx.keys, clean.document),
  )
  const as = await knownAs(
    ctx,
    ctx.scope,
    ids.flatMap((id) => id ?? []),
  )
  const probes = cleaned.map((clean, i) => {
    const id = ids[i]
    const known = id === undefined ? undefined : (as.get(id) ?? id)
    const personId = known ?? newId(ctx.now)
    if (clean.document !== null) same.push({ id: personId, reason: say('证件号码相同', 'Same document') })
    else if (known !== undefined)
      same.push({ id: known, reason: say('已有同一条记录', 'The very same record is there') })
    const sealed = sealPerson(ctx.keys, NO_SEAL, personId, clean)
    return {
      probe: sealed,
      known: {
        personId,
        docKind: sealed.docKind,
        name: clean.name,
        phone: sealed.phoneHash?.toString('hex') ?? null,
        birth: clean.birth,
        sex: clean.sex,
      },
    }
  })
  const found = await findNear(ctx, probes)
  const lines = await personLines(ctx.db, ctx.scope, [...same.map((x) => x.id), ...found.map((f) => f.other.personId)])
  const items = new Map<string, NearAnswer['items'][number]>()
  const put = (line: PersonLine | undefined, score: number, reasons: { zh: string; en: string }[]): void => {
    if (line && (items.get(line.personId)?.score ?? -1) < score)
      items.set(line.personId, { person: line, score, reasons })
  }
  for (const { id, reason } of same) put(lines.get(id), 1, [reason])
  // Who is there already is no new record, so nothing near it is news.
  for (const f of found)
    if (!lines.has(f.person.personId)) put(lines.get(f.other.personId), f.match.score, f.match.reasons)
  return [...items.values()].toSorted((a, b) => b.score - a.score).slice(0, 20)
}
