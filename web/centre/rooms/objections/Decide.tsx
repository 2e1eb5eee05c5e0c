import { SteppedObjection } from '@weiwang/domain/healthcode/objection-api'
import type { FactSide, ObjectionDetail, Refusal, Wrong } from '@weiwang/domain/healthcode/objection-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { CheckField, DayField, SelectField, Switcher, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TOUCHES, useRefusals, useWrongs } from './words.ts'

type Days = { from: string; to: string }

/** Facts to deny, each with the days that the correction covers. */
function Corrections({
  facts,
  chosen,
  onChange,
}: {
  facts: readonly FactSide[]
  chosen: ReadonlyMap<string, Days>
  onChange: (chosen: Map<string, Days>) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const set = (factId: string, days: Days | null): void => {
    const next = new Map(chosen)
    if (days) next.set(factId, days)
    else next.delete(factId)
    onChange(next)
  }
  return (
    <>
      {facts.map((fact) => {
        const days = chosen.get(fact.factId)
        return (
          <div key={fact.factId} style={{ marginBottom: 8 }}>
            <CheckField
              label={`${say(fact.say)} · ${say(fact.sourceName)}`}
              value={days !== undefined}
              onChange={(yes) => set(fact.factId, yes ? { from: fact.from, to: fact.to } : null)}
            />
            {days && fact.kind === 'stay' ? (
              <fieldset
                className="filters"
                style={{ border: 0, margin: 0, padding: 0 }}
                aria-label={t('objection.days')}
              >
                <DayField
                  label={t('rules.from')}
                  value={days.from}
                  max={fact.from}
                  onChange={(from) => set(fact.factId, { ...days, from })}
                />
                <DayField
                  label={t('rules.until')}
                  value={days.to}
                  min={fact.to}
                  onChange={(to) => set(fact.factId, { ...days, to })}
                />
              </fieldset>
            ) : null}
          </div>
        )
      })}
      {chosen.size > 0 ? <p className="progress-text">{t('objection.days.what')}</p> : null}
    </>
  )
}

/** The county's single final review (OBJECT-8, OBJECT-11, OBJECT-12). */
export function Decide({ objection, why }: { objection: ObjectionDetail; why: string | null }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const said = useSaid()
  const wrongs = useWrongs()
  const refusals = useRefusals()
  const [decision, setDecision] = useState<'granted' | 'refused'>('granted')
  const [wrong, setWrong] = useState<Wrong | ''>('')
  const [refusal, setRefusal] = useState<Refusal | ''>('')
  const [facts, setFacts] = useState<Map<string, Days>>(
    () =>
      new Map(
        objection.facts
          .filter((fact) => fact.behind && !fact.denied)
          .map((fact) => [fact.factId, { from: fact.from, to: fact.to }]),
      ),
  )
  const [manual, setManual] = useState<string[]>([])
  const [elsewhere, setElsewhere] = useState(false)
  const [words, setWords] = useState('')
  const write = useWrite(SteppedObjection, { path: `/api/objections/${objection.id}/decide`, touches: TOUCHES })
  const granted = decision === 'granted'
  const corrected = facts.size + manual.length > 0 || elsewhere
  const ready = words.trim().length >= 2 && (granted ? wrong !== '' && corrected : refusal !== '')
  const body = granted
    ? {
        decision,
        wrong,
        facts: [...facts].map(([factId, days]) => ({ factId, from: days.from, to: days.to })),
        manual,
        elsewhere,
        words: words.trim(),
      }
    : { decision, refusal, words: words.trim() }
  return (
    <ConfirmAct
      primary
      verb={t('objectionStep.decide')}
      yes={t(`objection.decision.${decision}`)}
      title={t('objectionStep.decide')}
      disabled={why !== null}
      why={why ?? undefined}
      write={write}
      ready={ready}
      onYes={(_, done) =>
        write.mutate(body, {
          onSuccess: (answer) => {
            said(`${t('objection.decided')} ${c(`colour.${answer.colour ?? 'none'}`)}`)
            done()
          },
        })
      }
    >
      <Switcher
        label={t('objection.decision')}
        value={decision}
        onChange={setDecision}
        choices={(['granted', 'refused'] as const).map((value) => ({
          value,
          label: t(`objection.decision.${value}`),
        }))}
      />
      {granted ? (
        <>
          <SelectField<Wrong> label={t('objection.wrong')} value={wrong} onChange={setWrong} any="–" choices={wrongs} />
          <fieldset style={{ border: '1px solid var(--line)', padding: 8, margin: '0 0 8px' }}>
            <legend>{t('objection.correct')}</legend>
            <p>{t('objection.correct.what')}</p>
            <Corrections facts={objection.facts.filter((fact) => !fact.denied)} chosen={facts} onChange={setFacts} />
            {objection.manual.map((one) => (
              <CheckField
                key={one.id}
                label={`${t('objection.manual')}: ${say(one.say)}`}
                value={manual.includes(one.id)}
                onChange={(yes) => setManual(yes ? [...manual, one.id] : manual.filter((id) => id !== one.id))}
              />
            ))}
            <CheckField label={t('objection.correct.elsewhere')} value={elsewhere} onChange={setElsewhere} />
            <p>
              <b>{t('objection.correct.facts', { n: String(facts.size) })}</b>
            </p>
          </fieldset>
        </>
      ) : (
        <SelectField<Refusal>
          label={t('objection.refusal')}
          value={refusal}
          onChange={setRefusal}
          any="–"
          choices={refusals}
        />
      )}
      <TextField long label={t('objection.step.words')} value={words} onChange={setWords} />
    </ConfirmAct>
  )
}
