import type { MyOrg, RollDay } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { TextField } from '../register/fields.tsx'
import { useWords } from '../texts.ts'
import { ORG } from './texts.ts'

const COUNTS = ['present', 'absent', 'fever'] as const
const whole = (text: string): boolean => /^\d{1,5}$/.test(text.trim())

/** Counts and nobody's name (ORG-10); what is under five is not shown again. */
export function Roll({ org, today }: { org: MyOrg; today: string }): ReactElement {
  const { t } = useWords(ORG)
  const [typed, setTyped] = useState({ present: '', absent: '', fever: '' })
  const [tried, setTried] = useState(false)
  const [sent, setSent] = useState<RollDay | null>(null)
  const { busy, trouble, act } = useAct()
  const send = (): void => {
    setTried(true)
    if (!COUNTS.every((key) => whole(typed[key]))) return
    act(async () => {
      const counts = Object.fromEntries(COUNTS.map((key) => [key, Number(typed[key])]))
      setSent(await ask<RollDay>('POST', `/api/my/orgs/${org.id}/roll`, { day: today, ...counts }))
    })
  }
  return (
    <details>
      <summary>{t('roll')}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {COUNTS.map((key) => (
          <TextField
            key={key}
            label={t(key)}
            name={`roll-${key}`}
            mode="numeric"
            max={5}
            bad={tried && !whole(typed[key])}
            fault={t('number')}
            value={typed[key]}
            onChange={(value) => setTyped((now) => ({ ...now, [key]: value }))}
          />
        ))}
        <Problem trouble={trouble} />
        <Act busy={busy} submit>
          {t('send')}
        </Act>
      </form>
      <p aria-live="polite">
        {sent !== null && `${t('rollSent')}: ${COUNTS.map((key) => `${t(key)} ${sent[key] ?? t('few')}`).join(' · ')}`}
      </p>
    </details>
  )
}
