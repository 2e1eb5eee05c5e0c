import { RosterRead, RosterReport } from '@weiwang/domain/access/api'
import type { RosterResult } from '@weiwang/domain/access/api'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { send } from '../../../api/http.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act, FileButton } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'

type Read = z.output<typeof RosterRead>
const CHUNK = 500

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Reads a roster, shows what was understood, then puts people on it in chunks; each chunk has its own answer. */
export function RosterImport(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { t: c } = useTranslation('common')
  const say = useSay()
  const client = useQueryClient()
  const [read, setRead] = useState<Read | null>(null)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(0)
  const [results, setResults] = useState<RosterResult[]>([])
  const [error, setError] = useState<unknown>(null)
  const choose = async (file: File): Promise<void> => {
    setError(null)
    setResults([])
    setDone(0)
    setBusy(true)
    try {
      const content = base64(new Uint8Array(await file.arrayBuffer()))
      setRead(
        await send(RosterRead, {
          path: '/api/accounts/import/read',
          body: { fileName: file.name, content },
          key: crypto.randomUUID(),
        }),
      )
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const start = async (): Promise<void> => {
    if (!read) return
    setBusy(true)
    setError(null)
    try {
      for (let i = done; i < read.rows.length; i += CHUNK) {
        const rows = read.rows.slice(i, i + CHUNK)
        // One chunk after the other: each is a request of its own, and what is done stays done.
        // oxlint-disable-next-line no-await-in-loop
        const report = await send(RosterReport, {
          path: '/api/accounts/import',
          body: { rows },
          key: crypto.randomUUID(),
        })
        setResults((former) => [...former, ...report.rows])
        setDone(i + rows.length)
      }
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === '/api/accounts' })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const count = (result: RosterResult['result']): string => grouped(results.filter((r) => r.result === result).length)
  const faulty = results.filter((r) => r.result === 'rejected')
  return (
    <>
      <Notice kind="note" head={t('roster.columns')} body={t('roster.columns.body')} />
      <FileButton primary accept=".csv,.xlsx" busy={busy && !read} onFile={(file) => void choose(file)}>
        {t('roster.choose')}
      </FileButton>
      <ProblemNotice
        error={error}
        action={error && read ? <Act onClick={() => void start()}>{c('act.retry')}</Act> : null}
      />
      {read ? (
        <Section
          title={t('roster.read', { n: grouped(read.rows.length) })}
          lead={join(
            read.columns.map((column) => `${column.heading} → ${column.field ?? t('roster.ignored')}`),
            'clauses',
          )}
          acts={
            done < read.rows.length ? (
              <Act primary busy={busy} onClick={() => void start()}>
                {t('roster.start', { n: grouped(read.rows.length) })}
              </Act>
            ) : null
          }
        >
          {done > 0 || busy ? (
            <Progress
              label={t('accounts.tab.roster')}
              done={done}
              total={read.rows.length}
              text={t('job.rows', { done: grouped(done), total: grouped(read.rows.length) })}
            />
          ) : null}
          {results.length > 0 ? (
            <p>
              {t('roster.result', {
                accepted: count('accepted'),
                unchanged: count('unchanged'),
                rejected: count('rejected'),
              })}
            </p>
          ) : null}
          {results.length > 0 ? (
            <DataTable<RosterResult>
              name={t('rejected')}
              rows={faulty}
              rowKey={(row) => `${row.row}${row.column ?? ''}`}
              busy={false}
              totalText={c('total', { total: faulty.length })}
              empty={<Empty why={t('register.clean')} />}
              columns={[
                { key: 'row', title: t('row'), end: true, cell: (row) => row.row },
                { key: 'column', title: t('column'), cell: (row) => row.column ?? '–' },
                { key: 'value', title: t('value'), cell: (row) => row.value ?? '–' },
                { key: 'reason', title: t('reason'), cell: (row) => say(row.reason) },
                { key: 'remedy', title: t('remedy'), cell: (row) => say(row.remedy) },
              ]}
            />
          ) : null}
        </Section>
      ) : null}
    </>
  )
}
