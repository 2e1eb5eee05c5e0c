import { Job } from '@weiwang/domain/core/api'
import { ImportAnswer, ImportStarted } from '@weiwang/domain/people/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../api/http.ts'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { FileButton, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { bytes, grouped } from '../../../words/numbers.ts'
import { useDesk } from '../../parts/desk.ts'
import { JobProgress } from '../../parts/JobProgress.tsx'

const TOUCHES = ['/api/people', '/api/households', '/api/stats']

const EVERY_MS = 1_000

/** What became of each row, as soon as the job has got so far; it goes on without this page and stands under Jobs. */
function Report({ jobId }: { jobId: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const job = useQuery({
    ...q(Job, `/api/jobs/${jobId}`),
    refetchInterval: (query) =>
      query.state.data && query.state.data.state !== 'running' && query.state.data.state !== 'waiting'
        ? false
        : EVERY_MS,
  })
  const result = ImportAnswer.safeParse(job.data?.result)
  const answer = result.success && job.data?.state === 'done' ? result.data : null
  return (
    <>
      <JobProgress id={jobId} touches={TOUCHES} />
      {answer ? (
        <Section title={t('report')}>
          <Facts
            rows={[
              [
                t('register.households'),
                t('register.counts', {
                  created: grouped(answer.households.created),
                  updated: grouped(answer.households.updated),
                  unchanged: grouped(answer.households.unchanged),
                  held: grouped(answer.households.held),
                }),
              ],
              [
                t('register.people'),
                t('register.counts', {
                  created: grouped(answer.people.created),
                  updated: grouped(answer.people.updated),
                  unchanged: grouped(answer.people.unchanged),
                  held: grouped(answer.people.held),
                }),
              ],
              [t('rejected'), grouped(answer.rejected)],
            ]}
          />
          <DataTable
            name={t('report')}
            rows={answer.rows}
            rowKey={(row) => `${row.row}${row.outcome}${row.personId ?? ''}`}
            busy={false}
            totalText={t('register.shown', { n: answer.rows.length })}
            empty={<Empty why={t('register.clean')} />}
            columns={[
              { key: 'row', title: t('row'), end: true, cell: (row) => row.row },
              { key: 'outcome', title: t('state'), cell: (row) => t(`outcomeRow.${row.outcome}`) },
              { key: 'column', title: t('column'), cell: (row) => row.fault?.column ?? '–' },
              { key: 'reason', title: t('reason'), cell: (row) => say(row.fault?.message) || '–' },
              { key: 'remedy', title: t('remedy'), cell: (row) => say(row.fault?.remedy) || '–' },
            ]}
          />
        </Section>
      ) : null}
    </>
  )
}

/** The household register of an office: read, reported row by row, repeated without effect. */
export function RegisterImport(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [source, setSource] = useState('register')
  const [sent, setSent] = useState<{ name: string; done: number; total: number } | null>(null)
  const [jobId, setJobId] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const start = async (file: File): Promise<void> => {
    setError(null)
    setJobId(null)
    setSent({ name: file.name, done: 0, total: file.size })
    const body = new FormData()
    body.append('area', desk.area)
    body.append('source', source)
    body.append('file', file)
    try {
      const key = crypto.randomUUID()
      const started = await upload(ImportStarted, {
        path: '/api/households/import/file',
        body,
        key,
        onProgress: (done, total) => setSent({ name: file.name, done, total }),
      })
      setJobId(started.jobId)
    } catch (cause) {
      setError(cause)
    } finally {
      setSent(null)
    }
  }
  return (
    <>
      <div className="filters">
        <TextField label={t('register.source')} value={source} onChange={setSource} help={t('register.source.help')} />
        <FileButton primary accept=".csv,.xlsx,.txt" busy={sent !== null} onFile={(file) => void start(file)}>
          {t('register.choose')}
        </FileButton>
      </div>
      <Notice kind="note" head={t('register.columns')} body={t('register.columns.body')} />
      <ProblemNotice error={error} />
      {sent ? (
        <Progress
          label={sent.name}
          done={sent.done}
          total={sent.total}
          text={`${sent.name} · ${bytes(sent.done)} / ${bytes(sent.total)}`}
        />
      ) : null}
      {jobId ? <Report jobId={jobId} /> : null}
    </>
  )
}
