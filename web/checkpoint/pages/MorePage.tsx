import { useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { version } from '../../package.json'
import { send } from '../../api/http.ts'
import { setLang, useLang, useSay } from '../../i18n/setup.ts'
import { Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Known, Switch } from '../../kit/phone/controls.tsx'
import { setPref, usePref } from '../../worker/prefs.ts'
import type { Updates } from '../../worker/phone/update.ts'
import { useGate, useGateState } from '../current.ts'
import { isMute, setMute, tell, wakeSound } from '../gate/alert.ts'
import { IDLE_MS } from '../gate/camera.ts'
import { useInstall } from '../install.ts'
import { go } from '../view.ts'
import { Frame } from './Frame.tsx'
import { useGuide } from './Guide.tsx'
import { useAge, useTime } from './words.ts'

const MINUTE = 60_000

function Sound(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const [on, setOn] = useState(!isMute())
  return (
    <section className="card" aria-label={t('more.sound')}>
      <Switch
        label={t('more.sound')}
        help={t('more.sound.why')}
        on={on}
        onChange={(next) => {
          setMute(!next)
          setOn(next)
        }}
      />
      <div className="big-row">
        {(['green', 'red', 'by_hand'] as const).map((tune) => (
          <BigButton
            key={tune}
            onClick={() => {
              wakeSound()
              tell(tune)
            }}
          >
            {t(`verdict.${tune}`)}
          </BigButton>
        ))}
      </div>
    </section>
  )
}

/** What this device decides with, and how old it is. */
function Trusted(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const age = useAge()
  const time = useTime()
  const state = useGateState()
  const contact = gate.clock.contactAt()
  return (
    <section className="card" aria-label={t('more.clock')}>
      <Known
        rows={[
          [t('more.clock'), state.trust.trusted ? t(`status.clock.${state.trust.by}`) : t('status.clock.no')],
          [t('more.contact'), contact === null ? t('more.contact.none') : time(contact)],
          [t('more.keys'), t('more.keys.n', { n: state.keys })],
          [
            t('more.list'),
            state.listAgeS === null
              ? t('status.list.none')
              : `${age(state.listAgeS)}, ${t('more.list.n', { n: state.held })}`,
          ],
        ]}
      />
      <BigButton busy={state.busy} onClick={() => void gate.syncNow()}>
        {t('more.update')}
      </BigButton>
    </section>
  )
}

export function MorePage({ updates }: { updates: Updates }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const lang = useLang()
  const gate = useGate()
  const state = useGateState()
  const guide = useGuide()
  const install = useInstall()
  const large = usePref('large')
  const ready = useSyncExternalStore(updates.subscribe, updates.isReady)
  const leave = async (): Promise<void> => {
    await gate.close()
    await send(z.unknown(), { path: '/api/logout', key: crypto.randomUUID() }).catch(() => null)
    gate.signedOut()
    go('login')
  }
  return (
    <Frame title={t('more.title')}>
      {ready ? (
        <Notice
          kind="note"
          head={t('more.version')}
          action={
            <BigButton primary onClick={updates.apply}>
              {t('more.version.take')}
            </BigButton>
          }
        />
      ) : null}
      {install ? (
        <Notice
          kind="note"
          head={t('more.install')}
          action={<BigButton onClick={install}>{t('more.install.do')}</BigButton>}
        />
      ) : null}
      <section className="card" aria-label={t('more.account')}>
        <Known
          rows={[
            [t('more.account'), state.mine?.account.name ?? ''],
            [t('more.gateName'), state.gate ? say(state.gate.name) : ''],
          ]}
        />
        <div className="big-row">
          <BigButton onClick={() => void gate.leaveGate().then(() => go('scan'))}>{t('more.gate')}</BigButton>
          <BigButton
            onClick={() => {
              go('scan')
              guide.open()
            }}
          >
            {t('more.guide')}
          </BigButton>
        </div>
      </section>
      <Trusted />
      <Sound />
      <section className="card" aria-label={t('more.large')}>
        <Switch label={t('more.large')} on={large} onChange={(on) => setPref('large', on)} />
        <button
          type="button"
          className="big"
          lang={lang === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {c('lang.other')}
        </button>
      </section>
      <BigButton onClick={() => void leave()}>{t('more.logout')}</BigButton>
      <p className="card-place">{t('more.logout.note')}</p>
      <p className="card-place">
        {t('more.health', { n: IDLE_MS / MINUTE })} · {c('product')} {version}
      </p>
    </Frame>
  )
}
