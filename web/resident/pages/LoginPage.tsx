import { useState } from 'react'
import type { ReactElement } from 'react'
import { book } from '../code/book.ts'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'

/** The number, then the code that was sent to it (ACCESS-22). The same words whether the number is known or not. */
export function LoginPage({ onIn }: { onIn: () => Promise<void> }): ReactElement {
  const { t, lang } = useWords()
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [sent, setSent] = useState(false)
  const { busy, trouble, act, clear } = useAct()
  const send = (): void =>
    act(async () => {
      await ask('POST', '/api/resident/code', { phone })
      setSent(true)
    })
  const enter = (): void =>
    act(async () => {
      await ask('POST', '/api/resident/verify', { phone, code, lang })
      await book.entered()
      await onIn()
    })
  return (
    <main>
      <h1>{t('loginTitle')}</h1>
      <p>{t('loginLead')}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (sent) enter()
          else send()
        }}
      >
        <label className="field">
          <span className="label">{t('phone')}</span>
          <input
            className="big"
            type="tel"
            inputMode="tel"
            autoComplete="tel"
            maxLength={20}
            value={phone}
            readOnly={sent}
            onChange={(event) => setPhone(event.target.value)}
          />
        </label>
        {sent && (
          <label className="field">
            <span className="label">{t('code')}</span>
            <input
              className="big"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
            <output className="said small">{t('codeSent')}</output>
          </label>
        )}
        <Problem trouble={trouble} />
        <Act busy={busy} onClick={sent ? enter : send}>
          {t(sent ? 'enter' : 'getCode')}
        </Act>
        {sent && (
          <button
            type="button"
            className="plain"
            onClick={() => {
              setSent(false)
              setCode('')
              clear()
            }}
          >
            {t('otherNumber')}
          </button>
        )}
      </form>
      <p className="quiet">{t('noPhone')}</p>
    </main>
  )
}
