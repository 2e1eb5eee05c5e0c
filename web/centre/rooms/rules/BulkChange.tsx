import { ManualBatch, ManualPreview } from '@weiwang/domain/grading/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, FileButton, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Dialog, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { ManualFields, manualBody, useManual } from './ManualForm.tsx'
import { ChangeView } from './PreviewView.tsx'
import { isWorkbook, linesOf, readText } from './readList.ts'

const MOST = 5_000
const TOUCHES = ['/api/grade-batches']

/** Pasted from a sheet or read from a text file: one person a line, known by the document number. */
function ListFields({ text, setText }: { text: string; setText: (text: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [fault, setFault] = useState<string | undefined>()
  const read = async (file: File): Promise<void> => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    setFault(isWorkbook(bytes) ? t('bulk.workbook') : undefined)
    if (!isWorkbook(bytes)) setText(readText(bytes))
  }
  return (
    <>
      <TextField
        long
        label={t('bulk.list')}
        value={text}
        onChange={setText}
        help={t('bulk.list.help', { most: grouped(MOST) })}
        fault={fault ?? (linesOf(text).length > MOST ? t('bulk.tooMany', { most: grouped(MOST) }) : undefined)}
      />
      <p style={{ margin: 0 }}>
        <FileButton accept=".csv,.txt" onFile={(file) => void read(file)}>
          {t('bulk.file')}
        </FileButton>
      </p>
    </>
  )
}

function Absent({ preview }: { preview: ManualPreview }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  if (preview.absentTotal === 0) return null
  return (
    <Section title={t('bulk.absent', { n: grouped(preview.absentTotal) })} lead={t('bulk.absent.lead')}>
      <DataTable
        name={t('bulk.absent.name')}
        rows={preview.absent}
        rowKey={(row) => `${row.row}${row.text}`}
        busy={false}
        totalText=""
        empty={<Empty why="" />}
        columns={[
          { key: 'row', title: t('row'), end: true, width: 72, cell: (row) => (row.row === 0 ? '–' : row.row) },
          { key: 'text', title: t('value'), cell: (row) => row.text },
          { key: 'why', title: t('reason'), cell: (row) => say(row.why) },
        ]}
      />
    </Section>
  )
}

function Shown({ preview }: { preview: ManualPreview }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <>
      {preview.refusals.map((r) => (
        <Notice
          key={r.code}
          kind="fault"
          head={say(r.message)}
          body={say(r.remedy)}
          small={t('bulk.refused', { rule: r.rule })}
        />
      ))}
      <p className="consequence">
        {t('bulk.line', { n: grouped(preview.persons.length), changed: grouped(preview.changed) })}
        {preview.repeated > 0 ? ` ${t('bulk.repeated', { n: grouped(preview.repeated) })}` : ''}
      </p>
      {preview.persons.length > 0 ? <ChangeView preview={preview} /> : null}
      <Absent preview={preview} />
    </>
  )
}

function Form({ chosen, onClose }: { chosen: readonly string[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const go = useGo()
  const [manual, set] = useManual()
  const [text, setText] = useState('')
  const preview = useWrite(ManualPreview, { path: '/api/grade-batches/preview', touches: [] })
  const propose = useWrite(ManualBatch, { path: '/api/grade-batches', touches: TOUCHES })
  const lines = linesOf(text)
  const change = manualBody(manual)
  const asked = JSON.stringify([lines, chosen, change, desk.area])
  const [seen, setSeen] = useState('')
  // What is proposed is what was seen: after any change it is counted anew.
  const shown = seen === asked ? preview.data : undefined
  const empty = chosen.length === 0 && lines.length === 0
  const count = (): void =>
    preview.mutate({ area: desk.area, persons: [...chosen], lines, ...change }, { onSuccess: () => setSeen(asked) })
  const send = (): void => {
    if (!shown) return
    propose.mutate(
      { area: desk.area, persons: shown.persons, ...change },
      {
        onSuccess: () => {
          onClose()
          go(paths.rules({ tab: 'manual' }))
        },
      },
    )
  }
  return (
    <Dialog
      wide
      open
      title={t('bulk.verb')}
      onClose={onClose}
      onYes={send}
      yes={t('bulk.propose')}
      no={c('act.cancel')}
      busy={propose.isPending}
      disabled={!shown || shown.refusals.length > 0}
    >
      <div className="form">
        <Notice kind="note" head={t('bulk.two')} body={t('bulk.two.body')} />
        {chosen.length > 0 ? (
          <p style={{ margin: 0 }}>{t('bulk.chosen', { n: grouped(chosen.length) })}</p>
        ) : (
          <ListFields text={text} setText={setText} />
        )}
        <ManualFields manual={manual} set={set} />
        <ProblemNotice error={propose.error ?? preview.error} />
        <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
          <Act
            primary={!shown}
            busy={preview.isPending}
            disabled={empty || lines.length > MOST}
            why={empty ? t('bulk.empty') : undefined}
            onClick={count}
          >
            {t('bulk.preview')}
          </Act>
        </div>
        {shown ? <Shown preview={shown} /> : null}
      </div>
    </Dialog>
  )
}

/** Proposes one change by hand for many people, chosen on a list or pasted (GRADE-25, 26); a second person applies it. */
export function BulkChange({
  chosen = [],
  primary = false,
}: {
  chosen?: readonly string[]
  primary?: boolean
}): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  if (!may('bulk', 'grade', { area: desk.area })) return null
  return (
    <>
      <Act primary={primary} onClick={() => setOpen(true)}>
        {t('bulk.verb')}
      </Act>
      {open ? <Form chosen={chosen} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
