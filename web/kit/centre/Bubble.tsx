import { Popover } from 'antd'
import type { ReactNode } from 'react'
import { Mark } from '../common/Mark.tsx'

/** A small list that opens below its button. */
export function Bubble({
  label,
  open,
  onOpen,
  children,
}: {
  label: string
  open: boolean
  onOpen: (open: boolean) => void
  children: ReactNode
}): ReactNode {
  return (
    <Popover open={open} onOpenChange={onOpen} trigger="click" placement="bottomLeft" content={children} arrow={false}>
      <button type="button" className="plain" aria-expanded={open}>
        {label} <Mark sign="down" />
      </button>
    </Popover>
  )
}
