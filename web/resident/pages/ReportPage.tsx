import type { FiledReadings } from '@weiwang/domain/observation/reading-api'
import { isUnlikely, parseTemperature } from '@weiwang/domain/observation/temperature'
import { useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { ask, Trouble } from '../net.ts'
import { Act, focusLack, Problem, useAct } from '../parts.tsx'
import { EMPTY, isFilled, ReadingFields, wordsOf } from '../reading.tsx'
import type { Draft } from '../reading.tsx'
import { useWords } from '../texts.ts'
import { Confirm } from './Confirm.tsx'
import type { Mine } from './mine.ts'
import { canReport } from './PersonCard.tsx'
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
  const [odd, setOdd] = useState<number | null>(null)
  const [filed, setFiled] = useState<FiledReadings | null>(null)
  const ids = useRef<Record<string, string>>({})
  const { busy, trouble, act } = useAct()

  const draftOf = (id: string): Draft => drafts[id] ?? EMPTY
  const idOf = (observationId: string): string => (ids.current[observationId] ??= newId(new Date()))

  const send = (confirmed: boolean): void => {
    setTried(true)
    const now = asked.filter((item) => !later.includes(item.observationId))
    if (now.length === 0 || !now.every((item) => isFilled(draftOf(item.observationId)))) return focusLack()
    const temperatures = now.map((item) =>
      draftOf(item.observationId).cannot ? null : parseTemperature(draftOf(item.observationId).typed),
    )
    const unlikely = temperatures.find((one) => one !== null && isUnlikely(one))
    if (!confirmed && unlikely !== undefined && unlikely !== null) {
      setOdd(unlikely)
      return
    }
    setOdd(null)
    act(async () => {
      try {
        setFiled(
          await ask<FiledReadings>('POST', '/api/my/readings', {
            items: now.map(({ county, observationId }) => ({
              id: idOf(observationId),
              county,
              observationId,
              ...wordsOf(draftOf(observationId)),
              confirmed,
            })),
          }),
        )
      } catch (error) {
        if (!(error instanceof Trouble) || error.body.code !== 'UNLIKELY_TEMPERATURE') throw error
        setOdd(temperatures.find((one) => one !== null) ?? 0)
        return
      }
      await onFiled()
    })
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
      {odd !== null && <Confirm temperature={odd} onYes={() => send(true)} onNo={() => setOdd(null)} />}
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
