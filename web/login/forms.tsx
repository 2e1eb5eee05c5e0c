import { zodResolver } from '@hookform/resolvers/zod'
import {
  Activate,
  AskActivation,
  AskCode,
  AskedAnswer,
  AskedRecovery,
  AskRecovery,
  Login,
  LoginAnswer,
  LoginCode,
  LoginTotp,
} from '@weiwang/domain/access/api'
import { useState } from 'react'
import type { InputHTMLAttributes, ReactNode } from 'react'
import { useForm } from 'react-hook-form'
import type { FieldError, UseFormRegisterReturn } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../api/query.ts'
import { useSay } from '../i18n/setup.ts'
import { Mark } from '../kit/common/Mark.tsx'
import { Notice } from '../kit/common/Notice.tsx'
import { ProblemNotice } from '../shared/ProblemNotice.tsx'
import { submits } from '../shared/submit.ts'

export type Next = (answer: 'done' | 'totp' | 'enrol') => void

export function Line({
  label,
  help,
  fault,
  field,
  ...input
}: {
  label: string
  help?: string
  fault: FieldError | undefined
  field: UseFormRegisterReturn
} & InputHTMLAttributes<HTMLInputElement>): ReactNode {
  const { t } = useTranslation('common')
  return (
    <label>
      {label}
      <input {...input} {...field} aria-invalid={fault !== undefined} />
      {fault ? (
        <span className="login-fault">
          <Mark sign="fault" /> {t('field.required')}
        </span>
      ) : help ? (
        <span className="login-help">{help}</span>
      ) : null}
    </label>
  )
}

/** A one-time code; `digits`: nothing but digits, so the phone shows its number pad. */
export function CodeLine({
  label,
  field,
  fault,
  digits = true,
}: {
  label: string
  field: UseFormRegisterReturn
  fault: FieldError | undefined
  digits?: boolean
}): ReactNode {
  return (
    <Line
      label={label}
      field={field}
      fault={fault}
      autoComplete="one-time-code"
      {...(digits ? { inputMode: 'numeric' } : {})}
    />
  )
}

export function Go({ busy, children }: { busy: boolean; children: ReactNode }): ReactNode {
  return (
    <button className="login-go" type="submit" disabled={busy}>
      {children}
    </button>
  )
}

export function PasswordForm({ onNext }: { onNext: Next }): ReactNode {
  const { t } = useTranslation('login')
  const form = useForm({ resolver: zodResolver(Login), defaultValues: { identifier: '', password: '', device: '' } })
  const write = useWrite(LoginAnswer, { path: '/api/login', touches: [] })
  return (
    <form
      onSubmit={submits(form.handleSubmit((body) => write.mutate(body, { onSuccess: (a) => onNext(a.next) })))}
      noValidate
    >
      <ProblemNotice error={write.error} />
      <Line
        label={t('identifier')}
        field={form.register('identifier')}
        fault={form.formState.errors.identifier}
        autoComplete="username"
        autoCapitalize="none"
      />
      <Line
        label={t('password')}
        field={form.register('password')}
        fault={form.formState.errors.password}
        type="password"
        autoComplete="current-password"
      />
      <Go busy={write.isPending}>{t('submit')}</Go>
    </form>
  )
}

/** Asks that a code is sent, says that it was, and takes it. */
function SentCode({
  asked,
  busy,
  exercise,
  onAsk,
  field,
  fault,
  digits = true,
}: {
  asked: { minutes: number; digits: number } | undefined
  busy: boolean
  exercise: boolean
  onAsk: () => void
  field: UseFormRegisterReturn
  fault: FieldError | undefined
  digits?: boolean
}): ReactNode {
  const { t } = useTranslation('login')
  const messages = (
    <a href="/dev/messages" target="_blank" rel="noreferrer">
      {t('code.dev')}
    </a>
  )
  return (
    <>
      <button className="login-side" type="button" onClick={onAsk} disabled={busy}>
        {t('code.ask')}
      </button>
      {asked ? (
        <Notice
          kind="note"
          head={t('code.asked', { minutes: asked.minutes, digits: asked.digits })}
          body={exercise ? messages : null}
        />
      ) : null}
      <CodeLine label={t('code')} field={field} fault={fault} digits={digits} />
    </>
  )
}

export function CodeForm({ onNext, exercise }: { onNext: Next; exercise: boolean }): ReactNode {
  const { t } = useTranslation('login')
  const form = useForm({ resolver: zodResolver(LoginCode), defaultValues: { phone: '', code: '', device: '' } })
  const ask = useWrite(AskedAnswer, { path: '/api/login/code', touches: [] })
  const write = useWrite(LoginAnswer, { path: '/api/login/code/verify', touches: [] })
  const askNow = (): void => {
    const parsed = AskCode.safeParse({ phone: form.getValues('phone') })
    if (parsed.success) ask.mutate(parsed.data)
    else form.setError('phone', { type: 'required' }, { shouldFocus: true })
  }
  return (
    <form
      onSubmit={submits(form.handleSubmit((body) => write.mutate(body, { onSuccess: (a) => onNext(a.next) })))}
      noValidate
    >
      <ProblemNotice error={write.error ?? ask.error} />
      <Line
        label={t('phone')}
        field={form.register('phone')}
        fault={form.formState.errors.phone}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
      />
      <SentCode
        asked={ask.data}
        busy={ask.isPending}
        exercise={exercise}
        onAsk={askNow}
        field={form.register('code')}
        fault={form.formState.errors.code}
      />
      <Go busy={write.isPending}>{t('submit')}</Go>
    </form>
  )
}

