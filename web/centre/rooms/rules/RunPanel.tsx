import { RunView } from '@weiwang/domain/grading/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { JobProgress } from '../../parts/JobProgress.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { PreviewView } from './PreviewView.tsx'
import { RunState } from './RunState.tsx'

const TOUCHES = ['/api/grade-runs', '/api/graded', '/api/rule-sets']

/** A running run moves on, and others join one that is held. */
const EVERY_MS: Record<string, number> = { running: 1_500, held: 10_000 }

function Decide({ run }: { run: RunView }): ReactNode {
  const { t } = useTranslation('centre')
  const approve = useWrite(Anything, { path: `/api/grade-runs/${run.id}/approve`, touches: TOUCHES })
  const refuse = useWrite(Anything, { path: `/api/grade-runs/${run.id}/refuse`, touches: TOUCHES })
  const allowed = run.mayDecide
  const changed = run.counts['changed']
  const seen = run.state === 'held' && changed !== undefined ? { changed } : {}
  return (
    <>
      <TwoPersons mine={run.mine} name={run.by ?? undefined} />
      <div className="form-acts">
        <ConfirmAct
          verb={t('push.refuse')}
          title={t('run.refuse')}
          reason={t('reason')}
          write={refuse}
          disabled={!allowed}
          why={allowed ? undefined : t('two.cannot')}
          onYes={(reason, done) => refuse.mutate({ reason }, { onSuccess: done })}
        />
        <ConfirmAct
          primary
          verb={t('run.approve')}
          title={t('run.approve')}
          write={approve}
          disabled={!allowed}
          why={allowed ? undefined : t('two.cannot')}
          onYes={(_, done) => approve.mutate(seen, { onSuccess: done })}
        >
          <p className="consequence">
            {t('run.approve.will', { n: grouped(run.counts['changed'] ?? run.preview?.changed ?? 0) })}
          </p>
        </ConfirmAct>
      </div>
    </>
  )
}

export function RunPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const answer = useQuery({
    ...q(RunView, `/api/grade-runs/${id}`),
    refetchInterval: (query) => EVERY_MS[query.state.data?.state ?? ''] ?? false,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const run = answer.data
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center' }}>
        {say(run.ruleSetName)} <RunState run={run} />
      </h2>
      {run.state === 'held' ? <Notice kind="note" head={t('run.held')} body={t('run.held.why')} /> : null}
      {run.jobId && run.state === 'running' ? <JobProgress id={run.jobId} touches={TOUCHES} /> : null}
      <Facts
        rows={[
          [t('run.kind'), t(`runKind.${run.kind}`)],
          [t('run.asOf'), run.asOf],
          [t('run.touched'), grouped(run.counts['looked'] ?? run.counts['touched'] ?? 0)],
          [t('run.changed'), grouped(run.counts['changed'] ?? 0)],
          ...(run.counts['joined'] ? [[t('run.joined'), grouped(run.counts['joined'])] as const] : []),
          [t('push.started'), <When key="s" at={run.startedAt} />],
          [t('push.finished'), <When key="f" at={run.finishedAt} />],
        ]}
      />
      {run.guard && run.guard.length > 0 ? (
        <Section title={t('run.guard')} lead={t('run.guard.lead')}>
          <Facts
            rows={run.guard.map(
              (g) =>
                [
                  `${t(`guard.${g.kind}`)} ${say(g.name)}`,
                  t(g.red ? 'guard.line.red' : 'guard.line', {
                    changes: grouped(g.changes),
                    median: g.median === null ? t('guard.unknown') : grouped(g.median),
                    limit: grouped(g.limit),
                  }),
                ] as const,
            )}
          />
        </Section>
      ) : null}
      {run.state === 'waiting' || run.state === 'held' ? <Decide run={run} /> : null}
      {run.preview ? <PreviewView preview={run.preview} /> : null}
    </>
  )
}
