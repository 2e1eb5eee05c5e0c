import type { MyObservation } from '@weiwang/domain/observation/my-api'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import type { OutingNow } from '@weiwang/domain/observation/outing-now'
import { useId, useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Chips, focusLack, Problem, useAct } from '../parts.tsx'
import { go } from '../route.ts'
import { useWords } from '../texts.ts'
import { hours } from '../when.ts'
import { HOME, OUT_AGREED, OUT_BY, OUT_FOR, OUT_NO } from './texts.ts'
import type { HomeKey } from './texts.ts'

const STANDS: Record<OutingNow, HomeKey> = {
  ahead: 'outOk',
  out: 'outNow',
  overdue: 'outOver',
  back: 'outBackAt',
  off: 'outOff',
}

/** What was agreed to with who agreed, what waits for a word, why the last was not agreed to, and the way to ask (OBS-27). */
export function Outings({
  one,
  now,
  onChange,
}: {
  one: MyObservation
  now: number
  onChange: () => Promise<void>
}): ReactElement | null {
  const { t, say, lang } = useWords(HOME)
  const { busy, trouble, act } = useAct()
  const over = (): void =>
    act(async () => {
      await ask('POST', `/api/my/observations/${one.id}/outing/over`, {})
      await onChange()
    })
  const { outingAsked: asked, outingRefused: refused } = one
  const open = one.outings.find((each) => ['out', 'overdue', 'ahead'].includes(outingNow(each, new Date(now))))
  return (
    <>
      {one.outings.map((each) => {
        const stands = outingNow(each, new Date(now))
        return (
          <p key={each.n} className={stands === 'overdue' ? 'alarm' : 'said'}>
            <strong>{t(STANDS[stands])}</strong> {hours(each.from, each.to, lang)} ·{' '}
            {say(OUT_FOR[each.purpose], each.purpose)} · {say(OUT_BY[each.way], each.way)} ·{' '}
            {t('outBy', { who: say(OUT_AGREED[each.agreedBy], each.agreedBy) })}
          </p>
        )
      })}
      {asked !== null && (
        <output className="said">
          {t('outAsked')} {hours(asked.from, asked.to, lang)} · {say(OUT_FOR[asked.purpose], asked.purpose)}
        </output>
      )}
      {refused !== null && (
        <output className="said">
          {t('outRefused')} · {say(OUT_NO[refused.reason], refused.reason)}
        </output>
      )}
      <Problem trouble={trouble} />
      {open && (
        <Act busy={busy} kind="side" onClick={over}>
          {t(outingNow(open, new Date(now)) === 'ahead' ? 'outOff' : 'outBack')}
        </Act>
      )}
      {one.outingFor.length > 0 && asked === null && (
        <a className="button side" href={`#out/${one.id}`}>
          {t('out')}
        </a>
      )}
    </>
  )
}

const two = (n: number): string => String(n).padStart(2, '0')

/** The day by the server's clock and the phone's zone: whoever is away lives by the clock there. */
function todayHere(ahead: number): string {
  const now = new Date(Date.now() + ahead)
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** To go out for need: what for, from when to when; the community answers. */
export function OutingPage({
  one,
  ahead,
  onSent,
}: {
  one: MyObservation
  /** Milliseconds by which the server's clock is ahead of the phone's. */
  ahead: number
  onSent: () => Promise<void>
}): ReactElement {
  const { t, say } = useWords(HOME)
  const [purpose, setPurpose] = useState<string[]>([])
  const [day, setDay] = useState(() => todayHere(ahead))
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [words, setWords] = useState('')
  const [tried, setTried] = useState(false)
  const { busy, trouble, act } = useAct()
  const id = useId()
  const hasHours = day !== '' && from !== '' && to !== ''
  const send = (): void => {
    setTried(true)
    if (purpose[0] === undefined || !hasHours) return focusLack()
    const begins = new Date(`${day}T${from}`)
    const ends = new Date(`${day}T${to}`)
    // Back after midnight is back on the next day.
    if (ends <= begins) ends.setDate(ends.getDate() + 1)
    act(async () => {
      await ask('POST', `/api/my/observations/${one.id}/outing`, {
        purpose: purpose[0],
        from: begins.toISOString(),
        to: ends.toISOString(),
        ...(words.trim() === '' ? {} : { words: words.trim() }),
      })
      await onSent()
      go('home')
    })
    return undefined
  }
  const lacks = tried && !hasHours
  const times = [
    { key: 'day', label: t('outDay'), type: 'date', value: day, set: setDay },
    { key: 'from', label: t('outFrom'), type: 'time', value: from, set: setFrom },
    { key: 'to', label: t('outTo'), type: 'time', value: to, set: setTo },
  ] as const
  return (
    <main>
      <h1>{t('out')}</h1>
      <p>{one.masked}</p>
      <p className="quiet">{t('outLead')}</p>
      <Chips
        label={t('outFor')}
        options={one.outingFor.map((code) => ({ code, text: say(OUT_FOR[code], code) }))}
        chosen={purpose}
        onChange={setPurpose}
        bad={tried && purpose[0] === undefined ? t('badFor') : undefined}
        one
      />
      {times.map(({ key, label, type, value, set }) => (
        <label key={key} className="field">
          <span className="label">{label}</span>
          <input
            type={type}
            value={value}
            data-lacks={lacks && value === '' ? true : undefined}
            aria-invalid={lacks && value === ''}
            aria-describedby={lacks ? `${id}-bad` : undefined}
            onChange={(event) => set(event.target.value)}
          />
        </label>
      ))}
      {lacks && (
        <p id={`${id}-bad`} className="bad">
          {t('badHours')}
        </p>
      )}
      <label className="field">
        <span className="label">{t('outWords')}</span>
        <textarea rows={2} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={send}>
        {t('outSend')}
      </Act>
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}
