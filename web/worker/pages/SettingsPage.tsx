import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { setLang, useLang } from '../../i18n/setup.ts'
import { HonestState, Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Known, Sheet, Switch } from '../../kit/phone/controls.tsx'
import { PinPad } from '../../kit/phone/PinPad.tsx'
import { bytes } from '../../words/numbers.ts'
import { VERSION } from '../current.ts'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { usePhone, useUpdate } from '../phone/hooks.tsx'
import { setPref, usePref } from '../prefs.ts'
import { usePadWords } from './lock/words.ts'
import { WakeSwitch } from './WakeSwitch.tsx'

type Step = 'old' | 'new' | 'again'

function ChangePin({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const words = usePadWords()
  const [step, setStep] = useState<Step>('old')
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<'old' | 'again' | null>(null)
  const [done, setDone] = useState(false)
  const change = async (again: string): Promise<void> => {
    if (again !== next) {
      setFault('again')
      setStep('new')
      return
    }
    setBusy(true)
    const changed = await phone.changePin(old, next)
    setBusy(false)
    setDone(changed)
    if (!changed) {
      setFault('old')
      setStep('old')
    }
  }
  const enter = (pin: string): void => {
    setFault(null)
    if (step === 'old') {
      setOld(pin)
      setStep('new')
    } else if (step === 'new') {
      setNext(pin)
      setStep('again')
    } else void change(pin)
  }
  if (done) {
    return (
      <>
        <HonestState state="server" word={t('pin.changed')} />
        <p>
          <BigButton onClick={onClose}>{t('ok')}</BigButton>
        </p>
      </>
    )
  }
  const note = fault === 'old' ? t('pin.wrongOld', { n: phone.state().triesLeft }) : fault ? t('pin.differ') : ''
  return (
    <PinPad
      key={step}
      label={t(`pin.${step}`)}
      note={note}
      busy={busy}
      words={words}
      weak={step === 'new'}
      onEnter={enter}
    />
  )
}

function Storage(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [found, setFound] = useState<{ persisted: boolean; usage: number; quota: number } | null>(null)
  useEffect(() => {
    let wanted = true
    void phone.storage().then((answer) => {
      if (wanted) setFound(answer)
    })
    return () => {
      wanted = false
    }
  }, [phone])
  if (!found) return null
  return (
    <section className="card">
      <h2>{t('storage')}</h2>
      <Known
        rows={[
          [t('storage.used'), `${bytes(found.usage)} / ${bytes(found.quota)}`],
          [t('storage.kept'), t(found.persisted ? 'storage.persisted' : 'storage.notPersisted')],
        ]}
      />
    </section>
  )
}

function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches
}

export function SettingsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const lang = useLang()
  const large = usePref('large')
  const mute = usePref('mute')
  const update = useUpdate()
  const [pin, setPin] = useState(false)
  return (
    <>
      <Head title={t('settings')} back={paths.me()} />
      <main className="phone-main">
        <section className="card">
          <Switch label={t('set.large')} on={large} onChange={(on) => setPref('large', on)} />
          <Switch
            label={t('set.sound')}
            help={t('set.sound.help')}
            on={!mute}
            onChange={(on) => setPref('mute', !on)}
          />
          <WakeSwitch />
        </section>
        <p>
          <button
            type="button"
            className="big"
            lang={lang === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
          >
            {c('lang.other')}
          </button>
        </p>
        <p>
          <BigButton onClick={() => setPin(true)}>{t('pin.change')}</BigButton>
        </p>
        <p>
          <BigButton onClick={() => phone.lock()}>{t('lock.now')}</BigButton>
        </p>
        <Storage />
        {isInstalled() ? null : <Notice kind="note" head={t('install')} body={t('install.how')} />}
        <section className="card">
          <h2>{t('about.app')}</h2>
          <Known
            rows={[
              [c('product'), VERSION],
              [t('update'), update.ready ? t('banner.update') : t('update.none')],
            ]}
          />
          {update.ready ? <BigButton onClick={update.apply}>{t('banner.update.act')}</BigButton> : null}
        </section>
      </main>
      <Sheet title={t('pin.change')} open={pin} onClose={() => setPin(false)} close={c('act.cancel')}>
        <ChangePin onClose={() => setPin(false)} />
      </Sheet>
    </>
  )
}
