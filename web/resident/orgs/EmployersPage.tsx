import type { LinkedOrg, MyEmployer, MyEmployers } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Chips, Loading, Problem, useAct } from '../parts.tsx'
import { go } from '../route.ts'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { dayWord } from '../when.ts'
import { ORG } from './texts.ts'

/** Who asks whether I may work, and exactly what each sees; `employer/<token>`: the link that an organisation sends (ORG-5 … ORG-8). */
export function EmployersPage({ screen: { name, id } }: { screen: Screen }): ReactElement {
  const { t, say } = useWords(ORG)
  const { answer, trouble, load } = useAsked<MyEmployers>('/api/my/employers')
  return (
    <main>
      <h1>{t('employers')}</h1>
      {name === 'employer' && id !== '' && <Linked token={id} onDone={load} />}
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && (
        <>
          <p>{say(answer.about)}</p>
          {answer.items.some((one) => one.returnsOn !== null) && <p>{say(answer.aboutReturn)}</p>}
          {answer.items.length === 0 && <p>{t('none')}</p>}
          {answer.items.map((one) => (
            <One key={one.id} one={one} onStep={load} />
          ))}
        </>
      )}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

function One({ one, onStep }: { one: MyEmployer; onStep: () => Promise<void> }): ReactElement {
  const { t, say, lang } = useWords(ORG)
  const { busy, trouble, act } = useAct()
  const given = one.state === 'consented'
  const [right, setRight] = useState(false)
  const asked = one.returnsOn !== null && one.returnsOn !== one.confirmed
  const day = right && asked ? { returnsOn: one.returnsOn } : {}
  const step = (withdraw: boolean): void =>
    act(async () => {
      if (withdraw) await ask<MyEmployers>('POST', `/api/my/employers/${one.id}/withdraw`, {})
      else await ask<MyEmployers>('POST', '/api/my/employers/consent', { member: one.id, ...day })
      await onStep()
    })
  return (
    <article>
      <h2>{one.orgName}</h2>
      <p>
        {one.masked} · {t('sees')}: <strong>{say(one.answer.say)}</strong>
      </p>
      {one.since !== null && <p className="quiet">{t('since', { day: dayWord(one.since, lang) })}</p>}
      {one.confirmed !== null && <p className="quiet">{t('confirmed', { day: dayWord(one.confirmed, lang) })}</p>}
      {asked && one.returnsOn !== null && (
        <label className="tick">
          <input type="checkbox" checked={right} onChange={(event) => setRight(event.target.checked)} />{' '}
          {t('returnsOn', { day: dayWord(one.returnsOn, lang) })}
        </label>
      )}
      <Problem trouble={trouble} />
      {given && asked && right && (
        <Act busy={busy} onClick={() => step(false)}>
          {t('confirm')}
        </Act>
      )}
      <Act busy={busy} kind={given ? 'side' : 'main'} onClick={() => step(given)}>
        {t(given ? 'withdraw' : 'consent')}
      </Act>
    </article>
  )
}

function Linked({ token, onDone }: { token: string; onDone: () => Promise<void> }): ReactElement {
  const { t } = useWords(ORG)
  const { answer, trouble, load } = useAsked<LinkedOrg>(`/api/my/employers/link?token=${encodeURIComponent(token)}`)
  const [person, setPerson] = useState('')
  const { busy, trouble: refused, act } = useAct()
  const chosen = person === '' ? (answer?.people[0]?.personId ?? '') : person
  const give = (): void =>
    act(async () => {
      await ask<MyEmployers>('POST', '/api/my/employers/consent', { token, personId: chosen })
      await onDone()
      go('employers')
    })
  return (
    <section>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && (
        <>
          <p>{t('asks', { name: answer.orgName })}</p>
          {answer.people.length > 1 && (
            <Chips
              label={t('forWhom')}
              options={answer.people.map((one) => ({ code: one.personId, text: one.masked }))}
              chosen={[chosen]}
              onChange={([code]) => setPerson(code ?? '')}
              one
            />
          )}
          <Problem trouble={refused} />
          {answer.people.length > 0 && (
            <Act busy={busy} onClick={give}>
              {t('consent')}
            </Act>
          )}
        </>
      )}
    </section>
  )
}
