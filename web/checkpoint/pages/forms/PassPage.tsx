import type { GatePass } from '@weiwang/domain/checkpoints/api'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../../kit/phone/controls.tsx'
import { useGate } from '../../current.ts'
import { narrowed } from '../../gate/typed.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { useTime } from '../words.ts'

const plainOf = (text: string): string => narrowed(text).replaceAll(/[^0-9A-Z]/g, '')
const SHORT = 4

/** A temporary pass on paper: its short number is compared with the valid ones, as far as this device knows them. */
export function PassPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const time = useTime()
  const gate = useGate()
  const [passes, setPasses] = useState<readonly GatePass[] | null>(null)
  const [asked, setAsked] = useState(false)
  const [number, setNumber] = useState('')
  useEffect(() => {
    let here = true
    void gate.passes().then((heard) => {
      if (!here) return
      setPasses(heard)
      setAsked(true)
    })
    return () => {
      here = false
    }
  }, [gate])
  const plain = plainOf(number)
  const found = passes?.find((one) => plainOf(one.shortId) === plain)
  const let_ = async (): Promise<void> => {
    await gate.hardship()
    go('scan')
  }
  return (
    <Frame title={t('pass.title')}>
      <p>{t('pass.lead')}</p>
      <Line label={t('pass.number')} value={number} onChange={setNumber} />
      {asked && passes === null ? <Notice kind="fault" head={t('pass.offline')} /> : null}
      {found ? (
        <Notice
          kind="done"
          head={t('pass.found', {
            name: found.name,
            purpose: say(found.purpose),
            until: time(new Date(found.until).getTime()),
          })}
        />
      ) : plain.length >= SHORT && passes !== null ? (
        <Notice kind="note" head={t('pass.none')} body={t('doc.none.todo')} />
      ) : null}
      {found || passes === null ? (
        <BigButton primary onClick={() => void let_()}>
          {t('pass.let')}
        </BigButton>
      ) : (
        <BigButton onClick={() => go('no-code')}>{t('act.noCode')}</BigButton>
      )}
    </Frame>
  )
}
