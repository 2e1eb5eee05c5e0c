import type { MyRegistration, NewHolderDone, PlaceRules, Proved } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { book } from '../code/book.ts'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { moment } from '../when.ts'
import { TextField } from './fields.tsx'
import { REG } from './texts.ts'

/** Who must and who may, and what is collected for what, before the first field (REGISTER-9, domain 11.3). */
export function Notice({
  rules,
  groups,
  family,
}: {
  rules: PlaceRules
  groups: boolean
  family: boolean
}): ReactElement {
  const { t, say } = useWords(REG)
  const of = (need: 'must' | 'may') => rules.groups.filter((one) => one.need === need)
  return (
    <>
      {family && (
        <p>
          {t('r_child', { n: rules.family.childUnder })} · {t('r_parent', { n: rules.family.elderFrom })}
        </p>
      )}
      {groups && (
        <section>
          <h2>{say(rules.name)}</h2>
          {(['must', 'may'] as const).map(
            (need) =>
              of(need).length > 0 && (
                <div key={need}>
                  <p className="label">{t(need === 'must' ? 'whoMust' : 'whoMay')}</p>
                  <ul>
                    {of(need).map((one) => (
                      <li key={one.say.en}>{say(one.say)}</li>
                    ))}
                  </ul>
                </div>
              ),
          )}
          <p>{t(rules.others === 'must' ? 'othersMust' : 'othersMay')}</p>
        </section>
      )}
      <details>
        <summary>{t('noticeTitle')}</summary>
        {rules.notice.map((one) => (
          <section key={one.about}>
            <p className="label">{say(one.say)}</p>
            <dl className="notice">
              <dt>{t('nWhy')}</dt>
              <dd>{say(one.why)}</dd>
              <dt>{t('nBasis')}</dt>
              <dd>{say(one.basis)}</dd>
              <dt>{t('nUntil')}</dt>
              <dd>{say(one.until)}</dd>
              <dt>{t('nSeen')}</dt>
              <dd>{say(one.seenBy)}</dd>
            </dl>
          </section>
        ))}
      </details>
    </>
  )
}

/** Sent in and not decided: who looks at it, and what to do until then. */
export function Checking({ checking }: { checking: MyRegistration['checking'] }): ReactElement {
  const { t, lang } = useWords(REG)
  return (
    <section>
      <h1>{t('checkedTitle')}</h1>
      <p aria-live="polite">{t('checkedLead', { desk: checking?.desk.name ?? '' })}</p>
      {checking !== null && <p className="quiet">{t('since', { when: moment(checking.since, lang) })}</p>}
      {checking?.desk.phone && (
        <a className="button side" href={`tel:${checking.desk.phone}`}>
          {checking.desk.name} {checking.desk.phone}
        </a>
      )}
    </section>
  )
}

/** This log-in has shown the number only: the document once more; or the number was somebody else's before (REGISTER-4, REGISTER-5). */
export function Prove({ onProved }: { onProved: () => Promise<void> }): ReactElement {
  const { t } = useWords(REG)
  const [name, setName] = useState('')
  const [document, setDocument] = useState('')
  const [tried, setTried] = useState(false)
  const [other, setOther] = useState(false)
  const { busy, trouble, act } = useAct()
  const leave = useAct()
  const missing = { name: name.trim() === '', document: document.trim() === '' }
  const prove = (): void => {
    setTried(true)
    if (missing.name || missing.document) return
    act(async () => {
      await ask<Proved>('POST', '/api/my/registration/prove', { name: name.trim(), document: document.trim() })
      await book.refresh(true)
      await onProved()
    })
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        prove()
      }}
    >
      <h1>{t('proveTitle')}</h1>
      <p>{t('proveLead')}</p>
      <TextField
        name="name"
        label={t('name')}
        bad={tried && missing.name}
        auto="name"
        value={name}
        onChange={setName}
      />
      <TextField
        name="number"
        label={t('number')}
        bad={tried && missing.document}
        max={40}
        value={document}
        onChange={setDocument}
      />
      <Problem trouble={trouble} />
      <Act busy={busy} submit>
        {t('prove')}
      </Act>
      {other ? (
        <>
          <p role="alert">{t('notMineLead')}</p>
          <Problem trouble={leave.trouble} />
          <Act
            busy={leave.busy}
            kind="side"
            onClick={() =>
              leave.act(async () => {
                await ask<NewHolderDone>('POST', '/api/my/registration/new-holder', { sure: true })
                await book.logOut().catch(() => undefined)
                location.hash = '#home'
              })
            }
          >
            {t('notMineDo')}
          </Act>
          <button type="button" className="plain" onClick={() => setOther(false)}>
            {t('cancel')}
          </button>
        </>
      ) : (
        <button type="button" className="plain" onClick={() => setOther(true)}>
          {t('notMine')}
        </button>
      )}
    </form>
  )
}
