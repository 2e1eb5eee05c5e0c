/** Near records before saving (case 9): what the writer is shown, inside his own scope. */
import type { NearAnswer, PersonLine } from '@weiwang/domain/people/api'
import { say } from '@weiwang/domain/core/say'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { cleanRow, documentId, sealPerson } from './identity.ts'
import type { PersonRow } from './identity.ts'
import { findNear } from './register.ts'
import { personLines } from './store.ts'

/** Hashes are needed, sealed values are not: nothing is written. */
const NO_SEAL = { keyId: '', seal: () => Buffer.alloc(0) }

/** Candidates for rows that are not saved yet, best first, at most 20, each once. `known` says that the document is there already. */
export async function nearPeople(ctx: Ctx, rows: readonly PersonRow[]): Promise<NearAnswer['items']> {
  const probes = rows.map((row) => {
    const clean = cleanRow(row, ctx.root)
    const personId = clean.document === null ? newId(ctx.now) : documentId(ctx.keys, clean.document)
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
  const same = probes.filter((p) => p.known.docKind !== 'none').map((p) => p.known.personId)
  const found = await findNear(ctx, probes)
  const lines = await personLines(ctx.db, ctx.scope, [...same, ...found.map((f) => f.other.personId)])
  const items = new Map<string, NearAnswer['items'][number]>()
  const put = (line: PersonLine | undefined, score: number, reasons: { zh: string; en: string }[]): void => {
    if (line && (items.get(line.personId)?.score ?? -1) < score)
      items.set(line.personId, { person: line, score, reasons })
  }
  for (const id of same) put(lines.get(id), 1, [say('证件号码相同', 'Same document')])
  for (const f of found) put(lines.get(f.other.personId), f.match.score, f.match.reasons)
  return [...items.values()].toSorted((a, b) => b.score - a.score).slice(0, 20)
}
