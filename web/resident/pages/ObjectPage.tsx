import type { MyObservation } from '@weiwang/domain/observation/my-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { HOME } from './texts.ts'

/** OBS-21: what is wrong, in the person's own words. */
export function ObjectPage({ one, onSent }: { one: MyObservation; onSent: () => Promise<void> }): ReactElement {
  const { t } = useWords(HOME)
  const [words, setWords] = useState('')
  const [empty, setEmpty] = useState(false)
  const { busy, trouble, act } = useAct()
  const send = (): void => {
    setEmpty(words.trim() === '')
    if (words.trim() === '') return
    act(async () => {
      await ask('POST', `/api/my/observations/${one.id}/object`, { words: words.trim() })
      await onSent()
      location.hash = '#home'
    })
  }
  return (
    <main>
      <h1>{t('wrong')}</h1>
      <p>{one.masked}</p>
      <label className="field">
        <span className="label">{t('objectLead')}</span>
        <textarea
          rows={5}
          maxLength={500}
          value={words}
          aria-invalid={empty}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      {empty && (
        <p className="bad" role="alert">
          {t('writeSomething')}
        </p>
      )}
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={send}>
        {t('objectSend')}
      </Act>
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}
