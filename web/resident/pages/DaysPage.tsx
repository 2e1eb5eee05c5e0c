import type { MyObservations } from '@weiwang/domain/observation/my-api'
import type { MyReadings } from '@weiwang/domain/observation/reading-api'
import { useCallback, useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { ask, Trouble } from '../net.ts'
import { Act, Problem } from '../parts.tsx'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { HelpPage } from './HelpPage.tsx'
import { LatePage } from './LatePage.tsx'
import { held } from './mine.ts'
import type { Mine } from './mine.ts'
import { ObjectPage } from './ObjectPage.tsx'
import { OutingPage } from './OutingPage.tsx'
import { PersonCard } from './PersonCard.tsx'
import { ReportPage } from './ReportPage.tsx'
import { SignPage } from './SignPage.tsx'
import { HOME } from './texts.ts'

/** The days at home: below the code on the first screen, and screens of their own for a report, help, a signature, an objection. */
export function DaysPage({ screen: { name, id } }: { screen: Screen }): ReactElement | null {
  const { t } = useWords(HOME)
  const [mine, setMine] = useState<Mine | null>(() => held.mine)
  const [trouble, setTrouble] = useState<Trouble | null>(null)

  const load = useCallback(
    (): Promise<void> =>
      Promise.all([
        ask<MyObservations>('GET', '/api/my/observations'),
        ask<MyReadings>('GET', '/api/my/readings'),
      ]).then(
        ([observations, readings]) => {
          held.mine = { observations, readings, ahead: Date.parse(readings.asOf) - Date.now() }
          setMine(held.mine)
          setTrouble(null)
        },
        (error: unknown) => {
          if (!(error instanceof Trouble)) throw error
          setTrouble(error)
        },
      ),
    [],
  )
  useEffect(() => {
    void load()
  }, [load])

  const first = name === 'home'
  if (mine === null) {
    // Without a network the code above says so already, and is good without these.
    if (first && (trouble === null || trouble.status === 0 || trouble.status === 401)) return null
    return (
      <div>
        <Problem trouble={trouble} />
        {trouble === null ? (
          <p aria-busy="true">{t('working')}</p>
        ) : (
          <Act busy={false} onClick={() => void load()}>
            {t('again')}
          </Act>
        )}
      </div>
    )
  }
  const one = mine.observations.items.find((item) => item.id === id)
  if (name === 'report') return <ReportPage mine={mine} onFiled={load} />
  if (name === 'help') return <HelpPage mine={mine} />
  if (name === 'late') return <LatePage key={id} mine={mine} id={id} onFiled={load} />
  if (name === 'out' && one) return <OutingPage one={one} ahead={mine.ahead} onSent={load} />
  if (name === 'sign' && one) return <SignPage one={one} onSigned={load} />
  if (name === 'object' && one) return <ObjectPage one={one} onSent={load} />
  const { items } = mine.observations
  if (items.length === 0) return null
  return (
    <div>
      <h2>{t('atHome')}</h2>
      <Problem trouble={trouble} />
      {items.map((item) => (
        <PersonCard key={item.id} one={item} mine={mine} onChange={load} />
      ))}
    </div>
  )
}
