import { GUARD_BOUNDS, GuardSettings } from '@weiwang/domain/grading/guard'
import type { GuardNumber } from '@weiwang/domain/grading/guard'
import { GuardPreview, GuardView } from '@weiwang/domain/grading/guard-api'
import type { GuardChange } from '@weiwang/domain/grading/guard-api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, NumberField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'

const PATH = '/api/grade-guard'
const TOUCHES = [PATH]
/** In the order in which the rule reads. */
const NUMBERS = ['ratio', 'floor', 'days', 'minDays', 'floorWithoutHistory'] as const satisfies readonly GuardNumber[]

/** Each number that changes, before and after. */
function Numbers({ change }: { change: Pick<GuardChange, 'before' | 'settings'> }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <Facts
      rows={NUMBERS.map((name) =>
        change.before[name] === change.settings[name]
          ? null
          : ([
              t(`guardNumber.${name}`),
              `${grouped(change.before[name])} → ${grouped(change.settings[name])}`,
            ] as const),
      )}
    />
  )
}

/** GRADE-27: what the new numbers would have held in the last days, beside those in force. */
function Tried({ preview }: { preview: GuardPreview }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const limit = (n: number | null): string => (n === null ? t('guard.passes') : t('guard.stops', { limit: grouped(n) }))
  return (
    <>
      <p className="consequence">
        {t('guard.tried', {
          from: dayWords(preview.from, clock),
          to: dayWords(preview.to, clock),
          now: grouped(preview.heldNow),
          later: grouped(preview.heldThen),
        })}
      </p>
      <DataTable
        name={t('guard.preview')}
        rows={preview.lines}
        rowKey={(row) => `${row.day}${row.kind}${row.key}${row.changes}${row.stopped}`}
        busy={false}
        totalText={t('guard.lines', { n: preview.lines.length })}
        empty={<Empty why={t('guard.tried.none')} />}
        columns={[
          { key: 'day', title: t('guard.day'), cell: (row) => dayWords(row.day, clock) },
          { key: 'what', title: t('guard.what'), cell: (row) => `${t(`guard.${row.kind}`)} ${say(row.name)}` },
          { key: 'n', title: t('guard.changes'), end: true, cell: (row) => grouped(row.changes) },
          { key: 'now', title: t('guard.now'), cell: (row) => limit(row.limitNow) },
          { key: 'then', title: t('guard.then'), cell: (row) => limit(row.limitThen) },
          {
            key: 'stopped',
            title: t('guard.really'),
            cell: (row) => t(row.stopped ? 'guard.really.stopped' : 'guard.really.took'),
          },
        ]}
      />
    </>
  )
}

/** Numbers as typed; an empty field is none. */
type Draft = Record<GuardNumber, number | null>

/** Fields in which the draft breaks a bound, with what stands there. */
function faultsOf(draft: Draft): Map<string, string> {
  const read = GuardSettings.safeParse(draft)
  if (read.success) return new Map()
  return new Map(read.error.issues.map((issue) => [issue.path.join('.'), issue.message]))
}

function Propose({ settings }: { settings: GuardSettings }): ReactNode {
  const { t } = useTranslation('centre')
  const [draft, setDraft] = useState<Draft>(settings)
  const preview = useWrite(GuardPreview, { path: `${PATH}/preview`, touches: [] })
  const propose = useWrite(GuardView, { path: PATH, touches: TOUCHES })
  const faults = faultsOf(draft)
  const read = GuardSettings.safeParse(draft)
  const same = NUMBERS.every((name) => draft[name] === settings[name])
  const set = (name: GuardNumber, n: number | null): void => {
    setDraft({ ...draft, [name]: n })
    preview.reset()
  }
  return (
    <Section title={t('guard.change')} lead={t('guard.change.lead')}>
      <div className="form" style={{ maxWidth: 560 }}>
        {NUMBERS.map((name) => {
          const { min, max } = GUARD_BOUNDS[name]
          return (
            <NumberField
              key={name}
              label={t(`guardNumber.${name}`)}
              help={t('guard.bounds', { min: grouped(min), max: grouped(max) })}
              value={draft[name]}
              fault={
                faults.has(name)
                  ? t(name === 'minDays' && Number(draft.minDays) <= max ? 'guard.minDays' : 'guard.fault', {
                      min: grouped(min),
                      max: grouped(max),
                    })
                  : undefined
              }
              onChange={(n) => set(name, n)}
            />
          )
        })}
        <ProblemNotice error={preview.error} />
        <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
          <Act
            primary
            disabled={same || !read.success}
            why={same ? t('guard.same') : undefined}
            busy={preview.isPending}
            onClick={() => (read.success ? preview.mutate({ settings: read.data }) : undefined)}
          >
            {t('guard.try')}
          </Act>
        </div>
      </div>
      {preview.data && read.success ? (
        <>
          <Tried preview={preview.data} />
          <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
            <ConfirmAct
              primary
              verb={t('guard.propose')}
              title={t('guard.propose')}
              reason={t('reason')}
              write={propose}
              onYes={(reason, done) => propose.mutate({ settings: read.data, reason }, { onSuccess: done })}
            >
              <Numbers change={{ before: settings, settings: read.data }} />
            </ConfirmAct>
          </div>
        </>
      ) : null}
    </Section>
  )
}

