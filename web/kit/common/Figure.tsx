import type { ReactNode } from 'react'
import './common.css'

export type FigureProps = {
  label: string
  number: string
  unit?: string | undefined
  /** Yesterday's figure or another comparison, in words. */
  beside?: string | undefined
  /** Wraps the content in the link that opens the list behind the number; every number is a door. */
  link: (content: ReactNode) => ReactNode
}

export function Figure({ label, number, unit, beside, link }: FigureProps): ReactNode {
  return link(
    <>
      <span className="figure-label">{label}</span>
      <span>
        <span className="figure-number">{number}</span>
        {unit ? <span className="figure-unit">{unit}</span> : null}
      </span>
      {beside ? <span className="figure-beside">{beside}</span> : null}
    </>,
  )
}

/** Rows done of rows. `total` may be unknown for a while; then only what is done is said. */
export function Progress({
  label,
  text,
  done,
  total,
}: {
  label: string
  text: string
  done: number
  total: number | null
}): ReactNode {
  return (
    <div className="progress">
      <progress
        className="progress-bar"
        aria-label={label}
        aria-valuetext={text}
        {...(total === null ? {} : { max: Math.max(total, 1), value: Math.min(done, total) })}
      />
      <span className="progress-text">{text}</span>
    </div>
  )
}
