import type { MouseEvent } from 'react'

/** A plain click on a link: ours to follow. With a modifier or another button it is the browser's (new tab, download). */
export function isPlainClick(event: MouseEvent): boolean {
  const { defaultPrevented, button, metaKey, ctrlKey, shiftKey, altKey } = event
  return !defaultPrevented && button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey
}
