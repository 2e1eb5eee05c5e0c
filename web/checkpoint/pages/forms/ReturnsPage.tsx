import type { ExpectedReturn } from '@weiwang/domain/checkpoints/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, HonestState } from '../../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import { Frame } from '../Frame.tsx'

/** So many fit a look; who is further down is found by a part of the name or the place. */
const SHOWN = 30

export function Coming({ one }: { one: ExpectedReturn }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  return (
    <>
      <span className="way-head">{one.name}</span>
      <span className="card-place">
        {t('back.from', { place: one.fromName })} · {say(one.transport)}
        {one.companions > 0 ? ` · ${t('back.with', { n: one.companions })}` : ''}
      </span>
      <p className="card-due" data-late={one.late || one.level === 'high'}>
        {t(one.late ? 'back.late' : 'back.day', { day: one.expectedDay })}
        {one.level === 'high' ? ` · ${t('back.high')}` : ''}
      </p>
    </>
  )
}

/** Who has told of a return behind this gate: whoever stands here says who they are, and the grid hears that they have come (GATE-114). */
export function ReturnsPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const { expected } = useGateState()
  const [part, setPart] = useState('')
  const [come, setCome] = useState<string | null>(null)
  const wanted = part.trim()
  const found = expected.filter((one) => wanted === '' || `${one.name} ${one.fromName}`.includes(wanted))
  const hasCome = async (one: ExpectedReturn): Promise<void> => {
    await gate.hasCome(one)
    setCome(one.name)
  }
  return (
    <Frame title={t('back.title')}>
      <p>{t('back.lead')}</p>
      {come === null ? null : <HonestState state="here" word={t('back.done', { name: come })} />}
      {expected.length === 0 ? (
        <Empty why={t('back.none')} todo={t('back.none.todo')} />
      ) : (
        <Line label={t('back.find')} value={part} onChange={setPart} />
      )}
      <ul className="plain">
        {found.slice(0, SHOWN).map((one) => (
          <li key={one.id} className="card">
            <Coming one={one} />
            <BigButton onClick={() => void hasCome(one)}>
              {t('back.come')} <span className="visually-hidden">{one.name}</span>
            </BigButton>
          </li>
        ))}
      </ul>
      {found.length > SHOWN ? <p className="card-place">{t('back.more', { n: found.length - SHOWN })}</p> : null}
    </Frame>
  )
}
