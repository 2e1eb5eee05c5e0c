import { DATE_ORDERS, Feed, MEANINGS } from '@weiwang/domain/feeds/api'
import type { EditFeed } from '@weiwang/domain/feeds/api'
import { FACT_KINDS } from '@weiwang/domain/feeds/fact'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Dialog, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { DAY_MEANINGS, faultsOf, formOf, requestOf, valuesOf } from './sourceForm.ts'
import type { ColumnForm, SourceFaults, SourceForm } from './sourceForm.ts'
import { useValueWord } from './words.ts'

type Part = { form: SourceForm; set: (patch: Partial<SourceForm>) => void; faults: SourceFaults | null }

function useFault(faults: SourceFaults | null): (place: string, text?: string) => string | undefined {
  const { t: c } = useTranslation('common')
  return (place, text) => (faults?.places.has(place) ? (text ?? c('field.required')) : undefined)
}

function About({ form, set, faults }: Part): ReactNode {
  const { t } = useTranslation('centre')
  const fault = useFault(faults)
  return (
    <>
      <div className="form-row">
        <TextField
          label={t('feed.name.zh')}
          value={form.name.zh}
          onChange={(zh) => set({ name: { ...form.name, zh } })}
          fault={fault('name.zh')}
        />
        <TextField
          label={t('feed.name.en')}
          value={form.name.en}
          onChange={(en) => set({ name: { ...form.name, en } })}
          fault={fault('name.en')}
        />
      </div>
      <TextField
        label={t('feed.owner')}
        value={form.owner}
        onChange={(owner) => set({ owner })}
        help={t('feed.owner.help')}
        fault={fault('owner')}
      />
      <div className="form-row">
        <TextField
          long
          label={t('feed.purpose.zh')}
          value={form.purpose.zh}
          onChange={(zh) => set({ purpose: { ...form.purpose, zh } })}
          fault={fault('purpose.zh')}
        />
        <TextField
          long
          label={t('feed.purpose.en')}
          value={form.purpose.en}
          onChange={(en) => set({ purpose: { ...form.purpose, en } })}
          fault={fault('purpose.en')}
        />
      </div>
    </>
  )
}

function Bounds({ form, set, faults }: Part): ReactNode {
  const { t } = useTranslation('centre')
  const fault = useFault(faults)
  return (
    <Section title={t('feed.bounds')} lead={t('feed.bounds.lead')}>
      <div className="form-row">
        <NumberField
          label={t('bounds.dwell.label')}
          value={form.dwellMinutes}
          onChange={(dwellMinutes) => set({ dwellMinutes })}
          help={t('bounds.empty')}
          fault={fault('bounds.dwellMinutes', t('bounds.range', { max: '10,080' }))}
        />
        <NumberField
          label={t('bounds.skew.label')}
          value={form.clockSkewMinutes}
          onChange={(clockSkewMinutes) => set({ clockSkewMinutes })}
          help={t('bounds.empty')}
          fault={fault('bounds.clockSkewMinutes', t('bounds.range', { max: '2,880' }))}
        />
      </div>
      <CheckField
        label={t('bounds.border')}
        value={form.borderRoaming}
        onChange={(borderRoaming) => set({ borderRoaming })}
      />
    </Section>
  )
}

