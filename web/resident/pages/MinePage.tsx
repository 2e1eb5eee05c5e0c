import type { MyObservations } from '@weiwang/domain/observation/my-api'
import type { MyReadings } from '@weiwang/domain/observation/reading-api'
import { useCallback, useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { ask, Trouble } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { clock } from '../when.ts'
import { HelpPage } from './HelpPage.tsx'
import { LoginPage } from './LoginPage.tsx'
import { ObjectPage } from './ObjectPage.tsx'
import { PersonCard } from './PersonCard.tsx'
import { ReportPage } from './ReportPage.tsx'
import { SignPage } from './SignPage.tsx'

/** `ahead`: how far the server's clock is before this phone's, in milliseconds; deadlines go by the server's (an exercise has its own). */
export type Mine = { observations: MyObservations; readings: MyReadings; ahead: number }

/** The screens under one address; the button "back" of the phone goes back. */
function useScreen(): [string, string] {
  const read = (): [string, string] => {
    const [name = '', id = ''] = location.hash.replace(/^#/, '').split('/')
    return [name, id]
  }
  const [screen, setScreen] = useState(read)
  useEffect(() => {
    const follow = (): void => {
      setScreen(read())
      scrollTo(0, 0)
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return screen
}

export function MinePage(): ReactElement {
  const { t, lang } = useWords()
  const [name, id] = useScreen()
  const [mine, setMine] = useState<Mine | null>(null)
  const [out, setOut] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const leave = useAct()

  const load = useCallback(
    (): Promise<void> =>
      Promise.all([
        ask<MyObservations>('GET', '/api/my/observations'),
        ask<MyReadings>('GET', '/api/my/readings'),
      ]).then(
        ([observations, readings]) => {
          setMine({ observations, readings, ahead: Date.parse(readings.asOf) - Date.now() })
          setOut(false)
          setTrouble(null)
        },
        (error: unknown) => {
          if (!(error instanceof Trouble)) throw error
          if (error.status === 401) setOut(true)
          else setTrouble(error)
        },
      ),
    [],
  )
  useEffect(() => {
    void load()
  }, [load])

  if (out) return <LoginPage onIn={load} />
  if (mine === null)
    return (
      <main>
        <Problem trouble={trouble} />
        {trouble === null ? (
          <p aria-busy="true">{t('working')}</p>
        ) : (
          <Act busy={false} onClick={() => void load()}>
            {t('reload')}
          </Act>
        )}
      </main>
    )
  const one = mine.observations.items.find((item) => item.id === id)
  if (name === 'report') return <ReportPage mine={mine} onFiled={load} />
  if (name === 'help') return <HelpPage mine={mine} />
  if (name === 'sign' && one) return <SignPage one={one} onSigned={load} />
  if (name === 'object' && one) return <ObjectPage one={one} onSent={load} />
  const { items, asOf } = mine.observations
  return (
    <main>
      <Problem trouble={trouble} />
      {items.length === 0 && (
        <section>
          <h1>{t('nobody')}</h1>
          <p>{t('nobodyHint')}</p>
        </section>
      )}
      {items.map((item) => (
        <PersonCard key={`${item.id} ${mine.readings.asOf}`} one={item} mine={mine} />
      ))}
      {items.length > 0 && (
        <a className="button side" href="#help">
          {t('help')}
        </a>
      )}
      <p className="quiet">
        {t('asOf', { time: clock(asOf, lang) })}{' '}
        <button type="button" className="plain" onClick={() => void load()}>
          {t('reload')}
        </button>{' '}
        <button
          type="button"
          className="plain"
          onClick={() =>
            leave.act(async () => {
              await ask('POST', '/api/logout')
              setMine(null)
              setOut(true)
            })
          }
        >
          {t('logout')}
        </button>
      </p>
    </main>
  )
}
