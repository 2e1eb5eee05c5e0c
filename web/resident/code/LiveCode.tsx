import { presentationText, RENEW_S } from '@weiwang/domain/healthcode/presentation'
import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import { book } from './book.ts'
import type { Entry } from './days.ts'
import { qrOf, QUIET } from './qr.ts'
import type { Qr } from './qr.ts'
import { CODE } from './texts.ts'

const SECOND = 1000
/** A drawing that a sleeping phone left is older than a gate accepts: better nothing for a moment. */
const STALE_S = 60

async function signedNow(entry: Entry, at: number): Promise<Qr | null> {
  const { credential } = entry
  if (credential === null) return null
  const text = await presentationText(
    credential,
    at,
    async (data) =>
      new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, entry.key, Uint8Array.from(data))),
  )
  return qrOf(text)
}

/** The second of the server's time, while the page is looked at. */
export function useSecond(): number {
  const [second, setSecond] = useState(() => Math.floor(book.clock.now() / SECOND))
  // Time stands still when the phone's clock was set back: the page says so then, though no second passes.
  const [, setTrust] = useState(() => book.clock.trust())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tick = (): void => {
      const now = book.clock.now()
      setSecond(Math.floor(now / SECOND))
      setTrust(book.clock.trust())
      // On the beat of the second, so that hand and digits never skip one.
      if (document.visibilityState === 'visible') timer = setTimeout(tick, SECOND - (now % SECOND) + 5)
    }
    const look = (): void => {
      clearTimeout(timer)
      tick()
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return second
}

/** The living code: signed anew every 30 s by the day's key, beside a clock that a picture of it cannot move (CODE-2). */
export function LiveCode({ entry, zone, second }: { entry: Entry; zone: string; second: number }): ReactElement {
  const { t } = useWords(CODE)
  const [drawn, setDrawn] = useState<{ qr: Qr; at: number; holder: string } | null>(null)
  const [failed, setFailed] = useState(false)
  const at = second - (second % RENEW_S)
  useEffect(() => {
    let over = false
    const now = Math.floor(book.clock.now() / SECOND)
    book.remember()
    signedNow(entry, now).then(
      (qr) => {
        if (over || qr === null) return
        setDrawn({ qr, at: now, holder: entry.holder })
        setFailed(false)
      },
      () => setFailed(true),
    )
    return () => {
      over = true
    }
    // `at` changes when it is time again.
  }, [entry, at])
  const current = drawn !== null && drawn.holder === entry.holder && second - drawn.at < STALE_S ? drawn.qr : null
  const seconds = second % 60
  return (
    <div className="live">
      {current === null ? (
        <p className="qr empty" aria-busy={!failed}>
          {t(failed ? 'keyLost' : 'drawing')}
        </p>
      ) : (
        <svg
          className="qr"
          role="img"
          aria-label={t('qr')}
          viewBox={`${-QUIET} ${-QUIET} ${current.size + 2 * QUIET} ${current.size + 2 * QUIET}`}
          shapeRendering="crispEdges"
        >
          <rect x={-QUIET} y={-QUIET} width="100%" height="100%" fill="#fff" />
          <path d={current.path} fill="#000" />
        </svg>
      )}
      <p className="ticking">
        <svg className="dial" viewBox="-12 -12 24 24" aria-hidden="true">
          <circle r="11" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <line
            y1="3"
            y2="-9"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
            transform={`rotate(${seconds * 6})`}
          />
        </svg>
        {/* Read aloud once when asked, not every second. */}
        <time className="now" dateTime={new Date(second * SECOND).toISOString()}>
          {clockOf(second, zone)}
        </time>
      </p>
    </div>
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()
function clockOf(second: number, zone: string): string {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit' })
    formats.set(zone, format)
  }
  return format.format(second * SECOND)
}
