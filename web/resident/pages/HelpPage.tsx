import type { MyService, MyServices } from '@weiwang/domain/observation/my-api'
import { WINDOW_SAY, windowNamed, windowsAhead } from '@weiwang/domain/observation/service-window'
import { useCallback, useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { ask, Trouble } from '../net.ts'
import { Chips, focusLack, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { clock, hours } from '../when.ts'
import type { Mine } from './mine.ts'
import { HELP, HOME } from './texts.ts'
import type { HomeKey } from './texts.ts'

/** Ask for help, and see what became of it; the four digits are read out to whoever brings it (SERV-7). */
export function HelpPage({ mine }: { mine: Mine }): ReactElement {
  const { t } = useWords(HOME)
  const [services, setServices] = useState<MyServices | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const load = useCallback(
    (): Promise<void> =>
      ask<MyServices>('GET', '/api/my/services').then(
        (found) => {
          setServices(found)
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
  return (
    <main>
      <h1>{t('help')}</h1>
      <Ask mine={mine} onAsked={load} />
      {mine.observations.items.length > 0 && <h2>{t('myHelp')}</h2>}
      <Problem trouble={trouble} />
      {mine.observations.items.length > 0 && services?.items.length === 0 && <p>{t('noHelp')}</p>}
      {services?.items.map((one) => (
        <Service key={one.id} one={one} onStep={load} />
      ))}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

const ANY_TIME = 'any'

/** By the clock of whoever asks. */
function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

const NUMBERS: readonly [string, HomeKey][] = [
  ['120', 'n120'],
  ['12345', 'n12345'],
  ['110', 'n110'],
]

function Ask({ mine, onAsked }: { mine: Mine; onAsked: () => Promise<void> }): ReactElement {
  const { t, lang } = useWords(HOME)
  const people = mine.observations.items.filter((one) => one.endedAt === null)
  const [whom, setWhom] = useState<string[]>(people[0] ? [people[0].id] : [])
  const [kind, setKind] = useState<string[]>([])
  const [urgency, setUrgency] = useState<string[]>(['usual'])
  const [when, setWhen] = useState<string[]>([ANY_TIME])
  const [words, setWords] = useState('')
  const [id, setId] = useState(() => newId(new Date()))
  const { busy, trouble, act } = useAct()
  const [tried, setTried] = useState(false)
  const lacks = (of: string[]): boolean => tried && of[0] === undefined
  const [zone] = useState(zoneHere)
  const [windows] = useState(() => windowsAhead(new Date(Date.now() + mine.ahead), zone))
  const send = (): void => {
    setTried(true)
    const window = windowNamed(when[0] ?? ANY_TIME, new Date(Date.now() + mine.ahead), zone)
    if (kind[0] === undefined || whom[0] === undefined) return focusLack()
    act(async () => {
      await ask('POST', '/api/my/services', {
        id,
        observationId: whom[0],
        kind: kind[0],
        urgency: urgency[0] ?? 'usual',
        ...(window === null ? {} : { window }),
        ...(words.trim() === '' ? {} : { words: words.trim() }),
      })
      setId(newId(new Date()))
      setTried(false)
      setKind([])
      setWords('')
      setWhen([ANY_TIME])
      await onAsked()
    })
  }
  if (people.length === 0)
    return (
      <>
        <p>{t('noDoor')}</p>
        {NUMBERS.map(([number, key]) => (
          <a key={number} className="button side" href={`tel:${number}`}>
            {t(key)}
          </a>
        ))}
      </>
    )
  return (
    <section>
      {people.length > 1 && (
        <Chips
          label={t('forWhom')}
          options={people.map((one) => ({ code: one.id, text: one.masked }))}
          chosen={whom}
          onChange={setWhom}
          bad={lacks(whom) ? t('badWhom') : undefined}
          one
        />
      )}
      <Chips
        label={t('helpLead')}
        options={Object.entries(HELP).map(([code, text]) => ({ code, text: text[lang] }))}
        chosen={kind}
        onChange={setKind}
        bad={lacks(kind) ? t('badHelp') : undefined}
        one
      />
      <label className="field">
        <span className="label">{t('helpWords')}</span>
        <textarea rows={2} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      <Chips
        label={t('howSoon')}
        options={[
          { code: 'usual', text: t('usual') },
          { code: 'urgent', text: t('urgent') },
        ]}
        chosen={urgency}
        onChange={(chosen) => setUrgency(chosen.length === 0 ? ['usual'] : chosen)}
        one
      />
      <Chips
        label={t('helpWhen')}
        options={[
          { code: ANY_TIME, text: t('anyTime') },
          ...windows.map(({ name }) => ({ code: name, text: WINDOW_SAY[name][lang] })),
        ]}
        chosen={when}
        onChange={(chosen) => setWhen(chosen.length === 0 ? [ANY_TIME] : chosen)}
        one
      />
      <Problem trouble={trouble} />
      <button type="button" className="main" aria-disabled={busy} onClick={send}>
        {busy ? t('working') : t('askHelp')}
      </button>
    </section>
  )
}

const STATES: Record<MyService['state'], HomeKey> = {
  open: 's_open',
  offered: 's_offered',
  accepted: 's_accepted',
  under_way: 's_under_way',
  done: 's_done',
  refused: 's_refused',
  cancelled: 's_cancelled',
}
const STEPS: Record<'done' | 'not_received' | 'cancel', HomeKey> = {
  done: 'came',
  not_received: 'didNotCome',
  cancel: 'cancel',
}

function Service({ one, onStep }: { one: MyService; onStep: () => Promise<void> }): ReactElement {
  const { t, say, lang } = useWords(HOME)
  const { busy, trouble, act } = useAct()
  const whenOf = ({ windowFrom, dueBy }: MyService): string =>
    windowFrom === null ? t('by', { time: clock(dueBy, lang) }) : hours(windowFrom, dueBy, lang)
  const step = (name: string, more: object = {}): void =>
    act(async () => {
      await ask('POST', `/api/my/services/${one.id}/step`, { step: name, ...more })
      await onStep()
    })
  return (
    <article>
      <p>
        <strong>{say(HELP[one.kind], say(one.kindName))}</strong> · {one.masked || t('wholeDoor')} ·{' '}
        {t(STATES[one.state])}
        {one.by !== null && ` · ${one.by}`}
        {one.late && ` · ${t('late')}`}
        {!one.late && one.state !== 'done' && ` · ${whenOf(one)}`}
      </p>
      {one.code !== null && (
        <p>
          {t('readOut')} <span className="digits">{one.code}</span>
        </p>
      )}
      <Problem trouble={trouble} />
      <div className="chips">
        {one.may.map((name) =>
          name === 'rate' ? (
            <fieldset key={name} className="inline">
              <legend>{t('rate')}</legend>
              {[1, 2, 3, 4, 5].map((stars) => (
                <button
                  key={stars}
                  type="button"
                  className="chip"
                  aria-disabled={busy}
                  onClick={() => step('rate', { rating: stars })}
                >
                  {stars}
                </button>
              ))}
            </fieldset>
          ) : (
            <button
              key={name}
              type="button"
              className="chip"
              aria-disabled={busy}
              onClick={() => step(name, name === 'cancel' ? { reason: 'not_needed' } : {})}
            >
              {t(STEPS[name])}
            </button>
          ),
        )}
      </div>
    </article>
  )
}
