import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { setLang, useLang } from '../i18n/setup.ts'
import { ExerciseBanner, Notice } from '../kit/common/Notice.tsx'
import { deploymentQuery } from '../session/me.ts'
import { EnrolForm } from './EnrolForm.tsx'
import { Activation, CodeForm, PasswordForm, RecoveryForm, TotpForm } from './forms.tsx'
import './login.css'

type Step = 'login' | 'totp' | 'enrol' | 'activate' | 'recover'

/** One page for both faces: password or one-time code, then the second factor where the account has one. */
export function LoginPage({
  face,
  ended,
  onDone,
}: {
  face: 'centre' | 'worker' | 'checkpoint'
  ended: boolean
  onDone: () => void
}): ReactNode {
  const { t } = useTranslation('login')
  const { t: c } = useTranslation('common')
  const lang = useLang()
  const [step, setStep] = useState<Step>('login')
  const [way, setWay] = useState<'password' | 'code'>('password')
  const deployment = useQuery(deploymentQuery)
  const exercise = deployment.data?.exercise ?? false
  const next = (answer: 'done' | 'totp' | 'enrol'): void => (answer === 'done' ? onDone() : setStep(answer))
  return (
    <>
      {exercise ? <ExerciseBanner word={c('exercise')} line={c('exercise.line')} /> : null}
      <main className="login">
        <div className="login-card">
          <h1>
            {c('product')} · {t(`face.${face}`)}
          </h1>
          <p className="login-line">{c('product.line')}</p>
          {ended && step === 'login' ? <Notice kind="note" head={t('ended')} /> : null}
          {step === 'login' ? (
            <>
              <fieldset className="login-ways" aria-label={t('title')}>
                <button type="button" aria-pressed={way === 'password'} onClick={() => setWay('password')}>
                  {t('way.password')}
                </button>
                <button type="button" aria-pressed={way === 'code'} onClick={() => setWay('code')}>
                  {t('way.code')}
                </button>
              </fieldset>
              {way === 'password' ? <PasswordForm onNext={next} /> : <CodeForm onNext={next} exercise={exercise} />}
            </>
          ) : null}
          {step === 'totp' ? <TotpForm onNext={next} /> : null}
          {step === 'enrol' ? <EnrolForm onNext={next} /> : null}
          {step === 'activate' ? <Activation onNext={next} exercise={exercise} /> : null}
          {step === 'recover' ? <RecoveryForm /> : null}
          <div className="login-foot">
            {step === 'login' ? (
              <>
                <button type="button" onClick={() => setStep('activate')}>
                  {t('to.activate')}
                </button>
                <button type="button" onClick={() => setStep('recover')}>
                  {t('to.recover')}
                </button>
              </>
            ) : (
              <button type="button" onClick={() => setStep('login')}>
                {t('to.login')}
              </button>
            )}
            <button
              type="button"
              lang={lang === 'zh' ? 'en' : 'zh-CN'}
              onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
            >
              {c('lang.other')}
            </button>
          </div>
        </div>
      </main>
    </>
  )
}