function Waiting({ change }: { change: GuardChange }): ReactNode {
  const { t } = useTranslation('centre')
  const approve = useWrite(GuardView, { path: `${PATH}/${change.id}/approve`, touches: TOUCHES })
  const refuse = useWrite(GuardView, { path: `${PATH}/${change.id}/refuse`, touches: TOUCHES })
  const allowed = change.mayDecide
  const why = allowed ? undefined : t('two.cannot')
  return (
    <Section title={t('guard.waiting')}>
      <TwoPersons mine={change.mine} name={change.by ?? undefined} />
      <Numbers change={change} />
      <Facts rows={[[t('reason'), change.reason]]} />
      <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
        <ConfirmAct
          verb={t('push.refuse')}
          title={t('guard.refuse')}
          reason={t('reason')}
          write={refuse}
          disabled={!allowed}
          why={why}
          onYes={(reason, done) => refuse.mutate({ reason }, { onSuccess: done })}
        />
        <ConfirmAct
          primary
          verb={t('push.approve')}
          title={t('guard.approve')}
          write={approve}
          disabled={!allowed}
          why={why}
          onYes={(_, done) => approve.mutate({}, { onSuccess: done })}
        >
          <p>{t('guard.approve.what')}</p>
          <Numbers change={change} />
        </ConfirmAct>
      </div>
    </Section>
  )
}

function Changes({ changes }: { changes: readonly GuardChange[] }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  return (
    <Section title={t('guard.changes.title')}>
      <DataTable<GuardChange>
        name={t('guard.changes.title')}
        rows={changes}
        rowKey={(row) => row.id}
        busy={false}
        totalText={c('total', { total: changes.length })}
        empty={<Empty why={t('guard.changes.none')} />}
        columns={[
          { key: 'at', title: t('manual.proposed'), cell: (row) => <When at={row.proposedAt} /> },
          { key: 'numbers', title: t('guard.numbers'), cell: (row) => <Numbers change={row} /> },
          { key: 'reason', title: t('reason'), cell: (row) => row.reason },
          { key: 'by', title: t('push.by'), cell: (row) => row.by ?? '–' },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'applied'}>{t(`guardState.${row.state}`)}</WordTag>,
          },
          {
            key: 'decided',
            title: t('manual.decided'),
            cell: (row) =>
              row.decidedBy === null ? (
                '–'
              ) : (
                <>
                  {row.decidedBy} · <When at={row.decidedAt} />
                  {row.decision ? <p style={{ margin: 0 }}>{row.decision}</p> : null}
                </>
              ),
          },
        ]}
      />
    </Section>
  )
}

/** When a run is stopped before it takes effect, and how that is changed: previewed, proposed, decided by a second person. */
export function Guard(): ReactNode {
  const { t } = useTranslation('centre')
  const answer = useQuery(q(GuardView, PATH))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { settings, mayPropose, changes } = answer.data
  const waiting = changes.find((change) => change.state === 'proposed')
  return (
    <>
      <p>
        {t('guard.lead', {
          ratio: grouped(settings.ratio),
          floor: grouped(settings.floor),
          days: grouped(settings.days),
          minDays: grouped(settings.minDays),
          first: grouped(settings.floorWithoutHistory),
        })}
      </p>
      <Facts rows={NUMBERS.map((name) => [t(`guardNumber.${name}`), grouped(settings[name])] as const)} />
      {waiting ? <Waiting change={waiting} /> : null}
      {mayPropose && !waiting ? <Propose key={JSON.stringify(settings)} settings={settings} /> : null}
      {mayPropose ? null : <p>{t('guard.notHere')}</p>}
      <Changes changes={changes.filter((change) => change.state !== 'proposed')} />
    </>
  )
}
