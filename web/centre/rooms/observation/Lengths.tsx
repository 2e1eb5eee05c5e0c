import { DecidedRules, RulesInForce } from '@weiwang/domain/observation/api'
import type { RulesVersion } from '@weiwang/domain/observation/api'
import { MEASURES } from '@weiwang/domain/observation/measure'
import type { Length, Measure, ObservationRules } from '@weiwang/domain/observation/measure'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { NumberField, SelectField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { useMeasure } from './words.ts'

type Version = z.infer<typeof RulesVersion>
const TOUCHES = ['/api/observation-rules']
const FROMS = ['exposure', 'start'] as const

function useLength(): (length: Length) => string {
  const { t } = useTranslation('centre')
  return ({ days, from }) => t(`obs.rules.from.${from}`, { n: days })
}

function Propose({ area, rules }: { area: string; rules: ObservationRules }): ReactNode {
  const { t } = useTranslation('centre')
  const measure = useMeasure()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [draft, setDraft] = useState(rules)
  const write = useWrite(DecidedRules, { path: '/api/observation-rules', touches: TOUCHES })
  const put = (of: Measure, length: Length): void => setDraft({ ...draft, [of]: length })
  return (
    <ConfirmAct
      verb={t('obs.rules.propose')}
      title={t('obs.rules.propose')}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) =>
        write.mutate(
          { id, area, rules: draft, reason },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              done()
            },
          },
        )
      }
    >
      <p>{t('obs.rules.lead')}</p>
      {MEASURES.map((one) => (
        <fieldset key={one} style={{ border: 0, padding: 0, margin: '0 0 12px' }}>
          <legend>
            <b>{measure(one)}</b>
          </legend>
          <div className="form-row">
            <NumberField
              label={t('obs.rules.days')}
              value={draft[one].days}
              min={1}
              max={60}
              onChange={(days) => (days === null ? undefined : put(one, { ...draft[one], days }))}
            />
            <SelectField<Length['from']>
              label={t('obs.rules.count')}
              value={draft[one].from}
              onChange={(from) => (from === '' ? undefined : put(one, { ...draft[one], from }))}
              choices={FROMS.map((value) => ({ value, label: t(`obs.rules.${value}`) }))}
            />
          </div>
        </fieldset>
      ))}
    </ConfirmAct>
  )
}

function Decide({ version }: { version: Version }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const write = useWrite(DecidedRules, {
    path: `/api/observation-rules/${version.id ?? ''}/decide`,
    touches: TOUCHES,
  })
  if (version.state !== 'proposed' || version.id === null) return null
  if (!may('approve', 'observation_rules', { area: version.area, by: version.by.id })) {
    return <TwoPersons proposedBy={version.by.id} name={version.by.name} />
  }
  return (
    <span style={{ display: 'inline-flex', gap: 8 }}>
      <ConfirmAct
        primary
        verb={t('obs.rules.approve')}
        title={t('obs.rules.approve')}
        write={write}
        onYes={(_, done) => write.mutate({ approve: true }, { onSuccess: done })}
      >
        <p>{t('obs.rules.lead')}</p>
      </ConfirmAct>
      <ConfirmAct
        verb={t('obs.rules.refuse')}
        title={t('obs.rules.refuse')}
        write={write}
        onYes={(_, done) => write.mutate({ approve: false }, { onSuccess: done })}
      />
    </span>
  )
}

/** How long each measure lasts here, and the versions around (OBS-4). */
export function Lengths(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const { area } = useDesk()
  const may = useMay()
  const measure = useMeasure()
  const length = useLength()
  const answer = useQuery(q(RulesInForce, '/api/observation-rules', { area }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { holds, versions } = answer.data
  return (
    <>
      <Section
        title={t('obs.rules.holds')}
        lead={t('obs.rules.lead')}
        acts={
          may('propose', 'observation_rules', { area }) ? <Propose key={area} area={area} rules={holds.rules} /> : null
        }
      >
        <p>
          {holds.id === null
            ? t('obs.rules.shipped')
            : `${holds.area} · ${t('obs.rules.version', { n: holds.version })}`}
        </p>
        <Facts rows={MEASURES.map((one) => [measure(one), length(holds.rules[one])] as const)} />
      </Section>
      <Section title={t('history')}>
        <DataTable<Version>
          name={t('obs.tab.rules')}
          rows={versions}
          rowKey={(row) => row.id ?? `${row.area}${row.version}`}
          busy={answer.isFetching}
          totalText={c('total', { total: versions.length })}
          empty={<Empty why={t('obs.rules.none')} todo={t('obs.rules.none.todo')} />}
          columns={[
            { key: 'area', title: t('area'), cell: (row) => row.area },
            { key: 'version', title: t('obs.rules.number'), cell: (row) => row.version },
            {
              key: 'rules',
              title: t('obs.tab.rules'),
              cell: (row) => MEASURES.map((one) => `${measure(one)} ${row.rules[one].days}`).join(' · '),
            },
            { key: 'state', title: t('state'), cell: (row) => <WordTag>{t(`obs.rules.state.${row.state}`)}</WordTag> },
            {
              key: 'by',
              title: t('obs.rules.by'),
              cell: (row) => (
                <span>
                  {row.by.name || t('system')} {row.at ? <When at={row.at} /> : null}
                </span>
              ),
            },
            { key: 'reason', title: t('reason'), cell: (row) => row.reason },
            { key: 'act', title: t('act'), cell: (row) => <Decide version={row} /> },
          ]}
        />
      </Section>
    </>
  )
}
