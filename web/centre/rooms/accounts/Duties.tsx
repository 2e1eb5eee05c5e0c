import { addDays } from '@weiwang/domain/core/day'
import { Accounts, Duties as DutiesPage, DutyItem, DUTY_KINDS, Gaps, Owners } from '@weiwang/domain/access/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { spanWords } from '../../../words/time.ts'
import { Anything } from '../../parts/anything.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useRoles } from './AccountList.tsx'

type Duty = z.output<typeof DutyItem>
const TOUCHES = ['/api/duties', '/api/accounts', '/api/tasks']

function Assign({ fixed }: { fixed?: Chosen }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [area, setArea] = useState<Chosen | null>(fixed ?? null)
  const [account, setAccount] = useState('')
  const [kind, setKind] = useState<(typeof DUTY_KINDS)[number]>('cover')
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState('')
  const owners = useQuery({
    ...q(Owners, '/api/duties/owners', { area: area?.code, limit: 100 }),
    enabled: area !== null,
  })
  const write = useWrite(Anything, { path: '/api/duties', touches: TOUCHES })
  return (
    <ConfirmAct
      quiet={fixed !== undefined}
      primary={fixed === undefined}
      verb={t('duty.assign')}
      title={t('duty.assign')}
      write={write}
      ready={area !== null && account !== ''}
      onYes={(_, done) => {
        if (area)
          write.mutate({ accountId: account, area: area.code, kind, from, ...(to ? { to } : {}) }, { onSuccess: done })
      }}
    >
      <div className="form">
        <AreaPick label={t('duty.area')} value={area} onChange={setArea} within={desk.area} />
        <SelectField
          label={t('duty.who')}
          value={account}
          onChange={setAccount}
          help={t('duty.who.help')}
          choices={(owners.data?.items ?? []).map((o) => ({
            value: o.id,
            label: t('duty.owner', { name: o.name, n: o.duties }),
          }))}
        />
        <SelectField
          label={t('duty.kind')}
          value={kind}
          onChange={(v) => setKind(v === '' ? 'cover' : v)}
          choices={DUTY_KINDS.map((k) => ({ value: k, label: t(`dutyKind.${k}`) }))}
        />
        <div className="form-row">
          <DayField label={t('day.from')} value={from} onChange={setFrom} />
          <DayField label={t('day.last')} value={to} min={from} onChange={setTo} help={t('duty.to.help')} />
        </div>
      </div>
    </ConfirmAct>
  )
}

function End({ row }: { row: Duty }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [lastDay, setLastDay] = useState(desk.today)
  const write = useWrite(Anything, { path: `/api/duties/${row.id}/end`, touches: TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('duty.end')}
      title={t('duty.end.title', { name: row.accountName, area: row.areaName })}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) => write.mutate({ lastDay, reason }, { onSuccess: done })}
    >
      <DayField
        label={t('day.last')}
        value={lastDay}
        min={addDays(row.from, -1)}
        onChange={setLastDay}
        help={t('duty.end.help')}
      />
    </ConfirmAct>
  )
}

/** People of the field who have nothing to cover today: for the gaps above. */
function Idle(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const may = useMay()
  const roles = useRoles()
  const idle = useList(
    Accounts,
    '/api/accounts',
    { area: desk.area, duty: 'none', limit: 20 },
    { enabled: may('read', 'account') },
  )
  if (!may('read', 'account')) return null
  return (
    <Section title={t('duty.idle')} lead={t('duty.idle.lead')}>
      <ListTable
        name={t('duty.idle')}
        list={idle}
        rowKey={(row) => row.id}
        empty={{ why: t('duty.idle.none') }}
        columns={[
          {
            key: 'name',
            title: t('account.name'),
            cell: (row) => <GoLink href={paths.accounts({ open: row.id })}>{row.name}</GoLink>,
          },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'role', title: t('role'), cell: (row) => roles(row.roles) },
        ]}
      />
    </Section>
  )
}

/** Who covers which area on the day; areas that nobody covers stand first. */
export function Duties(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const list = useList(DutiesPage, '/api/duties', { area: desk.area, day: desk.day })
  const gaps = useList(Gaps, '/api/duties/gaps', { area: desk.area, level: 6, limit: 20 })
  const mayFile = may('file', 'duty')
  return (
    <>
      <Section title={t('duty.gaps')} lead={t('duty.gaps.lead')}>
        <ListTable
          name={t('duty.gaps')}
          list={gaps}
          rowKey={(row) => row.area}
          empty={{ why: t('duty.gaps.none') }}
          columns={[
            { key: 'name', title: t('grid'), cell: (row) => <b>{row.name}</b> },
            { key: 'parent', title: t('area'), cell: (row) => row.parentName },
            {
              key: 'act',
              title: t('act'),
              cell: (row) => (mayFile ? <Assign fixed={{ code: row.area, name: row.name }} /> : '–'),
            },
          ]}
        />
      </Section>
      <Idle />
      <Section title={t('duty.now')} acts={mayFile ? <Assign /> : null}>
        <ListTable<Duty>
          name={t('duty.now')}
          list={list}
          rowKey={(row) => row.id}
          empty={{ why: t('duty.none'), todo: t('duty.none.todo') }}
          columns={[
            { key: 'area', title: t('area'), cell: (row) => <b>{row.areaName}</b> },
            { key: 'who', title: t('duty.who'), cell: (row) => row.accountName },
            { key: 'kind', title: t('duty.kind'), cell: (row) => t(`dutyKind.${row.kind}`) },
            { key: 'for', title: t('duty.standsIn'), cell: (row) => row.standsInForName ?? '–' },
            { key: 'days', title: t('risk.days'), cell: (row) => spanWords(row.from, row.to, clock) },
            { key: 'by', title: t('duty.assignedBy'), cell: (row) => row.byName ?? '–' },
            { key: 'act', title: t('act'), cell: (row) => (mayFile ? <End row={row} /> : '–') },
          ]}
        />
      </Section>
    </>
  )
}
