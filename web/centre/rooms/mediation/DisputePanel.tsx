import { DisputeDetail, OpenedDispute, ReadOut } from '@weiwang/domain/incidents/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../../api/http.ts'
import { q, useWrite } from '../../../api/query.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { paths } from '../../paths.ts'
import { DisputeSteps } from './DisputeSteps.tsx'
import { TOUCHES, useClosing, useDisputeKind } from './words.ts'

const KINDS = [
  'opened',
  'taken',
  'mediated',
  'passed_up',
  'followed_up',
  'closed',
  'reopened',
  'access_given',
  'access_ended',
  'corrected',
  'reorganised',
] as const

/** Parties and texts, for a purpose; one line in the trail each time (MED-3). */
function Read({ dispute }: { dispute: DisputeDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [read, setRead] = useState<ReadOut | null>(null)
  if (read) {
    return (
      <>
        <Notice kind="note" head={t('dispute.read.done')} />
        <Facts
          rows={[
            [t('dispute.words'), read.words ?? t('dispute.words.none')],
            ...read.parties.map(
              (party, i) =>
                [
                  t('dispute.party', { n: i + 1 }),
                  <span key={party.name}>
                    <b>{party.name}</b>
                    {party.role ? ` · ${party.role}` : ''}
                    {party.phone ? (
                      <>
                        {' · '}
                        <a href={`tel:${party.phone}`}>{party.phone}</a>
                      </>
                    ) : null}
                  </span>,
                ] as const,
            ),
            ...read.texts.map((one) => [`${t('history')} ${one.n}`, one.text] as const),
          ]}
        />
      </>
    )
  }
  return (
    <OpenForPurpose
      verb={t('dispute.read')}
      lead={t('dispute.read.lead')}
      shape={ReadOut}
      path={`/api/mediations/${dispute.id}/read`}
      onOpened={setRead}
    />
  )
}

function EndAccess({ dispute, account }: { dispute: DisputeDetail; account: { id: string; name: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(OpenedDispute, { path: `/api/mediations/${dispute.id}/step`, touches: TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('dispute.access.end')}
      title={t('dispute.access.end.title', { name: account.name })}
      write={write}
      onYes={(_, done) => write.mutate({ step: 'end_access', account: account.id }, { onSuccess: done })}
    />
  )
}

function Access({ dispute }: { dispute: DisputeDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const mine = dispute.steps.some((one) => one.step === 'give_access' && one.ok)
  if (dispute.access.length === 0) return <p className="progress-text">{t('dispute.access.none')}</p>
  return (
    <ul className="history">
      {dispute.access.map((account) => (
        <li key={account.id}>
          {account.name} {mine ? <EndAccess dispute={dispute} account={account} /> : null}
        </li>
      ))}
    </ul>
  )
}

function History({ dispute }: { dispute: DisputeDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const closing = useClosing()
  const more = ({ kind, body }: DisputeDetail['history'][number]): string => {
    const named = body['mediator'] ?? body['account']
    if (kind === 'taken' || kind.startsWith('access'))
      return typeof named === 'string' ? (dispute.people[named] ?? '') : ''
    if (kind === 'mediated') {
      const result = body['result']
      return result === 'agreed' || result === 'again' || result === 'not_agreed' ? t(`mediationResult.${result}`) : ''
    }
    if (kind === 'followed_up') return body['holds'] === true ? t('dispute.holds.yes') : t('dispute.holds.no')
    return kind === 'closed' ? closing(body['closing']) : ''
  }
  return (
    <ol className="history">
      {dispute.history.map((line) => {
        const kind = KINDS.find((one) => one === line.kind)
        const beside = more(line)
        return (
          <li key={line.n}>
            {kind ? t(`mediationEvent.${kind}`) : line.kind}
            {beside ? ` · ${beside}` : ''}
            <small>
              {line.by.name || t('system')} · <When at={line.recordedAt} />
            </small>
          </li>
        )
      })}
    </ol>
  )
}

function Shown({ dispute }: { dispute: DisputeDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const kind = useDisputeKind()
  const closing = useClosing()
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {kind(dispute.kind)}
        <WordTag strong={dispute.state === 'open'}>{t(`disputeState.${dispute.state}`)}</WordTag>
        {dispute.late ? <WordTag strong>{t('dispute.late')}</WordTag> : null}
      </h2>
      <Facts
        rows={[
          [t('dispute.mediator'), <b key="m">{dispute.mediator?.name ?? t('dispute.nobody')}</b>],
          [t('dispute.desk'), dispute.desk.name],
          [t('area'), `${dispute.areaName} (${dispute.area})`],
          dispute.householdId
            ? [
                t('dispute.door'),
                <GoLink key="h" href={paths.household(dispute.householdId)}>
                  {dispute.door ?? t('household')}
                </GoLink>,
              ]
            : null,
          [t('dispute.parties'), t('dispute.parties.n', { n: dispute.parties ?? 0 })],
          [t('dispute.sessions'), t('dispute.sessions.n', { n: dispute.sessions ?? 0 })],
          dispute.followUp ? [t('dispute.followUp'), dayWords(dispute.followUp, clock)] : null,
          [t('dispute.opened'), dayWords(dispute.openedDay, clock)],
          dispute.closedDay ? [t('dispute.closed'), dayWords(dispute.closedDay, clock)] : null,
          dispute.closing ? [t('dispute.closing'), closing(dispute.closing)] : null,
          dispute.visitId
            ? [
                t('dispute.visit'),
                <GoLink key="v" href={paths.visits({ open: dispute.visitId })}>
                  {t('dispute.visit.go')}
                </GoLink>,
              ]
            : null,
        ]}
      />
      <Section title={t('dispute.next')}>
        <DisputeSteps dispute={dispute} />
        <div style={{ marginTop: 8 }}>
          <Read dispute={dispute} />
        </div>
      </Section>
      <Section title={t('dispute.access')}>
        <Access dispute={dispute} />
      </Section>
      <Section title={t('history')}>
        <History dispute={dispute} />
      </Section>
    </>
  )
}

/** One dispute, for who may see it; a stub opens too, and says why there is nothing to read. */
export function DisputePanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const answer = useQuery({ ...q(DisputeDetail, `/api/mediations/${id}`), refetchInterval: 30_000 })
  if (answer.error instanceof ApiProblem && answer.error.body.kind === 'not_found')
    return <Notice kind="note" head={t('dispute.hidden')} body={t('dispute.hidden.what')} />
  if (answer.error && !answer.data)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  return answer.data ? <Shown dispute={answer.data} /> : <Loading />
}
