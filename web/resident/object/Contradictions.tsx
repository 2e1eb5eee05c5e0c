import type { Explained, MyContradiction, MyContradictions } from '@weiwang/domain/healthcode/truth-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { OBJ } from './texts.ts'

/** Where what was declared and what is known elsewhere do not fit: both sides, and the way to explain it. No colour comes of it (TRUTH-2). */
export function Contradictions({ person }: { person: string | null }): ReactElement | null {
  const { t, say } = useWords(OBJ)
  const { answer, load } = useAsked<MyContradictions>('/api/my/contradictions')
  const items = answer?.items.filter((one) => person === null || one.personId === person) ?? []
  if (answer === null || items.length === 0) return null
  return (
    <section>
      <h2>{t('contradictions')}</h2>
      <p>{say(answer.about)}</p>
      {items.map((one) => (
        <One key={one.id} one={one} onSaid={load} />
      ))}
    </section>
  )
}

function One({ one, onSaid }: { one: MyContradiction; onSaid: () => Promise<void> }): ReactElement {
  const { t, say } = useWords(OBJ)
  const [words, setWords] = useState('')
  const [bad, setBad] = useState(false)
  const { busy, trouble, act } = useAct()
  const send = (): void => {
    setBad(words.trim().length < 2)
    if (words.trim().length < 2) return
    act(async () => {
      await ask<Explained>('POST', `/api/my/contradictions/${one.id}/explain`, { words: words.trim() })
      setWords('')
      await onSaid()
    })
  }
  const lines = (label: string, all: MyContradiction['said']) => (
    <>
      <dt>{label}</dt>
      {all.map((line) => (
        <dd key={line.say.en}>
          {say(line.say)}
          {line.sourceName !== null && (
            <span className="said small">{t('from', { source: say(line.sourceName) })}</span>
          )}
        </dd>
      ))}
    </>
  )
  return (
    <article>
      <p>
        <strong>{say(one.kindName)}</strong> · {one.masked} · {say(one.outcomeName ?? one.stateName)}
      </p>
      <dl className="notice">
        {lines(t('said'), one.said)}
        {lines(t('known'), one.known)}
      </dl>
      <ul>
        {one.next.map((next) => (
          <li key={next.en}>{say(next)}</li>
        ))}
      </ul>
      {one.may.includes('declare') && (
        <a className="button side" href={`#declare/${one.personId}`}>
          {t('declareAnew')}
        </a>
      )}
      <p aria-live="polite">{one.words !== null && t('explained', { words: one.words })}</p>
      {one.may.includes('explain') && (
        <>
          <label className="field">
            <span className="label">{t(one.words === null ? 'explain' : 'explainMore')}</span>
            <textarea
              rows={3}
              maxLength={1000}
              value={words}
              aria-invalid={bad}
              onChange={(event) => setWords(event.target.value)}
            />
          </label>
          {bad && (
            <p className="bad" role="alert">
              {t('wordsMissing')}
            </p>
          )}
          <Problem trouble={trouble} />
          <Act busy={busy} kind="side" onClick={send}>
            {t(one.words === null ? 'explain' : 'explainMore')}
          </Act>
        </>
      )}
    </article>
  )
}
