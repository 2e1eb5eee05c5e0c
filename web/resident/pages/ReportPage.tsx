import { useState } from 'react'
import type { ReactElement } from 'react'
import { Act, focusLack, Problem } from '../parts.tsx'
import { EMPTY, isFilled, ReadingFields } from '../reading.tsx'
import type { Draft } from '../reading.tsx'
import { useWords } from '../texts.ts'
import { Confirm } from './Confirm.tsx'
import type { Mine } from './mine.ts'
import { canReport } from './PersonCard.tsx'
import { useSending } from './sending.ts'
import { HOME } from './texts.ts'

/** Everybody for whom a report is open, in one form and one sending. */
export function ReportPage({ mine, onFiled }: { mine: Mine; onFiled: () => Promise<void> }): ReactElement {
  const { t } = useWords(HOME)
  // Whose reports were open when the page was opened: what is typed does not go when the clock passes a deadline.
  const [asked] = useState(() => {
    const now = Date.now() + mine.ahead
    return mine.readings.items.filter((item) => item.slots.some((slot) => canReport(slot, now)))
  })
  const [drafts, setDrafts] = useState<Record<string, Draft>>({})
  /** Whoever sleeps, or has not measured yet, holds nobody else up. */
  const [later, setLater] = useState<readonly string[]>([])
  const [tried, setTried] = useState(false)
  const { odd, filed, busy, trouble, send: sendAll, again } = useSending(onFiled)

  const draftOf = (id: string): Draft => drafts[id] ?? EMPTY

  const send = (confirmed: boolean): void => {
    setTried(true)
    const now = asked.filter((item) => !later.includes(item.observationId))
    if (now.length === 0 || !now.every((item) => isFilled(draftOf(item.observationId)))) return focusLack()
    return sendAll(
      now.map(({ county, observationId }) => ({ county, observationId, draft: draftOf(observationId) })),
      confirmed,
    )
  }

  if (filed !== null)
    return (
      <main>
        <h1>
          <output>{t('thanks')}</output>
        </h1>
        {filed.items.some((item) => item.alarm !== null) && <p className="alarm">{t('alarm')}</p>}
        <a className="button main" href="#home">
          {t('back')}
        </a>
      </main>
    )
  if (asked.length === 0)
    return (
      <main>
        <h1>{t('linkDone')}</h1>
        <a className="button main" href="#home">
          {t('back')}
        </a>
      </main>
    )
  return (
    <main>
      {asked.map((item) => (
        <section key={item.observationId} aria-label={item.masked}>
          <h1>
            {item.masked} {item.self && <small>{t('me')}</small>}
          </h1>
          {asked.length > 1 && (
            <button
              type="button"
              className="chip"
              aria-pressed={later.includes(item.observationId)}
              onClick={() => setLater((all) => toggled(all, item.observationId))}
            >
              {t('later')}
            </button>
          )}
          {!later.includes(item.observationId) && (
            <ReadingFields
              draft={draftOf(item.observationId)}
              asked={tried}
              onChange={(draft) => setDrafts((all) => ({ ...all, [item.observationId]: draft }))}
            />
          )}
        </section>
      ))}
      {odd !== null && <Confirm temperature={odd} onYes={() => send(true)} onNo={again} />}
      {tried && later.length === asked.length && (
        <p className="bad" role="alert">
          {t('laterAll')}
        </p>
      )}
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={() => send(false)}>
        {t('send')}
      </Act>
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

function toggled(all: readonly string[], one: string): string[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one]
}
