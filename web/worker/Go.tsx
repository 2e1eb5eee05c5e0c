import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import { WithinLink } from '../kit/common/Time.tsx'
import { isPlainClick } from '../shared/click.ts'

/** A link of this face that does not reload the page. */
export function Go({
  href,
  children,
  className,
  current,
  label,
}: {
  href: string
  children: ReactNode
  className?: string
  current?: boolean
  label?: string
}): ReactNode {
  const router = useRouter()
  const follow = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <a
      href={href}
      className={className}
      onClick={follow}
      {...(label ? { 'aria-label': label } : {})}
      {...(current ? { 'aria-current': 'page' as const } : {})}
    >
      <WithinLink value={true}>{children}</WithinLink>
    </a>
  )
}
