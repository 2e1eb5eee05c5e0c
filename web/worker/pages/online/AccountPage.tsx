import { ChangePassword, Done, EndedSessions, Sessions } from '@weiwang/domain/access/api'
import { MyPhonesAnswer } from '@weiwang/domain/sync/phones'
import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { HonestState } from '../../../kit/common/Notice.tsx'
import { BigButton, Known, Line } from '../../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { submits } from '../../../shared/submit.ts'
import { deviceWords } from '../../../words/device.ts'
import { When } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { paths } from '../../paths.ts'
import { usePhone, usePhoneState, useStrip } from '../../phone/hooks.tsx'
import { forgetAnswers, Online } from './Online.tsx'

const Anything = z.unknown()

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

type MyPhone = MyPhonesAnswer['items'][number]

function OnePhone({ phone, here }: { phone: MyPhone; here: boolean }): ReactNode {
  const { t } = useTranslation('worker')
  const [sure, setSure] = useState(false)
  const lost = useWrite(Anything, {
    path: `/api/sync/phones/${phone.device}/lost`,
    touches: ['/api/sync/phones'],
  })
  const report = (): void => lost.mutate({ account: phone.account.id, reason: t('lost.reason') })
  return (
    <section className="card">
      <b>
        {phone.name || t('phone.one')} {here ? `· ${t('devices.this')}` : ''}
      </b>
      <Known
        rows={[
          [t('phone.contact'), <When key="c" at={phone.contactAt} />],
          [t('phone.waiting'), String(phone.waiting)],
          [t('phone.state'), t(`phone.state.${phone.state}`)],
        ]}
      />
      <ProblemNotice error={lost.error} />
      {here || phone.state !== 'active' ? null : sure ? (
        <>
          <p>{t('lost.lead')}</p>
          <BigButton primary busy={lost.isPending} onClick={report}>
            {t('lost.sure')}
          </BigButton>
        </>
      ) : (
        <BigButton onClick={() => setSure(true)}>{t('lost')}</BigButton>
      )}
    </section>
  )
}

function Phones(): ReactNode {
  const { t } = useTranslation('worker')
  const answer = useQuery(q(MyPhonesAnswer, '/api/sync/phones/mine'))
  return (
    <>
      <h2 className="group">{t('phones')}</h2>
      <ProblemNotice quiet error={answer.error} />
      {(answer.data?.items ?? []).map((phone) => (
        <OnePhone key={phone.device} phone={phone} here={phone.thisOne} />
      ))}
    </>
  )
}

function Devices(): ReactNode {
  const { t } = useTranslation('worker')
  const list = useList(Sessions, '/api/me/sessions')
  const end = useWrite(EndedSessions, { path: '/api/me/sessions/end-others', touches: ['/api/me/sessions'] })
  return (
    <details className="card">
      <summary>{t('devices')}</summary>
      <ProblemNotice quiet error={end.error ?? list.error} />
      {list.rows.map((session) => (
        <p key={session.id}>
          {session.device || deviceWords(session.agent) || '–'} {session.mine ? `· ${t('devices.this')}` : ''}
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

function LogOut(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const strip = useStrip()
  const router = useRouter()
  const logout = useWrite(Done, { path: '/api/logout', touches: [] })
  const leave = (): void =>
    logout.mutate(
      {},
      {
        onSettled: () => {
          forgetAnswers()
          phone.signedOut()
          phone.lock()
          router.history.push(paths.login())
        },
      },
    )
  return (
    <>
      {strip.waiting + strip.photosWaiting > 0 ? <p className="card-place">{t('logout.waiting')}</p> : null}
      <BigButton busy={logout.isPending} onClick={leave}>
        {c('act.logout')}
      </BigButton>
    </>
  )
}

/** What only the server knows of this account: password, log-ins, phones. */
export function AccountPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { account } = usePhoneState()
  return (
    <>
      <Head title={t('account')} back={paths.me()} />
      <main className="phone-main">
        <section className="card">
          <span className="card-door">{account?.name}</span>
        </section>
        <Online>
          <Phones />
          <Password />
          <Devices />
          <LogOut />
        </Online>
      </main>
    </>
  )
}
