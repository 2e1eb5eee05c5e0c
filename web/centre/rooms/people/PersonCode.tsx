import { CodeView, STOP_REASONS, StoppedCode } from '@weiwang/domain/healthcode/code-api'
import type { StopReason } from '@weiwang/domain/healthcode/code-api'
import { CODE_STATE_SAY, STOP_SAY } from '@weiwang/domain/healthcode/code-words'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fetchSheet } from '../../../api/http.ts'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour, When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

/** What the desk says to somebody who asks about their code, the paper for who has no phone, and its end for who has lost one. */
export function PersonCode({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const answer = useQuery(q(CodeView, `/api/codes/${id}`))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const code = answer.data
  if (code.state === 'none') return <p>{t('code.none')}</p>
  return (
    <>
      <p style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        {code.colour === null ? <WordTag strong>{say(code.stateName)}</WordTag> : <Colour colour={code.colour} />}
        {code.untilDay === null ? null : <span>{t('code.until', { day: dayWords(code.untilDay, clock) })}</span>}
        {code.ruleSet === null ? null : <span>{say(code.ruleSet.name)}</span>}
      </p>
      <p>{say(code.means)}</p>
      {code.heldUntil === null ? null : <p>{t('code.held', { day: dayWords(code.heldUntil, clock) })}</p>}
      {code.mayAct ? (
        <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
          {code.mayPaper ? <Print id={id} /> : null}
          {code.heldUntil === null ? <Stop id={id} /> : <Resume id={id} />}
        </div>
      ) : null}
      <ol className="history">
        {code.history.map((one) => (
          <li key={one.n}>
            {say(one.say)}{' '}
            {colourOf(one.to) === null ? (
              <WordTag>{say(CODE_STATE_SAY[one.to])}</WordTag>
            ) : (
              <Colour colour={colourOf(one.to)} />
            )}
            <small>
              <When at={one.at} />
            </small>
          </li>
        ))}
      </ol>
    </>
  )
}

function colourOf(state: CodeView['state']): CodeView['colour'] {
  return state === 'red' || state === 'yellow' || state === 'green' || state === 'pending' ? state : null
}

const TOUCHES = ['/api/codes']

function Print({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const print = useMutation<Blob, Error, string>({
    mutationFn: (purpose) => fetchSheet(`/api/codes/${id}/paper`, { purpose }),
  })
  return (
    <ConfirmAct
      verb={t('code.print')}
      title={t('code.print')}
      reason={t('code.print.why')}
      write={print}
      onYes={(purpose, done) =>
        print.mutate(purpose, {
          onSuccess: (pdf) => {
            const url = URL.createObjectURL(pdf)
            window.open(url, '_blank', 'noopener')
            // The new window reads it first.
            setTimeout(() => URL.revokeObjectURL(url), 60_000)
            done()
          },
        })
      }
    >
      <p>{t('code.print.lead')}</p>
    </ConfirmAct>
  )
}

function Stop({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [why, setWhy] = useState<StopReason | ''>('')
  const write = useWrite(StoppedCode, { path: `/api/codes/${id}/stop`, touches: TOUCHES })
  return (
    <>
      <ConfirmAct
        verb={t('code.stop')}
        title={t('code.stop')}
        reason={t('code.stop.words')}
        write={write}
        ready={why !== ''}
        onYes={(words, done) => write.mutate({ why, words }, { onSuccess: done })}
      >
        <p>{t('code.stop.lead')}</p>
        <SelectField<StopReason>
          label={t('code.stop.why')}
          value={why}
          onChange={setWhy}
          choices={STOP_REASONS.map((value) => ({ value, label: say(STOP_SAY[value]) }))}
        />
      </ConfirmAct>
      {write.data?.ended === undefined || write.data.heldUntil !== null ? null : (
        <output>{t('code.ended', { n: write.data.ended })}</output>
      )}
    </>
  )
}

function Resume({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(StoppedCode, { path: `/api/codes/${id}/resume`, touches: TOUCHES })
  return (
    <ConfirmAct
      primary
      verb={t('code.resume')}
      title={t('code.resume')}
      reason={t('code.stop.words')}
      write={write}
      onYes={(words, done) => write.mutate({ cardSeen: true, words }, { onSuccess: done })}
    >
      <p>{t('code.resume.lead')}</p>
    </ConfirmAct>
  )
}
