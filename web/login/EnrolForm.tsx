import { zodResolver } from '@hookform/resolvers/zod'
import { ConfirmAtLogin, ConfirmedAtLogin, EnrolledTotp } from '@weiwang/domain/access/api'
import type { FormEvent, ReactNode } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../api/query.ts'
import { Notice } from '../kit/common/Notice.tsx'
import { QrCode } from '../kit/common/QrCode.tsx'
import { ProblemNotice } from '../shared/ProblemNotice.tsx'
import { submits } from '../shared/submit.ts'
import { CodeLine, Go } from './forms.tsx'
import type { Next } from './forms.tsx'

/** Four letters at a time, as people type them over. */
function inGroups(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/g, '$1 ')
}

/** The recovery codes, shown this once; nothing opens by itself, so that nobody passes them by. */
function Codes({ codes, onNext }: { codes: readonly string[]; onNext: () => void }): ReactNode {
  const { t } = useTranslation('login')
  return (
    <div className="login-kept">
      <Notice kind="done" takesFocus head={t('enrol.done')} body={t('enrol.codes')} />
      <pre className="login-codes">{codes.join('\n')}</pre>
      <a
        className="login-side"
        download="weiwang-recovery-codes.txt"
        href={`data:text/plain;charset=utf-8,${encodeURIComponent(codes.join('\n'))}`}
      >
        {t('enrol.save')}
      </a>
      <button className="login-go" type="button" onClick={onNext}>
        {t('enrol.kept')}
      </button>
    </div>
  )
}

function Digits({ secret, uri, onNext }: { secret: string; uri: string; onNext: Next }): ReactNode {
  const { t } = useTranslation('login')
  const form = useForm({ resolver: zodResolver(ConfirmAtLogin), defaultValues: { code: '' } })
  const write = useWrite(ConfirmedAtLogin, { path: '/api/login/totp/enrol/confirm', touches: [] })
  if (write.data) {
    const { recoveryCodes, next } = write.data
    return <Codes codes={recoveryCodes} onNext={() => onNext(next)} />
  }
  return (
    <form onSubmit={submits(form.handleSubmit((body) => write.mutate(body)))} noValidate>
      <p className="login-lead">{t('enrol.scan')}</p>
      <QrCode text={uri} label={t('enrol.qr')} />
      <p className="login-lead">
        {t('enrol.secret')} <code>{inGroups(secret)}</code>
        <br />
        <a href={uri}>{t('enrol.here')}</a>
      </p>
      <ProblemNotice error={write.error} />
      <CodeLine label={t('enrol.digits')} field={form.register('code')} fault={form.formState.errors.code} />
      <Go busy={write.isPending}>{t('verify')}</Go>
    </form>
  )
}

/** ACCESS-20: the first log-in of a role that must have a second factor. */
export function EnrolForm({ onNext }: { onNext: Next }): ReactNode {
  const { t } = useTranslation('login')
  const enrol = useWrite(EnrolledTotp, { path: '/api/login/totp/enrol', touches: [] })
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    enrol.mutate({})
  }
  return (
    <>
      <h2>{t('enrol.title')}</h2>
      {enrol.data ? (
        <Digits secret={enrol.data.secret} uri={enrol.data.uri} onNext={onNext} />
      ) : (
        <form onSubmit={submits(begin)} noValidate>
          <p className="login-lead">{t('enrol.lead')}</p>
          <ProblemNotice error={enrol.error} />
          <Go busy={enrol.isPending}>{t('enrol.begin')}</Go>
        </form>
      )}
    </>
  )
}
