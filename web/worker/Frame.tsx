import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExerciseBanner } from '../kit/common/Notice.tsx'
import { SessionProvider, useMeQuery } from '../session/me.ts'
import { Loading, ProblemNotice } from '../shared/ProblemNotice.tsx'
import { Go } from './Go.tsx'
import { paths } from './paths.ts'

const TABS = [
  { key: 'tab.today', href: paths.today(), at: ['/tasks', '/visits'] },
  { key: 'tab.doors', href: paths.doors(), at: ['/doors'] },
  { key: 'tab.me', href: paths.me(), at: ['/me'] },
] as const

/** While a form is filled in, its own button stands where the tabs are. */
function Tabs(): ReactNode {
  const { t } = useTranslation('worker')
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  if (pathname.startsWith('/tasks/')) return null
  return (
    <nav className="tabs" aria-label={t('tabs')}>
      <div>
        {TABS.map((tab) => (
          <Go
            key={tab.key}
            href={tab.href}
            current={
              tab.at.some((path) => pathname.startsWith(path)) || (pathname === '/' && tab.href === paths.today())
            }
          >
            {t(tab.key)}
          </Go>
        ))}
      </div>
    </nav>
  )
}

export function Frame(): ReactNode {
  const { t } = useTranslation('common')
  const answer = useMeQuery()
  if (!answer.data) return answer.error ? <ProblemNotice error={answer.error} /> : <Loading />
  const me = answer.data
  return (
    <SessionProvider value={{ me, offset: new Date(me.now).getTime() - answer.dataUpdatedAt }}>
      {me.exercise ? <ExerciseBanner word={t('exercise')} line={t('exercise.line')} /> : null}
      <div className="phone">
        <Outlet />
      </div>
      <Tabs />
    </SessionProvider>
  )
}

/** The head of a page below the tabs, with the way back. */
export function Head({ title, back, end }: { title: string; back?: string; end?: ReactNode }): ReactNode {
  const { t } = useTranslation('common')
  const router = useRouter()
  return (
    <header className="phone-head">
      {back ? (
        <button
          type="button"
          onClick={() => (router.history.canGoBack() ? router.history.back() : router.history.push(back))}
          aria-label={t('act.back')}
        >
          <span aria-hidden="true">‹ </span>
          {t('act.back')}
        </button>
      ) : null}
      <h1>{title}</h1>
      {end}
    </header>
  )
}
