import { Answers, METHODS } from '@weiwang/domain/visits/api'
import { z } from 'zod'

/**
 * What is typed at a door is kept on every change, so that a killed page, an update or an empty battery loses nothing
 * (case 20). A draft belongs to one account, one form in one version and one subject, and is never offered elsewhere
 * (case 51). It carries the id and the key of the visit, so that sending again is the same visit (SYNC-1).
 */
export const Draft = z.object({
  visitId: z.uuid(),
  key: z.uuid(),
  method: z.enum(METHODS),
  result: z.string().nullable(),
  disposition: z.string().nullable(),
  answers: Answers,
  note: z.string(),
  goesTo: z.object({ code: z.string(), name: z.string() }).nullable(),
  expectedDay: z.string(),
  supersedes: z.uuid().nullable(),
  correctionReason: z.string(),
  /** A try was made whose answer did not come; the server may or may not have it. */
  tried: z.boolean(),
  savedAt: z.string(),
})
export type Draft = z.infer<typeof Draft>

export type DraftOf = { account: string; form: string; version: string; subject: string }

export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'weiwang.draft'
const KEPT_DAYS = 14
const MS_PER_DAY = 86_400_000

function nameOf(of: DraftOf): string {
  return [PREFIX, of.account, of.form, of.version, of.subject].join(':')
}

/** The version of a form is its content: other questions are another form, whatever they are called. */
export function versionOf(questions: unknown): string {
  let hash = 0x811c9dc5
  for (const char of JSON.stringify(questions ?? null))
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(36)
}

function read(store: Store, name: string): Draft | null {
  const text = store.getItem(name)
  if (text === null) return null
  try {
    const parsed = Draft.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export function loadDraft(store: Store, of: DraftOf): Draft | null {
  return read(store, nameOf(of))
}

/** False when the phone has no room; the screen says so instead of pretending. */
export function saveDraft(store: Store, of: DraftOf, draft: Draft): boolean {
  try {
    store.setItem(nameOf(of), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function dropDraft(store: Store, of: DraftOf): void {
  store.removeItem(nameOf(of))
}

function names(store: Store, account: string): string[] {
  const found: string[] = []
  for (let i = 0; i < store.length; i++) {
    const name = store.key(i)
    if (name?.startsWith(`${PREFIX}:${account}:`)) found.push(name)
  }
  return found
}

export type Waiting = { form: string; subject: string; savedAt: string }

/** Visits of this account that were sent without an answer. */
export function waitingDrafts(store: Store, account: string): Waiting[] {
  return names(store, account).flatMap((name) => {
    const draft = read(store, name)
    return draft?.tried
      ? [{ form: name.split(':')[2] ?? '', subject: name.split(':').at(-1) ?? '', savedAt: draft.savedAt }]
      : []
  })
}

/** Old half-written forms go; what was once sent without an answer never does (case 55). */
export function tidyDrafts(store: Store, account: string, now: Date): void {
  for (const name of names(store, account)) {
    const draft = read(store, name)
    if (draft && !draft.tried && now.getTime() - new Date(draft.savedAt).getTime() > KEPT_DAYS * MS_PER_DAY)
      store.removeItem(name)
  }
}
