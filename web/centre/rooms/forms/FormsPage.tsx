import { ActiveFormsAnswer } from '@weiwang/domain/tasks/form-api'
import type { FormRow } from '@weiwang/domain/tasks/form-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { usePurposeWord } from '../instructions/words.ts'

/** Which form counts here for each purpose, and whose it is (FORM-4). */
export function FormsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const go = useGo()
  const purpose = usePurposeWord()
  const answer = useQuery(q(ActiveFormsAnswer, '/api/forms/active', { area: desk.area }))
  const rows = answer.data?.items ?? []
  return (
    <Page title={t('room.forms')} lead={t('forms.lead')}>
      {answer.error ? (
        <ReadProblem error={answer.error} again={null} />
      ) : answer.isPending ? (
        <Loading />
      ) : (
        <DataTable<FormRow>
          name={t('forms.name')}
          rows={rows}
          rowKey={(row) => row.purpose}
          busy={answer.isFetching}
          totalText={t('forms.n', { n: rows.length })}
          empty={<Empty why={t('forms.empty')} />}
          onOpen={(row) => go(paths.form(row.purpose))}
          columns={[
            { key: 'purpose', title: t('forms.purpose'), cell: (row) => <b>{purpose(row.purpose)}</b> },
            {
              key: 'whose',
              title: t('forms.whose'),
              cell: (row) => (row.id === null ? t('forms.shipped') : row.areaName),
            },
            {
              key: 'version',
              title: t('form.version'),
              end: true,
              cell: (row) => (row.id === null ? '–' : grouped(row.version)),
            },
            {
              key: 'questions',
              title: t('forms.questions'),
              end: true,
              cell: (row) => grouped(row.budget.questions),
            },
            {
              key: 'budget',
              title: t('forms.budget'),
              cell: (row) => (
                <WordTag strong={row.budget.state !== 'ok'}>{t(`formBudget.${row.budget.state}`)}</WordTag>
              ),
            },
          ]}
        />
      )}
    </Page>
  )
}
