import type { Answers, Declarations, Known, Places } from '@weiwang/domain/healthcode/reg-api'
import { ask } from '../net.ts'

/** What was said last of a ward, to begin a new declaration with. Null when nothing is known or may be seen. */
export async function lastDeclaration(personId: string): Promise<Pick<Known, 'answers' | 'words'> | null> {
  const { items } = await ask<Declarations>('GET', `/api/my/declarations?personId=${personId}`)
  const last = items.find((one) => one.erasedAt === null)
  return last === undefined ? null : { answers: last.answers, words: last.words }
}

/** Names of the places of a declaration; a place that is not named again stands with its code. */
export async function namesOf(answers: Answers): Promise<Map<string, string>> {
  const codes = new Set(answers.stays.map(({ area }) => area))
  if (answers.arrival?.fromArea !== undefined) codes.add(answers.arrival.fromArea)
  const found = await Promise.all(
    [...codes].map((code) =>
      ask<Places>('GET', `/api/my/places?level=5&text=${code}`).then(
        ({ items }) => items.filter(({ area }) => area === code),
        () => [],
      ),
    ),
  )
  return new Map(found.flat().map(({ area, name }) => [area, name]))
}
