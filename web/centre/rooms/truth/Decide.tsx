import { Changed } from '@weiwang/domain/healthcode/truth-api'
import type { AskHow, ContradictionDetail } from '@weiwang/domain/healthcode/truth-api'
import type { Outcome } from '@weiwang/domain/healthcode/truth-kinds'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { CheckField, SelectField, Switcher, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

export const TOUCHES = ['/api/contradictions', '/api/tasks'] as const

function whyNot(
  one: ContradictionDetail,
  step: 'ask' | 'decide',
  say: (words: { zh: string; en: string }) => string,
): string | undefined {
  const found = one.steps.find((each) => each.step === step)
  return found?.ok === false ? (found.why ? say(found.why) : '–') : undefined
}

/** TRUTH-8: somebody of the grid calls or knocks. */
export function AskSomebody({ one }: { one: ContradictionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const said = useSaid()
  const [how, setHow] = useState<AskHow>('call')
  const write = useWrite(Changed, { path: `/api/contradictions/${one.id}/ask`, touches: TOUCHES })
  const why = whyNot(one, 'ask', say)
  return (
    <ConfirmAct
      verb={t('truth.ask')}
      title={t('truth.ask')}
      disabled={why !== undefined}
      why={why}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { how },
          {
            onSuccess: () => {
              said(t('truth.asked'))
              done()
            },
          },
        )
      }
    >
      <p>{t('truth.ask.lead')}</p>
      <p>
        <b>{say(one.asks)}</b>
      </p>
      <Switcher<AskHow>
        label={t('truth.ask.how')}
        value={how}
        onChange={setHow}
        choices={(['call', 'visit'] as const).map((value) => ({ value, label: t(`truth.ask.${value}`) }))}
      />
    </ConfirmAct>
  )
}

/** TRUTH-9 … TRUTH-11: what it was. */
export function Decide({ one }: { one: ContradictionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const said = useSaid()
  const [outcome, setOutcome] = useState<Outcome | ''>('')
  const [facts, setFacts] = useState<string[]>([])
  const [words, setWords] = useState('')
  const write = useWrite(Changed, { path: `/api/contradictions/${one.id}/decide`, touches: TOUCHES })
  const why = whyNot(one, 'decide', say)
  const chosen = one.outcomes.find((each) => each.outcome === outcome)
  const lacksFacts = outcome === 'our_error' && one.facts.length > 0 && facts.length === 0
  const lacksWords = outcome === 'false' && words.trim().length < 2
  return (
    <ConfirmAct
      primary
      verb={t('truth.decide')}
      title={t('truth.decide')}
      disabled={why !== undefined}
      why={why}
      write={write}
      ready={chosen?.ok === true && !lacksFacts && !lacksWords}
      onYes={(_, done) =>
        write.mutate(
          {
            outcome,
            facts: outcome === 'our_error' ? facts : [],
            ...(words.trim().length >= 2 ? { words: words.trim() } : {}),
          },
          {
            onSuccess: () => {
              said(t('truth.decided'))
              done()
            },
          },
        )
      }
    >
      <SelectField<Outcome>
        label={t('truth.outcome')}
        value={outcome}
        onChange={setOutcome}
        any="–"
        choices={one.outcomes.map((each) => ({ value: each.outcome, label: say(each.say) }))}
      />
      {chosen?.ok === false ? <p className="progress-text">{chosen.why ? say(chosen.why) : '–'}</p> : null}
      {outcome === 'our_error' && one.facts.length > 0 ? (
        <fieldset style={{ border: '1px solid var(--line)', padding: 8, margin: '0 0 8px' }}>
          <legend>{t('truth.decide.facts')}</legend>
          <p>{t('truth.decide.facts.what')}</p>
          {one.facts.map((fact) => (
            <CheckField
              key={fact.ref}
              label={`${say(fact.say)} · ${fact.source}`}
              value={facts.includes(fact.ref)}
              onChange={(yes) => setFacts(yes ? [...facts, fact.ref] : facts.filter((ref) => ref !== fact.ref))}
            />
          ))}
        </fieldset>
      ) : null}
      {outcome === 'false' ? <p>{t('truth.decide.false.what')}</p> : null}
      <TextField long label={t('truth.decide.words')} value={words} onChange={setWords} />
    </ConfirmAct>
  )
}
