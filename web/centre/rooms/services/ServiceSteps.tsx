import { PAYERS, PROOFS, RECEIVED_BY, SteppedService } from '@weiwang/domain/observation/service-api'
import type { EndReason, ReceivedBy, ServiceDetail, ServiceStep } from '@weiwang/domain/observation/service-api'
import { RECEIVED_SAY } from '@weiwang/domain/observation/service-kind'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TOUCHES, useReasonChoices } from './words.tsx'

type Proof = Exclude<(typeof PROOFS)[number], 'receiver' | 'photo'>
type Payer = (typeof PAYERS)[number]
/** What a step asks beside its name. Pictures come from phones; the receiver's own tap is on his page. */
const WAYS: readonly Proof[] = ['word', 'code']
const MOST_FIRST = 2

type Body = {
  step: ServiceStep
  proof?: { kind: Proof; code?: string; by?: ReceivedBy; name?: string }
  cost?: { cents: number; paidBy: Payer }
  rating?: number
  reason?: EndReason
  words?: string
}

/** One step: the dialog asks what the step asks, and stays open until the server has it. */
function Step({
  id,
  step,
  why,
  primary,
}: {
  id: string
  step: ServiceStep
  why: string | null
  primary: boolean
}): ReactNode {
  const { t } = useTranslation('centre')
  const reasons = useReasonChoices()
  const [reason, setReason] = useState<EndReason | ''>('')
  const [way, setWay] = useState<Proof>('word')
  const [code, setCode] = useState('')
  const [by, setBy] = useState<ReceivedBy>('self')
  const [name, setName] = useState('')
  const say = useSay()
  const [yuan, setYuan] = useState<number | null>(null)
  const [payer, setPayer] = useState<Payer>('resident')
  const [rating, setRating] = useState('')
  const [words, setWords] = useState('')
  const write = useWrite(SteppedService, { path: `/api/services/${id}/step`, touches: TOUCHES })
  const asksReason = step === 'refuse' || step === 'cancel' || step === 'give_back' || step === 'decline'
  const asksCost = step === 'cost'
  const isNamed = by === 'neighbour' || by === 'other'
  const ready =
    (step !== 'refuse' || reason !== '') &&
    (step !== 'done' || (way === 'code' ? /^\d{4}$/.test(code) : !isNamed || name.trim() !== '')) &&
    (!asksCost || yuan !== null) &&
    (step !== 'rate' || rating !== '')
  const body = (): Body => ({
    step,
    ...(asksReason && reason !== '' ? { reason } : {}),
    ...(step === 'done'
      ? { proof: way === 'code' ? { kind: way, code } : { kind: way, by, ...(isNamed ? { name: name.trim() } : {}) } }
      : {}),
    ...(asksCost && yuan !== null ? { cost: { cents: Math.round(yuan * 100), paidBy: payer } } : {}),
    ...(step === 'rate' && rating !== '' ? { rating: Number(rating) } : {}),
    ...(words.trim() === '' ? {} : { words: words.trim() }),
  })
  return (
    <ConfirmAct
      verb={t(`serviceStep.${step}`)}
      title={t(`serviceStep.${step}`)}
      primary={primary}
      disabled={why !== null}
      why={why ?? undefined}
      write={write}
      ready={ready}
      onYes={(_, done) => write.mutate(body(), { onSuccess: done })}
    >
      <p>{t(`serviceStep.${step}.what`)}</p>
      {asksReason ? (
        <SelectField label={t('service.reason')} value={reason} onChange={setReason} choices={reasons} any="–" />
      ) : null}
      {step === 'done' ? (
        <SelectField<Proof>
          label={t('proof.how')}
          value={way}
          onChange={(v) => setWay(v === '' ? 'word' : v)}
          choices={WAYS.map((one) => ({ value: one, label: t(`proof.${one}`) }))}
        />
      ) : null}
      {step === 'done' && way === 'code' ? (
        <TextField label={t('proof.code.label')} value={code} onChange={setCode} width={120} />
      ) : null}
      {step === 'done' && way === 'word' ? (
        <SelectField<ReceivedBy>
          label={t('proof.by')}
          value={by}
          onChange={(v) => setBy(v === '' ? 'self' : v)}
          choices={RECEIVED_BY.map((one) => ({ value: one, label: say(RECEIVED_SAY[one]) }))}
        />
      ) : null}
      {step === 'done' && way === 'word' && isNamed ? (
        <TextField label={t('proof.name')} value={name} onChange={setName} />
      ) : null}
      {asksCost ? (
        <>
          <NumberField label={t('payer.yuan')} value={yuan} onChange={setYuan} min={0} max={100_000} />
          <SelectField<Payer>
            label={t('payer.who')}
            value={payer}
            onChange={(v) => setPayer(v === '' ? 'resident' : v)}
            choices={PAYERS.map((one) => ({ value: one, label: t(`payer.${one}`) }))}
          />
        </>
      ) : null}
      {step === 'rate' ? (
        <SelectField
          label={t('service.rating')}
          value={rating}
          onChange={setRating}
          any="–"
          choices={['5', '4', '3', '2', '1'].map((n) => ({ value: n, label: t('service.rating.n', { n }) }))}
        />
      ) : null}
      <TextField long label={t('service.step.words')} value={words} onChange={setWords} />
    </ConfirmAct>
  )
}

/** What this reader can do; what only others can do is left out, and a step that is refused for now says why. */
export function ServiceSteps({ service }: { service: ServiceDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const able = service.steps.filter((one) => one.ok)
  if (able.length === 0) {
    const why = service.endedAt === null ? service.steps.find((one) => one.step === 'accept')?.why : null
    return <p className="progress-text">{why ? say(why) : t('service.next.none')}</p>
  }
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {able.map(({ step }, i) => (
        <Step key={step} id={service.id} step={step} why={null} primary={i === 0 && able.length <= MOST_FIRST} />
      ))}
    </div>
  )
}
