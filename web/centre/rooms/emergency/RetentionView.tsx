import { ManifestItem, Manifests, Retention } from '@weiwang/domain/access/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ListTable } from '../../parts/ListTable.tsx'

/** Deletions that are no rule of the table: the close-out of an emergency, its data keys, and the keys of single days of passages. */
const BESIDE = ['close_out', 'close_out_keys', 'passage_key'] as const

/** What is due for deletion today by rule, and the manifests of what has gone. */
export function RetentionView(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const answer = useQuery(q(Retention, '/api/retention'))
  const manifests = useList(Manifests, '/api/retention/manifests')
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { rules } = answer.data
  // What goes outside the table of rules says its own name.
  const ruleWord = (id: string): string => {
    const beside = BESIDE.find((one) => one === id)
    return say(rules.find((rule) => rule.rule === id)?.say) || (beside ? t(`retention.beside.${beside}`) : id)
  }
  return (
    <>
      <Section title={t('retention.due', { n: grouped(answer.data.due) })} lead={t('retention.lead')}>
        <DataTable
          name={t('emergency.tab.retention')}
          rows={answer.data.rules}
          rowKey={(row) => row.rule}
          busy={answer.isFetching}
          totalText=""
          empty={<Empty why={t('retention.none')} />}
          columns={[
            { key: 'what', title: t('retention.what'), cell: (row) => say(row.say) },
            { key: 'days', title: t('retention.days'), end: true, cell: (row) => grouped(row.days) },
            { key: 'due', title: t('retention.dueRows'), end: true, cell: (row) => grouped(row.due) },
            { key: 'oldest', title: t('retention.oldest'), cell: (row) => <When at={row.oldest} /> },
          ]}
        />
      </Section>
      <Section title={t('retention.manifests')}>
        <ListTable<z.output<typeof ManifestItem>>
          name={t('retention.manifests')}
          list={manifests}
          rowKey={(row) => row.id}
          empty={{ why: t('retention.noManifests') }}
          columns={[
            { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
            { key: 'rule', title: t('retention.what'), cell: (row) => ruleWord(row.rule) },
            { key: 'rows', title: t('retention.rows'), end: true, cell: (row) => grouped(row.rows) },
            { key: 'hash', title: t('audit.hash'), cell: (row) => <code>{row.hash.slice(0, 16)}…</code> },
          ]}
        />
      </Section>
    </>
  )
}
