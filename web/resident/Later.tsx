import { useEffect, useState } from 'react'
import type { ComponentType, ReactElement } from 'react'
import { Trouble } from './net.ts'
import { Act, Problem } from './parts.tsx'
import { T, useWords } from './texts.ts'

/**
 * A screen that is fetched when it is wanted, so that the code stands before everything else is there. Without a network it says so
 * and can be asked again; a phone that has kept the page (sw.ts) has them all.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  /** Below something that is read first: nothing stands there until it comes. */
  below = false,
): (props: P) => ReactElement | null {
  let loaded: ComponentType<P> | null = null
  return function Later(props: P): ReactElement | null {
    const { t } = useWords()
    const [Page, setPage] = useState<ComponentType<P> | null>(() => loaded)
    const [failed, setFailed] = useState(0)
    const [tries, setTries] = useState(0)
    useEffect(() => {
      if (loaded !== null) return
      load().then(
        (page) => {
          loaded = page
          setPage(() => page)
        },
        () => setFailed(tries + 1),
      )
    }, [tries])
    if (Page !== null) return <Page {...props} />
    if (below) return null
    if (failed <= tries) return <p aria-busy="true">{t('loading')}</p>
    return (
      <>
        <Problem trouble={NOT_LOADED} />
        <Act busy={false} onClick={() => setTries(tries + 1)}>
          {t('again')}
        </Act>
      </>
    )
  }
}

const NOT_LOADED = new Trouble(
  { code: 'NOT_LOADED', kind: 'unavailable', message: T.notLoaded, remedy: T.notLoadedHint, details: {} },
  0,
)
