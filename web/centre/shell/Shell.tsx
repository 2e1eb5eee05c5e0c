import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExerciseBanner } from '../../kit/common/Notice.tsx'
import { SessionProvider, useMeQuery } from '../../session/me.ts'
import type { Me } from '../../session/me.ts'
import { Loading, ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { paths } from '../paths.ts'
import { ClosedNotice } from './ClosedNotice.tsx'
import { Nav } from './Nav.tsx'
import { TopBar } from './TopBar.tsx'
import './shell.css'

/** Below the head, which is one line or several; what stands still beside the page begins there. */
function Head({ children }: { children: ReactNode }): ReactNode {
  const head = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = head.current
    if (!box) return
    const watch = new ResizeObserver(() =>
      document.documentElement.style.setProperty('--desk-head', `${box.offsetHeight}px`),
    )
    watch.observe(box)
    return () => watch.disconnect()
  }, [])
  return (
    <div className="desk-head" ref={head}>
      {children}
    </div>
  )
}

/** The page after a step gets the focus, so that keyboard and screen reader start at its top and not at the menu. */
function Main(): ReactNode {
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const main = useRef<HTMLElement>(null)
  const former = useRef(pathname)
  useEffect(() => {
    if (former.current === pathname) return
    former.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <main className="desk-main" id="main" tabIndex={-1} ref={main}>
      <ClosedNotice />
      <Outlet />
    </main>
  )
}

/** A worker's work is on the phone; the desk has nothing for an account without a centre's role. */
function belongsOnThePhone(me: Me): boolean {
  return me.roles.length > 0 && me.roles.every((role) => role === 'worker')
}

/** A watch leader has one page here; the desk's first page is not it. */
function leadsOnly(me: Me): boolean {
  return me.roles.length > 0 && me.roles.every((role) => role === 'watch_leader')
}

export function Shell(): ReactNode {
  const { t } = useTranslation('common')
  const answer = useMeQuery()
  const me = answer.data
  const phone = me !== undefined && belongsOnThePhone(me)
  useEffect(() => {
    if (phone) location.assign('/worker/')
  }, [phone])
  const router = useRouter()
  const home = useRouterState({ select: (s) => s.location.pathname === '/' })
  const leads = me !== undefined && leadsOnly(me)
  useEffect(() => {
    if (leads && home) router.history.replace(paths.myWatch())
  }, [leads, home, router])
  if (!me) return answer.error ? <ProblemNotice error={answer.error} /> : <Loading />
  if (phone) return <Loading />
  return (
    <SessionProvider value={{ me, offset: new Date(me.now).getTime() - answer.dataUpdatedAt }}>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <div className="desk">
        <Head>
          {me.exercise ? <ExerciseBanner word={t('exercise')} line={t('exercise.line')} /> : null}
          <TopBar />
        </Head>
        <div className="desk-side">
          <Nav />
        </div>
        <Main />
      </div>
    </SessionProvider>
  )
}
