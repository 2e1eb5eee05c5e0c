import type { Corrected } from '@weiwang/domain/healthcode/reg-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { Choice, CountryField, PlaceField, TextField } from '../register/fields.tsx'
import type { Place } from '../register/form.ts'
import { REG } from '../register/texts.ts'
import { useWords } from '../texts.ts'
import { RIGHTS } from './texts.ts'

const KINDS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const
const OUTCOMES: Readonly<Record<string, 'changed' | 'same' | 'checked'>> = {
  changed: 'changed',
  same: 'same',
  checked: 'checked',
}
const FIELDS: Readonly<Record<string, 'name' | 'birth' | 'document' | 'home'>> = {
  name: 'name',
  birth: 'birth',
  document: 'document',
  home: 'home',
  address: 'home',
}

/** Only what is filled in is changed; without limit, each with its line in the history (REGISTER-14). */
export function CorrectForm({ person, onDone }: { person: string; onDone: () => Promise<void> }): ReactElement {
  const { t } = useWords({ ...REG, ...RIGHTS })
  const [name, setName] = useState('')
  const [birth, setBirth] = useState('')
  const [kind, setKind] = useState<(typeof KINDS)[number]>('resident')
  const [country, setCountry] = useState('')
  const [number, setNumber] = useState('')
  const [area, setArea] = useState<Place | null>(null)
  const [address, setAddress] = useState('')
  const [done, setDone] = useState<Corrected | null>(null)
  const [empty, setEmpty] = useState(false)
  const { busy, trouble, act } = useAct()
  const changes = {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(birth.trim() === '' ? {} : { birth: birth.trim() }),
    ...(number.trim() === ''
      ? {}
      : { document: { kind, number: number.trim(), ...(kind === 'passport' ? { country } : {}) } }),
    ...(address.trim() === ''
      ? {}
      : { home: { address: address.trim(), ...(area === null ? {} : { area: area.area }) } }),
  }
  const send = (): void => {
    const nothing = Object.keys(changes).length === 0
    setEmpty(nothing)
    if (nothing) return
    act(async () => {
      setDone(await ask<Corrected>('POST', '/api/my/registration/correct', { personId: person, changes }))
      setName('')
      setBirth('')
      setNumber('')
      setAddress('')
      setArea(null)
      await onDone()
    })
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <p>{t('correctLead')}</p>
      <p>
        <a href={`#declare/${person}`}>{t('declareAnew')}</a>
      </p>
      <details>
        <summary>{t('name')}</summary>
        <TextField name="name" label={t('name')} bad={false} value={name} onChange={setName} />
        <TextField
          name="birth"
          label={t('birth')}
          bad={false}
          hint="1950-03-08"
          max={30}
          value={birth}
          onChange={setBirth}
        />
      </details>
      <details>
        <summary>{t('document')}</summary>
        <Choice
          name="kind"
          label={t('documentKind')}
          bad={false}
          options={KINDS.map((code) => ({ code, text: t(`d_${code}`) }))}
          value={kind}
          onChange={setKind}
        />
        {kind === 'passport' && (
          <CountryField name="country" label={t('country')} bad={false} value={country} onChange={setCountry} />
        )}
        <TextField name="number" label={t('number')} bad={false} max={40} value={number} onChange={setNumber} />
      </details>
      <details>
        <summary>{t('home')}</summary>
        <PlaceField
          name="homeArea"
          label={t('homeArea')}
          hint={t('homeAreaHint')}
          level={5}
          bad={false}
          value={area}
          onChange={setArea}
        />
        <TextField name="address" label={t('address')} bad={false} max={300} value={address} onChange={setAddress} />
      </details>
      {empty && (
        <p className="bad" role="alert">
          {t('nothingTyped')}
        </p>
      )}
      <Problem trouble={trouble} />
      {done !== null && (
        <ul aria-live="polite">
          {done.fields.map(({ field, outcome }) => (
            <li key={field}>
              {FIELDS[field] === undefined ? field : t(FIELDS[field])}: {t(OUTCOMES[outcome] ?? 'same')}
            </li>
          ))}
        </ul>
      )}
      <Act busy={busy} kind="side" submit>
        {t('correctDo')}
      </Act>
    </form>
  )
}
