import type { Transport } from '@weiwang/domain/healthcode/reg-api'
import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import { Choice, CountryField, PlaceField, YesNo } from './fields.tsx'
import type { Place } from './form.ts'
import { REG } from './texts.ts'

/** In the order of how often; the words of the wire, without the schemas, which this page does not carry. */
const TRANSPORTS: readonly Transport[] = ['train', 'plane', 'coach', 'car', 'ship', 'walk', 'other']

type From = { abroad: boolean; country: string; place: Place | null }

/** Where somebody comes from: a country, or a place here. */
export function Whence({
  name,
  label,
  bad,
  from,
  onChange,
}: {
  /** Of the question whether from abroad. */
  name: string
  label: string
  bad: boolean
  from: From
  onChange: (from: From) => void
}): ReactElement {
  const { t } = useWords(REG)
  return (
    <>
      <YesNo
        name={name}
        label={label}
        bad={false}
        yes={t('fromAbroad')}
        no={t('fromHere')}
        value={from.abroad}
        onChange={(abroad) => onChange({ ...from, abroad })}
      />
      {from.abroad ? (
        <CountryField
          name="from"
          label={t('fromCountry')}
          bad={bad}
          value={from.country}
          onChange={(country) => onChange({ ...from, country })}
        />
      ) : (
        <PlaceField
          name="from"
          label={t('fromPlace')}
          hint={t('fromPlaceHint')}
          level={3}
          bad={bad}
          value={from.place}
          onChange={(place) => onChange({ ...from, place })}
        />
      )}
    </>
  )
}

export function TransportChoice({
  bad,
  value,
  onChange,
}: {
  bad: boolean
  value: string
  onChange: (transport: Transport) => void
}): ReactElement {
  const { t } = useWords(REG)
  return (
    <Choice
      name="transport"
      label={t('transport')}
      bad={bad}
      options={TRANSPORTS.map((code) => ({ code, text: t(`t_${code}`) }))}
      value={TRANSPORTS.find((code) => code === value) ?? ''}
      onChange={onChange}
    />
  )
}
