import { Backups } from '@weiwang/domain/core/api'
import type { Backup } from '@weiwang/domain/core/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { TimeText } from '../../../kit/common/Time.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMe, useSession } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { bytes, grouped } from '../../../words/numbers.ts'
import { fullTime, timeWords } from '../../../words/time.ts'

const EVERY_MS = 60_000

/** Backups live in real time, also when an exercise lives on another day. */
function RealTime({ at }: { at: string }): ReactNode {
  const clock = useClock()
  const { offset } = useSession()
  const instant = new Date(at)
  const real = { ...clock, now: new Date(clock.now.getTime() - offset) }
  return <TimeText words={timeWords(instant, real)} full={fullTime(instant, clock.zone)} iso={at} />
}

/** What is wrong and what to do about it, the most urgent alone. */
function Trouble({ status }: { status: Backups }): ReactNode {
  const { t } = useTranslation('centre')
  const { zone } = useClock()
  const how = status.external ? t('backup.how.external') : t('backup.how')
  if (status.failure)
    return (
      <Notice
        kind="fault"
        head={t('backup.failed', { at: fullTime(new Date(status.failure.at), zone) })}
        body={
          <>
            <p style={{ margin: 0 }}>
              <code>{status.failure.why}</code>
            </p>
            <p style={{ margin: 0 }}>{t('backup.failed.todo')}</p>
          </>
        }
      />
    )
  if (status.total === 0) return <Notice kind={status.late ? 'fault' : 'note'} head={t('backup.none')} body={how} />
  return status.late ? <Notice kind="fault" head={t('backup.late')} body={how} /> : null
}

/** When the last backup was verified, when the next is made, what is kept and what went wrong; for the whole deployment. */
export function BackupsView(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const answer = useQuery({ ...q(Backups, '/api/backups'), refetchInterval: EVERY_MS })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const status = answer.data
  const last = status.kept[0]
  return (
    <>
      <p>{t('backup.lead')}</p>
      {me.exercise ? <p>{t('backup.realTime')}</p> : null}
      <Trouble status={status} />
      <Facts
        rows={[
          [t('backup.last'), last ? <RealTime key="l" at={last.verifiedAt} /> : t('backup.never')],
          [
            t('backup.next'),
            status.next ? (
              <RealTime key="n" at={status.next} />
            ) : (
              t(status.external ? 'backup.next.external' : 'backup.next.off')
            ),
          ],
          [t('backup.kept'), t('backup.kept.n', { n: grouped(status.total), size: bytes(status.bytes) })],
          [t('backup.days'), t('backup.days.n', { n: status.days })],
        ]}
      />
      <Section title={t('backup.list')}>
        <DataTable<Backup>
          name={t('backup.list')}
          rows={status.kept}
          rowKey={(row) => `${row.verifiedAt}${row.place}`}
          busy={answer.isFetching}
          totalText={c('total', { total: status.total })}
          empty={<Empty why={t('backup.none')} todo={status.external ? t('backup.how.external') : t('backup.how')} />}
          columns={[
            { key: 'at', title: t('backup.verified'), cell: (row) => <RealTime at={row.verifiedAt} /> },
            { key: 'kind', title: t('backup.kind'), cell: (row) => <WordTag>{t(`backupKind.${row.kind}`)}</WordTag> },
            {
              key: 'size',
              title: t('backup.size'),
              end: true,
              cell: (row) => (row.bytes === null ? '–' : bytes(row.bytes)),
            },
            { key: 'place', title: t('backup.place'), cell: (row) => <code className="place">{row.place}</code> },
          ]}
        />
      </Section>
    </>
  )
}
