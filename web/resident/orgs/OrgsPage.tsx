import type { MyOrg, MyOrgs } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { book } from '../code/book.ts'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Chips, Loading, Problem, useAct } from '../parts.tsx'
import { PlaceField, TextField } from '../register/fields.tsx'
import type { Place } from '../register/form.ts'
import type { Screen } from '../route.ts'
import { useWords } from '../texts.ts'
import { FileForm } from './FileForm.tsx'
import { Lists } from './Lists.tsx'
import { Members } from './Members.tsx'
import { Invited, Officers } from './Officers.tsx'
import { Roll } from './Roll.tsx'
import { ORG } from './texts.ts'

/** For who answers for a company or a school: apply, lists and a link, the roll of today, the file, and one sentence about each. */
export function OrgsPage({ screen }: { screen: Screen }): ReactElement {
  const { t, say } = useWords(ORG)
  const { answer, trouble, load } = useAsked<MyOrgs>('/api/my/orgs')
  return (
    <main>
      <h1>{t('orgs')}</h1>
      <p>{t('lead')}</p>
      {screen.name === 'officer' && screen.id !== '' && <Invited token={screen.id} onDone={load} />}
      <Loading done={answer !== null} trouble={trouble} load={load} />
      {answer?.items.map((org) => (
        <section key={org.id}>
          <h2>{org.name}</h2>
          <p>
            {org.areaName} · <strong>{say(org.stateName)}</strong>
          </p>
          {org.refusal !== null && <p>{org.refusal}</p>}
          {org.state === 'approved' && <Open org={org} today={answer.today} load={load} />}
          {org.state !== 'refused' && <Officers org={org} load={load} />}
        </section>
      ))}
      {answer !== null && <Apply onDone={load} />}
      <a className="plain" href="#home">
        {t('back')}
      </a>
    </main>
  )
}

function Open({ org, today, load }: { org: MyOrg; today: string; load: () => Promise<void> }): ReactElement {
  const [seen, setSeen] = useState(0)
  const again = async (): Promise<void> => {
    setSeen((n) => n + 1)
    await load()
  }
  return (
    <>
      <Lists org={org} onSent={again} />
      <Members key={seen} org={org} />
      <Roll org={org} today={today} />
      <FileForm org={org} today={today} onStep={load} />
    </>
  )
}

type Typed = { kind: string; name: string; credit: string; place: Place | null; who: string; phone: string }
const EMPTY: Typed = { kind: 'company', name: '', credit: '', place: null, who: '', phone: '' }

function Apply({ onDone }: { onDone: () => Promise<void> }): ReactElement {
  const { t } = useWords(ORG)
  const [typed, setTyped] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const [id, setId] = useState(() => newId(new Date(book.clock.now())))
  const { busy, trouble, act } = useAct()
  const set = (part: Partial<Typed>): void => setTyped((now) => ({ ...now, ...part }))
  const bad = (there: boolean): boolean => tried && !there
  const named = typed.name.trim().length >= 2
  const asked = typed.who.trim() !== '' && typed.phone.trim().length >= 5
  const send = (): void => {
    setTried(true)
    const { place } = typed
    if (!named || !asked || place === null) return
    act(async () => {
      const credit = typed.credit.trim()
      await ask<MyOrg>('POST', '/api/my/orgs', {
        id,
        kind: typed.kind,
        name: typed.name.trim(),
        ...(credit === '' ? {} : { creditCode: credit }),
        area: place.area,
        contact: { name: typed.who.trim(), phone: typed.phone.trim() },
      })
      setTyped(EMPTY)
      setTried(false)
      setId(newId(new Date(book.clock.now())))
      await onDone()
    })
  }
  return (
    <details>
      <summary>{t('apply')}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Chips
          label={t('kind')}
          options={[
            { code: 'company', text: t('company') },
            { code: 'school', text: t('school') },
          ]}
          chosen={[typed.kind]}
          onChange={([kind]) => set({ kind: kind ?? typed.kind })}
          one
        />
        <TextField
          label={t('name')}
          name="org-name"
          bad={bad(named)}
          fault={t('needed')}
          value={typed.name}
          onChange={(name) => set({ name })}
        />
        <TextField
          label={t('credit')}
          name="org-credit"
          bad={false}
          value={typed.credit}
          max={30}
          onChange={(credit) => set({ credit })}
        />
        <PlaceField
          key={id}
          label={t('place')}
          name="org-place"
          bad={bad(typed.place !== null)}
          hint={t('placeHint')}
          level={5}
          value={typed.place}
          onChange={(place) => set({ place })}
        />
        <TextField
          label={t('contactName')}
          name="org-who"
          bad={bad(typed.who.trim() !== '')}
          fault={t('needed')}
          value={typed.who}
          onChange={(who) => set({ who })}
        />
        <TextField
          label={t('contactPhone')}
          name="org-phone"
          mode="tel"
          bad={bad(typed.phone.trim().length >= 5)}
          fault={t('needed')}
          value={typed.phone}
          max={40}
          onChange={(phone) => set({ phone })}
        />
        <Problem trouble={trouble} />
        <Act busy={busy} submit>
          {t('send')}
        </Act>
      </form>
    </details>
  )
}
