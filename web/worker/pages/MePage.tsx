import { ChangePassword, Done, EndedSessions, Sessions } from '@weiwang/domain/access/api'
import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../api/query.ts'
import { setLang, useLang } from '../../i18n/setup.ts'
import { HonestState } from '../../kit/common/Notice.tsx'
import { BigButton, Known, Line } from '../../kit/phone/controls.tsx'
import { useMe } from '../../session/me.ts'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { submits } from '../../shared/submit.ts'
import { When } from '../../shared/words.tsx'
import { tidyDrafts, waitingDrafts } from '../drafts.ts'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

function Password(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const form = useForm({ resolver: zodResolver(ChangePassword), defaultValues: { old: '', password: '' } })
  const write = useWrite(Done, { path: '/api/me/password', touches: [] })
  return (
    <details className="card">
      <summary>{t('password')}</summary>
      <form
        onSubmit={submits(form.handleSubmit((body) => write.mutate(body, { onSuccess: () => form.reset() })))}
        noValidate
      >
        <ProblemNotice error={write.error} />
        {(['old', 'password'] as const).map((name) => (
          <Controller
            key={name}
            control={form.control}
            name={name}
            render={({ field, fieldState }) => (
              <Line
                type="password"
                label={t(`password.${name}`)}
                value={field.value}
                onChange={field.onChange}
                fault={fieldState.error ? c('field.required') : undefined}
              />
            )}
          />
        ))}
        {write.isSuccess ? <HonestState state="server" word={c('state.server')} /> : null}
        <BigButton submit busy={write.isPending}>
          {t('password.change')}
        </BigButton>
      </form>
    </details>
  )
}

function Devices(): ReactNode {
  const { t } = useTranslation('worker')
  const list = useList(Sessions, '/api/me/sessions')
  const end = useWrite(EndedSessions, { path: '/api/me/sessions/end-others', touches: ['/api/me/sessions'] })
  return (
    <details className="card">
      <summary>{t('devices')}</summary>
      <ProblemNotice error={end.error ?? list.error} />
      {list.rows.map((session) => (
        <p key={session.id}>
          {session.device || session.agent || '–'} {session.mine ? `· ${t('devices.this')}` : ''}
          <br />
          <When at={session.lastSeenAt} />
        </p>
      ))}
      {list.total > 1 ? (
        <BigButton busy={end.isPending} onClick={() => end.mutate({})}>
          {t('devices.end')}
        </BigButton>
      ) : null}
    </details>
  )
}

function Waiting({ account }: { account: string }): ReactNode {
  const { t } = useTranslation('worker')
  const waiting = waitingDrafts(localStorage, account)
  if (waiting.length === 0) return null
  return (
    <section className="card">
      <h2>{t('waiting.title', { n: waiting.length })}</h2>
      <p>{t('waiting.lead')}</p>
      {waiting.map((w) => (
        <p key={w.subject}>
          <Go href={w.form === 'door' ? paths.door(w.subject) : paths.task(w.subject)} className="big">
            {t('waiting.open')}
          </Go>
        </p>
      ))}
    </section>
  )
}

export function MePage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const lang = useLang()
  const client = useQueryClient()
  const router = useRouter()
  const logout = useWrite(Done, { path: '/api/logout', touches: [] })
  useEffect(() => tidyDrafts(localStorage, me.id, new Date(me.now)), [me.id, me.now])
  const leave = (): void =>
    logout.mutate(
      {},
      {
        onSettled: () => {
          client.clear()
          router.history.push(paths.login())
        },
      },
    )
  return (
    <>
      <Head title={t('tab.me')} />
      <main className="phone-main">
        <section className="card">
          <span className="card-door">{me.name}</span>
          <span className="card-place">{me.areaName}</span>
          <Known rows={[[t('covers'), me.scope.map((s) => s.name).join('、') || t('noScope')]]} />
        </section>
        <Waiting account={me.id} />
        <p>
          <button
            type="button"
            className="big"
            lang={lang === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
          >
            {c('lang.other')}
          </button>
        </p>
        <Password />
        <Devices />
        <BigButton busy={logout.isPending} onClick={leave}>
          {c('act.logout')}
        </BigButton>
      </main>
    </>
  )
}
