import type { MyObjection } from '@weiwang/domain/healthcode/objection-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { moment } from '../when.ts'
import { MOST, Proofs, sendPicture } from './Proofs.tsx'
import type { Picture } from './Proofs.tsx'
import { OBJ } from './texts.ts'

/** Where an objection stands: with whom, by when, what is asked for, and the answer with its reason. */
export function OneObjection({ one, onStep }: { one: MyObjection; onStep: () => Promise<void> }): ReactElement {
  const { t, say, lang } = useWords(OBJ)
  const open = one.answer === null && one.state !== 'withdrawn'
  return (
    <article>
      <p>
        <strong>{say(one.stateName)}</strong> · {one.masked} · {say(one.groundName)}
      </p>
      {one.reason !== null && (
        <p>
          {say(one.reason.say)}: {say(one.reason.fact.say)} ({say(one.reason.fact.sourceName)})
        </p>
      )}
      {open && (
        <p>
          {t('at', { desk: one.deskName })}
          {one.dueBy !== null && ` · ${t('dueBy', { when: moment(one.dueBy, lang) })}`}
          {one.late && ` · ${t('late')}`}
        </p>
      )}
      {one.asked !== null && (
        <div className="trouble" aria-live="polite">
          <strong>{t('asked')}</strong>
          <p>{one.asked}</p>
          {one.askedUntil !== null && <p>{t('askedUntil', { when: moment(one.askedUntil, lang) })}</p>}
        </div>
      )}
      <Answered one={one} />
      {(one.may.includes('supplement') || one.may.includes('prove')) && <Supplement one={one} onStep={onStep} />}
      {one.may.includes('withdraw') && <Withdraw one={one} onStep={onStep} />}
      <details>
        <summary>{t('history')}</summary>
        <ul>
          {one.history.map((line) => (
            <li key={`${line.at}${line.say.en}`}>
              {moment(line.at, lang)}: {say(line.say)}
            </li>
          ))}
        </ul>
      </details>
    </article>
  )
}

function Answered({ one: { answer } }: { one: MyObjection }): ReactElement | null {
  const { t, say } = useWords(OBJ)
  if (answer === null) return null
  const word = (colour: 'red' | 'yellow' | 'green' | 'pending' | null): string => t(`c_${colour ?? 'none'}`)
  return (
    <div aria-live="polite">
      <p>
        <strong>{t(answer.granted ? 'granted' : 'refused')}</strong>: {say(answer.say)}
      </p>
      {answer.words !== null && <p>{answer.words}</p>}
      {answer.colourAfter !== answer.colourBefore && (
        <p>{t('became', { before: word(answer.colourBefore), after: word(answer.colourAfter) })}</p>
      )}
      {answer.remedies.length > 0 && (
        <>
          <p className="label">{t('next')}</p>
          <ul>
            {answer.remedies.map((remedy) => (
              <li key={remedy.en}>{say(remedy)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Supplement({ one, onStep }: { one: MyObjection; onStep: () => Promise<void> }): ReactElement {
  const { t } = useWords(OBJ)
  const [words, setWords] = useState('')
  const [pictures, setPictures] = useState<Picture[]>([])
  const [tried, setTried] = useState(false)
  const { busy, trouble, act } = useAct()
  const speaks = one.may.includes('supplement')
  // Words end the wait of whoever has asked; a picture alone would leave the clock standing (OBJECT-7).
  const lacks = speaks ? words.trim().length < 2 : pictures.length === 0
  const bad = tried && lacks
  const send = (): void => {
    setTried(true)
    if (lacks) return
    act(async () => {
      const left = [...pictures]
      for (const picture of pictures) {
        await sendPicture(one.id, picture)
        left.shift()
        setPictures([...left])
      }
      if (speaks) await ask<MyObjection>('POST', `/api/my/objections/${one.id}/supplement`, { words: words.trim() })
      setWords('')
      setTried(false)
      await onStep()
    })
  }
  return (
    <details open={one.asked !== null}>
      <summary>{t('supplement')}</summary>
      {speaks && (
        <label className="field">
          <span className="label">{t('words')}</span>
          <textarea
            rows={3}
            maxLength={1000}
            value={words}
            aria-invalid={bad}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      )}
      {bad && (
        <p className="bad" role="alert">
          {t(speaks ? 'wordsMissing' : 'photoMissing')}
        </p>
      )}
      <Proofs pictures={pictures} onChange={setPictures} used={Math.min(MOST, one.proofs.length)} />
      <Problem trouble={trouble} />
      <Act busy={busy} kind="side" onClick={send}>
        {t('supplementSend')}
      </Act>
    </details>
  )
}

function Withdraw({ one, onStep }: { one: MyObjection; onStep: () => Promise<void> }): ReactElement {
  const { t } = useWords(OBJ)
  const [sure, setSure] = useState(false)
  const { busy, trouble, act } = useAct()
  if (!sure)
    return (
      <button type="button" className="plain" onClick={() => setSure(true)}>
        {t('withdraw')}
      </button>
    )
  return (
    <>
      <Problem trouble={trouble} />
      <Act
        busy={busy}
        kind="side"
        onClick={() =>
          act(async () => {
            await ask<MyObjection>('POST', `/api/my/objections/${one.id}/withdraw`, {})
            await onStep()
          })
        }
      >
        {t('withdrawDo')}
      </Act>
      <button type="button" className="plain" onClick={() => setSure(false)}>
        {t('keep')}
      </button>
    </>
  )
}
