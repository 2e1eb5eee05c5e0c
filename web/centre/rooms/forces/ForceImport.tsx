import { ForceFile, ForceReport } from '@weiwang/domain/teams/force-api'
import type { ForceResult } from '@weiwang/domain/teams/force-api'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../api/http.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, FileButton } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'

const CHUNK = 500

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Reads a list, shows what was understood, then enrols in chunks; what is done stays done, and doing it again changes nothing. */
export function ForceImport(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const client = useQueryClient()
  const [read, setRead] = useState<ForceFile | null>(null)
  const [done, setDone] = useState(0)
  const [busy, setBusy] = useState(false)
  const [results, setResults] = useState<ForceResult[]>([])
  const [error, setError] = useState<unknown>(null)
  const run = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const choose = (file: File): Promise<void> =>
    run(async () => {
      setResults([])
      setDone(0)
      const content = base64(new Uint8Array(await file.arrayBuffer()))
      const body = { fileName: file.name, content }
      setRead(await send(ForceFile, { path: '/api/forces/people/import/read', body, key: crypto.randomUUID() }))
    })
  const start = (): Promise<void> =>
    run(async () => {
      for (let i = done; read && i < read.rows.length; i += CHUNK) {
        const rows = read.rows.slice(i, i + CHUNK)
        const ask = { path: '/api/forces/people/import', body: { rows }, key: crypto.randomUUID() }
        // One chunk after the other: each is a request of its own, and what is done stays done.
        // oxlint-disable-next-line no-await-in-loop
        const report = await send(ForceReport, ask)
        setResults((former) => [...former, ...report.rows])
        setDone(i + rows.length)
      }
      await client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('/api/forces') })
    })
  const count = (result: ForceResult['result']): string => grouped(results.filter((r) => r.result === result).length)
  const faulty = results.filter((one) => one.result === 'rejected')
  const left = read && done < read.rows.length ? read.rows.length - done : 0
  return (
    <Section
      title={t('forces.import')}
      lead={t('forces.import.body')}
      acts={
        <>
          <FileButton accept=".csv,.xlsx" busy={busy && !read} onFile={(file) => void choose(file)}>
            {t('forces.import.choose')}
          </FileButton>
          {left > 0 ? (
            <Act primary busy={busy} onClick={() => void start()}>
              {t('forces.import.start', { n: grouped(left) })}
            </Act>
          ) : null}
        </>
      }
    >
      <ProblemNotice error={error} />
      {read ? (
        <p>
          {t('forces.import.columns')} {read.columns.map((one) => `${one.heading} → ${one.field ?? '–'}`).join(' · ')}
        </p>
      ) : null}
      {results.length > 0 ? (
        <>
          <p>
            {t('forces.import.result', {
              accepted: count('accepted'),
              unchanged: count('unchanged'),
              rejected: count('rejected'),
            })}
          </p>
          <DataTable<ForceResult>
            name={t('rejected')}
            rows={faulty}
            rowKey={(row) => `${row.row}${row.column ?? ''}`}
            busy={false}
            totalText={c('total', { total: faulty.length })}
            empty={<Empty why={t('forces.import.clean')} />}
            columns={[
              { key: 'row', title: t('row'), end: true, cell: (row) => row.row },
              { key: 'column', title: t('column'), cell: (row) => row.column ?? '–' },
              { key: 'value', title: t('value'), cell: (row) => row.value ?? '–' },
              { key: 'reason', title: t('reason'), cell: (row) => say(row.reason) },
              { key: 'remedy', title: t('remedy'), cell: (row) => say(row.remedy) },
            ]}
          />
        </>
      ) : null}
    </Section>
  )
}