function Column({
  column,
  n,
  fault,
  set,
  remove,
}: {
  column: ColumnForm
  n: number
  fault: string | undefined
  set: (patch: Partial<ColumnForm>) => void
  remove: () => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const name = t('feed.column.n', { n, meaning: t(`meaning.${column.meaning}`) })
  return (
    <fieldset className="criteria">
      <legend>{name}</legend>
      <div className="form-row">
        <SelectField
          label={t('feed.column.meaning')}
          value={column.meaning}
          onChange={(v) => set({ meaning: v === '' ? column.meaning : v })}
          choices={MEANINGS.map((m) => ({ value: m, label: t(`meaning.${m}`) }))}
        />
        {DAY_MEANINGS.includes(column.meaning) ? (
          <SelectField
            label={t('feed.column.dates')}
            value={column.dates}
            any={t('dates.any')}
            onChange={(dates) => set({ dates })}
            choices={DATE_ORDERS.map((d) => ({ value: d, label: t(`dates.${d}`) }))}
          />
        ) : null}
      </div>
      <TextField
        long
        label={t('feed.column.headers')}
        value={column.headers}
        onChange={(headers) => set({ headers })}
        help={t('feed.column.headers.help')}
        fault={fault}
      />
      <div className="form-acts">
        <CheckField
          label={t('feed.column.required')}
          value={column.required}
          onChange={(required) => set({ required })}
        />
        <Act onClick={remove}>{t('feed.column.remove')}</Act>
      </div>
    </fieldset>
  )
}

const DEGREES = ['1', '2', '3'] as const

function Values({ form, set }: Part): ReactNode {
  const { t } = useTranslation('centre')
  const valueWord = useValueWord()
  const values = valuesOf(form.fact)
  return (
    <>
      <div className="form-row">
        {values.length > 0 ? (
          <SelectField
            label={t('feed.constant.value')}
            value={form.value}
            any={t('feed.constant.none')}
            onChange={(value) => set({ value })}
            choices={values.map((v) => ({ value: v, label: valueWord(form.fact, v) }))}
            help={t('feed.constant.help')}
          />
        ) : null}
        {form.fact === 'contact' ? (
          <SelectField
            label={t('feed.constant.degree')}
            value={form.degree}
            any={t('feed.constant.none')}
            onChange={(degree) => set({ degree })}
            choices={DEGREES.map((d) => ({ value: d, label: t(`degree.${d}`) }))}
            help={t('feed.constant.help')}
          />
        ) : null}
      </div>
      {values.map((value) => (
        <TextField
          key={value}
          long
          label={t('feed.spellings', { value: valueWord(form.fact, value) })}
          value={form.values[value] ?? ''}
          onChange={(text) => set({ values: { ...form.values, [value]: text } })}
          help={t('feed.spellings.help')}
        />
      ))}
    </>
  )
}

function MappingPart(props: Part & { touched: boolean; feed: Feed }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const { form, set, faults, touched, feed } = props
  const fault = useFault(faults)
  const next = Math.max(-1, ...form.columns.map((c) => c.id)) + 1
  const free = MEANINGS.find((m) => !form.columns.some((c) => c.meaning === m)) ?? 'name'
  const change = (id: number, patch: Partial<ColumnForm>): void =>
    set({ columns: form.columns.map((c) => (c.id === id ? { ...c, ...patch } : c)) })
  return (
    <Section title={t('feed.mapping')} lead={t('feed.columns.lead')}>
      {touched && feed.red !== 'none' ? (
        <Notice kind="note" head={t('feed.mapping.red')} body={t('feed.mapping.red.body')} />
      ) : null}
      {faults?.mapping ? (
        <Notice kind="fault" head={t('feed.mapping.fault')} body={say(faults.mapping)} small="FEED-7" />
      ) : null}
      {faults?.places.has('mapping.columns') ? <Notice kind="fault" head={t('feed.mapping.two')} /> : null}
      <SelectField
        label={t('feed.fact')}
        value={form.fact}
        onChange={(fact) => set(fact === '' ? {} : { fact, value: '' })}
        choices={FACT_KINDS.map((f) => ({ value: f, label: t(`fact.${f}`) }))}
      />
      {form.columns.map((column, i) => (
        <Column
          key={column.id}
          column={column}
          n={i + 1}
          fault={fault(`mapping.columns.${i}.headers`, t('feed.column.headers.fault'))}
          set={(patch) => change(column.id, patch)}
          remove={() => set({ columns: form.columns.filter((c) => c.id !== column.id) })}
        />
      ))}
      <p>
        <Act
          onClick={() =>
            set({ columns: [...form.columns, { id: next, meaning: free, headers: '', required: false, dates: '' }] })
          }
        >
          {t('feed.column.add')}
        </Act>
      </p>
      <Values {...props} />
    </Section>
  )
}

function Form({ feed, onClose }: { feed: Feed; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const [form, setForm] = useState(() => formOf(feed))
  const [asked, setAsked] = useState(false)
  const write = useWrite<typeof Feed, EditFeed>(Feed, { path: `/api/feeds/${feed.id}/edit`, touches: ['/api/feeds'] })
  const request = requestOf(feed, form)
  const faults = faultsOf(request)
  const wrong = faults.places.size > 0 || faults.mapping !== null
  const part = {
    form,
    set: (patch: Partial<SourceForm>) => setForm((before) => ({ ...before, ...patch })),
    faults: asked ? faults : null,
  }
  const save = (): void => {
    setAsked(true)
    if (wrong) {
      // After the faults are drawn, the first of them takes the cursor.
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('.ant-modal [aria-invalid="true"], .ant-modal [role="alert"]')?.focus(),
      )
      return
    }
    write.mutate(request, { onSuccess: onClose })
  }
  return (
    <Dialog
      wide
      open
      title={t('feed.edit')}
      onClose={onClose}
      onYes={save}
      yes={t('feed.save')}
      no={c('act.cancel')}
      busy={write.isPending}
    >
      <div className="form">
        <ProblemNotice error={write.error} />
        {asked && wrong ? <Notice kind="fault" head={t('rules.invalid')} /> : null}
        <About {...part} />
        <Bounds {...part} />
        <MappingPart {...part} feed={feed} touched={request.mapping !== undefined} />
      </div>
    </Dialog>
  )
}

/** Changes what a source is, what it is for, its known error and how its columns are read (FEED-7). */
export function EditSource({ feed }: { feed: Feed }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may('file', 'feed', { area: feed.area })) return null
  return (
    <>
      <Act onClick={() => setOpen(true)}>{t('feed.edit')}</Act>
      {open ? <Form key={feed.version} feed={feed} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
