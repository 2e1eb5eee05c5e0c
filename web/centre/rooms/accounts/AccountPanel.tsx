import { AccountItem, Duties, Sessions } from '@weiwang/domain/access/api'
import { ROLES } from '@weiwang/domain/access/actor'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { spanWords } from '../../../words/time.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { HandOver } from './HandOver.tsx'
import { PassDuties } from './PassDuties.tsx'
import { useRoles } from './AccountList.tsx'

type Account = z.output<typeof AccountItem>
const TOUCHES = ['/api/accounts', '/api/role-proposals', '/api/duties']

function RoleActs({ account }: { account: Account }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [role, setRole] = useState<(typeof ROLES)[number]>('worker')
  const [gone, setGone] = useState<(typeof ROLES)[number] | ''>('')
  const grant = useWrite(Anything, { path: `/api/accounts/${account.id}/roles/grant`, touches: TOUCHES })
  const revoke = useWrite(Anything, { path: `/api/accounts/${account.id}/roles/revoke`, touches: TOUCHES })
  const thing = { area: account.area }
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {may('propose', 'account', thing) ? (
        <ConfirmAct
          verb={t('account.grant')}
          title={t('account.grant')}
          write={grant}
          onYes={(_, done) => grant.mutate({ role }, { onSuccess: done })}
        >
          <p>{t('account.grant.what')}</p>
          <SelectField
            label={t('role')}
            value={role}
            onChange={(v) => setRole(v === '' ? 'worker' : v)}
            choices={ROLES.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          />
        </ConfirmAct>
      ) : null}
      {may('revoke', 'account', thing) && account.roles.length > 0 ? (
        <ConfirmAct
          verb={t('account.revoke')}
          title={t('account.revoke')}
          reason={t('reason')}
          ready={gone !== ''}
          write={revoke}
          onYes={(reason, done) => revoke.mutate({ role: gone, reason }, { onSuccess: done })}
        >
          <SelectField
            label={t('role')}
            value={gone}
            onChange={setGone}
            choices={account.roles.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          />
        </ConfirmAct>
      ) : null}
    </div>
  )
}

function SessionsOf({ account }: { account: Account }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const answer = useQuery(q(Sessions, `/api/accounts/${account.id}/sessions`))
  const end = useWrite(Anything, { path: `/api/accounts/${account.id}/sessions/end`, touches: TOUCHES })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  return (
    <>
      <ul className="history">
        {(answer.data?.items ?? []).map((s) => (
          <li key={s.id}>
            {s.device || s.agent || t('session.unknown')}
            <small>
              {t('session.seen')} <When at={s.lastSeenAt} />
            </small>
          </li>
        ))}
      </ul>
      {answer.data?.total === 0 ? <p>{t('session.none')}</p> : null}
      {may('revoke', 'account', { area: account.area }) && (answer.data?.total ?? 0) > 0 ? (
        <ConfirmAct
          verb={t('session.end')}
          title={t('session.end')}
          reason={t('reason')}
          write={end}
          onYes={(reason, done) => end.mutate({ reason }, { onSuccess: done })}
        >
          <p>{t('session.end.what')}</p>
        </ConfirmAct>
      ) : null}
    </>
  )
}

function DutiesOf({ account }: { account: Account }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const answer = useQuery(q(Duties, '/api/duties', { account: account.id, all: 'true' }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (answer.data?.items.length === 0) return <p>{t('account.duties.none')}</p>
  return (
    <ul className="history">
      {(answer.data?.items ?? []).map((d) => (
        <li key={d.id}>
          {d.areaName} · {t(`dutyKind.${d.kind}`)}
          <small>
            {spanWords(d.from, d.to, clock)}
            {d.standsInForName ? ` · ${t('duty.for', { name: d.standsInForName })}` : ''}
            {d.byName ? ` · ${t('duty.by', { name: d.byName })}` : ''}
          </small>
        </li>
      ))}
    </ul>
  )
}

export function AccountPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const roles = useRoles()
  const answer = useQuery(q(AccountItem, `/api/accounts/${id}`))
  const close = useWrite(Anything, { path: `/api/accounts/${id}/close`, touches: TOUCHES })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const account = answer.data
  const thing = { area: account.area }
  return (
    <>
      <h2 style={{ marginTop: 0 }}>{account.name}</h2>
      <Facts
        rows={[
          [t('area'), account.areaName],
          [t('role'), roles(account.roles)],
          account.pendingRoles.length > 0 ? [t('account.pending'), roles(account.pendingRoles)] : null,
          [t('person.phone'), account.phone ?? '–'],
          [t('account.login'), account.login ?? '–'],
          [t('state'), t(`accountState.${account.state}`)],
          [t('account.totp'), account.totp ? t('yes') : t('no')],
        ]}
      />
      <Section title={t('act')}>
        <RoleActs account={account} />
        <div style={{ display: 'flex', gap: 8, marginTop: 8, flexWrap: 'wrap' }}>
          {account.state === 'roster' && !account.phone && may('propose', 'account', thing) ? (
            <HandOver id={account.id} />
          ) : null}
          {account.state !== 'closed' && may('revoke', 'account', thing) ? (
            <ConfirmAct
              verb={t('account.close')}
              title={t('account.close')}
              reason={t('reason')}
              write={close}
              onYes={(reason, done) => close.mutate({ reason }, { onSuccess: done })}
            >
              <p>{t('account.close.what')}</p>
            </ConfirmAct>
          ) : null}
        </div>
      </Section>
      <Section title={t('account.duties')} acts={<PassDuties account={account} />}>
        <DutiesOf account={account} />
      </Section>
      {may('revoke', 'account', { area: account.area }) ? (
        <Section title={t('sessions')}>
          <SessionsOf account={account} />
        </Section>
      ) : null}
    </>
  )
}
