import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Mark } from '../common/Mark.tsx'
import { isWeakPin, LEAST_DIGITS } from './pin.ts'

export type PadWords = {
  drop: string
  enter: string
  count: (n: number) => string
  short: string
  weak: string
}

const MOST_DIGITS = 12
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/**
 * A number pad of our own: the phone's keyboard would offer to remember what is typed. Digits are never shown; a keyboard works
 * too.
 */
export function PinPad({
  label,
  note,
  busy,
  words,
  weak = false,
  onEnter,
}: {
  label: string
  note: string
  busy: boolean
  words: PadWords
  /** A new PIN: one that everybody tries first is not taken. */
  weak?: boolean
  onEnter: (pin: string) => void
}): ReactNode {
  const [pin, setPin] = useState('')
  const [fault, setFault] = useState('')
  const enter = (): void => {
    if (busy) return
    if (pin.length < LEAST_DIGITS) return setFault(words.short)
    if (weak && isWeakPin(pin)) {
      setPin('')
      return setFault(words.weak)
    }
    setFault('')
    setPin('')
    onEnter(pin)
  }
  const type = (digit: string): void => {
    setFault('')
    if (!busy) setPin((before) => (before.length < MOST_DIGITS ? before + digit : before))
  }
  const drop = (): void => setPin((before) => before.slice(0, -1))
  const acts = useRef({ enter, type, drop })
  useEffect(() => {
    acts.current = { enter, type, drop }
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (/^\d$/.test(event.key)) acts.current.type(event.key)
      else if (event.key === 'Backspace') acts.current.drop()
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) acts.current.enter()
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
  const said = fault || note
  return (
    <section className="pad" aria-label={label} aria-busy={busy}>
      <h2>{label}</h2>
      <p className="pad-dots" aria-hidden="true">
        {Array.from({ length: Math.max(LEAST_DIGITS, pin.length) }, (_, i) => (
          <span key={i} data-full={i < pin.length} />
        ))}
      </p>
      <output className="visually-hidden">{words.count(pin.length)}</output>
      <p className="pad-note" role="alert">
        {said ? (
          <>
            <Mark sign="fault" /> {said}
          </>
        ) : null}
      </p>
      <div className="pad-keys">
        {KEYS.map((digit) => (
          <button key={digit} type="button" disabled={busy} onClick={() => type(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className="pad-word" disabled={busy || pin === ''} onClick={drop}>
          {words.drop}
        </button>
        <button type="button" disabled={busy} onClick={() => type('0')}>
          0
        </button>
        <button type="button" className="pad-word pad-enter" disabled={busy} onClick={enter}>
          {words.enter}
        </button>
      </div>
    </section>
  )
}
