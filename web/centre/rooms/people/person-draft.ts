import type { DocumentKind } from '@weiwang/domain/people/api'
import { problemOf } from '../../../api/http.ts'

/** What is typed about one person, before it is read; a closed dialog keeps it. */
export type PersonDraft = {
  name: string
  sex: '' | '1' | '2'
  documentKind: DocumentKind | ''
  document: string
  country: string
  phone: string
  birth: string
}

export const NO_PERSON: PersonDraft = {
  name: '',
  sex: '',
  documentKind: '',
  document: '',
  country: '',
  phone: '',
  birth: '',
}

/** The fields that hold something, as the server takes them. */
export function fieldsOf(draft: PersonDraft): Record<string, unknown> {
  const text = { document: draft.document, phone: draft.phone, birth: draft.birth, documentCountry: draft.country }
  const said = Object.entries(text).flatMap(([key, value]) =>
    value.trim() === '' ? [] : [[key, value.trim()] as const],
  )
  return {
    name: draft.name.trim(),
    ...Object.fromEntries(said),
    ...(draft.documentKind === '' ? {} : { documentKind: draft.documentKind }),
    ...(draft.sex === '' ? {} : { sex: Number(draft.sex) }),
  }
}

/** What the server said of one box, beside the box; `within` names the row in a list of persons. */
export function faultsAt(
  error: unknown,
  say: (text: ReturnType<typeof problemOf>['message']) => string,
  within = '',
): Partial<Record<keyof PersonDraft, string>> {
  if (!error) return {}
  const { at = '', message } = problemOf(error)
  return at.startsWith(within) ? { [at.slice(within.length)]: say(message) } : {}
}
