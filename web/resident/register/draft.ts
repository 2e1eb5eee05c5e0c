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
  return { form: formOf(kept.form, id), step: Math.min(Math.max(0, Math.trunc(step)), stepsOf(mode).length - 1), at }
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

/** @param now by the server's clock, which the server's own draft is dated with */
export function keepHere(mode: Mode, about: string, form: Form, step: number, now: number): void {
  void keepSealed(`${LOCAL[mode]}${about}`, { form, step }, now)
}

/** Without a network it stays here alone. */
export function keepThere(mode: Mode, form: Form, step: number): void {
  const subject = SUBJECT[mode]
  if (subject === undefined) return
  ask<KeptDraft>('PUT', '/api/my/registration/draft', { subject, body: { form, step } }).catch(() => undefined)
}

export function drop(mode: Mode, about: string): void {
  void forget(`${LOCAL[mode]}${about}`)
  const subject = SUBJECT[mode]
  if (subject === undefined) return
  ask<KeptDraft>('PUT', '/api/my/registration/draft', { subject, body: {} }).catch(() => undefined)
}

export function freshForm(now: number): Form {
  return formOf({}, newId(new Date(now)))
}
