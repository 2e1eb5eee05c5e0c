import type { CodeHistory, MyCode, MyCodes } from '@weiwang/domain/healthcode/code-api'
import { OTHERWISE_RULE, UNSETTLED_RULE } from '@weiwang/domain/healthcode/code-state'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { fetchFile } from '../file.ts'
import { held } from '../pages/mine.ts'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { dayWord, moment } from '../when.ts'
import { book } from './book.ts'
import { reasonText } from './CodePage.tsx'
import { LINKS } from '../orgs/texts.ts'
import { CODE } from './texts.ts'

const WORDS = { ...CODE, ...LINKS }
/** Names by which the program knows what the rules say of everybody else: words say it, and no rule has such a number. */
const NOT_OF_A_RULE: ReadonlySet<string> = new Set([OTHERWISE_RULE, UNSETTLED_RULE])

/** Below the fold: everything behind the colour, how it changed, and where else one can go. */
export function More({ codes, chosen }: { codes: MyCodes; chosen: string }): ReactElement {
  const { t } = useWords(WORDS)
  const code = codes.items.find((one) => one.personId === chosen) ?? codes.items[0]
  const registered = code !== undefined && code.state !== 'none'
  return (
    <>
      {code !== undefined && code.colour !== null && <Behind code={code} />}
      {code !== undefined && code.history.length > 0 && (
        <History key={`${code.personId}/${code.n}`} code={code} zone={codes.zone} />
      )}
      <nav className="more">
        {registered && <a href={`#declare/${code.personId}`}>{t('declare')}</a>}
        {registered && <a href="#family">{t('family')}</a>}
        {registered && <a href="#return">{t('returning')}</a>}
        {registered && <a href="#objections">{t('objections')}</a>}
        {registered && <a href="#employers">{t('employers')}</a>}
        {registered && <a href="#orgs">{t('orgs')}</a>}
        {code !== undefined && <a href={`#rights/${code.personId}`}>{t('rights')}</a>}
      </nav>
      {code?.mayPaper === true && <Paper code={code} />}
      {registered && <p className="quiet">{t('neverOnly')}</p>}
      <Out />
    </>
  )
}

function Behind({ code }: { code: MyCode }): ReactElement {
  const { t, say, lang } = useWords(CODE)
  return (
    <details className="behind">
      <summary>{t('more')}</summary>
      <p>
        {t('means')}: {say(code.means)}
      </p>
      {code.todo.length > 0 && (
        <ol>
          {code.todo.map((one) => (
            <li key={one.en}>{say(one)}</li>
          ))}
        </ol>
      )}
      {code.reasons.length === 0 && <p>{t('noReason')}</p>}
      <ul>
        {code.reasons.map((one, i) => (
          <li key={i}>
            {reasonText(one, { say, lang })}
            <span className="said small">
              {[
                one.day === null ? '' : t('ofDay', { day: dayWord(one.day, lang) }),
                one.until === null ? '' : t('reasonUntil', { day: dayWord(one.until, lang) }),
                one.source === null ? '' : t('sourceOf', { source: say(one.source) }),
                NOT_OF_A_RULE.has(one.rule) ? '' : t('rule', { rule: one.rule }),
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {code.ruleSet !== null && <p className="quiet">{say(code.ruleSet.name)}</p>}
    </details>
  )
}

/** The last fifty are on the phone and stand without a network; what came before is asked for. */
function History({ code, zone }: { code: MyCode; zone: string }): ReactElement {
  const { t, say, lang } = useWords(CODE)
  const { busy, trouble, act } = useAct()
  const [older, setOlder] = useState<CodeHistory['items']>([])
  const [all, setAll] = useState(false)
  const changes = [...code.history, ...older]
  const first = changes.at(-1)?.n ?? 1
  const path = `/api/my/codes/${code.personId}/history?before=${first}`
  return (
    <details>
      <summary>{t('history')}</summary>
      <ul>
        {changes.map((one) => (
          <li key={one.n}>
            {moment(one.at, lang, zone)}: {say(one.say)}
            {one.reasons[0] !== undefined && (
              <span className="said small">{reasonText(one.reasons[0], { say, lang })}</span>
            )}
          </li>
        ))}
      </ul>
      <Problem trouble={trouble} />
      {first > 1 && !all && (
        <Act
          busy={busy}
          kind="side"
          onClick={() =>
            act(async () => {
              const { items } = await ask<CodeHistory>('GET', path)
              setOlder([...older, ...items])
              setAll(items.length === 0)
            })
          }
        >
          {t('historyOlder')}
        </Act>
      )}
    </details>
  )
}

function Paper({ code }: { code: MyCode }): ReactElement {
  const { t } = useWords(CODE)
  const { busy, trouble, act } = useAct()
  return (
    <>
      <Problem trouble={trouble} />
      <button
        type="button"
        className="side"
        aria-disabled={busy}
        onClick={() => act(() => fetchFile('POST', `/api/my/codes/${code.personId}/paper`, 'code.pdf'))}
      >
        {busy ? t('working') : t('paper')}
      </button>
      <p className="quiet">{t('paperLead')}</p>
    </>
  )
}

function Out(): ReactElement {
  const { t } = useWords(CODE)
  const [sure, setSure] = useState(false)
  const { busy, trouble, act } = useAct()
  const leave = (): void =>
    act(async () => {
      held.mine = null
      await book.logOut()
      location.hash = '#home'
    })
  const keys = Object.keys(book.read().days).length > 0
  return (
    <>
      <Problem trouble={trouble} />
      {sure && <p role="alert">{t('logoutKeys')}</p>}
      <button
        type="button"
        className="plain"
        aria-disabled={busy}
        onClick={() => (sure || !keys ? leave() : setSure(true))}
      >
        {t('logout')}
      </button>
    </>
  )
}
