import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../api/http.ts'
import { useRouter } from '@tanstack/react-router'
import { Done } from '@weiwang/domain/access/api'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { PinPad } from '../../../kit/phone/PinPad.tsx'
import { hourMinute } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import { wishPin } from '../../current.ts'
import { paths } from '../../paths.ts'
import { usePhone, usePhoneState, useStrip } from '../../phone/hooks.tsx'
import { usePadWords } from './words.ts'

/** What is kept while the register is closed: the worker must not fear for it. */
export function Unsent(): ReactNode {
  const { t } = useTranslation('worker')
  const strip = useStrip()
  const n = strip.waiting + strip.photosWaiting
  return (
    <>
      <p className="card-place">{n > 0 ? t('lock.unsent', { n }) : t('lock.level')}</p>
      {strip.refused > 0 ? <p className="card-place">{t('lock.refused', { n: strip.refused })}</p> : null}
    </>
  )
}

/** To log in again. For a new PIN the old session ends first, so that only who knows the password can choose one. */
export function useLogInAgain(): (forPin: boolean) => void {
  const router = useRouter()
  return (forPin) => {
    const go = (): void => router.history.push(paths.login())
    if (!forPin) return go()
    wishPin('asked')
    void send(Done, { path: '/api/logout', key: crypto.randomUUID() }).then(go, go)
    return undefined
  }
}

const FEW_TRIES = 9

function Forgotten(): ReactNode {
  const { t } = useTranslation('worker')
  const logInAgain = useLogInAgain()
  return (
    <details className="fold">
      <summary className="group">{t('pin.forgotten')}</summary>
      <p>{t('pin.forgotten.lead')}</p>
      <BigButton onClick={() => logInAgain(true)}>{t('pin.forgotten.act')}</BigButton>
    </details>
  )
}

/** The PIN opens what lies here, without a net. */
export function Locked(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const { account, triesLeft } = usePhoneState()
  const words = usePadWords()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState(false)
  const [full, setFull] = useState(false)
  const open = async (pin: string): Promise<void> => {
    setBusy(true)
    const answer = await phone.unlock(pin)
    setBusy(false)
    setFull(!answer.ok && answer.why === 'full')
    setWrong(!answer.ok && answer.why !== 'full')
  }
  const note = wrong || triesLeft <= FEW_TRIES ? t('pin.wrong', { n: triesLeft }) : ''
  return (
    <main className="lock">
      <h1>{account?.name}</h1>
      {full ? <Notice kind="fault" head={t('trouble.storage')} body={t('phone.full.todo')} /> : null}
      <PinPad
        label={t('pin.enter')}
        note={busy ? '' : note}
        busy={busy}
        words={words}
        onEnter={(pin) => void open(pin)}
      />
      <Unsent />
      <Forgotten />
    </main>
  )
}

/** SYNC-17: 72 hours without a contact. */
export function Away(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const { account } = usePhoneState()
  const strip = useStrip()
  return (
    <main className="lock">
      <h1>{account?.name}</h1>
      <Notice kind="fault" head={t('away')} body={t('away.body')} />
      <BigButton primary busy={strip.syncing} onClick={() => void phone.sync()}>
        {strip.syncing ? t('strip.syncing') : t('sync.now')}
      </BigButton>
      {strip.trouble === 'offline' ? <p>{t('trouble.offline')}</p> : null}
      <Unsent />
    </main>
  )
}

/** The server asks for the log-in again: the session is over, or the account was closed. */
export function LogInAgain(): ReactNode {
  const { t } = useTranslation('worker')
  const { account } = usePhoneState()
  const logInAgain = useLogInAgain()
  return (
    <main className="lock">
      <h1>{account?.name}</h1>
      <Notice kind="note" head={t('again.login')} body={t('again.login.body')} />
      <BigButton primary onClick={() => logInAgain(false)}>
        {t('banner.session.act')}
      </BigButton>
      <Unsent />
    </main>
  )
}

/** The key is gone: ten wrong PINs, or the phone was reported lost. Sealed work still goes up. */
export function Lost(): ReactNode {
  const { t } = useTranslation('worker')
  const { account, order } = usePhoneState()
  const logInAgain = useLogInAgain()
  return (
    <main className="lock">
      <h1>{account?.name}</h1>
      <Notice kind="fault" head={t(order === 'clear' ? 'lost.cleared' : 'lost.tries')} body={t('lost.body')} />
      <BigButton primary onClick={() => logInAgain(true)}>
        {t('pin.forgotten.act')}
      </BigButton>
      <Unsent />
    </main>
  )
}

const COUNTS = ['tasks', 'doors', 'people'] as const

/** The first time everything comes down: how far it is, and why it stands still when it does. */
export function FirstSync(): ReactNode {
  const { t } = useTranslation('worker')
  const clock = useClock()
  const phone = usePhone()
  const strip = useStrip()
  const counts = {
    tasks: phone.shelf.tasks().length,
    doors: phone.shelf.doors().length,
    people: phone.shelf.persons().length,
  }
  const { trouble } = strip
  return (
    <main className="lock" aria-busy={strip.syncing}>
      <h1>{t('first')}</h1>
      <p>{t('first.lead')}</p>
      <progress aria-label={t('first')} />
      <output className="numbers first-counts">
        {COUNTS.map((name) => t(`first.${name}`, { n: counts[name] })).join(' · ')}
      </output>
      {strip.again ? (
        <Notice kind="note" head={t('banner.busy', { time: hourMinute(strip.again, clock.zone) })} />
      ) : null}
      {trouble && trouble !== 'busy' ? <Notice kind="fault" head={t(`trouble.${trouble}`)} /> : null}
      <BigButton busy={strip.syncing} onClick={() => void phone.sync()}>
        {strip.syncing ? t('strip.syncing') : t('sync.now')}
      </BigButton>
    </main>
  )
}
