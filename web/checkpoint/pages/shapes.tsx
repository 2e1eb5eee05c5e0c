import type { ReactNode } from 'react'
import type { Tune } from '../gate/alert.ts'

/** The shape of each verdict, drawn: fonts of cheap phones lack some of them. Told apart without colour. */
const SHAPES: Record<Tune, ReactNode> = {
  green: <rect x="14" y="14" width="72" height="72" rx="6" fill="currentColor" />,
  yellow: <path d="M50 8 92 50 50 92 8 50z" fill="currentColor" />,
  red: <path d="M50 10 94 88H6z" fill="currentColor" />,
  pending: <circle cx="50" cy="50" r="38" fill="none" stroke="currentColor" strokeWidth="10" strokeDasharray="18 12" />,
  by_hand: (
    <g fill="none" stroke="currentColor" strokeWidth="8" strokeLinecap="round" strokeLinejoin="round">
      <rect x="10" y="24" width="80" height="52" rx="8" />
      <circle cx="32" cy="46" r="8" />
      <path d="M20 66c3-9 21-9 24 0M58 42h20M58 58h20" />
    </g>
  ),
  refused: (
    <g fill="none" stroke="currentColor" strokeWidth="12" strokeLinecap="round">
      <path d="M22 22 78 78M78 22 22 78" />
    </g>
  ),
  /** A sheet with a folded corner: a paper that holds. */
  pass: (
    <g fill="none" stroke="currentColor" strokeWidth="9" strokeLinecap="round" strokeLinejoin="round">
      <path d="M20 10h42l18 18v62H20zM62 10v18h18M34 52l12 12 22-24" />
    </g>
  ),
  emergency: (
    <g fill="none" stroke="currentColor" strokeWidth="14" strokeLinecap="round">
      <path d="M50 16v68M16 50h68" />
    </g>
  ),
}

export function Shape({ of, size }: { of: Tune; size: string }): ReactNode {
  return (
    <svg aria-hidden="true" viewBox="0 0 100 100" width={size} height={size} style={{ flex: 'none' }}>
      {SHAPES[of]}
    </svg>
  )
}
