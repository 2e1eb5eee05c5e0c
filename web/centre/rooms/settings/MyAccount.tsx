import {
  ChangePassword,
  ConfirmTotp,
  Done,
  EndedSessions,
  EnrolledTotp,
  RecoveryCodes,
  Sessions,
} from '@weiwang/domain/access/api'
import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { useJoin } from '../../../i18n/setup.ts'
import { useList, useWrite } from '../../../api/query.ts'
import { Act, TextField } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { SecretField } from '../../../kit/centre/SecretField.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { QrCode } from '../../../kit/common/QrCode.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMe } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { submits } from '../../../shared/submit.ts'
import { When } from '../../../shared/words.tsx'
import { deviceWords } from '../../../words/device.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { useRoles } from '../accounts/AccountList.tsx'
import { download } from '../rules/download.ts'

function Password(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const said = useSaid()
  const form = useForm({ resolver: zodResolver(ChangePassword), defaultValues: { old: '', password: '' } })
  const write = useWrite(Done, { path: '/api/me/password', touches: [] })
  const submit = form.handleSubmit((body) =>
    write.mutate(body, {
      onSuccess: () => {
        form.reset()
        said(c('state.server'))
      },
    }),
  )
  return (
    <form className="form" style={{ maxWidth: 420 }} onSubmit={submits(submit)} noValidate>
      <ProblemNotice error={write.error} />
      <Controller
        control={form.control}
        name="old"
        render={({ field, fieldState }) => (
          <SecretField
            label={t('me.password.old')}
            autoComplete="current-password"
            value={field.value}
            onChange={field.onChange}
            fault={fieldState.error ? c('field.required') : undefined}
          />
        )}
      />
      <Controller
        control={form.control}
        name="password"
        render={({ field, fieldState }) => (
          <SecretField
            label={t('me.password.new')}
            autoComplete="new-password"
            value={field.value}
            onChange={field.onChange}
            fault={fieldState.error ? c('field.required') : undefined}
          />
        )}
      />
      <div>
        <Act submit busy={write.isPending}>
          {t('me.password.change')}
        </Act>
      </div>
    </form>
  )
}

function Totp(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const enrol = useWrite(EnrolledTotp, { path: '/api/me/totp/enrol', touches: [] })
  const confirm = useWrite(RecoveryCodes, { path: '/api/me/totp/confirm', touches: ['/api/me'] })
  const parsed = ConfirmTotp.safeParse({ code })
  if (confirm.data) {
    const codes = confirm.data.recoveryCodes
    return (
      <>
        <Notice kind="done" takesFocus head={t('me.totp.done')} body={t('me.totp.codes')} />
        <pre>{codes.join('\n')}</pre>
        <Act onClick={() => download('recovery-codes.txt', codes.join('\n'), 'text/plain')}>{t('me.totp.save')}</Act>
      </>
    )
  }
  return (
    <div className="form" style={{ maxWidth: 480 }}>
      <p style={{ margin: 0 }}>{me.totp ? t('me.totp.on') : t('me.totp.off')}</p>
      <ProblemNotice error={enrol.error ?? confirm.error} />
      {enrol.data ? (
        <>
          <p style={{ margin: 0 }}>{t('me.totp.scan')}</p>
          <QrCode text={enrol.data.uri} label={t('me.totp.qr')} />
          <Facts
            rows={[
              [t('me.totp.secret'), <code key="s">{enrol.data.secret}</code>],
              [
                t('me.totp.link'),
                <a key="l" href={enrol.data.uri}>
                  {t('me.totp.open')}
                </a>,
              ],
            ]}
          />
          <TextField label={t('me.totp.code')} value={code} onChange={setCode} />
          <div>
            <Act
              primary
              disabled={!parsed.success}
              busy={confirm.isPending}
              onClick={() => (parsed.success ? confirm.mutate(parsed.data) : undefined)}
            >
              {t('me.totp.confirm')}
            </Act>
          </div>
        </>
      ) : (
        <>
          <SecretField
            label={t('me.password.old')}
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
          />
          <div>
            <Act disabled={password === ''} busy={enrol.isPending} onClick={() => enrol.mutate({ password })}>
              {me.totp ? t('me.totp.again') : t('me.totp.enrol')}
            </Act>
          </div>
        </>
      )}
    </div>
  )
}

function MySessions(): ReactNode {
  const { t } = useTranslation('centre')
  const list = useList(Sessions, '/api/me/sessions')
  const others = useWrite(EndedSessions, { path: '/api/me/sessions/end-others', touches: ['/api/me/sessions'] })
  return (
    <>
      <ListTable
        name={t('sessions')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('session.none') }}
        columns={[
          {
            key: 'device',
            title: t('session.device'),
            cell: (row) => row.device || deviceWords(row.agent ?? '') || t('session.unknown'),
          },
          { key: 'seen', title: t('session.seen'), cell: (row) => <When at={row.lastSeenAt} /> },
          { key: 'since', title: t('since'), cell: (row) => <When at={row.createdAt} /> },
          {
            key: 'mine',
            title: t('state'),
            cell: (row) => (row.mine ? <WordTag strong>{t('session.this')}</WordTag> : <EndOne id={row.id} />),
          },
        ]}
      />
      <ConfirmAct
        verb={t('session.others')}
        title={t('session.others')}
        write={others}
        onYes={(_, done) => others.mutate({}, { onSuccess: done })}
      >
        <p>{t('session.end.what')}</p>
      </ConfirmAct>
    </>
  )
}

function EndOne({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const end = useWrite(EndedSessions, { path: `/api/me/sessions/${id}/end`, touches: ['/api/me/sessions'] })
  return (
    <ConfirmAct
      quiet
      verb={t('session.end')}
      title={t('session.end')}
      write={end}
      onYes={(_, done) => end.mutate({}, { onSuccess: done })}
    >
      <p>{t('session.end.what')}</p>
    </ConfirmAct>
  )
}

export function MyAccount(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const roles = useRoles()
  const join = useJoin()
  return (
    <>
      {me.totpAdvised ? <Notice kind="note" head={t('me.totp.advised')} /> : null}
      <Facts
        rows={[
          [t('account.name'), me.name],
          [t('area'), me.areaName],
          [t('role'), roles(me.roles)],
          [t('me.scope'), join(me.scope.map((s) => s.name)) || t('me.noScope')],
        ]}
      />
      <Section title={t('me.password')}>
        <Password />
      </Section>
      <Section title={t('me.totp')}>
        <Totp />
      </Section>
      <Section title={t('sessions')}>
        <MySessions />
      </Section>
    </>
  )
}
