import type { AskByDocument } from '@weiwang/domain/checkpoints/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Line } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import { narrowed } from '../../gate/typed.ts'
import type { ByDocumentAnswer } from '../../gate/types.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'
import { showFlash } from '../scanning.ts'

const KINDS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const
type Kind = AskByDocument['kind']
const LEAST_NUMBER = 4

/** The colour of who has only a document: asked of the server; without a network what the document says is sealed, and papers decide. */
export function DocumentPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const gate = useGate()
  const state = useGateState()
  const [kind, setKind] = useState<Kind>('resident')
  const [number, setNumber] = useState('')
  const [name, setName] = useState('')
  const [country, setCountry] = useState('')
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [answer, setAnswer] = useState<ByDocumentAnswer | null>(null)
  const plain = narrowed(number).replaceAll(/\s/g, '')
  const whole = plain.length >= LEAST_NUMBER && name.trim() !== ''

  const ask = async (): Promise<void> => {
    setTried(true)
    if (!whole) return
    setBusy(true)
    const how = state.gate?.policy.reader ? 'reader' : 'typed'
    const of = kind === 'passport' && country.trim() !== '' ? { country: narrowed(country).trim() } : {}
    const said = await gate.byDocument({ kind, number: plain, name: name.trim(), how, ...of })
    setBusy(false)
    setAnswer(said)
    if (said === 'offline' || 'problem' in said || said.result === 'none') return
    const made = gate.state().current
    if (made) showFlash(made, 'lane')
    go('scan')
  }
  const byHand = async (): Promise<void> => {
    await gate.documentByHand({ number: plain, name: name.trim() })
    go('scan')
  }
  const without = async (): Promise<void> => {
    await gate.withoutCode()
    go('scan')
  }
  const fault = (bad: boolean): string | undefined => (tried && bad ? c('field.required') : undefined)
  return (
    <Frame title={t('doc.title')}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void ask()
        }}
      >
        <Line
          label={t('doc.number')}
          help={t('doc.number.help')}
          value={number}
          onChange={setNumber}
          fault={fault(plain.length < LEAST_NUMBER)}
        />
        <Line label={t('doc.name')} value={name} onChange={setName} fault={fault(name.trim() === '')} />
        <Chips
          label={t('doc.kind')}
          groups={[{ chips: KINDS.map((value) => ({ value, label: t(`doc.${value}`) })) }]}
          value={kind}
          onChange={(next) => setKind(next ?? 'resident')}
        />
        {kind === 'passport' ? <Line label={t('doc.country')} value={country} onChange={setCountry} /> : null}
        {answer === 'offline' ? (
          <Notice
            kind="fault"
            head={t('doc.offline')}
            body={t('doc.offline.todo')}
            action={
              <BigButton primary onClick={() => void byHand()}>
                {t('doc.byHand')}
              </BigButton>
            }
          />
        ) : null}
        {answer !== null && answer !== 'offline' && 'problem' in answer ? (
          <Notice kind="fault" head={say(answer.problem)} />
        ) : null}
        {answer !== null && answer !== 'offline' && 'result' in answer && answer.result === 'none' ? (
          <Notice
            kind="note"
            head={say(answer.why)}
            action={<BigButton onClick={() => void without()}>{t('act.noCode')}</BigButton>}
          />
        ) : null}
        <BigButton submit primary={answer === null} busy={busy}>
          {t('doc.ask')}
        </BigButton>
      </form>
    </Frame>
  )
}
