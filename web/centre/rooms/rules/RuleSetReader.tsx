import { RuleSetActivated, RuleSetView, RunView } from '@weiwang/domain/grading/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, DayField } from '../../../kit/centre/controls.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour, Grade } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink, useGo } from '../../parts/GoLink.tsx'
import { JobProgress } from '../../parts/JobProgress.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { paths } from '../../paths.ts'
import { download } from './download.ts'
import { PreviewView } from './PreviewView.tsx'

const TOUCHES = ['/api/rule-sets', '/api/grade-runs', '/api/graded']

function PreviewOf({ runId }: { runId: string }): ReactNode {
  const { t } = useTranslation('centre')
  const answer = useQuery({
    ...q(RunView, `/api/grade-runs/${runId}`),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_500 : false),
  })
  const client = useQueryClient()
  const state = answer.data?.state
  // What the rule set may do next depends on a finished preview, however fast that was.
  useEffect(() => {
    if (state === undefined || state === 'running') return
    void client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('/api/rule-sets') })
  }, [client, state])
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const run = answer.data
  return (
    <>
      {run.jobId && run.state === 'running' ? <JobProgress id={run.jobId} touches={TOUCHES} /> : null}
      {run.state === 'failed' ? <Notice kind="fault" head={t('runState.failed')} /> : null}
      {run.preview ? <PreviewView preview={run.preview} /> : null}
    </>
  )
}

function Decide({ set }: { set: RuleSetView }): ReactNode {
  const { t } = useTranslation('centre')
  const go = useGo()
  const approve = useWrite(RuleSetActivated, { path: `/api/rule-sets/${set.id}/approve`, touches: TOUCHES })
  const refuse = useWrite(RuleSetView, { path: `/api/rule-sets/${set.id}/refuse`, touches: TOUCHES })
  const allowed = set.mayDecide
  const why = allowed ? undefined : t('two.cannot')
  return (
    <>
      <TwoPersons mine={set.mine} name={set.proposedBy ?? undefined} />
      <div className="form-acts">
        <ConfirmAct
          verb={t('push.refuse')}
          title={t('rules.refuse')}
          reason={t('reason')}
          write={refuse}
          disabled={!allowed}
          why={why}
          onYes={(reason, done) => refuse.mutate({ reason }, { onSuccess: done })}
        />
        <ConfirmAct
          primary
          verb={t('rules.approve')}
          title={t('rules.approve')}
          write={approve}
          disabled={!allowed}
          why={why}
          onYes={(_, done) =>
            approve.mutate(
              {},
              {
                onSuccess: ({ runId }) => {
                  done()
                  go(paths.rules({ tab: 'runs', open: runId }))
                },
              },
            )
          }
        >
          <p className="consequence">{t('rules.approve.will')}</p>
        </ConfirmAct>
      </div>
    </>
  )
}

export function RuleSetReader({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const me = useMe()
  const may = useMay()
  const [asOf, setAsOf] = useState(me.today)
  const answer = useQuery(q(RuleSetView, `/api/rule-sets/${id}`))
  const preview = useWrite(RunView, { path: '/api/grade-runs/preview', touches: TOUCHES })
  const propose = useWrite(RuleSetView, { path: `/api/rule-sets/${id}/propose`, touches: TOUCHES })
  const run = useWrite(RunView, { path: '/api/grade-runs', touches: TOUCHES })
  if (answer.error)
    return (
      <Page title={t('room.rules')}>
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      </Page>
    )
  if (!answer.data) return <Loading />
  const set = answer.data
  const shown = preview.data?.id ?? set.previewRunId
  const mayWork = may('propose', 'rule_set', { area: set.area }) || may('file', 'rule_set', { area: set.area })
  return (
    <Page
      title={say(set.name)}
      lead={say(set.document.about)}
      acts={
        <>
          <Act onClick={() => download(`${set.code}-${set.version}.json`, JSON.stringify(set.document, null, 2))}>
            {t('rules.export')}
          </Act>
          {mayWork ? (
            <GoLink className="plain" href={paths.ruleSet('new', { from: set.id })}>
              {t('rules.change')}
            </GoLink>
          ) : null}
        </>
      }
    >
      <p>
        <WordTag strong={set.state === 'active'}>{t(`ruleState.${set.state}`)}</WordTag> {set.code} ·{' '}
        {t('rules.version')} {set.version}
      </p>
      {set.state === 'proposed' ? <Decide set={set} /> : null}
      <Section title={t('rules.sentences')} lead={t('rules.sentences.lead')}>
        {set.sentences.map((s) => {
          const rule = set.document.rules.find((r) => r.id === s.id)
          return (
            <p className="sentence" key={s.id}>
              {rule?.gives.grade ? <Grade grade={rule.gives.grade} /> : null}{' '}
              {rule?.gives.colour ? <Colour colour={rule.gives.colour} /> : null} {say(s.sentence)}
              <small>
                {s.id} · {rule ? say(rule.say) : ''}
              </small>
            </p>
          )
        })}
        {set.document.otherwise ? (
          <p className="sentence">
            <Colour colour={set.document.otherwise.colour} /> {t('rules.otherwise')} {say(set.document.otherwise.say)}
          </p>
        ) : null}
        {set.document.unsettled ? (
          <p className="sentence">
            <Colour colour={set.document.unsettled.colour} /> {t('rules.unsettled')} {say(set.document.unsettled.say)}
          </p>
        ) : null}
      </Section>
      {mayWork || shown ? (
        <Section title={t('preview')} lead={t('preview.lead')}>
          <ProblemNotice error={preview.error ?? propose.error ?? run.error} />
          {mayWork ? (
            <div className="filters" style={{ position: 'static' }}>
              <DayField label={t('run.asOf')} value={asOf} onChange={setAsOf} />
              <Act
                primary={!shown}
                busy={preview.isPending}
                onClick={() => preview.mutate({ ruleSetId: set.id, ...(asOf === me.today ? {} : { asOf }) })}
              >
                {t('preview.start')}
              </Act>
              {set.state === 'draft' ? (
                <Act
                  primary={shown !== null && shown !== undefined}
                  disabled={!set.previewRunId}
                  why={set.previewRunId ? undefined : t('rules.propose.first')}
                  busy={propose.isPending}
                  onClick={() => propose.mutate({})}
                >
                  {t('rules.propose')}
                </Act>
              ) : null}
              {set.state === 'active' ? (
                <Act busy={run.isPending} onClick={() => run.mutate({ ruleSetId: set.id })}>
                  {t('run.propose')}
                </Act>
              ) : null}
            </div>
          ) : null}
          {run.data ? (
            <Notice
              kind="done"
              head={t('run.proposed')}
              body={<GoLink href={paths.rules({ tab: 'runs', open: run.data.id })}>{t('open')}</GoLink>}
            />
          ) : null}
          {shown ? <PreviewOf runId={shown} /> : <p>{t('preview.notYet')}</p>}
        </Section>
      ) : null}
    </Page>
  )
}
