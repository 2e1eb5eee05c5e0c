import { ActiveFormsAnswer, FormPage as Versions, FormRow } from '@weiwang/domain/tasks/form-api'
import { Form } from '@weiwang/domain/tasks/form'
import { isFormPurpose } from '@weiwang/domain/tasks/instruction'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList, useWrite } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Page, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { BudgetLine } from '../emergency/CampaignForm.tsx'
import { NotFoundPage } from '../../shell/NotFoundPage.tsx'
import { usePurposeWord } from '../instructions/words.ts'
import { FormEditor } from './FormEditor.tsx'
import { PhonePreview } from './PhonePreview.tsx'

/** FORM-4: what was drafted is put in force by somebody else. */
function Decide({ row }: { row: FormRow }): ReactNode {
  const { t } = useTranslation('centre')
  const path = `/api/forms/${row.id ?? ''}/decide`
  const approve = useWrite(FormRow, { path, touches: ['/api/forms'] })
  const refuse = useWrite(FormRow, { path, touches: ['/api/forms'] })
  if (row.state !== 'draft') return null
  if (!row.mayDecide) return <TwoPersons mine name={row.by ?? undefined} />
  return (
    <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
      <ConfirmAct
        primary
        verb={t('form.approve')}
        title={t('form.approve')}
        write={approve}
        onYes={(_, done) => approve.mutate({ approve: true }, { onSuccess: done })}
      >
        <p className="consequence">{t('form.approve.lead')}</p>
      </ConfirmAct>
      <ConfirmAct
        verb={t('form.refuse')}
        title={t('form.refuse')}
        reason={t('reason')}
        write={refuse}
        onYes={(reason, done) => refuse.mutate({ approve: false, reason }, { onSuccess: done })}
      />
    </div>
  )
}

function Content({ row }: { row: FormRow }): ReactNode {
  const parsed = Form.safeParse(row.form)
  return parsed.success ? (
    <>
      <BudgetLine questions={parsed.data.fields.map((field) => field.ask)} />
      <PhonePreview form={parsed.data} />
    </>
  ) : (
    <pre>{JSON.stringify(row.form, null, 2)}</pre>
  )
}

function Room({ purpose }: { purpose: string }): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const may = useMay()
  const desk = useDesk()
  const word = usePurposeWord()
  const home = me.scope[0]?.area ?? me.area
  const [writing, setWriting] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const active = useQuery(q(ActiveFormsAnswer, '/api/forms/active', { area: desk.area }))
  const versions = useList(Versions, '/api/forms', { purpose, area: desk.area })
  const now = active.data?.items.find((row) => row.purpose === purpose)
  const start = Form.safeParse(now?.form)
  const chosen = versions.rows.find((row) => row.id === open)
  return (
    <Page
      title={word(purpose)}
      lead={t('forms.lead')}
      acts={
        may('file', 'campaign', { area: home }) && !writing && start.success ? (
          <Act primary onClick={() => setWriting(true)}>
            {t('form.write')}
          </Act>
        ) : null
      }
    >
      {writing && start.success ? (
        <FormEditor area={home} start={start.data} onDone={() => setWriting(false)} />
      ) : (
        <>
          <Section title={t('form.versions')}>
            <ListTable<FormRow>
              name={t('form.versions')}
              list={versions}
              rowKey={(row) => row.id ?? ''}
              openKey={open ?? undefined}
              onOpen={(row) => setOpen(row.id)}
              empty={{ why: t('form.versions.empty'), todo: t('form.versions.empty.todo') }}
              columns={[
                { key: 'version', title: t('form.version'), end: true, cell: (row) => grouped(row.version) },
                { key: 'area', title: t('area'), cell: (row) => row.areaName },
                {
                  key: 'state',
                  title: t('state'),
                  cell: (row) => <WordTag strong={row.state === 'draft'}>{t(`formState.${row.state}`)}</WordTag>,
                },
                { key: 'questions', title: t('forms.questions'), end: true, cell: (row) => row.budget.questions },
                { key: 'by', title: t('form.by'), cell: (row) => row.by ?? '–' },
                { key: 'made', title: t('form.made'), cell: (row) => <When at={row.madeAt} /> },
                { key: 'decided', title: t('form.decided'), cell: (row) => <When at={row.decidedAt} /> },
                { key: 'reason', title: t('reason'), cell: (row) => row.reason ?? '–' },
              ]}
            />
          </Section>
          <Section
            title={t('form.force')}
            lead={
              now === undefined || now.id === null
                ? t('forms.shipped')
                : t('form.force.line', { area: now.areaName, version: now.version })
            }
          >
            {active.error ? <ReadProblem error={active.error} again={null} /> : null}
            {now ? <Content key={`${now.id}/${now.version}`} row={now} /> : active.isPending ? <Loading /> : null}
          </Section>
        </>
      )}
      <SidePanel
        title={chosen ? t('form.force.line', { area: chosen.areaName, version: chosen.version }) : ''}
        open={chosen !== undefined}
        onClose={() => setOpen(null)}
      >
        {chosen ? (
          <>
            <Decide row={chosen} />
            <Content row={chosen} />
          </>
        ) : null}
      </SidePanel>
    </Page>
  )
}

export function FormPage(): ReactNode {
  const { purpose } = useParams({ strict: false })
  return purpose !== undefined && isFormPurpose(purpose) ? <Room purpose={purpose} /> : <NotFoundPage />
}
