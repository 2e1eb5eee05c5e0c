import type { FiledByLink, LinkPage as Looked } from '@weiwang/domain/observation/reading-api'
import { parseTemperature } from '@weiwang/domain/observation/temperature'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { ask, Trouble } from '../net.ts'
import { Act, focusLack, Problem, useAct } from '../parts.tsx'
import { EMPTY, isFilled, ReadingFields, wordsOf } from '../reading.tsx'
import type { Draft } from '../reading.tsx'
import { useWords } from '../texts.ts'
import { clock } from '../when.ts'
import { Confirm } from './Confirm.tsx'
import { HOME } from './texts.ts'

/** What a link of a message opens: one person, one slot, no log-in and no name (READ-13). */
export function LinkPage({ token }: { token: string }): ReactElement {
  const { t, lang } = useWords(HOME)
  const [look, setLook] = useState<Looked | Trouble | null>(null)
  const [draft, setDraft] = useState<Draft>(EMPTY)
  const [asked, setAsked] = useState(false)
  const [unlikely, setUnlikely] = useState(false)
  const [done, setDone] = useState<FiledByLink | null>(null)
  const [stopped, setStopped] = useState(false)
  const [id] = useState(() => newId(new Date()))
  const { busy, trouble, act } = useAct()

  useEffect(() => {
    ask<Looked>('POST', '/api/readings/link/look', { token }).then(setLook, (error: unknown) => {
      if (error instanceof Trouble) setLook(error)
      else throw error
    })
  }, [token])

  const send = (confirmed: boolean): void => {
    setAsked(true)
    if (!isFilled(draft)) return focusLack()
    act(async () => {
      try {
        setDone(
          await ask<FiledByLink>('POST', '/api/readings/link/file', {
            token,
            id,
            ...wordsOf(draft),
            confirmed,
          }),
        )
      } catch (error) {
        if (!(error instanceof Trouble) || error.body.code !== 'UNLIKELY_TEMPERATURE') throw error
        setUnlikely(true)
      }
    })
  }
  const stop = (): void =>
    act(async () => {
      await ask('POST', '/api/readings/link/stop', { token })
      setStopped(true)
    })

  if (look === null) return <p aria-busy="true">{t('working')}</p>
  if (look instanceof Trouble) {
    const over = look.body.code === 'LINK_OVER'
    const used = look.body.code === 'LINK_USED'
    return (
      <main>
        {over || used ? <h1>{t(over ? 'linkOver' : 'linkDone')}</h1> : <Problem trouble={look} />}
        {over && <p>{t('linkOverHint')}</p>}
      </main>
    )
  }
  if (done !== null || look.answered)
    return (
      <main>
        <h1>
          <output>{t(done === null ? 'linkDone' : 'thanks')}</output>
        </h1>
        {done?.alarm && <p className="alarm">{t('alarm')}</p>}
      </main>
    )
  return (
    <main>
      <h1>
        {t(look.part)} · {t('first', { n: look.ordinal })}
      </h1>
      <p>{t('by', { time: clock(look.dueAt, lang) })}</p>
      <ReadingFields draft={draft} onChange={setDraft} asked={asked} />
      {unlikely && (
        <Confirm
          temperature={parseTemperature(draft.typed) ?? 0}
          onYes={() => send(true)}
          onNo={() => setUnlikely(false)}
        />
      )}
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={() => send(false)}>
        {t('send')}
      </Act>
      {stopped ? (
        <output className="said">{t('stopped')}</output>
      ) : (
        <button type="button" className="plain" onClick={stop}>
          {t('stop')}
        </button>
      )}
    </main>
  )
}
