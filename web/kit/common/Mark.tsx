import type { ReactNode } from 'react'

const PATHS = {
  check: 'M4 12.5l5 5L20 6.5',
  cross: 'M6 6l12 12M18 6L6 18',
  arrow: 'M4 12h15M13 6l6 6-6 6',
  box: 'M5 5h14v14H5z',
  info: 'M12 11v6M12 7.2v.6M12 21a9 9 0 100-18 9 9 0 000 18z',
  fault: 'M12 9v5M12 17v.6M12 3.5L2.5 20h19z',
  down: 'M6 9.5l6 6 6-6',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
} as const

/** A drawn sign beside a word; drawn, because fonts of phones and desks lack many signs. Never stands alone. */
export function Mark({ sign, size = '1em' }: { sign: keyof typeof PATHS; size?: string }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none', verticalAlign: '-0.12em' }}
    >
      <path d={PATHS[sign]} />
    </svg>
  )
}
