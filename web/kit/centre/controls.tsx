import { Button, Checkbox, Input, InputNumber, Segmented, Select } from 'antd'
import { useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Mark } from '../common/Mark.tsx'

export type ActProps = {
  children: ReactNode
  onClick?: () => void
  /** The one act that the screen is for. */
  primary?: boolean
  /** As a word among others, in a row of a table. */
  quiet?: boolean
  submit?: boolean
  busy?: boolean
  disabled?: boolean
  /** Why it cannot be pressed; shown on hover and read out. */
  why?: string | undefined
  label?: string
}

/** A button says a verb. Dangerous acts look like others and ask with their consequence instead. */
export function Act({ children, onClick, primary, quiet, submit, busy, disabled, why, label }: ActProps): ReactNode {
  return (
    <Button
      type={primary ? 'primary' : quiet ? 'link' : 'default'}
      size={quiet ? 'small' : 'middle'}
      htmlType={submit ? 'submit' : 'button'}
      loading={busy ?? false}
      disabled={disabled ?? false}
      {...(why ? { title: why } : {})}
      {...(label ? { 'aria-label': label } : {})}
      onClick={(event) => {
        event.stopPropagation()
        onClick?.()
      }}
    >
      {children}
    </Button>
  )
}

export type FieldProps = {
  label: string
  help?: string | undefined
  fault?: string | undefined
  children: (attributes: { id: string; 'aria-describedby'?: string; 'aria-invalid': boolean }) => ReactNode
}

/** A label over its control, with help and fault below; the control gets the id that ties them together. */
export function Field({ label, help, fault, children }: FieldProps): ReactNode {
  const id = useId()
  const below = fault ?? help ?? ''
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': fault !== undefined,
        ...(below === '' ? {} : { 'aria-describedby': `${id}-h` }),
      })}
      {below === '' ? null : (
        <span id={`${id}-h`} className={fault ? 'field-fault' : 'field-help'}>
          {fault ? <Mark sign="fault" /> : null} {below}
        </span>
      )}
    </div>
  )
}

type Common<T> = {
  label: string
  value: T
  onChange: (value: T) => void
  help?: string | undefined
  fault?: string | undefined
  disabled?: boolean
}

export function TextField({
  label,
  value,
  onChange,
  help,
  fault,
  disabled,
  long,
  placeholder,
  width,
}: Common<string> & { long?: boolean; placeholder?: string; width?: number }): ReactNode {
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) =>
        long ? (
          <Input.TextArea
            {...a}
            autoSize={{ minRows: 2, maxRows: 10 }}
            value={value}
            disabled={disabled ?? false}
            onChange={(e) => onChange(e.target.value)}
          />
        ) : (
          <Input
            {...a}
            value={value}
            disabled={disabled ?? false}
            {...(placeholder ? { placeholder } : {})}
            {...(width ? { style: { width } } : {})}
            onChange={(e) => onChange(e.target.value)}
          />
        )
      }
    </Field>
  )
}

export function NumberField({
  label,
  value,
  onChange,
  help,
  fault,
  min,
  max,
}: Common<number | null> & { min?: number; max?: number }): ReactNode {
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) => (
        <InputNumber
          {...a}
          value={value}
          {...(min === undefined ? {} : { min })}
          {...(max === undefined ? {} : { max })}
          onChange={(n) => onChange(typeof n === 'number' ? n : null)}
          style={{ width: '100%' }}
        />
      )}
    </Field>
  )
}

export type Choice<T extends string> = { value: T; label: string }

export function SelectField<T extends string>({
  label,
  value,
  onChange,
  choices,
  help,
  fault,
  any,
  width,
}: Common<T | ''> & { choices: readonly Choice<T>[]; any?: string; width?: number }): ReactNode {
  const options: { value: T | ''; label: string }[] =
    any === undefined ? [...choices] : [{ value: '', label: any }, ...choices]
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) => (
        <Select<T | ''>
          {...a}
          value={value}
          options={options}
          onChange={onChange}
          style={{ width: width ?? '100%', minWidth: 120 }}
          popupMatchSelectWidth={false}
        />
      )}
    </Field>
  )
}

export function MultiField<T extends string>({
  label,
  value,
  onChange,
  choices,
  help,
  fault,
}: Common<T[]> & { choices: readonly Choice<T>[] }): ReactNode {
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) => (
        <Select<T[]>
          {...a}
          mode="multiple"
          value={value}
          options={[...choices]}
          onChange={onChange}
          style={{ width: '100%' }}
        />
      )}
    </Field>
  )
}

export type Found<T> = { value: string; label: ReactNode; text: string; item: T }