export function TotpForm({ onNext }: { onNext: Next }): ReactNode {
  const { t } = useTranslation('login')
  const form = useForm({ resolver: zodResolver(LoginTotp), defaultValues: { code: '' } })
  const write = useWrite(LoginAnswer, { path: '/api/login/totp', touches: [] })
  return (
    <form
      onSubmit={submits(form.handleSubmit((body) => write.mutate(body, { onSuccess: (a) => onNext(a.next) })))}
      noValidate
    >
      <h2>{t('totp.title')}</h2>
      <p className="login-lead">{t('totp.lead')}</p>
      <ProblemNotice error={write.error} />
      <CodeLine label={t('code')} field={form.register('code')} fault={form.formState.errors.code} digits={false} />
      <Go busy={write.isPending}>{t('verify')}</Go>
    </form>
  )
}

export function Activation({ onNext, exercise }: { onNext: Next; exercise: boolean }): ReactNode {
  const { t } = useTranslation('login')
  const form = useForm({
    resolver: zodResolver(Activate),
    defaultValues: { identifier: '', code: '', password: '', device: '' },
  })
  const ask = useWrite(AskedAnswer, { path: '/api/activation/code', touches: [] })
  const write = useWrite(LoginAnswer, { path: '/api/activation', touches: [] })
  const askNow = (): void => {
    const parsed = AskActivation.safeParse({ phone: form.getValues('identifier') })
    if (parsed.success) ask.mutate(parsed.data)
    else form.setError('identifier', { type: 'required' }, { shouldFocus: true })
  }
  return (
    <form
      onSubmit={submits(form.handleSubmit((body) => write.mutate(body, { onSuccess: (a) => onNext(a.next) })))}
      noValidate
    >
      <h2>{t('activate.title')}</h2>
      <p className="login-lead">{t('activate.lead')}</p>
      <ProblemNotice error={write.error ?? ask.error} />
      <Line
        label={t('identifier')}
        field={form.register('identifier')}
        fault={form.formState.errors.identifier}
        autoComplete="username"
      />
      <SentCode
        asked={ask.data}
        busy={ask.isPending}
        exercise={exercise}
        onAsk={askNow}
        field={form.register('code')}
        fault={form.formState.errors.code}
        digits={false}
      />
      <Line
        label={t('password.new')}
        help={t('password.help')}
        field={form.register('password')}
        fault={form.formState.errors.password}
        type="password"
        autoComplete="new-password"
      />
      <Go busy={write.isPending}>{t('activate.submit')}</Go>
    </form>
  )
}

const KINDS = ['password', 'totp', 'phone'] as const

export function RecoveryForm(): ReactNode {
  const { t } = useTranslation('login')
  const say = useSay()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('password')
  const form = useForm({ defaultValues: { identifier: '', reason: '', newPhone: '' } })
  const write = useWrite(AskedRecovery, { path: '/api/recovery', touches: [] })
  const submit = form.handleSubmit((values) => {
    const parsed = AskRecovery.safeParse({
      identifier: values.identifier,
      kind,
      reason: values.reason,
      ...(kind === 'phone' && values.newPhone ? { newPhone: values.newPhone } : {}),
    })
    if (parsed.success) return write.mutate(parsed.data)
    for (const issue of parsed.error.issues) {
      const at = issue.path[0]
      if (at === 'identifier' || at === 'reason' || at === 'newPhone') form.setError(at, { type: 'required' })
    }
    return undefined
  })
  if (write.data) return <Notice kind="done" takesFocus head={say(write.data.say)} />
  return (
    <form onSubmit={submits(submit)} noValidate>
      <h2>{t('recover.title')}</h2>
      <ProblemNotice error={write.error} />
      <Line
        label={t('identifier')}
        field={form.register('identifier')}
        fault={form.formState.errors.identifier}
        autoComplete="username"
      />
      <label>
        {t('recover.kind')}
        <select value={kind} onChange={(e) => setKind(KINDS.find((k) => k === e.target.value) ?? 'password')}>
          {KINDS.map((k) => (
            <option key={k} value={k}>
              {t(`recover.${k}`)}
            </option>
          ))}
        </select>
      </label>
      {kind === 'phone' ? (
        <Line
          label={t('recover.newPhone')}
          field={form.register('newPhone')}
          fault={form.formState.errors.newPhone}
          type="tel"
        />
      ) : null}
      <Line label={t('recover.reason')} field={form.register('reason')} fault={form.formState.errors.reason} />
      <Go busy={write.isPending}>{t('recover.submit')}</Go>
    </form>
  )
}
