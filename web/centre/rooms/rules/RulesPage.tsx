import { pageOf } from '@weiwang/domain/core/page'
import { RULE_SET_STATES, RUN_STATES, RuleSetPreset, RuleSetSummary } from '@weiwang/domain/grading/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { GoLink, useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { Guard } from './Guard.tsx'
import { BATCH_STATES, ManualBatches } from './ManualBatches.tsx'
import { RunPanel } from './RunPanel.tsx'
import { Runs } from './Runs.tsx'

const TABS = ['sets', 'runs', 'manual', 'guard'] as const
const Filters = z.object({ tab: z.enum(TABS), state: z.string(), open: z.uuid() })
const Sets = pageOf(RuleSetSummary)
const Presets = z.object({ items: z.array(RuleSetPreset) })

function RuleSets({ state }: { state: string | undefined }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const go = useGo()
  const may = useMay()
  const known = RULE_SET_STATES.find((s) => s === state)
  const list = useList(Sets, '/api/rule-sets', { state: known })
  const presets = useQuery({
    ...q(Presets, '/api/rule-set-presets'),
    enabled: may('file', 'rule_set'),
    staleTime: Infinity,
  })
  return (
    <>
      <ListTable<RuleSetSummary>
        name={t('rules.sets')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => go(paths.ruleSet(row.id))}
        empty={{ why: t('rules.empty'), todo: t('rules.empty.todo') }}
        columns={[
          { key: 'name', title: t('rules.set'), cell: (row) => <b>{say(row.name)}</b> },
          { key: 'version', title: t('rules.version'), cell: (row) => `${row.code} · ${row.version}` },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'active'}>{t(`ruleState.${row.state}`)}</WordTag>,
          },
          { key: 'n', title: t('rules.count'), end: true, cell: (row) => grouped(row.rules) },
          { key: 'created', title: t('rules.created'), cell: (row) => <When at={row.createdAt} /> },
          { key: 'active', title: t('rules.activated'), cell: (row) => <When at={row.activatedAt} /> },
        ]}
      />
      {may('file', 'rule_set') ? (
        <Section title={t('rules.presets')} lead={t('rules.presets.lead')}>
          <ul className="needs">
            {(presets.data?.items ?? []).map(({ document, sentences }) => (
              <li key={document.code}>
                <span className="needs-what">
                  <b>{say(document.name)}</b>
                  <small>
                    {say(document.about)} · {t('rules.n', { n: sentences.length })}
                  </small>
                </span>
                <GoLink className="plain" href={paths.ruleSet('new', { preset: document.code })}>
                  {t('rules.fromPreset')}
                </GoLink>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

export function RulesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'sets'
  return (
    <Page
      title={t('room.rules')}
      lead={t('rules.lead')}
      acts={
        may('file', 'rule_set') ? (
          <GoLink className="plain" href={paths.ruleSet('new')}>
            {t('rules.new')}
          </GoLink>
        ) : null
      }
    >
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, state: null, open: null })}
        sheets={TABS.map((key) => ({ key, label: t(`rules.tab.${key}`) }))}
      />
      {tab === 'sets' ? <RuleSets state={filters.state} /> : null}
      {tab === 'runs' ? <Runs state={RUN_STATES.find((s) => s === filters.state)} set={set} /> : null}
      {tab === 'manual' ? <ManualBatches state={BATCH_STATES.find((s) => s === filters.state)} set={set} /> : null}
      {tab === 'guard' ? <Guard /> : null}
      <SidePanel wide title={t('run')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <RunPanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