/** Type, see what is found, choose. What was typed is searched by the owner; late answers are its affair. */
export function FindField<T>({
  label,
  shown,
  onSearch,
  onChoose,
  found,
  busy,
  none,
  help,
  fault,
  placeholder,
  width,
}: {
  label: string
  shown: string | null
  onSearch: (text: string) => void
  onChoose: (item: T | null) => void
  found: readonly Found<T>[]
  busy: boolean
  none: string
  help?: string | undefined
  fault?: string | undefined
  placeholder?: string
  width?: number
}): ReactNode {
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) => (
        <Select
          {...a}
          showSearch={{ onSearch, filterOption: false }}
          allowClear
          value={shown}
          {...(placeholder ? { placeholder } : {})}
          notFoundContent={none}
          loading={busy}
          options={found.map((f) => ({ value: f.value, label: f.label, title: f.text }))}
          onChange={(value) => onChoose(found.find((f) => f.value === value)?.item ?? null)}
          style={{ width: width ?? '100%' }}
          popupMatchSelectWidth={false}
        />
      )}
    </Field>
  )
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/**
 * A day as text, YYYY-MM-DD, whatever language the browser speaks: its own date field writes 02/03/2020 to some. The
 * browser's calendar opens from the sign beside; who types needs no calendar.
 */
export function DayInput({
  value,
  onChange,
  min,
  max,
  attributes,
}: {
  value: string
  onChange: (day: string) => void
  min?: string | undefined
  max?: string | undefined
  attributes: { id?: string; 'aria-label'?: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null)
  const calendar = useRef<HTMLInputElement>(null)
  const give = (text: string): void => {
    if (text === '' || DAY.test(text)) {
      setTyped(null)
      if (text !== value) onChange(text)
    } else setTyped(text)
  }
  return (
    <span className="day-box">
      <input
        {...attributes}
        className="day"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder="YYYY-MM-DD"
        maxLength={10}
        value={typed ?? value}
        onChange={(e) => give(e.target.value)}
        onBlur={() => setTyped(null)}
      />
      <span className="day-open" aria-hidden="true">
        <Mark sign="down" />
        <input
          ref={calendar}
          type="date"
          tabIndex={-1}
          value={value}
          {...(min ? { min } : {})}
          {...(max ? { max } : {})}
          onClick={() => calendar.current?.showPicker?.()}
          onChange={(e) => give(e.target.value)}
        />
      </span>
    </span>
  )
}

export function DayField({
  label,
  value,
  onChange,
  help,
  fault,
  min,
  max,
}: Common<string> & { min?: string; max?: string }): ReactNode {
  return (
    <Field label={label} help={help} fault={fault}>
      {(a) => <DayInput attributes={a} value={value} onChange={onChange} min={min} max={max} />}
    </Field>
  )
}

export function CheckField({ label, value, onChange }: Common<boolean>): ReactNode {
  return (
    <Checkbox checked={value} onChange={(e) => onChange(e.target.checked)}>
      {label}
    </Checkbox>
  )
}

/** A few ways to see the same thing. */
export function Switcher<T extends string>({
  label,
  value,
  onChange,
  choices,
}: {
  label: string
  value: T
  onChange: (value: T) => void
  choices: readonly Choice<T>[]
}): ReactNode {
  return <Segmented<T> aria-label={label} value={value} options={[...choices]} onChange={onChange} />
}

/**
 * Sheets of one page, all of them in sight: on a narrow screen the bar takes a second line, as a sheet behind a menu is not
 * found. Arrow keys go along it (WAI-ARIA tabs).
 */
export function Sheets<T extends string>({
  value,
  onChange,
  sheets,
}: {
  value: T
  onChange: (value: T) => void
  sheets: readonly { key: T; label: string }[]
}): ReactNode {
  const bar = useRef<HTMLDivElement>(null)
  const go = (at: number): void => {
    const to = sheets[(at + sheets.length) % sheets.length]
    if (!to) return
    onChange(to.key)
    bar.current?.querySelectorAll('button')[sheets.indexOf(to)]?.focus()
  }
  const steps: Record<string, (at: number) => number> = {
    ArrowRight: (at) => at + 1,
    ArrowLeft: (at) => at - 1,
    Home: () => 0,
    End: () => -1,
  }
  return (
    <div role="tablist" className="sheets" ref={bar}>
      {sheets.map(({ key, label }, at) => (
        <button
          key={key}
          type="button"
          role="tab"
          aria-selected={key === value}
          tabIndex={key === value ? 0 : -1}
          onClick={() => onChange(key)}
          onKeyDown={(event) => {
            const step = steps[event.key]
            if (!step) return
            event.preventDefault()
            go(step(at))
          }}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

/** The file input of the browser speaks the browser's language; this one speaks ours. */
export function FileButton({
  children,
  accept,
  onFile,
  primary,
  busy,
}: {
  children: ReactNode
  accept: string
  onFile: (file: File) => void
  primary?: boolean
  busy?: boolean
}): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  return (
    <span className="file-button">
      <Button type={primary ? 'primary' : 'default'} loading={busy ?? false} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          const file = event.target.files?.[0]
          // Emptied, so that the same file can be chosen again after it was mended.
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
    </span>
  )
}
