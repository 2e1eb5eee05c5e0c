import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExerciseBanner } from '../../kit/common/Notice.tsx'
import { SessionProvider, useMay, useMe, useMeQuery } from '../../session/me.ts'
import type { Me } from '../../session/me.ts'
import { Loading, ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { grouped } from '../../words/numbers.ts'
import { GoLink } from '../parts/GoLink.tsx'
import { useNewEscalations } from '../rooms/escalations/useNew.ts'
import { paths } from '../paths.ts'
import { isCurrent, ROOMS } from './rooms.ts'
import { TopBar } from './TopBar.tsx'
import './shell.css'

function Nav(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const nav = useRef<HTMLElement>(null)
  const told = useNewEscalations()
  const { roles } = useMe()
  useEffect(() => {
    // On a narrow screen the rooms lie in one line: the present one comes into sight.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [pathname])
  return (
    <nav className="desk-nav" aria-label={t('nav')} ref={nav}>
      <ul>
        {ROOMS.filter(
          (room) =>
            (room.role === undefined || roles.includes(room.role)) && (room.reads === null || may('read', room.reads)),
        ).map((room) => (
          <li key={room.key}>
            <GoLink href={room.path} current={isCurrent(room, pathname)}>
              {t(room.key)}
              {room.key === 'room.escalations' && told > 0 ? (
                <span className="nav-n">
                  <span aria-hidden="true">{grouped(told)}</span>
                  <span className="visually-hidden">{t('room.escalations.new', { n: grouped(told) })}</span>
                </span>
              ) : null}
            </GoLink>
          </li>
        ))}
      </ul>
    </nav>
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
        <div className="desk-head">
          {me.exercise ? <ExerciseBanner word={t('exercise')} line={t('exercise.line')} /> : null}
          <TopBar />
        </div>
        <Nav />
        <Main />
      </div>
    </SessionProvider>
  )
}
