import { useState } from 'react'
import type { ReactNode } from 'react'
import './common.css'

/** A time as people say it; a tap shows it in full. */
export function TimeText({ words, full, iso }: { words: string; full: string; iso: string }): ReactNode {
  const [open, setOpen] = useState(false)
  return (
    <button
      type="button"
      className="time"
      onClick={(event) => {
        event.stopPropagation()
        setOpen(!open)
      }}
      aria-label={open ? full : `${words}, ${full}`}
      title={full}
    >
      <time dateTime={iso}>{open ? full : words}</time>
    </button>
  )
}
