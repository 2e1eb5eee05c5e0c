import { Done, OpenedOrg, OrgDetail, OrgPage } from '@weiwang/domain/healthcode/org-api'
import type { DeskFileStep, ListOrgs, OrgRow } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { q, useList, useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, SelectField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Facts, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useFilters } from '../../filters.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { Filters } from './asked.ts'

const TOUCHES = ['/api/orgs']
const LISTS = ['waiting', 'files', 'approved', 'all'] as const

function useColumns(): Column<OrgRow>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  return [
    { key: 'name', title: t('org.name'), cell: (row) => <b>{row.name}</b> },
    { key: 'kind', title: t('org.kind'), cell: (row) => t(`orgKind.${row.kind}`) },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => <WordTag strong={row.state === 'applied'}>{say(row.stateName)}</WordTag>,
    },
    { key: 'file', title: t('org.file'), cell: (row) => (row.file ? say(row.file.stateName) : '–') },
    { key: 'consented', title: t('org.consented'), end: true, cell: (row) => row.consented },
    {
      key: 'fever',
      title: t('org.fever'),
      end: true,
      cell: (row) => (row.roll ? <WordTag strong={row.roll.fever > 0}>{row.roll.fever}</WordTag> : '–'),
    },
  ]
}

/** Companies and schools: applications, files to begin again, what was looked at on the spot (ORG-3, ORG-11 … ORG-14). */
export function Orgs(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const listed = filters.org ?? 'waiting'
  const [openId, setOpenId] = useState<string | null>(null)
  const columns = useColumns()
  const list = useList(OrgPage, '/api/orgs', { area: desk.area, list: listed }, { every: 30_000 })
  return (
    <>
      <div className="filters">
        <SelectField<ListOrgs['list']>
          label={t('org.list')}
          value={listed}
          onChange={(one) => set({ org: one === '' ? null : one })}
          choices={LISTS.map((value) => ({ value, label: t(`orgList.${value}`) }))}
          width={200}
        />
      </div>
      <ListTable<OrgRow>
        name={t('reg.tab.orgs')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('org.empty') }}
        columns={columns}
        onOpen={(row) => setOpenId(row.id)}
        openKey={openId ?? undefined}
      />
      {openId === null ? null : <Panel id={openId} onClose={() => setOpenId(null)} />}
    </>
  )
}

function Panel({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const found = useQuery(q(OrgDetail, `/api/orgs/${id}`))
  return (
    <SidePanel title={found.data?.name ?? t('reg.tab.orgs')} open onClose={onClose}>
      {found.error && !found.data ? (
        <ReadProblem error={found.error} again={<Act onClick={() => void found.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {found.data ? <Detail org={found.data} /> : found.error ? null : <Loading />}
    </SidePanel>
  )
}

function Detail({ org }: { org: OrgDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const say = useSay()
  const file = org.resumption
  return (
    <>
      <Facts
        rows={[
          [t('state'), say(org.stateName)],
          [t('area'), org.areaName],
          org.creditCode !== null && [t('org.credit'), org.creditCode],
          [t('org.members'), t('org.members.n', { consented: org.members.consented, invited: org.members.invited })],
          [t('org.officers'), join(org.officers.map((one) => one.masked))],
          file !== null && [t('org.file'), say(file.stateName)],
          file !== null && [t('org.headcount'), file.body.headcount],
          file !== null && [
            t('org.materials'),
            t('org.materials.n', { ...file.body.materials, rooms: file.body.isolationRooms }),
          ],
          file !== null && [t('org.plan'), file.body.plan],
          file !== null && [t('org.officer'), `${file.body.officer.name} ${file.body.officer.phone}`],
        ]}
      />
      <Contact org={org} />
      {org.mayDecide ? <Decide org={org} /> : null}
      <Steps org={org} />
      {file === null ? null : (
        <ul>
          {file.history.map((one) => (
            <li key={one.n}>
              <When at={one.at} /> {say(one.say)}
              {one.words === null ? null : `：${one.words}`}
            </li>
          ))}
        </ul>
      )}
      {org.rolls.length === 0 ? null : (
        <ul aria-label={t('org.rolls')}>
          {org.rolls.map((roll) => (
            <li key={roll.day}>
              {t('org.roll.line', {
                day: roll.day,
                present: roll.present ?? '–',
                absent: roll.absent ?? '–',
                fever: roll.fever ?? '–',
              })}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const ROW = { display: 'flex', gap: 8, flexWrap: 'wrap', margin: '12px 0' } as const

function Contact({ org }: { org: OrgDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const open = useWrite(OpenedOrg, { path: `/api/orgs/${org.id}/open`, touches: [] })
  const close = useWrite(Done, { path: `/api/orgs/${org.id}/close`, touches: TOUCHES })
  return (
    <div style={ROW}>
      {open.data ? (
        <output>
          {open.data.name} {open.data.phone}
        </output>
      ) : may('open', 'org', { area: org.area }) ? (
        <ConfirmAct
          verb={t('org.open')}
          title={`${t('org.open')} ${org.name}`}
          reason={t('purpose')}
          write={open}
          onYes={(purpose, done) => open.mutate({ purpose }, { onSuccess: done })}
        />
      ) : null}
      {org.state === 'approved' && may('revoke', 'org', { area: org.area }) ? (
        <ConfirmAct
          verb={t('org.close')}
          title={`${t('org.close')} ${org.name}`}
          write={close}
          onYes={(_, done) => close.mutate({}, { onSuccess: done })}
        >
          <p>{t('org.close.lead')}</p>
        </ConfirmAct>
      ) : null}
    </div>
  )
}

function Decide({ org }: { org: OrgDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(OrgDetail, { path: `/api/orgs/${org.id}/decide`, touches: TOUCHES })
  return (
    <div style={ROW}>
      <ConfirmAct
        primary
        verb={t('org.approve')}
        title={`${t('org.approve')} ${org.name}`}
        write={write}
        onYes={(_, done) => write.mutate({ decision: 'approved' }, { onSuccess: done })}
      />
      <ConfirmAct
        verb={t('org.refuse')}
        title={`${t('org.refuse')} ${org.name}`}
        reason={t('reason')}
        write={write}
        onYes={(words, done) => write.mutate({ decision: 'refused', words }, { onSuccess: done })}
      />
    </div>
  )
}

type Sent = { step: DeskFileStep; met?: boolean; words?: string }

function Steps({ org }: { org: OrgDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [met, setMet] = useState(true)
  const write = useWrite<typeof OrgDetail, Sent>(OrgDetail, { path: `/api/orgs/${org.id}/file`, touches: TOUCHES })
  const open = org.resumption !== null && ['submitted', 'site_check'].includes(org.resumption.state)
  if (!open) return null
  return (
    <div style={ROW}>
      {org.steps.map(({ step, ok, why }) => (
        <ConfirmAct
          key={step}
          primary={step === 'approve'}
          verb={t(`orgStep.${step}`)}
          title={`${t(`orgStep.${step}`)} ${org.name}`}
          disabled={!ok}
          why={why ? say(why) : undefined}
          write={write}
          {...(step === 'approve' ? {} : { reason: t(`orgWords.${step}`) })}
          onYes={(words, done) =>
            write.mutate(
              { step, ...(step === 'check' ? { met } : {}), ...(words === '' ? {} : { words }) },
              { onSuccess: done },
            )
          }
        >
          {step === 'check' ? <CheckField label={t('org.met')} value={met} onChange={setMet} /> : null}
        </ConfirmAct>
      ))}
    </div>
  )
}
