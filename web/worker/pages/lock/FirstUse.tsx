import { Me } from '@weiwang/domain/access/api'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, get } from '../../../api/http.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { PinPad } from '../../../kit/phone/PinPad.tsx'
import { Loading, ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { deviceWords } from '../../../words/device.ts'
import { currentPhone, openFor, wishPin } from '../../current.ts'
import { paths } from '../../paths.ts'
import { Trouble } from '../../phone/exchange.ts'
import { usePadWords } from './words.ts'

type Who = { id: string; name: string }

/** Who is logged in; without a log-in the log-in page comes. */
function useWho(): { who: Who | null; error: unknown; again: () => void } {
  const router = useRouter()
  const [who, setWho] = useState<Who | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const ended = new AbortController()
    const ask = async (): Promise<void> => {
      try {
        const { id, name } = await get(Me, '/api/me', {}, ended.signal)
        if (ended.signal.aborted) return
        await openFor(id)
        setWho({ id, name })
      } catch (thrown) {
        if (ended.signal.aborted) return
        if (thrown instanceof ApiProblem && thrown.status === 401) router.history.replace(paths.login())
        else setError(thrown)
      }
    }
    void ask()
    return () => ended.abort()
  }, [router, turn])
  const again = (): void => {
    setError(null)
    setTurn(turn + 1)
  }
  return { who, error, again }
}

function Choose({ who }: { who: Who }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const words = usePadWords()
  const [step, setStep] = useState<'why' | 'new' | 'again'>('why')
  const [pin, setPin] = useState('')
  const [differ, setDiffer] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const enrol = async (): Promise<void> => {
    setBusy(true)
    setTrouble(null)
    try {
      const phone = currentPhone() ?? (await openFor(who.id))
      await phone.enrol({ account: who, pin, name: deviceWords(navigator.userAgent).slice(0, 80) })
      await phone.signedIn(who.id, { fresh: true })
      wishPin('none')
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      setTrouble(error)
      setBusy(false)
    }
  }
  const enter = (typed: string): void => {
    if (step === 'new') {
      setPin(typed)
      setDiffer(false)
      setStep('again')
    } else if (typed === pin) void enrol()
    else {
      setDiffer(true)
      setStep('new')
    }
  }
  if (trouble) {
    const { problem, why } = trouble
    return (
      <Notice
        kind="fault"
        takesFocus
        head={problem ? say(problem.message) : t(`trouble.${why === 'content' ? 'server' : why}`)}
        body={problem ? say(problem.remedy) : ''}
        action={<BigButton onClick={() => void enrol()}>{t('try')}</BigButton>}
      />
    )
  }
  if (step === 'why') {
    return (
      <section className="card">
        <p>{t('pin.why')}</p>
        <ul>
          <li>{t('pin.why.1')}</li>
          <li>{t('pin.why.2')}</li>
          <li>{t('pin.why.3')}</li>
        </ul>
        <BigButton primary onClick={() => setStep('new')}>
          {t('pin.begin')}
        </BigButton>
      </section>
    )
  }
  return (
    <PinPad
      key={step}
      label={t(`pin.${step}`)}
      note={differ ? t('pin.differ') : ''}
      busy={busy}
      words={words}
      weak={step === 'new'}
      onEnter={enter}
    />
  )
}

/** After the log-in this browser becomes a phone of the account: a PIN, chosen twice, then everything comes down. */
export function FirstUse(): ReactNode {
  const { t } = useTranslation('worker')
  const { who, error, again } = useWho()
  return (
    <main className="lock">
      <h1>{who ? t('hello', { name: who.name }) : t('first.use')}</h1>
      {error ? (
        <ProblemNotice error={error} action={<BigButton onClick={again}>{t('try')}</BigButton>} />
      ) : who ? (
        <Choose key={who.id} who={who} />
      ) : (
        <Loading />
      )}
    </main>
  )
}
