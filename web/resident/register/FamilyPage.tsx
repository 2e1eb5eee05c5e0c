import type { EndedWard, MyPerson, MyPersons } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { book } from '../code/book.ts'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Loading, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { dayWord } from '../when.ts'
import { REG } from './texts.ts'

/** Children and elders under this account, and the limits before anybody is added (REGISTER-12, REGISTER-13). */
export function FamilyPage(): ReactElement {
  const { t, say } = useWords(REG)
  const { answer, trouble, load } = useAsked<MyPersons>('/api/my/people')
  const wards = answer?.items.filter((one) => one.relation !== 'self') ?? []
  return (
    <main>
      <h1>{t('family')}</h1>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && (
        <>
          <p>
            {t('familyLead', {
              child: answer.limits.childUnder,
              elder: answer.limits.elderFrom,
              max: answer.limits.max,
              used: answer.limits.used,
            })}
          </p>
          {wards.length === 0 && <p>{t('nobodyYet')}</p>}
          <ul className="people">
            {wards.map((one) => (
              <Ward key={one.personId} one={one} onEnded={load} />
            ))}
          </ul>
          {answer.checking > 0 && <p aria-live="polite">{t('checkingN', { n: answer.checking })}</p>}
          {answer.limits.closed === null ? (
            <a className="button main" href="#ward">
              {t('add')}
            </a>
          ) : (
            <p className="trouble">{say(answer.limits.closed)}</p>
          )}
          <p className="quiet">{t('noPhoneCode')}</p>
        </>
      )}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

function Ward({ one, onEnded }: { one: MyPerson; onEnded: () => Promise<void> }): ReactElement {
  const { t, lang } = useWords(REG)
  const [sure, setSure] = useState(false)
  const { busy, trouble, act } = useAct()
  const end = (): void =>
    act(async () => {
      await ask<EndedWard>('POST', `/api/my/people/${one.personId}/end`, {})
      await Promise.all([onEnded(), book.refresh(true)])
    })
  const until =
    one.until === null ? '' : t(one.relation === 'child' ? 'untilGrown' : 'untilDay', { day: dayWord(one.until, lang) })
  return (
    <li className={sure ? 'open' : undefined}>
      <span>
        <a href={`#home/${one.personId}`}>{one.masked}</a>{' '}
        <small>
          {t(`rel_${one.relation}`)} {until}
        </small>
      </span>
      {one.mayEnd && !sure && (
        <button type="button" className="plain" onClick={() => setSure(true)}>
          {t('endWard')}
        </button>
      )}
      {sure && (
        <div role="alert">
          <p>{t('endWardLead', { who: one.masked })}</p>
          <Problem trouble={trouble} />
          <Act busy={busy} kind="side" onClick={end}>
            {t('endWardDo')}
          </Act>
          <button type="button" className="plain" onClick={() => setSure(false)}>
            {t('cancel')}
          </button>
        </div>
      )}
    </li>
  )
}
