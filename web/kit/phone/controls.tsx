import { Popup } from 'antd-mobile'
import { useEffect, useId, useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Mark } from '../common/Mark.tsx'

export function BigButton({
  children,
  onClick,
  primary,
  submit,
  busy,
  disabled,
}: {
  children: ReactNode
  onClick?: () => void
  primary?: boolean
  submit?: boolean
  busy?: boolean
  disabled?: boolean
}): ReactNode {
  return (
    <button
      type={submit ? 'submit' : 'button'}
      className="big"
      data-primary={primary ?? false}
      disabled={(busy ?? false) || (disabled ?? false)}
      aria-busy={busy ?? false}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

export type Chip<T extends string> = { value: T; label: string }
export type ChipGroup<T extends string> = { label?: string | undefined; chips: readonly Chip<T>[] }

/** One answer of a few, as chips that a thumb finds; a second tap on the chosen one takes it back when it may be empty. */
export function Chips<T extends string>({
  label,
  help,
  fault,
  groups,
  value,
  onChange,
  emptyable,
}: {
  label: string
  help?: string | undefined
  fault?: string | undefined
  groups: readonly ChipGroup<T>[]
  value: T | null
  onChange: (value: T | null) => void
  emptyable?: boolean
}): ReactNode {
  const name = useId()
  return (
    <fieldset className="chips" aria-invalid={fault !== undefined}>
      <legend>
        {label} {help ? <small>{help}</small> : null}
      </legend>
      {groups.map((group) => (
        <div key={group.label ?? ''}>
          {group.label ? <div className="chip-group">{group.label}</div> : null}
          <div className="chip-row">
            {group.chips.map((chip) => (
              <label className="chip" key={chip.value}>
                <input
                  type="radio"
                  name={name}
                  value={chip.value}
                  checked={value === chip.value}
                  onChange={() => onChange(chip.value)}
                  onClick={() => (emptyable && value === chip.value ? onChange(null) : undefined)}
                />
                <span>{chip.label}</span>
              </label>
            ))}
          </div>
        </div>
      ))}
      {fault ? (
        <span className="line-fault">
          <Mark sign="fault" /> {fault}
        </span>
      ) : null}
    </fieldset>
  )
}

/** A choice between a few ways of looking at the same thing. */
export function Segments<T extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string
  choices: readonly Chip<T>[]
  value: T
  onChange: (value: T) => void
}): ReactNode {
  return (
    <fieldset className="segments" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  )
}

/** On or off, in a whole line that a thumb finds. */
export function Switch({
  label,
  help,
  on,
  onChange,
}: {
  label: string
  help?: string
  on: boolean
  onChange: (on: boolean) => void
}): ReactNode {
  return (
    <label className="switch">
      <span>
        {label}
        {help ? <small>{help}</small> : null}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  )
}

/** Several answers of a few. */
export function MultiChips({
  label,
  help,
  fault,
  chips,
  value,
  onChange,
}: {
  label: string
  help?: string | undefined
  fault?: string | undefined
  chips: readonly Chip<string>[]
  value: readonly string[]
  onChange: (value: string[]) => void
}): ReactNode {
  return (
    <fieldset className="chips" aria-invalid={fault !== undefined}>
      <legend>
        {label} {help ? <small>{help}</small> : null}
      </legend>
      <div className="chip-row">
        {chips.map((chip) => (
          <label className="chip" key={chip.value}>
            <input
              type="checkbox"
              checked={value.includes(chip.value)}
              onChange={(event) =>
                onChange(event.target.checked ? [...value, chip.value] : value.filter((v) => v !== chip.value))
              }
            />
            <span>{chip.label}</span>
          </label>
        ))}
      </div>
      {fault ? (
        <span className="line-fault">
          <Mark sign="fault" /> {fault}
        </span>
      ) : null}
    </fieldset>
  )
}

type LineProps = {
  label: string
  help?: string | undefined
  fault?: string | undefined
  value: string
  onChange: (value: string) => void
}

/** `pad`: which keyboard the phone shows; `decimal` is the number pad with a point. */
export function Line({
  label,
  help,
  fault,
  value,
  onChange,
  pad,
  type,
}: LineProps & { pad?: 'decimal' | 'tel' | 'search'; type?: 'date' | 'time' | 'password' }): ReactNode {
  return (
    <label className="line">
      <span>
        {label} {help ? <small>{help}</small> : null}
      </span>
      <input
        type={type ?? 'text'}
        {...(pad ? { inputMode: pad } : {})}
        value={value}
        aria-invalid={fault !== undefined}
        onChange={(e) => onChange(e.target.value)}
      />
      {fault ? (
        <span className="line-fault">
          <Mark sign="fault" /> {fault}
        </span>
      ) : null}
    </label>
  )
}

export function TextLine({
  label,
  help,
  fault,
  value,
  onChange,
  most = 500,
  onLeave,
}: LineProps & { most?: number; onLeave?: () => void }): ReactNode {
  return (
    <label className="line">
      <span>
        {label} {help ? <small>{help}</small> : null}
      </span>
      <textarea
        rows={3}
        maxLength={most}
        value={value}
        aria-invalid={fault !== undefined}
        onChange={(e) => onChange(e.target.value)}
        onBlur={onLeave}
      />
      {fault ? (
        <span className="line-fault">
          <Mark sign="fault" /> {fault}
        </span>
      ) : null}
    </label>
  )
}

/** Comes up from the bottom, within the thumb's reach; closed by its own button, never by a gesture alone. */
export function Sheet({
  title,
  open,
  onClose,
  close,
  children,
}: {
  title: string
  open: boolean
  onClose: () => void
  close: string
  children: ReactNode
}): ReactNode {
  return (
    <Popup
      visible={open}
      onMaskClick={onClose}
      onClose={onClose}
      bodyStyle={{ borderTopLeftRadius: 18, borderTopRightRadius: 18, background: 'var(--ground)' }}
      destroyOnClose
    >
      <SheetBody title={title} onClose={onClose}>
        {children}
        <p>
          <BigButton onClick={onClose}>{close}</BigButton>
        </p>
      </SheetBody>
    </Popup>
  )
}

const REACHED = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)'

/** Who goes by keys or by ear is in the sheet while it is open, and where he was when it closes. */
function SheetBody({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const sheet = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    if (!sheet.current?.contains(before)) sheet.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLDialogElement>): void => {
    if (event.key === 'Escape') onClose()
    if (event.key !== 'Tab') return
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>(REACHED)]
    const [first, last] = [all[0], all.at(-1)]
    const edges = event.shiftKey ? [first, event.currentTarget] : [last]
    if (!edges.some((one) => one === document.activeElement)) return
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }
  return (
    <dialog open ref={sheet} className="sheet" aria-modal="true" aria-label={title} tabIndex={-1} onKeyDown={onKeyDown}>
      <h2>{title}</h2>
      {children}
    </dialog>
  )
}

/** The one thing to do on this screen, always under the thumb. */
export function ActBar({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="act-bar">
      <div>{children}</div>
    </div>
  )
}

export function Known({ rows }: { rows: readonly (readonly [label: string, value: ReactNode] | null)[] }): ReactNode {
  return (
    <dl className="known">
      {rows.map((row) =>
        row ? (
          <div key={row[0]} style={{ display: 'contents' }}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
