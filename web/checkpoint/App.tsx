import { lazy, Suspense, useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExerciseBanner, Notice } from '../kit/common/Notice.tsx'
import { BigButton } from '../kit/phone/controls.tsx'
import type { Updates } from '../worker/phone/update.ts'
import { useGate, useGateState } from './current.ts'
import { ChoosePage } from './pages/ChoosePage.tsx'
import { FlashScreen, FlashWords } from './pages/Flash.tsx'
import { Guide, useGuide } from './pages/Guide.tsx'
import { ScanPage } from './pages/ScanPage.tsx'
import { useTypedScanner } from './pages/scanning.ts'
import { useView } from './view.ts'
import type { View } from './view.ts'

const SignIn = lazy(() => import('./pages/SignIn.tsx').then((part) => ({ default: part.SignIn })))
const Forms = lazy(() => import('./pages/Forms.tsx').then((part) => ({ default: part.Forms })))
const LogPage = lazy(() => import('./pages/LogPage.tsx').then((part) => ({ default: part.LogPage })))
const MorePage = lazy(() => import('./pages/MorePage.tsx').then((part) => ({ default: part.MorePage })))

function Alone({ head, why, todo }: { head: string; why: string; todo: string }): ReactNode {
  return (
    <main className="lock">
      <h1>{head}</h1>
      <Notice kind="fault" head={why} small={todo} />
    </main>
  )
}

export function Insecure(): ReactNode {
  const { t } = useTranslation('checkpoint')
  return <Alone head={t('insecure.title')} why={t('insecure.why')} todo={t('insecure.todo')} />
}

export function Broken(): ReactNode {
  const { t } = useTranslation('checkpoint')
  return <Alone head={t('title')} why={t('broken.title')} todo={t('broken.todo')} />
}

/** The first contact of a device: it says what it waits for, and what helps. */
function First(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const gate = useGate()
  const { reached, busy } = useGateState()
  return (
    <main className="lock">
      <h1>{t('title')}</h1>
      {reached === false ? (
        <Notice kind="fault" head={c('problem.offline')} body={t('first.offline')} />
      ) : (
        <output>{t('first.title')}</output>
      )}
      <BigButton busy={busy} onClick={() => void gate.syncNow()}>
        {c('act.retry')}
      </BigButton>
    </main>
  )
}

function Page({ view, updates }: { view: View; updates: Updates }): ReactNode {
  if (view === 'scan' || view === 'login') return <ScanPage />
  if (view === 'log') return <LogPage />
  if (view === 'more') return <MorePage updates={updates} />
  return <Forms view={view} />
}

/** Keys typed by a scanner are heard on every page of a gate that is open. */
function Working({ updates }: { updates: Updates }): ReactNode {
  const view = useView()
  const guide = useGuide()
  useTypedScanner()
  if (guide.isOpen) return <Guide onDone={guide.close} />
  return (
    <>
      <FlashWords />
      <Page view={view} updates={updates} />
      <FlashScreen />
    </>
  )
}

export function App({ updates }: { updates: Updates }): ReactNode {
  const { t: c } = useTranslation('common')
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const state = useGateState()
  const view = useView()
  const { i18n } = useTranslation()
  useEffect(() => {
    document.title = `${t('title')} · ${c('product')}`
  }, [t, c, i18n.language])
  // Who is not known yet is asked to log in; a device that has worked before opens without a network.
  const stranger = state.mine === null && state.session === 'out'
  const page =
    stranger || view === 'login' ? (
      <SignIn onDone={gate.signedIn} />
    ) : state.mine === null ? (
      <First />
    ) : state.gate === null ? (
      <ChoosePage />
    ) : (
      <Working updates={updates} />
    )
  const banner = state.mine?.exercise && !stranger && view !== 'login'
  return (
    <>
      {banner ? <ExerciseBanner word={c('exercise')} line={c('exercise.line')} /> : null}
      <div className="under" data-banner={banner === true}>
        <Suspense fallback={<p className="lock">{c('loading')}</p>}>{page}</Suspense>
      </div>
    </>
  )
}
