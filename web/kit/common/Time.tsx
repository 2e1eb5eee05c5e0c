import { createContext, useContext, useState } from 'react'
import type { ReactNode } from 'react'
import './common.css'

/** Within a link everything is the link: nothing in it has a tap of its own. */
export const WithinLink = createContext(false)

/** A time as people say it; a tap shows it in full, but where the tap follows a link. */
export function TimeText({ words, full, iso }: { words: string; full: string; iso: string }): ReactNode {
  const [open, setOpen] = useState(false)
  const isLinked = useContext(WithinLink)
  if (isLinked)
    return (
      <time dateTime={iso} title={full}>
        {words}
      </time>
    )
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
