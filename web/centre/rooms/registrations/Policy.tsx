import { DecidedPolicy, Policies } from '@weiwang/domain/healthcode/reg-desk-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TOUCHES } from './asked.ts'
import { Propose } from './PolicyForm.tsx'

type Version = Policies['holds']
type Rules = Version['policy']

function Words({ policy }: { policy: Rules }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const say = useSay()
  const { family } = policy
  const named = (need: 'must' | 'may'): ReactNode => {
    const groups = policy.groups.filter((group) => group.need === need)
    return groups.length === 0
      ? '–'
      : join(
          groups.map((group) => say(group.say)),
          'clauses',
        )
  }
  return (
    <Facts
      rows={[
        [t('pol.must'), named('must')],
        [t('pol.may'), named('may')],
        [t('pol.others'), t(`pol.${policy.others}`)],
        [
          t('pol.family'),
          `${t('pol.family.text', { max: family.max, child: family.childUnder, elder: family.elderFrom })}${family.greenHolder ? ` · ${t('pol.green')}` : ''}`,
        ],
        [t('pol.days'), t('pol.nDays', { n: policy.askDays })],
        [
          t('pol.grace'),
          `${t('pol.nDays', { n: policy.returns.graceDays })} · ${t('pol.ahead.text', { n: policy.returns.aheadDays })}`,
        ],
      ]}
    />
  )
}

function Decide({ version }: { version: Version }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(DecidedPolicy, {
    path: `/api/registrations/policy/${version.id ?? ''}/decide`,
    touches: TOUCHES,
  })
  if (!version.mayDecide) return null
  return (
    <span style={{ display: 'inline-flex', gap: 8 }}>
      <ConfirmAct
        primary
        verb={t('pol.approve')}
        title={t('pol.approve')}
        write={write}
        onYes={(_, done) => write.mutate({ approve: true }, { onSuccess: done })}
      >
        <Words policy={version.policy} />
      </ConfirmAct>
      <ConfirmAct
        verb={t('pol.refuse')}
        title={t('pol.refuse')}
        write={write}
        onYes={(_, done) => write.mutate({ approve: false }, { onSuccess: done })}
      />
    </span>
  )
}

/** Who must register and who may here, and the versions around (REGISTER-9). */
export function Policy(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const { area } = useDesk()
  const answer = useQuery(q(Policies, '/api/registrations/policy', { area }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { holds, versions, presets, mayPropose } = answer.data
  return (
    <>
      <Section
        title={t('pol.holds')}
        lead={t('pol.lead')}
        acts={mayPropose ? <Propose key={area} area={area} holds={holds.policy} presets={presets} /> : null}
      >
        <p>{holds.id === null ? t('pol.shipped') : `${holds.area} · ${t('pol.version', { n: holds.version })}`}</p>
        <Words policy={holds.policy} />
      </Section>
      <Section title={t('history')}>
        <DataTable<Version>
          name={t('reg.tab.rules')}
          rows={versions}
          rowKey={(row) => row.id ?? row.area}
          busy={answer.isFetching}
          totalText={c('total', { total: versions.length })}
          empty={<Empty why={t('pol.none')} />}
          columns={[
            { key: 'area', title: t('area'), cell: (row) => row.area },
            { key: 'version', title: t('obs.rules.number'), cell: (row) => row.version },
            { key: 'reason', title: t('reason'), cell: (row) => row.reason },
            { key: 'state', title: t('state'), cell: (row) => <WordTag>{t(`polState.${row.state}`)}</WordTag> },
            {
              key: 'by',
              title: t('obs.rules.by'),
              cell: (row) => (
                <span>
                  {[row.by, row.approvedBy].filter(Boolean).join(' · ')} {row.at ? <When at={row.at} /> : null}
                </span>
              ),
            },
            { key: 'acts', title: t('reg.next'), cell: (row) => <Decide version={row} /> },
          ]}
        />
      </Section>
    </>
  )
}
