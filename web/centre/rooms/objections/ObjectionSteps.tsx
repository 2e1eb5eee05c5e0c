import { SteppedObjection } from '@weiwang/domain/healthcode/objection-api'
import type { DeskStep, Finding, ObjectionDetail } from '@weiwang/domain/healthcode/objection-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { Decide } from './Decide.tsx'
import { TOUCHES, useFindings } from './words.ts'

type Asked = { objection: ObjectionDetail; why: string | null }
const WITH_WORDS: readonly DeskStep[] = ['ask', 'supplement', 'pass']
/** Without words these say nothing. */
const NEED_WORDS: readonly DeskStep[] = ['ask', 'supplement']

function Step({ objection, step, why }: Asked & { step: DeskStep }): ReactNode {
  const { t } = useTranslation('centre')
  const findings = useFindings()
  const [finding, setFinding] = useState<Finding | ''>('')
  const [words, setWords] = useState('')
  const write = useWrite(SteppedObjection, { path: `/api/objections/${objection.id}/step`, touches: TOUCHES })
  const said = words.trim().length >= 2
  const ready = (step !== 'pass' || finding !== '') && (!NEED_WORDS.includes(step) || said)
  return (
    <ConfirmAct
      verb={t(`objectionStep.${step}`)}
      title={t(`objectionStep.${step}`)}
      disabled={why !== null}
      why={why ?? undefined}
      write={write}
      ready={ready}
      onYes={(_, done) =>
        write.mutate(
          {
            step,
            ...(step === 'pass' && finding !== '' ? { finding } : {}),
            ...(WITH_WORDS.includes(step) && said ? { words: words.trim() } : {}),
          },
          { onSuccess: done },
        )
      }
    >
      <p>{t(`objectionStep.${step}.what`)}</p>
      {step === 'pass' ? (
        <SelectField<Finding>
          label={t('objection.finding')}
          value={finding}
          onChange={setFinding}
          any="–"
          choices={findings}
        />
      ) : null}
      {WITH_WORDS.includes(step) ? (
        <TextField long label={t('objection.step.words')} value={words} onChange={setWords} />
      ) : null}
    </ConfirmAct>
  )
}

function Undo({ objection, why }: Asked): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(SteppedObjection, { path: `/api/objections/${objection.id}/undo`, touches: TOUCHES })
  return (
    <ConfirmAct
      verb={t('objectionStep.undo')}
      title={t('objectionStep.undo')}
      disabled={why !== null}
      why={why ?? undefined}
      reason={t('reason')}
      write={write}
      onYes={(words, done) => write.mutate({ words }, { onSuccess: done })}
    >
      <p>{t('objectionStep.undo.what')}</p>
    </ConfirmAct>
  )
}

/** What this reader can do now; a step that is refused says why. */
export function ObjectionSteps({ objection }: { objection: ObjectionDetail }): ReactNode {
  const say = useSay()
  const shown = objection.steps.filter((one) => objection.decidedAt === null || one.step === 'undo')
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {shown.map(({ step, ok, why }) => {
        const asked = { objection, why: ok || why === null ? null : say(why) }
        if (step === 'decide') return <Decide key={step} {...asked} />
        if (step === 'undo') return <Undo key={step} {...asked} />
        return <Step key={step} step={step} {...asked} />
      })}
    </div>
  )
}
