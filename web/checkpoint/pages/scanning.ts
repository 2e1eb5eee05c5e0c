import { useEffect, useSyncExternalStore } from 'react'
import { PREFIX } from '@weiwang/domain/healthcode/presentation'
import { useGate } from '../current.ts'
import { tell, wakeSound } from '../gate/alert.ts'
import type { Tune } from '../gate/alert.ts'
import type { Gate } from '../gate/gate.ts'
import { newTyped } from '../gate/typed.ts'
import type { Case, How } from '../gate/types.ts'
import { go, isWriting } from '../view.ts'

/** What fills the screen now. Green goes by itself after a second; what needs a word stays a little longer; a tap ends both. */
type Flash = { case: Case; how: How | 'lane'; n: number }
const GREEN_MS = 1_000
const OTHER_MS = 1_800
/** A hint about a square that is no health code. */
const HINT_MS = 1_500

let flash: Flash | null = null
let hint: { text: 'other'; n: number } | null = null
let ending: ReturnType<typeof setTimeout> | null = null
let hintEnding: ReturnType<typeof setTimeout> | null = null
let shown = 0
let used = 0
const listeners = new Set<() => void>()

function ring(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useFlash = (): Flash | null => useSyncExternalStore(subscribe, () => flash)
export const useHint = (): { text: 'other'; n: number } | null => useSyncExternalStore(subscribe, () => hint)
/** Grows with every sign of life: a code, a key, a tap. The camera rests without one. */
export const lastUse = (): number => used

export function noteUse(): void {
  used = performance.now()
}

export function endFlash(): void {
  if (ending !== null) clearTimeout(ending)
  ending = null
  flash = null
  ring()
}

export function tuneOf(c: Case): Tune {
  if (c.lane === 'emergency') return 'emergency'
  if (c.check === 'refused') return 'refused'
  if (c.lane === 'hardship' && c.check === 'valid') return 'pass'
  if (c.check === 'by_hand' || c.colour === null) return 'by_hand'
  return c.colour
}

/** The verdict on the whole screen, with its tune. */
export function showFlash(c: Case, how: Flash['how']): void {
  noteUse()
  shown += 1
  flash = { case: c, how, n: shown }
  tell(tuneOf(c))
  if (ending !== null) clearTimeout(ending)
  ending = setTimeout(endFlash, c.colour === 'green' && c.check !== 'by_hand' ? GREEN_MS : OTHER_MS)
  ring()
}

function showHint(): void {
  shown += 1
  hint = { text: 'other', n: shown }
  if (hintEnding !== null) clearTimeout(hintEnding)
  hintEnding = setTimeout(() => {
    hint = null
    ring()
  }, HINT_MS)
  ring()
}

export async function scan(gate: Gate, texts: readonly string[], how: How): Promise<void> {
  const found = await gate.scan(texts, how)
  noteUse()
  if (found.kind === 'case') showFlash(found.case, how)
  else if (found.kind === 'not_a_code') showHint()
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

/** A scanner at a cable: heard anywhere but in a field that somebody fills in. */
export function useTypedScanner(): void {
  const gate = useGate()
  useEffect(() => {
    const typed = newTyped(({ readings }) => {
      if (isWriting()) return
      go('scan')
      void scan(gate, readings.some((text) => text.startsWith(PREFIX)) ? readings : readings.slice(0, 1), 'typed')
    })
    const down = (event: KeyboardEvent): void => {
      if (isField(event.target)) return
      noteUse()
      wakeSound()
      // Enter and the space bar of a scanner must not press whatever button has the cursor.
      if (typed.down(event)) event.preventDefault()
    }
    const up = (event: KeyboardEvent): void => {
      if (isField(event.target)) return
      typed.up(event)
      if (typed.isTyping()) event.preventDefault()
    }
    window.addEventListener('keydown', down, true)
    window.addEventListener('keyup', up, true)
    return () => {
      window.removeEventListener('keydown', down, true)
      window.removeEventListener('keyup', up, true)
    }
  }, [gate])
}
