import type { MadeOfficerLink, MyOrg, OfficerLink } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Loading, Problem, useAct } from '../parts.tsx'
import { go } from '../route.ts'
import { useWords } from '../texts.ts'
import { moment } from '../when.ts'
import { ORG } from './texts.ts'

/** Who answers for an organisation: one more by a link, handed over, left (ORG-17). */
export function Officers({ org, load }: { org: MyOrg; load: () => Promise<void> }): ReactElement {
  const { t, lang } = useWords(ORG)
  const [link, setLink] = useState('')
  const { busy, trouble, act } = useAct()
  const path = `/api/my/orgs/${org.id}`
  const day = (instant: string): string => moment(instant, lang)
  const invite = (handOver: boolean): void =>
    act(async () => {
      const made = await ask<MadeOfficerLink>('POST', `${path}/officers`, { handOver })
      setLink(`${location.origin}${made.path}`)
      await load()
    })
  const post = (to: string): void =>
    act(async () => {
      await ask('POST', `${path}/${to}`, {})
      setLink('')
      await load()
    })
  return (
    <details>
      <summary>{t('officers', { n: org.officers.length })}</summary>
      <ul>
        {org.officers.map((one) => (
          <li key={`${one.masked}${one.since}`}>
            {one.masked} · {t('officerSince', { day: day(one.since) })}
            {one.me && ` · ${t('officerMe')}`}
          </li>
        ))}
      </ul>
      <p className="quiet">{t('officersLead')}</p>
      <Problem trouble={trouble} />
      <div aria-live="polite">
        {link !== '' && <p className="picked">{link}</p>}
        {org.invited !== null && (
          <p>{t(org.invited.handOver ? 'handOverOpen' : 'inviteOpen', { day: day(org.invited.until) })}</p>
        )}
      </div>
      <Act busy={busy} kind="side" onClick={() => invite(false)}>
        {t('invite')}
      </Act>
      <Act busy={busy} kind="side" onClick={() => invite(true)}>
        {t('handOver')}
      </Act>
      {org.invited !== null && (
        <Act busy={busy} kind="side" onClick={() => post('officers/stop')}>
          {t('inviteStop')}
        </Act>
      )}
      {org.officers.length > 1 && (
        <Act busy={busy} kind="side" onClick={() => post('leave')}>
          {t('leave')}
        </Act>
      )}
    </details>
  )
}

/** `officer/<token>`: somebody is asked to answer for an organisation. */
export function Invited({ token, onDone }: { token: string; onDone: () => Promise<void> }): ReactElement {
  const { t, lang } = useWords(ORG)
  const { answer, trouble, load } = useAsked<OfficerLink>(`/api/my/officer-link?token=${encodeURIComponent(token)}`)
  const { busy, trouble: refused, act } = useAct()
  const take = (): void =>
    act(async () => {
      await ask('POST', '/api/my/officer-link', { token })
      await onDone()
      go('orgs')
    })
  return (
    <section>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer !== null && (
        <>
          <h2>{answer.orgName}</h2>
          <p>
            {t(answer.handOver ? 'askedOver' : 'askedToo', {
              name: answer.orgName,
              place: answer.areaName,
              day: moment(answer.until, lang),
            })}
          </p>
          <Problem trouble={refused} />
          <Act busy={busy} onClick={take}>
            {t('take')}
          </Act>
        </>
      )}
    </section>
  )
}
