import { presentationText, RENEW_S } from '@weiwang/domain/healthcode/presentation'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import { book } from './book.ts'
import type { Trust } from './clock.ts'
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

/** Called on the beat of each second, so that hand and digits never skip one, while the page is looked at. */
function beat(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let before = 0
  const tick = (): void => {
    listener()
    const now = book.clock.now()
    // Time that stands still (the phone's clock was set back) has no beat: it is looked at once a second.
    const left = now === before ? SECOND : SECOND - (now % SECOND) + 5
    before = now
    if (document.visibilityState === 'visible') timer = setTimeout(tick, left)
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
}

/** The second of the server's time. */
export function useSecond(): number {
  return useSyncExternalStore(beat, () => Math.floor(book.clock.now() / SECOND))
}

/** Whether the phone's clock can be believed: time stands still when it was set back, so that no second tells of it. */
export function useTrust(): Trust {
  return useSyncExternalStore(beat, () => book.clock.trust())
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
