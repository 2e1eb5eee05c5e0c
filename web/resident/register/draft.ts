import type { KeptDraft, MyRegistration } from '@weiwang/domain/healthcode/reg-api'
import { newId } from '../../shared/newId.ts'
import { forget, keepSealed, recallSealed } from '../keep.ts'
import { ask } from '../net.ts'
import type { Form, Mode } from './form.ts'
import { formOf, stepsOf } from './form.ts'

/**
 * What is half filled in: at every letter sealed on this phone, at every screen on the server too, so that it goes on on another
 * phone. A new declaration of somebody registered is short and stays here.
 */
export type Begun = { form: Form; step: number; at: number }

const LOCAL: Record<Mode, string> = { self: 'draft-self', ward: 'draft-new', again: 'draft-again' }
const SUBJECT: Partial<Record<Mode, 'self' | 'new'>> = { self: 'self', ward: 'new' }

function begunOf(kept: unknown, at: number, mode: Mode): Begun | null {
  if (typeof kept !== 'object' || kept === null || !('form' in kept)) return null
  const id = typeof kept.form === 'object' && kept.form !== null && 'id' in kept.form ? kept.form.id : null
  if (typeof id !== 'string' || id === '') return null
  const step = 'step' in kept && typeof kept.step === 'number' ? kept.step : 0
  // When it was typed; the time of its arrival says nothing of which is the newer text.
  const typed = 'at' in kept && typeof kept.at === 'number' ? kept.at : at
  const last = stepsOf(mode).length - 1
  return { form: formOf(kept.form, id), step: Math.min(Math.max(0, Math.trunc(step)), last), at: typed }
}

/** The newer of what this phone and the server keep. */
export async function findBegun(mode: Mode, about: string, registration: MyRegistration | null): Promise<Begun | null> {
  const here = await recallSealed(`${LOCAL[mode]}${about}`)
  const local = here === null ? null : begunOf(here.value, here.at, mode)
  const { draft } = registration ?? { draft: null }
  const there =
    draft !== null && draft.subject === SUBJECT[mode] ? begunOf(draft.body, Date.parse(draft.at), mode) : null
  if (local === null || there === null) return local ?? there
  return local.at >= there.at ? local : there
}

/** One after the other: an earlier letter, or a draft that was dropped, must not come last. */
let line: Promise<void> = Promise.resolve()
function inLine(work: () => Promise<void>): void {
  line = line.then(work, work)
}

/** @param now by the server's clock, so that two phones of one account can be compared */
export function keepHere(mode: Mode, about: string, form: Form, step: number, now: number): void {
  inLine(() => keepSealed(`${LOCAL[mode]}${about}`, { form, step, at: now }, now))
}

/** Without a network it stays here alone. */
export function keepThere(mode: Mode, form: Form, step: number, now: number): void {
  const subject = SUBJECT[mode]
  if (subject === undefined) return
  ask<KeptDraft>('PUT', '/api/my/registration/draft', { subject, body: { form, step, at: now } }).catch(() => undefined)
}

export function drop(mode: Mode, about: string): void {
  inLine(() => forget(`${LOCAL[mode]}${about}`))
  const subject = SUBJECT[mode]
  if (subject === undefined) return
  ask<KeptDraft>('PUT', '/api/my/registration/draft', { subject, body: {} }).catch(() => undefined)
}

export function freshForm(now: number): Form {
  return formOf({}, newId(new Date(now)))
}
