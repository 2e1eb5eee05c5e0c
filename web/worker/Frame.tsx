import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Me } from '@weiwang/domain/access/api'
import { Deployment } from '@weiwang/domain/core/api'
import { ApiProblem, get } from '../api/http.ts'
import { ExerciseBanner, Notice } from '../kit/common/Notice.tsx'
import { BigButton } from '../kit/phone/controls.tsx'
import { Loading } from '../shared/ProblemNotice.tsx'
import { useCurrentPhone, usePinWish } from './current.ts'
import { Go } from './Go.tsx'
import { Away, FirstSync, Locked, LogInAgain, Lost } from './pages/lock/Locked.tsx'
import { useInstructions } from './pages/instructions.ts'
import { paths } from './paths.ts'
import { useDoors, useMine, usePhone, usePhoneState, useTasks } from './phone/hooks.tsx'
import { PhoneFull } from './phone/store.ts'
import { useTold } from './told.ts'

// Seen once in the life of a phone.
const FirstUse = lazy(() => import('./pages/lock/FirstUse.tsx').then((part) => ({ default: part.FirstUse })))

const TABS = [
  {
    key: 'tab.today',
    href: paths.today(),
    at: ['/tasks', '/observation', '/services', '/watches', '/disputes', '/returns'],
  },
  { key: 'tab.doors', href: paths.doors(), at: ['/doors', '/people'] },
  { key: 'tab.instructions', href: paths.instructions(), at: ['/instructions'] },
  { key: 'tab.me', href: paths.me(), at: ['/me'] },
] as const

/** Where a form is filled in, its own button stands where the tabs are. */
const FORMS =
  /^\/(tasks\/|doors\/new$|doors\/[^/]+\/(visit|person|edit|service|register)$|people\/[^/]+\/(edit|move)$|observation\/[^/]+\/readings$|me\/outbox\/)/

function Tabs(): ReactNode {
  const { t } = useTranslation('worker')
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const { unread } = useInstructions()
  if (FORMS.test(pathname)) return null
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
            <span>
              {t(tab.key)}
              {tab.key === 'tab.instructions' && unread > 0 ? <span className="count">{unread}</span> : null}
            </span>
          </Go>
        ))}
      </div>
    </nav>
  )
}

/** Who is logged in is asked when there is a net, so that the phone knows whether its session still holds. */
function useSessionCheck(): void {
  const phone = usePhone()
  useEffect(() => {
    const ask = async (): Promise<void> => {
      try {
        const { id } = await get(Me, '/api/me')
        await phone.signedIn(id)
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) phone.signedOut()
      }
    }
    const hear = (): void => void ask()
    hear()
    window.addEventListener('online', hear)
    return () => window.removeEventListener('online', hear)
  }, [phone])
}

/**
 * Work that found no room and that its screen does not speak of itself: said where the worker is, with what was typed still there;
 * nothing looks kept that is not (SYNC-23).
 */
function Unkept(): ReactNode {
  const { t } = useTranslation('worker')
  const [times, setTimes] = useState(0)
  useEffect(() => {
    const hear = (event: PromiseRejectionEvent): void => {
      if (!(event.reason instanceof PhoneFull)) return
      event.preventDefault()
      setTimes((before) => before + 1)
    }
    window.addEventListener('unhandledrejection', hear)
    return () => window.removeEventListener('unhandledrejection', hear)
  }, [])
  if (times === 0) return null
  return (
    <div className="unkept">
      <Notice
        key={times}
        kind="fault"
        takesFocus
        head={t('phone.full')}
        body={t('phone.full.todo')}
        action={<BigButton onClick={() => setTimes(0)}>{t('ok')}</BigButton>}
      />
    </div>
  )
}

function Open(): ReactNode {
  const mine = useMine()
  const { whole } = usePhoneState()
  const isEmpty = useTasks().length + useDoors().length === 0
  useTold()
  // Nothing has come yet, which is not the same as nothing to do.
  if (!mine || (!whole && isEmpty)) return <FirstSync />
  return (
    <>
      <div className="phone">
        <Unkept />
        <Outlet />
      </div>
      <Tabs />
    </>
  )
}

/** The one switch between what may be shown and what may not. */
function Gates(): ReactNode {
  const { gate } = usePhoneState()
  const wish = usePinWish()
  useSessionCheck()
  if (wish === 'allowed') return <FirstUse />
  switch (gate) {
    case 'starting':
      return <Loading />
    case 'new':
      return <FirstUse />
    case 'locked':
      return <Locked />
    case 'away':
      return <Away />
    case 'logIn':
      return <LogInAgain />
    case 'lost':
      return <Lost />
    case 'open':
      return <Open />
  }
}

const MARKED = 'weiwang.exercise'

/**
 * An exercise is marked on every screen, locked and offline ones too: what the deployment last said is remembered beside the
 * sealed register, since it is nobody's secret.
 */
function useIsExercise(): boolean {
  const [said, setSaid] = useState(() => localStorage.getItem(MARKED) === 'yes')
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const { exercise } = await get(Deployment, '/api/deployment')
      localStorage.setItem(MARKED, exercise ? 'yes' : 'no')
      setSaid(exercise)
    }
    // Without a net the last word stands.
    ask().catch(() => undefined)
  }, [])
  return said
}

function Exercise(): ReactNode {
  const { t } = useTranslation('common')
  return useIsExercise() ? <ExerciseBanner word={t('exercise')} line={t('exercise.line')} /> : null
}

export function Frame(): ReactNode {
  const phone = useCurrentPhone()
  return (
    <Suspense fallback={<Loading />}>
      <Exercise />
      {phone ? <Gates /> : <FirstUse />}
    </Suspense>
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
