import { useId, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Trouble } from './net.ts'
import { useWords } from './texts.ts'

/** What went wrong, why, and what to do about it; never a code alone. */
export function Problem({ trouble }: { trouble: Trouble | null }): ReactElement | null {
  const { say } = useWords()
  if (trouble === null) return null
  return (
    <div className="trouble" role="alert">
      <strong>{say(trouble.body.message)}</strong>
      {trouble.body.remedy && <p>{say(trouble.body.remedy)}</p>}
    </div>
  )
}

/** One press, one act: while it runs the button says so; what went wrong stands above it and what was typed stays. */
export function useAct(): {
  busy: boolean
  trouble: Trouble | null
  act: (run: () => Promise<void>) => void
  clear: () => void
} {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const act = (run: () => Promise<void>): void => {
    if (busy) return
    setBusy(true)
    setTrouble(null)
    run()
      .catch((error: unknown) => {
        if (!(error instanceof Trouble)) throw error
        setTrouble(error)
      })
      .finally(() => setBusy(false))
  }
  return { busy, trouble, act, clear: () => setTrouble(null) }
}

export function Act({
  busy,
  children,
  onClick,
  kind = 'main',
  submit = false,
}: {
  busy: boolean
  children: ReactNode
  onClick?: () => void
  kind?: 'main' | 'side'
  /** The button of a form, which the key Enter presses too. */
  submit?: boolean
}): ReactElement {
  const { t } = useWords()
  return (
    <button type={submit ? 'submit' : 'button'} className={kind} aria-disabled={busy} onClick={onClick}>
      {busy ? t('working') : children}
    </button>
  )
}

/** Large chips; several can be chosen unless `one`. */
export function Chips({
  label,
  options,
  chosen,
  onChange,
  one = false,
  field,
  bad,
}: {
  label: string
  /** Which answer is missing; the first chip then is where the cursor is put by `focusLack`. */
  bad?: string | undefined
  /** Where the cursor is put when an answer is missing. */
  field?: string
  options: readonly { code: string; text: string }[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
  one?: boolean
}): ReactElement {
  const toggle = (code: string): void => {
    if (one) onChange(chosen.includes(code) ? [] : [code])
    else onChange(chosen.includes(code) ? chosen.filter((other) => other !== code) : [...chosen, code])
  }
  const id = useId()
  return (
    <fieldset className="field" aria-describedby={bad === undefined ? undefined : `${id}-bad`}>
      <legend className="label">{label}</legend>
      <div className="chips">
        {options.map(({ code, text }, i) => (
          <button
            key={code}
            type="button"
            className="chip"
            data-field={field}
            data-lacks={bad !== undefined && i === 0 ? true : undefined}
            aria-pressed={chosen.includes(code)}
            onClick={() => toggle(code)}
          >
            {text}
          </button>
        ))}
      </div>
      {bad !== undefined && (
        <p id={`${id}-bad`} className="bad">
          {bad}
        </p>
      )}
    </fieldset>
  )
}

/** To the first question that lacks its answer, when it has been marked on the screen; what was typed stays. */
export function focusLack(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-lacks]')?.focus())
}

/** Until the first answer is there: that it is on its way, or what went wrong and the way to ask again. */
export function Loading({
  done,
  trouble,
  load,
}: {
  done: boolean
  trouble: Trouble | null
  load: () => Promise<void>
}): ReactElement | null {
  const { t } = useWords()
  if (trouble !== null)
    return (
      <>
        <Problem trouble={trouble} />
        <Act busy={false} kind="side" onClick={() => void load()}>
          {t('again')}
        </Act>
      </>
    )
  return done ? null : <p aria-busy="true">{t('working')}</p>
}
