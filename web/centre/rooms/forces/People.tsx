import { OrganisedList } from '@weiwang/domain/areas/api'
import type { ForceKind, Skill } from '@weiwang/domain/teams/force'
import { FORCE_KINDS, FORCE_SAY, readHours, SKILL_SAY, SKILLS } from '@weiwang/domain/teams/force'
import { ForceDone, ForcePeoplePage, LeftForce, PEOPLE_LISTS } from '@weiwang/domain/teams/force-api'
import type { ForcePerson } from '@weiwang/domain/teams/force-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, MultiField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { ForceImport } from './ForceImport.tsx'
import { FORCES_TOUCHED, useHoursWords, useOrgChoices } from './words.tsx'

const Filters = z.object({
  list: z.enum(PEOPLE_LISTS),
  kind: z.enum(FORCE_KINDS),
  skill: z.enum(SKILLS),
  org: z.uuid(),
  own: z.enum(['true']),
  organised: OrganisedList,
})

function Enrol(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const said = useSaid()
  const desk = useDesk()
  const orgs = useOrgChoices()
  const [area, setArea] = useState<Chosen | null>(null)
  const [name, setName] = useState('')
  const [phone, setPhone] = useState('')
  const [kind, setKind] = useState<ForceKind>('volunteer')
  const [org, setOrg] = useState('')
  const [skills, setSkills] = useState<Skill[]>([])
  const [hours, setHours] = useState('')
  const write = useWrite(ForceDone, { path: '/api/forces/people', touches: FORCES_TOUCHED })
  const read = readHours(hours)
  const body = {
    area: area?.code ?? '',
    name: name.trim(),
    phone: phone.trim(),
    kind,
    orgId: org === '' ? null : org,
    skills,
    hours: read ?? [],
  }
  return (
    <ConfirmAct
      primary
      verb={t('forces.enrol')}
      title={t('forces.enrol')}
      write={write}
      ready={area !== null && body.name !== '' && body.phone !== '' && read !== null}
      onYes={(_, done) =>
        write.mutate(body, {
          onSuccess: () => {
            said(t('forces.enrolDone'))
            setName('')
            setPhone('')
            done()
          },
        })
      }
    >
      <div className="form">
        <div className="form-row">
          <TextField label={t('forces.name')} value={name} onChange={setName} />
          <TextField label={t('forces.phone')} value={phone} onChange={setPhone} />
        </div>
        <AreaPick label={t('forces.area')} value={area} onChange={setArea} within={desk.area} />
        <div className="form-row">
          <SelectField<ForceKind>
            label={t('forces.kind')}
            value={kind}
            onChange={(v) => setKind(v === '' ? 'volunteer' : v)}
            choices={FORCE_KINDS.map((one) => ({ value: one, label: say(FORCE_SAY[one]) }))}
          />
          <SelectField label={t('forces.org')} value={org} any="–" onChange={setOrg} choices={orgs} />
        </div>
        <MultiField<Skill>
          label={t('forces.skills')}
          value={skills}
          onChange={setSkills}
          choices={SKILLS.map((one) => ({ value: one, label: say(SKILL_SAY[one]) }))}
        />
        <TextField
          label={t('forces.hours')}
          help={t('forces.hours.help')}
          fault={read === null ? t('forces.hours.bad') : undefined}
          value={hours}
          onChange={setHours}
        />
      </div>
    </ConfirmAct>
  )
}

function Acts({ row }: { row: ForcePerson }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [lastDay, setLastDay] = useState(desk.today)
  const confirm = useWrite(ForceDone, { path: `/api/forces/people/${row.id}/confirm`, touches: FORCES_TOUCHED })
  const leave = useWrite(LeftForce, { path: `/api/forces/people/${row.id}/leave`, touches: FORCES_TOUCHED })
  return (
    <>
      {row.state === 'enrolled' ? (
        <ConfirmAct
          verb={t('forces.confirm')}
          title={`${t('forces.confirm')} · ${row.name}`}
          write={confirm}
          onYes={(_, done) => confirm.mutate({}, { onSuccess: done })}
        >
          <p>{t('forces.confirm.what')}</p>
        </ConfirmAct>
      ) : null}
      <ConfirmAct
        quiet
        verb={t('forces.leave')}
        title={`${t('forces.leave')} · ${row.name}`}
        reason={t('reason')}
        write={leave}
        onYes={(reason, done) => leave.mutate({ lastDay, reason }, { onSuccess: done })}
      >
        <p>{t('forces.leave.what')}</p>
        <DayField label={t('day.last')} value={lastDay} onChange={setLastDay} />
      </ConfirmAct>
    </>
  )
}

export function People(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const hours = useHoursWords()
  const orgs = useOrgChoices()
  const [filters, set] = useFilters(Filters)
  const list = useList(ForcePeoplePage, '/api/forces/people', { ...filters, area: desk.area })
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('forces.list')}
          value={filters.list ?? 'all'}
          onChange={(v) => set({ list: v === 'all' ? null : v })}
          choices={PEOPLE_LISTS.map((one) => ({ value: one, label: t(`forces.list.${one}`) }))}
          width={130}
        />
        <SelectField
          label={t('forces.kind')}
          value={filters.kind ?? ''}
          any={t('forces.any')}
          onChange={(v) => set({ kind: v })}
          choices={FORCE_KINDS.map((one) => ({ value: one, label: say(FORCE_SAY[one]) }))}
          width={130}
        />
        <SelectField
          label={t('forces.skills')}
          value={filters.skill ?? ''}
          any={t('forces.any')}
          onChange={(v) => set({ skill: v })}
          choices={SKILLS.map((one) => ({ value: one, label: say(SKILL_SAY[one]) }))}
          width={130}
        />
        <SelectField
          label={t('forces.org')}
          value={filters.org ?? ''}
          any={t('forces.any')}
          onChange={(v) => set({ org: v })}
          choices={orgs}
          width={160}
        />
        {may('file', 'force') ? <Enrol /> : null}
      </div>
      <ListTable<ForcePerson>
        name={t('forces.tab.people')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('forces.empty'), todo: t('forces.empty.todo') }}
        columns={[
          { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
          { key: 'kind', title: t('forces.kind'), cell: (row) => say(FORCE_SAY[row.kind]) },
          { key: 'org', title: t('forces.org'), cell: (row) => row.org?.name ?? '–' },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'skills',
            title: t('forces.skills'),
            cell: (row) => row.skills.map((one) => say(SKILL_SAY[one])).join(' · ') || '–',
          },
          { key: 'hours', title: t('forces.hours'), cell: (row) => hours(row.hours) },
          {
            key: 'state',
            title: t('forces.state'),
            cell: (row) => <WordTag strong={row.state === 'enrolled'}>{t(`forces.state.${row.state}`)}</WordTag>,
          },
          { key: 'act', title: t('act'), cell: (row) => (may('file', 'force') ? <Acts row={row} /> : '–') },
        ]}
      />
      {may('bulk', 'force') ? <ForceImport /> : null}
    </>
  )
}
