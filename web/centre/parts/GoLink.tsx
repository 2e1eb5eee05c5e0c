import { useRouter, useRouterState } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import { WithinLink } from '../../kit/common/Time.tsx'
import { isPlainClick } from '../../shared/click.ts'

/** The area and day of the desk go along with every step, unless the address names its own. */
const STICKY = ['area', 'day'] as const

export function withSticky(href: string, search: string): string {
  const [path = '/', query = ''] = href.split('?')
  const wanted = new URLSearchParams(query)
  const present = new URLSearchParams(search)
  for (const name of STICKY) {
    const value = present.get(name)
    if (value && !wanted.has(name)) wanted.set(name, value)
  }
  const text = wanted.toString()
  return text ? `${path}?${text}` : path
}

export function useGo(): (href: string) => void {
  const router = useRouter()
  return (href) => router.history.push(withSticky(href, router.state.location.searchStr))
}

/** A true link (middle click, copy, screen reader) that does not reload the page. */
export function GoLink({
  href,
  children,
  className,
  label,
  current,
}: {
  href: string
  children: ReactNode
  className?: string
  label?: string
  current?: boolean
}): ReactNode {
  const router = useRouter()
  const search = useRouterState({ select: (s) => s.location.searchStr })
  const full = withSticky(href, search)
  const follow = (event: MouseEvent): void => {
    event.stopPropagation()
    if (!isPlainClick(event)) return
    event.preventDefault()
    router.history.push(full)
  }
  return (
    <a
      href={full}
      className={className}
      onClick={follow}
      {...(label ? { 'aria-label': label } : {})}
      {...(current ? { 'aria-current': 'page' as const } : {})}
    >
      <WithinLink value={true}>{children}</WithinLink>
    </a>
  )
}
