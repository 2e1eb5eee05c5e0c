import type { Helper } from '@weiwang/domain/sync/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton } from '../../kit/phone/controls.tsx'
import { newId } from '../../shared/newId.ts'
import { useMine, useOutbox, usePhone } from '../phone/hooks.tsx'
import { whereNow } from './Evidence.tsx'
import { State, useReceipt } from './Sent.tsx'
import { CallButton } from './Whom.tsx'

/** How long a call for help waits for the place. */
const WAIT_MS = 4_000
const NONE: readonly Helper[] = []

/** Whom to call, one tap each. */
export function Helpers(): ReactNode {
  const { t } = useTranslation('worker')
  const helpers = useMine()?.helpers ?? NONE
  if (helpers.length === 0) return <p className="card-place">{t('help.none')}</p>
  return helpers.map((helper) => (
    <section className="card" key={`${helper.role} ${helper.phone}`}>
      <h2>{t(`help.${helper.role}`)}</h2>
      <p>{helper.name}</p>
      <CallButton phone={helper.phone} />
    </section>
  ))
}

/** Calls for help over the net: it goes up before everything else that waits, with the place when the phone may say it. */
export function AskButton({
  grid,
  about,
}: {
  grid: string
  about: { taskId?: string; householdId?: string }
}): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState<string | null>(null)
  const item = useOutbox().find((one) => one.key === asked) ?? null
  const receipt = useReceipt(asked ?? '')
  const ask = async (): Promise<void> => {
    setBusy(true)
    const occurredAt = phone.now().toISOString()
    // Help does not wait for satellites: a place that is not known at once is left out.
    const position = await Promise.race([
      whereNow(),
      new Promise<null>((resolve) => setTimeout(resolve, WAIT_MS, null)),
    ])
    const body = { id: newId(phone.now()), grid, ...about, ...(position ? { position } : {}), occurredAt }
    setAsked((await phone.outbox.add({ kind: 'help.ask', grid, body })).key)
    setBusy(false)
    void phone.sync()
  }
  if (asked !== null) {
    return (
      <section className="card">
        <b>{t(receipt ? 'help.heard' : 'help.waits')}</b>
        <State item={item} receipt={receipt} />
      </section>
    )
  }
  return (
    <p>
      <BigButton busy={busy} onClick={() => void ask()}>
        {t('help.ask')}
      </BigButton>
    </p>
  )
}

/** On a visit made alone: call somebody from here, or call for help over the net. */
export function HelpAtDoor({
  grid,
  taskId,
  householdId,
}: {
  grid: string
  taskId?: string
  householdId?: string | null
}): ReactNode {
  const { t } = useTranslation('worker')
  const about = { ...(taskId ? { taskId } : {}), ...(householdId ? { householdId } : {}) }
  return (
    <details className="part">
      <summary>{t('help.here')}</summary>
      <AskButton grid={grid} about={about} />
      <Helpers />
    </details>
  )
}
