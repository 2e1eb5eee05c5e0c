import { TemplateAnswer, TemplateView } from '@weiwang/domain/teams/api'
import { REACHES, TEAM_ROLES } from '@weiwang/domain/teams/template'
import type { RoleRule } from '@weiwang/domain/teams/template'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useRole } from './words.ts'

function Rules({ roles }: { roles: readonly RoleRule[] }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const role = useRole()
  return (
    <DataTable<RoleRule>
      name={t('teams.tab.template')}
      rows={roles}
      rowKey={(row) => row.role}
      busy={false}
      totalText={c('total', { total: roles.length })}
      empty={<Empty why={t('team.none')} />}
      columns={[
        { key: 'role', title: t('role'), cell: (row) => <b>{role(row.role)}</b> },
        { key: 'count', title: t('template.count'), end: true, cell: (row) => row.count },
        { key: 'cap', title: t('template.cap'), end: true, cell: (row) => row.cap },
        { key: 'reach', title: t('template.reach'), cell: (row) => t(`reach.${row.reach}`) },
        { key: 'metres', title: t('template.metres'), end: true, cell: (row) => row.metres ?? t('template.anyMetres') },
        {
          key: 'every',
          title: t('template.every'),
          end: true,
          cell: (row) => (row.every === 0 ? t('template.every.0') : row.every),
        },
      ]}
    />
  )
}

function RuleFields({
  rule,
  onChange,
  onRemove,
}: {
  rule: RoleRule
  onChange: (rule: RoleRule) => void
  onRemove: () => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const role = useRole()
  return (
    <fieldset className="form">
      <legend>{role(rule.role)}</legend>
      <div className="form-row">
        <NumberField
          label={t('template.count')}
          value={rule.count}
          min={1}
          max={5}
          onChange={(n) => onChange({ ...rule, count: n ?? 1 })}
        />
        <NumberField
          label={t('template.cap')}
          value={rule.cap}
          min={1}
          max={500}
          onChange={(n) => onChange({ ...rule, cap: n ?? 1 })}
        />
        <SelectField
          label={t('template.reach')}
          value={rule.reach}
          onChange={(v) => onChange({ ...rule, reach: v === '' ? 'county' : v })}
          choices={REACHES.map((one) => ({ value: one, label: t(`reach.${one}`) }))}
        />
      </div>
      <div className="form-row">
        <NumberField
          label={t('template.metres')}
          help={t('template.anyMetres')}
          value={rule.metres}
          min={50}
          max={100_000}
          onChange={(n) => onChange({ ...rule, metres: n })}
        />
        <NumberField
          label={t('template.every')}
          value={rule.every}
          min={0}
          max={14}
          onChange={(n) => onChange({ ...rule, every: n ?? 0 })}
        />
        <Act onClick={onRemove}>{t('template.remove')}</Act>
      </div>
    </fieldset>
  )
}

const NEW: Omit<RoleRule, 'role'> = { count: 1, cap: 60, reach: 'town', metres: null, every: 1 }

function Edit({ answer }: { answer: TemplateAnswer }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const role = useRole()
  const [name, setName] = useState(answer.holds.name)
  const [roles, setRoles] = useState<RoleRule[]>(answer.holds.roles)
  const write = useWrite(TemplateView, { path: '/api/team-templates', touches: ['/api/team-templates'] })
  const free = TEAM_ROLES.filter((one) => !roles.some((rule) => rule.role === one))
  return (
    <ConfirmAct
      verb={t('template.edit')}
      title={t('template.save')}
      write={write}
      ready={roles.length > 0 && name.zh.trim() !== '' && name.en.trim() !== ''}
      onYes={(_, done) =>
        write.mutate(
          { area: desk.area, name, roles, basedOn: answer.versions[0]?.version ?? null },
          { onSuccess: done },
        )
      }
    >
      <div className="form">
        <p>{t('template.save.help')}</p>
        <div className="form-row">
          <TextField label={t('name.zh')} value={name.zh} onChange={(zh) => setName({ ...name, zh })} />
          <TextField label={t('name.en')} value={name.en} onChange={(en) => setName({ ...name, en })} />
        </div>
        {roles.map((rule, i) => (
          <RuleFields
            key={rule.role}
            rule={rule}
            onChange={(next) => setRoles(roles.map((one, k) => (k === i ? next : one)))}
            onRemove={() => setRoles(roles.filter((_, k) => k !== i))}
          />
        ))}
        {free.length > 0 ? (
          <SelectField
            label={t('template.addRole')}
            value=""
            onChange={(one) => {
              if (one !== '') setRoles([...roles, { ...NEW, role: one }])
            }}
            choices={free.map((one) => ({ value: one, label: role(one) }))}
          />
        ) : null}
      </div>
    </ConfirmAct>
  )
}

export function Templates(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const desk = useDesk()
  const may = useMay()
  const answer = useQuery(q(TemplateAnswer, '/api/team-templates', { area: desk.area }))
  if (answer.error)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  if (!answer.data) return <Loading />
  const { holds, versions } = answer.data
  const from =
    holds.version === 0 ? t('template.shipped') : t('template.version', { area: holds.areaName, n: holds.version })
  return (
    <>
      <Section
        title={t('template.holds')}
        lead={`${say(holds.name)} · ${from}`}
        acts={
          may('file', 'team', { area: desk.area }) ? (
            <Edit key={`${holds.area}/${holds.version}`} answer={answer.data} />
          ) : null
        }
      >
        <Rules roles={holds.roles} />
      </Section>
      {versions.length > 0 ? (
        <Section title={t('template.versions')}>
          <DataTable<TemplateView>
            name={t('template.versions')}
            rows={versions}
            rowKey={(row) => String(row.version)}
            busy={false}
            totalText={c('total', { total: versions.length })}
            empty={<Empty why={t('none')} />}
            columns={[
              { key: 'v', title: t('template.version', { area: '', n: '' }).trim(), cell: (row) => row.version },
              { key: 'name', title: t('watch.name'), cell: (row) => say(row.name) },
              { key: 'by', title: t('leave.givenBy'), cell: (row) => row.by ?? '–' },
              { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
            ]}
          />
        </Section>
      ) : null}
    </>
  )
}
