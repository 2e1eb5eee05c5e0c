import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { Mark } from './Mark.tsx'
import './common.css'

export type NoticeProps = {
  /** ! for what went wrong, i for what is good to know, = for what is done. */
  kind: 'fault' | 'note' | 'done'
  head: string
  body?: ReactNode
  small?: ReactNode
  action?: ReactNode
  /** Puts the cursor on the notice when it appears, so that a screen reader says it. */
  takesFocus?: boolean
}

const ICON = { fault: 'fault', note: 'info', done: 'check' } as const

export function Notice({ kind, head, body, small, action, takesFocus = false }: NoticeProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (takesFocus) box.current?.focus()
  }, [takesFocus, head])
  return (
    <div className="notice" role={kind === 'fault' ? 'alert' : 'note'} tabIndex={takesFocus ? -1 : undefined} ref={box}>
      <span className="notice-icon">
        <Mark sign={ICON[kind]} />
      </span>
      <p className="notice-head">{head}</p>
      {body ? <div>{body}</div> : null}
      {small ? <p className="notice-small">{small}</p> : null}
      {action ? <div>{action}</div> : null}
    </div>
  )
}

/** Marks every screen of an exercise, so that nobody takes it for the real thing. */
export function ExerciseBanner({ word, line }: { word: string; line: string }): ReactNode {
  return (
    <aside className="exercise" aria-label={word}>
      <strong>{word}</strong>
      <span>{line}</span>
    </aside>
  )
}

/** An empty list says why it is empty and what to do. */
export function Empty({
  why,
  todo,
  action,
}: {
  why: string
  todo?: string | undefined
  action?: ReactNode
}): ReactNode {
  return (
    <div className="empty">
      <p className="empty-why">{why}</p>
      {todo ? <p className="empty-do">{todo}</p> : null}
      {action}
    </div>
  )
}

export type Honest = 'here' | 'way' | 'server' | 'refused'
const HONEST_ICON = { here: 'box', way: 'arrow', server: 'check', refused: 'cross' } as const

/** Saved here, on the way, the server has it, refused because: four icons and four words, everywhere the same. */
export function HonestState({ state, word }: { state: Honest; word: string }): ReactNode {
  return (
    <output className="honest">
      <Mark sign={HONEST_ICON[state]} />
      <span>{word}</span>
    </output>
  )
}
