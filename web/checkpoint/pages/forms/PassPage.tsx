import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import { narrowed } from '../../gate/typed.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { showFlash } from '../scanning.ts'
import { useAge, useTime } from '../words.ts'

const SHORT = 4
const SECOND = 1000

/** A temporary pass on paper: its square is scanned like any other; its number is compared with those last heard (GATE-113). */
export function PassPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const time = useTime()
  const age = useAge()
  const gate = useGate()
  // Told again when the list of passes has been heard.
  useGateState()
  const [number, setNumber] = useState('')
  const plain = narrowed(number).trim()
  const known = gate.passOf(plain)
  const typed = plain.length >= SHORT
  const found = typed && known.kind === 'found' ? known : null
  const letByNumber = async (): Promise<void> => {
    if (!found) return
    showFlash(await gate.letPass(found.pass, found.asOf), 'lane')
    go('scan')
  }
  return (
    <Frame title={t('pass.title')}>
      <p>{t('pass.lead')}</p>
      <p>
        <BigButton onClick={() => go('scan')}>{t('pass.scan')}</BigButton>
      </p>
      <Line label={t('pass.number')} value={number} onChange={setNumber} />
      {known.kind === 'never' ? (
        <Notice kind="fault" head={t('pass.never')} body={t('pass.never.todo')} />
      ) : (
        <p className="card-place">
          {t('pass.asOf', { age: age(Math.max(0, Math.floor((gate.clock.now() - known.asOf) / SECOND))) })}
        </p>
      )}
      {found ? (
        <Notice
          kind="done"
          head={t('pass.found', {
            name: found.pass.name,
            purpose: say(found.pass.purpose),
            until: time(Date.parse(found.pass.until)),
          })}
          body={t('pass.compare')}
        />
      ) : typed && known.kind === 'none' ? (
        <Notice kind="note" head={t('pass.none')} body={t('pass.none.todo')} />
      ) : null}
      {found ? (
        <BigButton primary onClick={() => void letByNumber()}>
          {t('pass.let')}
        </BigButton>
      ) : (
        <BigButton onClick={() => go('no-code')}>{t('act.noCode')}</BigButton>
      )}
    </Frame>
  )
}
