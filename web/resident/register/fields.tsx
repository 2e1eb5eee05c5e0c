import { countryNames } from '@weiwang/domain/people/country'
import { useEffect, useId, useRef, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import type { Places } from '@weiwang/domain/healthcode/reg-api'
import { ask } from '../net.ts'
import { useWords } from '../texts.ts'
import type { Place } from './form.ts'
import { REG } from './texts.ts'

/** Fields of the forms: a word above, the fault below, and the cursor there when something is missing. */
type Base = { label: string; name: string; bad: boolean }

function Bad({ id, bad, children }: { id: string; bad: boolean; children?: ReactNode }): ReactElement | null {
  const { t } = useWords(REG)
  if (!bad) return null
  return (
    <p id={`${id}-bad`} className="bad">
      {children ?? t('missing')}
    </p>
  )
}

export function TextField({
  label,
  name,
  bad,
  value,
  onChange,
  hint,
  mode,
  max = 100,
  fault,
  auto = 'off',
}: Base & {
  value: string
  onChange: (value: string) => void
  hint?: string
  mode?: 'decimal' | 'tel' | 'numeric'
  max?: number
  fault?: string
  auto?: string
}): ReactElement {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        value={value}
        maxLength={max}
        autoComplete={auto}
        {...(mode === undefined ? {} : { inputMode: mode })}
        aria-invalid={bad}
        aria-describedby={bad ? `${id}-bad` : hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint !== undefined && !bad && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
      <Bad id={id} bad={bad}>
        {fault}
      </Bad>
    </div>
  )
}

export function DayField({
  label,
  name,
  bad,
  value,
  onChange,
  from,
  to,
}: Base & { value: string; onChange: (value: string) => void; from?: string; to?: string }): ReactElement {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        type="date"
        value={value}
        min={from}
        max={to}
        aria-invalid={bad}
        aria-describedby={bad ? `${id}-bad` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <Bad id={id} bad={bad} />
    </div>
  )
}

export function Choice<C extends string>({
  label,
  name,
  bad,
  options,
  value,
  onChange,
}: Base & {
  options: readonly { code: C; text: string }[]
  value: C | ''
  onChange: (code: C) => void
}): ReactElement {
  const id = useId()
  return (
    <fieldset className="field" aria-describedby={bad ? `${id}-bad` : undefined}>
      <legend className="label">{label}</legend>
      <div className="chips">
        {options.map(({ code, text }) => (
          <label key={code} className="choice">
            <input
              type="radio"
              name={`${name}-${id}`}
              checked={value === code}
              data-field={name}
              onChange={() => onChange(code)}
            />
            <span className="chip">{text}</span>
          </label>
        ))}
      </div>
      <Bad id={id} bad={bad} />
    </fieldset>
  )
}

export function YesNo({
  yes,
  no,
  value,
  onChange,
  ...base
}: Base & { yes: string; no: string; value: boolean | null; onChange: (value: boolean) => void }): ReactElement {
  return (
    <Choice
      {...base}
      options={[
        { code: 'no', text: no },
        { code: 'yes', text: yes },
      ]}
      value={value === null ? '' : value ? 'yes' : 'no'}
      onChange={(code) => onChange(code === 'yes')}
    />
  )
}

export function CountryField({
  label,
  name,
  bad,
  value,
  onChange,
}: Base & { value: string; onChange: (code: string) => void }): ReactElement {
  const { lang, t } = useWords(REG)
  const id = useId()
  const [names] = useState(() => countryNames(lang))
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        name={name}
        value={value}
        aria-invalid={bad}
        aria-describedby={bad ? `${id}-bad` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t('choose')}</option>
        {names.map(([code, word]) => (
          <option key={code} value={code}>
            {word}
          </option>
        ))}
      </select>
      <Bad id={id} bad={bad} />
    </div>
  )
}

const PAUSE_MS = 300

/** An official name, found by typing some of it; of two answers the later question's counts (case 61). */
export function PlaceField({
  label,
  name,
  bad,
  value,
  onChange,
  hint,
  level,
}: Base & {
  value: Place | null
  onChange: (place: Place | null) => void
  hint: string
  level: 3 | 5
}): ReactElement {
  const { t } = useWords(REG)
  const id = useId()
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Place[] | null>(null)
  const asked = useRef(0)
  useEffect(() => {
    const text = typed.trim()
    const mine = ++asked.current
    if (text === '') return undefined
    const timer = setTimeout(() => {
      ask<Places>('GET', `/api/my/places?level=${level}&text=${encodeURIComponent(text)}`).then(
        ({ items }) => {
          if (mine === asked.current) setFound(items)
        },
        () => {
          // What is typed stays; the next letter asks again.
          if (mine === asked.current) setFound(null)
        },
      )
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, level])

  if (value !== null)
    return (
      <div className="field">
        <span className="label" id={id}>
          {label}
        </span>
        <p className="picked">
          <strong>{value.name}</strong>{' '}
          <button type="button" className="plain" name={name} aria-describedby={id} onClick={() => onChange(null)}>
            {t('change')}
          </button>
        </p>
      </div>
    )
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        name={name}
        type="search"
        value={typed}
        maxLength={60}
        autoComplete="off"
        aria-invalid={bad}
        aria-describedby={bad ? `${id}-bad` : `${id}-hint`}
        onChange={(event) => {
          setTyped(event.target.value)
          if (event.target.value.trim() === '') setFound(null)
        }}
      />
      <p id={`${id}-hint`} className="quiet">
        {hint}
      </p>
      <Bad id={id} bad={bad} />
      <div aria-live="polite">
        {found?.length === 0 && <p>{t('noPlace')}</p>}
        {found !== null && found.length > 0 && (
          <ul className="found">
            {found.map((one) => (
              <li key={one.area}>
                <button
                  type="button"
                  onClick={() => {
                    onChange({ area: one.area, name: one.name })
                    setTyped('')
                  }}
                >
                  {one.name}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
