import { Colleagues, OpenedDispute, RESULTS } from '@weiwang/domain/incidents/api'
import type { Closing, DisputeDetail, MediationResult, MediationStep } from '@weiwang/domain/incidents/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TOUCHES, useClosings } from './words.ts'

const WITH_TEXT: readonly MediationStep[] = ['mediated', 'pass_up', 'followed_up', 'close', 'reopen']
type Holds = 'yes' | 'no'

function Colleague({ id, value, onChange }: { id: string; value: string; onChange: (id: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const answer = useQuery(q(Colleagues, `/api/mediations/${id}/colleagues`))
  return (
    <>
      <ProblemNotice error={answer.error} />
      <SelectField
        label={t('dispute.access.to')}
        value={value}
        onChange={onChange}
        any="–"
        choices={(answer.data?.items ?? []).map((one) => ({ value: one.id, label: `${one.name} · ${one.area}` }))}
      />
    </>
  )
}

function Step({ dispute, step, why }: { dispute: DisputeDetail; step: MediationStep; why: string | null }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const closings = useClosings()
  const [result, setResult] = useState<MediationResult | ''>('')
  const [followUp, setFollowUp] = useState('')
  const [holds, setHolds] = useState<Holds | ''>('')
  const [closing, setClosing] = useState<Closing | ''>('')
  const [account, setAccount] = useState('')
  const [words, setWords] = useState('')
  const write = useWrite(OpenedDispute, { path: `/api/mediations/${dispute.id}/step`, touches: TOUCHES })
  const dated = (step === 'mediated' && result !== 'not_agreed') || step === 'followed_up'
  const ready =
    (step !== 'mediated' || result !== '') &&
    (step !== 'followed_up' || holds !== '') &&
    (step !== 'close' || closing !== '') &&
    (step !== 'give_access' || account !== '')
  return (
    <ConfirmAct
      verb={t(`mediationStep.${step}`)}
      title={t(`mediationStep.${step}`)}
      disabled={why !== null}
      why={why ?? undefined}
      write={write}
      ready={ready}
      onYes={(_, done) =>
        write.mutate(
          {
            step,
            ...(step === 'mediated' && result !== '' ? { result } : {}),
            ...(dated && followUp !== '' ? { followUp } : {}),
            ...(step === 'followed_up' ? { holds: holds === 'yes' } : {}),
            ...(step === 'close' && closing !== '' ? { closing } : {}),
            ...(step === 'give_access' ? { account } : {}),
            ...(words.trim() === '' ? {} : { words: words.trim() }),
          },
          { onSuccess: done },
        )
      }
    >
      {step === 'end_access' ? null : <p>{t(`mediationStep.${step}.what`)}</p>}
      {step === 'mediated' ? (
        <SelectField<MediationResult>
          label={t('dispute.result')}
          value={result}
          onChange={setResult}
          any="–"
          choices={RESULTS.map((one) => ({ value: one, label: t(`mediationResult.${one}`) }))}
        />
      ) : null}
      {step === 'followed_up' ? (
        <SelectField<Holds>
          label={t('dispute.holds')}
          value={holds}
          onChange={setHolds}
          any="–"
          choices={[
            { value: 'yes', label: t('dispute.holds.yes') },
            { value: 'no', label: t('dispute.holds.no') },
          ]}
        />
      ) : null}
      {dated ? (
        <DayField label={t('dispute.followUp')} value={followUp} onChange={setFollowUp} min={desk.today} />
      ) : null}
      {step === 'close' ? (
        <SelectField<Closing>
          label={t('dispute.closing')}
          value={closing}
          onChange={setClosing}
          any="–"
          choices={closings}
        />
      ) : null}
      {step === 'give_access' ? <Colleague id={dispute.id} value={account} onChange={setAccount} /> : null}
      {WITH_TEXT.includes(step) ? <TextField long label={t('dispute.text')} value={words} onChange={setWords} /> : null}
    </ConfirmAct>
  )
}

/** What this reader can do now; a step that is refused says why. */
export function DisputeSteps({ dispute }: { dispute: DisputeDetail }): ReactNode {
  const say = useSay()
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {dispute.steps.map(({ step, ok, why }) => (
        <Step key={step} dispute={dispute} step={step} why={ok ? null : say(why)} />
      ))}
    </div>
  )
}
