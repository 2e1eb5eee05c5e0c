import { ImportAnswer } from '@weiwang/domain/areas/api'
import type { GridNote } from '@weiwang/domain/areas/api'
import { csvLine } from '@weiwang/domain/core/csv'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../api/http.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, FileButton } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { bytes, grouped } from '../../../words/numbers.ts'
import { useDesk } from '../../parts/desk.ts'
import { download } from '../rules/download.ts'
import { rejectsCsv } from './rejects.ts'

const TEMPLATE = `\uFEFF${csvLine(['村（社区）', '网格号', '微网格号', '名称', '类型', '户数'])}${csvLine(['（社区名称或 12 位编码）', '001', '', '第1网格', '综合', '400'])}`

function Notes({ name, notes, empty }: { name: string; notes: readonly GridNote[]; empty: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  return (
    <DataTable<GridNote>
      name={name}
      rows={notes}
      rowKey={(row) => `${row.row}${row.column}`}
      busy={false}
      totalText={c('total', { total: grouped(notes.length) })}
      empty={<Empty why={empty} />}
      columns={[
        { key: 'row', title: t('row'), end: true, cell: (row) => row.row },
        { key: 'column', title: t('column'), cell: (row) => t(`gridColumn.${columnOf(row.column)}`) },
        { key: 'value', title: t('value'), cell: (row) => row.value || '–' },
        { key: 'reason', title: t('reason'), cell: (row) => say(row.message) },
        { key: 'remedy', title: t('remedy'), cell: (row) => say(row.remedy) },
      ]}
    />
  )
}

const COLUMNS = ['village', 'grid', 'unit', 'name', 'kind', 'households'] as const
function columnOf(text: string): (typeof COLUMNS)[number] {
  return COLUMNS.find((one) => one === text) ?? 'village'
}

/** A file of grids and units: read and reported first, written by a second press; the exercise's generator is a command. */
export function GridImport(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const client = useQueryClient()
  const [file, setFile] = useState<{ file: File; area: string } | null>(null)
  const [sent, setSent] = useState<{ done: number; total: number } | null>(null)
  const [read, setRead] = useState<ImportAnswer | null>(null)
  const [written, setWritten] = useState<ImportAnswer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const send = async (of: { file: File; area: string }, check: boolean): Promise<void> => {
    setError(null)
    setSent({ done: 0, total: of.file.size })
    const body = new FormData()
    body.append('area', of.area)
    body.append('check', String(check))
    body.append('file', of.file)
    try {
      const answer = await upload(ImportAnswer, {
        path: '/api/areas/grids/import',
        body,
        key: crypto.randomUUID(),
        onProgress: (done, total) => setSent({ done, total }),
      })
      setRead(answer)
      if (check) return
      setWritten(answer)
      await client.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/api/areas') })
    } catch (cause) {
      setError(cause)
    } finally {
      setSent(null)
    }
  }
  const choose = (chosen: File): void => {
    const of = { file: chosen, area: desk.area }
    setFile(of)
    setRead(null)
    setWritten(null)
    void send(of, true)
  }
  const toWrite = read ? read.added + read.renewed : 0
  return (
    <>
      <Notice kind="note" head={t('grids.what')} body={t('grids.what.body')} />
      <div className="filters">
        <FileButton primary accept=".csv,.xlsx,.txt" busy={sent !== null} onFile={choose}>
          {t('grids.choose')}
        </FileButton>
        <Act onClick={() => download('grids.csv', TEMPLATE, 'text/csv')}>{t('grids.template')}</Act>
      </div>
      <ProblemNotice error={error} />
      {sent && file ? (
        <Progress
          label={file.file.name}
          done={sent.done}
          total={sent.total}
          text={`${file.file.name} · ${bytes(sent.done)} / ${bytes(sent.total)}`}
        />
      ) : null}
      {written ? (
        <Notice
          kind="done"
          takesFocus
          head={t('grids.written', { added: grouped(written.added), renewed: grouped(written.renewed) })}
        />
      ) : null}
      {read && file ? (
        <Section
          title={`${file.file.name} · ${t('grids.read', { n: grouped(read.rows) })}`}
          lead={t('grids.counts', {
            added: grouped(read.added),
            renewed: grouped(read.renewed),
            unchanged: grouped(read.unchanged),
            errors: grouped(read.errors.length),
          })}
          acts={
            written ? null : (
              <>
                <Act
                  primary
                  busy={sent !== null}
                  disabled={toWrite === 0}
                  why={toWrite === 0 ? t('grids.nothing') : undefined}
                  onClick={() => void send(file, false)}
                >
                  {t('grids.write', { n: grouped(toWrite) })}
                </Act>
                {read.errors.length > 0 ? (
                  <Act onClick={() => download('grids-rejects.csv', rejectsCsv(read.errors), 'text/csv')}>
                    {t('grids.rejects.save')}
                  </Act>
                ) : null}
              </>
            )
          }
        >
          <Section title={t('grids.rejects')}>
            <Notes name={t('grids.rejects')} notes={read.errors} empty={t('grids.rejects.none')} />
          </Section>
          {read.warnings.length > 0 ? (
            <Section title={t('grids.warnings')}>
              <Notes name={t('grids.warnings')} notes={read.warnings} empty="" />
            </Section>
          ) : null}
        </Section>
      ) : null}
    </>
  )
}
