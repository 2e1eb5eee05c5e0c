import type { ReactNode } from 'react'
import './common.css'

export type GradeHue = 'red' | 'yellow' | 'blue' | 'none'
export type ColourHue = 'red' | 'yellow' | 'green' | 'pending' | 'none'

/** Shapes tell the grades apart without colour; the same everywhere. */
const SHAPES = { red: '▲', yellow: '◆', blue: '●', green: '■', pending: '◌', none: '–' } as const

/** A follow-up level. `word` is its name in the reader's language; colour and shape only repeat it. */
export function GradeTag({ grade, word }: { grade: GradeHue; word: string }): ReactNode {
  return (
    <span className="tag" data-hue={grade}>
      <span aria-hidden="true">{SHAPES[grade]}</span>
      {word}
    </span>
  )
}

/** A code colour, told from a grade by its word ("红码") and from the other colours by its shape. */
export function ColourTag({ colour, word }: { colour: ColourHue; word: string }): ReactNode {
  return (
    <span className="tag" data-hue={colour}>
      <span aria-hidden="true">{SHAPES[colour]}</span>
      {word}
    </span>
  )
}

/** A state as a word in ink; `strong` for what needs someone now (late, held, refused). */
export function WordTag({ strong = false, children }: { strong?: boolean; children: ReactNode }): ReactNode {
  return (
    <span className="word-tag" data-strong={strong}>
      {children}
    </span>
  )
}
