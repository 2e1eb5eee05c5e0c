import type { CodeReason, MyCode, MyCodes } from '@weiwang/domain/healthcode/code-api'
import { useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import type { Words } from '../texts.ts'
import { clock, dayWord } from '../when.ts'
import { Band, NoColour } from './Band.tsx'
import { book } from './book.ts'
import type { Book } from './book.ts'
import { hasKeys, shown } from './days.ts'
import type { Shown } from './days.ts'
import { LiveCode, useSecond, useTrust } from './LiveCode.tsx'
import { CODE } from './texts.ts'

export function useBook(): Book {
  return useSyncExternalStore(book.subscribe, book.read)
}

/** The first screen: one person's code, and the others of the family one tap away. Everything else lies below it. */
export function CodePage({ codes, chosen }: { codes: MyCodes; chosen: string }): ReactElement {
  const all = useBook()
  const second = useSecond()
  const code = codes.items.find((one) => one.personId === chosen) ?? codes.items[0]
  if (code === undefined)
    return (
      <>
        <Apply />
        <Doors person={null} />
      </>
    )
  const now = shown(code, Date.parse(codes.asOf), all.days[code.personId] ?? null, second * 1000)
  return (
    <>
      {codes.items.length > 1 && <Tabs codes={codes} chosen={code.personId} />}
      <Front code={code} now={now} zone={codes.zone} today={codes.today} second={second} />
      <Standing book={all} codes={codes} code={code} now={now} />
    </>
  )
}

function Apply(): ReactElement {
  const { t } = useWords(CODE)
  return (
    <section className="first">
      <h1>{t('apply')}</h1>
      <p>{t('applyLead')}</p>
      <a className="button main" href="#register">
        {t('apply')}
      </a>
      <p className="quiet">{t('neverOnly')}</p>
    </section>
  )
}

/** Faces without faces: the first sign of the name, and who it is to me. */
function Tabs({ codes, chosen }: { codes: MyCodes; chosen: string }): ReactElement {
  const { t } = useWords(CODE)
  return (
    <nav className="tabs" aria-label={t('peopleTabs')}>
      {codes.items.map((one) => (
        <a
          key={one.personId}
          href={`#home/${one.personId}`}
          aria-current={one.personId === chosen ? 'true' : undefined}
          aria-label={`${one.masked} ${t(`r_${one.relation}`)}`}
        >
          <span className="face" aria-hidden="true">
            {Array.from(one.masked)[0]}
          </span>
          {t(`r_${one.relation}`)}
        </a>
      ))}
    </nav>
  )
}

type Front = { code: MyCode; now: Shown; zone: string; today: string; second: number }

function Front({ code, now, zone, today, second }: Front): ReactElement {
  const { t } = useWords(CODE)
  const who = code.masked
  if (now.kind === 'word') return now.state === 'none' ? <Apply /> : <Word code={code} state={now.state} />
  if (now.kind === 'over')
    return (
      <section className="first">
        <NoColour word={t('over')} masked={who} />
        <p>{t('overOffline')}</p>
      </section>
    )
  if (now.kind === 'elsewhere') return <Elsewhere code={code} />
  return (
    <section className="first">
      <Band colour={now.colour} masked={who} who={t(`r_${code.relation}`)} />
      {now.kind === 'live' ? (
        <LiveCode entry={now.entry} zone={zone} second={second} />
      ) : (
        <p className="qr empty" aria-live="polite">
          {t(hasKeys() ? 'renewing' : 'noKeys')}
        </p>
      )}
      <Why code={code} now={now} today={today} />
    </section>
  )
}

/** One person, one code: it moves to this phone when its holder says so, and no phone takes it by itself. */
function Elsewhere({ code }: { code: MyCode }): ReactElement {
  const { t } = useWords(CODE)
  const { busy, trouble, act } = useAct()
  return (
    <section className="first">
      <NoColour word={t('elsewhere')} masked={code.masked} />
      <p>{t('elsewhereLead')}</p>
      <Problem trouble={trouble} />
      <Act busy={busy} onClick={() => act(() => book.takeHere(code.personId))}>
        {t('takeHere')}
      </Act>
    </section>
  )
}

const WORDS = {
  applied: ['applied', 'appliedLead'],
  suspended: ['suspended', 'suspendedLead'],
  expired: ['expired', 'expiredLead'],
} as const

/** Why there is no colour, and what to do, in the server's words while they are of this state: one state has several reasons. */
function Word({ code, state }: { code: MyCode; state: keyof typeof WORDS }): ReactElement {
  const { t, say } = useWords(CODE)
  const [title, lead] = WORDS[state]
  const told = code.state === state
  return (
    <section className="first">
      <NoColour word={told ? say(code.stateName) : t(title)} masked={code.masked} />
      <p aria-live="polite">{told ? say(code.means) : t(lead)}</p>
      {told && code.todo.length > 0 && (
        <ul>
          {code.todo.map((one) => (
            <li key={one.en}>{say(one)}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Until when, why, and what to do now: one sentence each. */
function Why({ code, now, today }: { code: MyCode; now: Shown; today: string }): ReactElement {
  const { t, say, lang } = useWords(CODE)
  const [reason] = code.reasons
  const [todo] = code.todo
  // Words of another state than the one shown would explain the wrong colour.
  const fits = now.kind !== 'live' && now.kind !== 'colour' ? false : code.colour === now.colour
  const turns = code.colour === 'green' ? null : code.untilDay
  return (
    <>
      <p className="until">
        {now.kind === 'live' &&
          t('goodUntil', { when: now.entry.day === today ? t('tonight') : dayWord(now.entry.day, lang) })}
        {fits && turns !== null && ` · ${t('colourUntil', { day: dayWord(turns, lang) })}`}
        {fits && turns === null && code.colour !== 'green' && ` · ${t('colourOpen')}`}
      </p>
      {fits && (
        <dl className="why">
          <div>
            <dt>{t('because')}</dt>
            <dd>{reason === undefined ? t('noReason') : reasonText(reason, { say, lang })}</dd>
          </div>
          {todo !== undefined && (
            <div>
              <dt>{t('todo')}</dt>
              <dd>{say(todo)}</dd>
            </div>
          )}
        </dl>
      )}
    </>
  )
}

export function reasonText(reason: CodeReason, { say, lang }: Pick<Words, 'say' | 'lang'>): string {
  const what = reason.what === null ? '' : say(reason.what)
  return what === '' ? say(reason.say) : `${say(reason.say)}${lang === 'zh' ? '：' : ': '}${what}`
}

/** As of when, what keeps it from being newer, and the two doors. */
function Standing({
  book: all,
  codes,
  code,
  now,
}: {
  book: Book
  codes: MyCodes
  code: MyCode
  now: Shown
}): ReactElement {
  const { t, lang } = useWords(CODE)
  const days = all.days[code.personId]
  const heard = new Date(days?.heard ?? Date.parse(codes.asOf)).toISOString()
  const time = clock(heard, lang, codes.zone)
  const { trouble } = all
  const trust = useTrust()
  const minutes = book.clock.minutesWrong()
  const retry = trouble === null ? '' : clock(new Date(trouble.retryAt).toISOString(), lang, codes.zone)
  const colour = now.kind === 'live' || now.kind === 'colour'
  const words =
    trouble === null
      ? t('confirmed', { time })
      : trouble.why === 'offline'
        ? t('offline', { time })
        : trouble.why === 'busy'
          ? t('busy', { time: retry })
          : trouble.why === 'out' || trouble.why === 'prove'
            ? t(trouble.why === 'out' ? 'loggedOut' : 'unproven', { time })
            : t('failed', { time })
  return (
    <>
      <Doors person={colour ? code.personId : null} />
      {trust === 'turned' && <p className="trouble">{t('turned')}</p>}
      {trust === 'wrong' && (
        <p className="quiet">{t(minutes > 0 ? 'clockFast' : 'clockSlow', { n: Math.abs(minutes) })}</p>
      )}
      <p className={trouble === null ? 'quiet as-of' : 'as-of stale'} aria-live="polite">
        {words}{' '}
        {trouble?.why === 'out' || trouble?.why === 'prove' ? (
          <a className="plain" href={trouble.why === 'out' ? '#login' : '#register'}>
            {t(trouble.why === 'out' ? 'logIn' : 'prove')}
          </a>
        ) : (
          <button type="button" className="plain" aria-disabled={all.asking} onClick={() => void book.refresh(true)}>
            {t(all.asking ? 'working' : 'reload')}
          </button>
        )}
      </p>
      {trouble?.why === 'other' && <Problem trouble={trouble.body} />}
    </>
  )
}

/** "It is wrong" where there is a colour; help always. */
function Doors({ person }: { person: string | null }): ReactElement {
  const { t } = useWords(CODE)
  return (
    <div className="doors">
      {person !== null && (
        <a className="button side" href={`#wrong/${person}`} aria-label={t('wrongLong')}>
          {t('wrong')}
        </a>
      )}
      <a className="button side" href="#help">
        {t('help')}
      </a>
    </div>
  )
}
