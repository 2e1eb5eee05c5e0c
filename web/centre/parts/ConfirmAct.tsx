import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, TextField } from '../../kit/centre/controls.tsx'
import { Dialog } from '../../kit/centre/surfaces.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'

type Writing = { isPending: boolean; error: Error | null; reset: () => void }

/**
 * A verb that asks first: what will happen, in numbers, and where wanted a reason. The dialog stays open with what was
 * typed until the server has said yes.
 */
export function ConfirmAct({
  verb,
  yes: word,
  title,
  children,
  reason,
  write,
  onYes,
  primary,
  quiet,
  disabled,
  why,
  ready = true,
  wide = false,
}: {
  verb: string
  /** On the dialog's own button, where it is another verb than the one that opens it. */
  yes?: string
  title: string
  children?: ReactNode
  /** Label of the reason field; without it none is asked. */
  reason?: string
  write: Writing
  onYes: (reason: string, done: () => void) => void
  primary?: boolean
  quiet?: boolean
  disabled?: boolean
  why?: string | undefined
  /** False while the body of the dialog still lacks something. */
  ready?: boolean
  /** A body with fields beside each other. */
  wide?: boolean
}): ReactNode {
  const { t } = useTranslation('common')
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [asked, setAsked] = useState(false)
  const missing = reason !== undefined && text.trim().length < 2
  const close = (): void => {
    setOpen(false)
    setAsked(false)
    write.reset()
  }
  const yes = (): void => {
    setAsked(true)
    if (missing) return
    onYes(text.trim(), () => {
      setText('')
      close()
    })
  }
  return (
    <>
      <Act
        primary={primary ?? false}
        quiet={quiet ?? false}
        disabled={disabled ?? false}
        why={why}
        onClick={() => setOpen(true)}
      >
        {verb}
      </Act>
      <Dialog
        title={title}
        open={open}
        onClose={close}
        yes={word ?? verb}
        no={t('act.cancel')}
        onYes={yes}
        busy={write.isPending}
        disabled={!ready}
        wide={wide}
      >
        <ProblemNotice error={write.error} />
        {children}
        {reason === undefined ? null : (
          <TextField
            long
            label={reason}
            value={text}
            onChange={setText}
            fault={asked && missing ? t('field.required') : undefined}
          />
        )}
      </Dialog>
    </>
  )
}
