import type { ChangedNumber } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { TextField } from '../register/fields.tsx'
import { useWords } from '../texts.ts'
import { RIGHTS } from './texts.ts'

/** A number changes, the person stays: the code that was sent to the new one proves it (REGISTER-6). */
export function NumberForm({ onDone }: { onDone?: () => Promise<void> }): ReactElement {
  const { t } = useWords(RIGHTS)
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [sent, setSent] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const { busy, trouble, act } = useAct()
  const step = (): void =>
    act(async () => {
      if (!sent) {
        await ask('POST', '/api/resident/code', { phone })
        setSent(true)
        return
      }
      setDone((await ask<ChangedNumber>('POST', '/api/my/registration/number', { phone, code })).phone)
      setSent(false)
      setPhone('')
      setCode('')
      await onDone?.()
    })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        step()
      }}
    >
      <p>{t('numberLead')}</p>
      <TextField
        name="phone"
        label={t('newNumber')}
        bad={false}
        mode="tel"
        max={20}
        value={phone}
        onChange={setPhone}
      />
      {sent && (
        <TextField
          name="code"
          label={t('code')}
          bad={false}
          mode="numeric"
          max={6}
          auto="one-time-code"
          value={code}
          onChange={setCode}
        />
      )}
      <Problem trouble={trouble} />
      {done !== null && <output className="said">{t('numberDone', { phone: done })}</output>}
      <Act busy={busy} kind="side" submit>
        {t(sent ? 'numberDo' : 'getCode')}
      </Act>
    </form>
  )
}
