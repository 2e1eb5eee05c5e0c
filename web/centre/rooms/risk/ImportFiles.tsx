import { CountsImport, RiskAreaImport } from '@weiwang/domain/feeds/api'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../api/http.ts'
import { useSay } from '../../../i18n/setup.ts'
import { FileButton } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'

type Faults = RiskAreaImport['faults']

function FaultTable({ faults }: { faults: Faults }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  if (faults.length === 0) return null
  return (
    <DataTable
      name={t('batch.rejects')}
      rows={faults}
      rowKey={(row) => `${row.row}${row.column}`}
      busy={false}
      totalText={grouped(faults.length)}
      empty={<Empty why={t('batch.rejects.none')} />}
      columns={[
        { key: 'row', title: t('row'), end: true, cell: (row) => row.row },
        { key: 'column', title: t('column'), cell: (row) => row.column },
        { key: 'value', title: t('value'), cell: (row) => row.value },
        { key: 'reason', title: t('reason'), cell: (row) => say(row.reason) },
        { key: 'remedy', title: t('remedy'), cell: (row) => say(row.remedy) },
      ]}
    />
  )
}

/** Two files: a list of areas with levels, and daily case counts from which levels are derived. */
export function ImportFiles(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const client = useQueryClient()
  const [busy, setBusy] = useState<'list' | 'counts' | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [list, setList] = useState<RiskAreaImport | null>(null)
  const [counts, setCounts] = useState<CountsImport | null>(null)
  const start = async (kind: 'list' | 'counts', file: File): Promise<void> => {
    setError(null)
    setList(null)
    setCounts(null)
    setBusy(kind)
    const body = new FormData()
    body.append('file', file)
    try {
      const key = crypto.randomUUID()
      if (kind === 'list') setList(await upload(RiskAreaImport, { path: '/api/risk-areas/import', body, key }))
      else setCounts(await upload(CountsImport, { path: '/api/case-counts/import', body, key }))
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === '/api/risk-areas' })
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(null)
    }
  }
  return (
    <section aria-label={t('risk.files')}>
      <p style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        <FileButton accept=".csv,.xlsx" busy={busy === 'list'} onFile={(file) => void start('list', file)}>
          {t('risk.import')}
        </FileButton>
        <FileButton accept=".csv,.xlsx" busy={busy === 'counts'} onFile={(file) => void start('counts', file)}>
          {t('risk.counts')}
        </FileButton>
      </p>
      <ProblemNotice error={error} />
      {list ? (
        <>
          <Notice
            kind="done"
            takesFocus
            head={t('risk.imported', {
              rows: grouped(list.rows),
              accepted: grouped(list.accepted),
              unchanged: grouped(list.unchanged),
              rejected: grouped(list.rejected),
            })}
          />
          <FaultTable faults={list.faults} />
        </>
      ) : null}
      {counts ? (
        <>
          <Notice
            kind="done"
            takesFocus
            head={t('risk.counted', {
              rows: grouped(counts.rows),
              used: grouped(counts.used),
              areas: grouped(counts.areas),
              risk: grouped(counts.riskAreas),
            })}
            body={
              <>
                <p>
                  {t('risk.counted.more', {
                    corrections: grouped(counts.corrections),
                    carried: grouped(counts.carried),
                  })}
                </p>
                <ul>
                  {counts.excluded.map((e) => (
                    <li key={e.city}>
                      {e.city || t('risk.counted.noCity')}: {grouped(e.n)} · {say(e.reason)}
                    </li>
                  ))}
                </ul>
              </>
            }
            small={say(counts.about)}
          />
          <FaultTable faults={counts.faults} />
        </>
      ) : null}
    </section>
  )
}
