import { Helpers, OpenedService, ServiceDetail, SteppedService } from '@weiwang/domain/observation/service-api'
import { RECEIVED_SAY } from '@weiwang/domain/observation/service-kind'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Due, When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { PictureForPurpose } from '../../parts/PictureForPurpose.tsx'
import { paths } from '../../paths.ts'
import { ServiceSteps } from './ServiceSteps.tsx'
import { TOUCHES, useHelperLine, useKind, useReason, useUrgency } from './words.tsx'

const EVERY = 15_000
const KINDS = [
  'asked',
  'offered',
  'passed',
  'unmatched',
  'accepted',
  'started',
  'given_back',
  'done',
  'pictured',
  'not_received',
  'cost',
  'rated',
  'refused',
  'cancelled',
  'escalated',
  'reorganised',
] as const

function Offer({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const line = useHelperLine()
  const [to, setTo] = useState('')
  const helpers = useQuery(q(Helpers, `/api/services/${id}/helpers`))
  const write = useWrite(SteppedService, { path: `/api/services/${id}/offer`, touches: TOUCHES })
  const items = helpers.data?.items ?? []
  return (
    <ConfirmAct
      verb={t('service.offer')}
      title={t('service.offer')}
      write={write}
      ready={to !== ''}
      onYes={(_, done) => write.mutate({ to }, { onSuccess: done })}
    >
      <p>{t('service.offer.lead')}</p>
      <ProblemNotice error={helpers.error} />
      {helpers.data && items.length === 0 ? (
        <p>{t('service.offer.none')}</p>
      ) : (
        <SelectField
          label={t('service.offer.to')}
          value={to}
          onChange={setTo}
          any="–"
          choices={items.map((one) => ({ value: one.id, label: line(one) }))}
        />
      )}
    </ConfirmAct>
  )
}

/** What is wanted and whom to ring: for a purpose, one line in the trail (SERV-13). */
function Words({ service }: { service: ServiceDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [opened, setOpened] = useState<OpenedService | null>(null)
  if (!service.mayOpen) return null
  if (opened) {
    return (
      <>
        <Notice kind="note" head={t('service.opened')} />
        <Facts
          rows={[
            [t('service.words'), opened.words ?? t('service.words.none')],
            [t('service.receiver'), opened.name ?? t('service.whole')],
            opened.rung ? [t('service.rung'), opened.rung] : null,
            [
              t('service.phone'),
              opened.phone ? (
                <a key="p" href={`tel:${opened.phone}`}>
                  {opened.phone}
                </a>
              ) : (
                '–'
              ),
            ],
            ...opened.texts.map((one) => [`${t('history')} ${one.n}`, one.text] as const),
          ]}
        />
      </>
    )
  }
  return (
    <OpenForPurpose
      verb={t('service.open')}
      lead={t('service.open.lead')}
      shape={OpenedService}
      path={`/api/services/${service.id}/open`}
      onOpened={setOpened}
    />
  )
}

function History({ service }: { service: ServiceDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const reason = useReason()
  const name = (id: unknown): string => (typeof id === 'string' ? (service.people[id] ?? '') : '')
  const more = ({ kind, body }: ServiceDetail['history'][number]): string => {
    if (kind === 'offered') return name(body['to'])
    if (kind === 'passed') {
      const why = body['why'] === 'expired' ? t('serviceWhy.expired') : t('serviceWhy.declined')
      return [name(body['by']), why, reason(body['reason'])].filter((word) => word !== '').join(' · ')
    }
    return [kind === 'accepted' || kind === 'given_back' ? name(body['by']) : '', reason(body['reason'])]
      .filter((word) => word !== '')
      .join(' · ')
  }
  return (
    <ol className="history">
      {service.history.map((line) => {
        const kind = KINDS.find((one) => one === line.kind)
        const beside = more(line)
        return (
          <li key={line.n}>
            {kind ? t(`serviceEvent.${kind}`) : line.kind}
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

/** What was left at the door, or the receipt: looked at for a purpose by who may open what lies here (SERV-13). */
function Photo({ of, photo }: { of: ServiceDetail; photo: 'proof' | 'receipt' }): ReactNode {
  const { t } = useTranslation('centre')
  const picture = photo === 'proof' ? of.proofPhoto : of.receiptPhoto
  if (picture === null) return null
  if (!picture.here) return t('service.photo.coming')
  if (!of.mayOpen) return t('service.photo.closed')
  return (
    <PictureForPurpose
      path={`/api/services/${of.id}/photos/${picture.id}`}
      verb={t(photo === 'proof' ? 'service.photo.look' : 'service.receipt.look')}
      lead={t('service.photo.lead')}
      alt={t(photo === 'proof' ? 'service.proofPhoto' : 'service.receipt')}
    />
  )
}

function Shown({ service }: { service: ServiceDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const kind = useKind()
  const urgency = useUrgency()
  const say = useSay()
  const reason = useReason()
  const { cost, windowFrom, windowTo } = service
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {kind(service.kind)}
        <WordTag strong={service.urgency === 'urgent'}>{urgency(service.urgency)}</WordTag>
        <WordTag strong={service.state === 'open'}>{t(`serviceState.${service.state}`)}</WordTag>
      </h2>
      <Facts
        rows={[
          [
            t('service.with'),
            <b key="w">
              {service.takenBy?.name ??
                (service.offeredTo ? t('service.offered', { name: service.offeredTo.name }) : t('service.nobody'))}
            </b>,
          ],
          [t('service.due'), <Due key="d" at={service.dueBy} done={service.endedAt !== null} />],
          windowFrom && windowTo
            ? [
                t('service.window'),
                <span key="t">
                  <When at={windowFrom} /> – <When at={windowTo} />
                </span>,
              ]
            : null,
          [
            t('service.who'),
            service.personId ? (
              <GoLink key="p" href={paths.person(service.personId)}>
                {service.masked}
              </GoLink>
            ) : (
              service.masked || t('service.whole')
            ),
          ],
          [
            t('service.door'),
            service.householdId ? (
              <GoLink key="h" href={paths.household(service.householdId)}>
                {service.door ?? t('household')}
              </GoLink>
            ) : (
              '–'
            ),
          ],
          [t('area'), `${service.areaName} (${service.area})`],
          [t('service.askedBy'), [t(`asker.${service.asker}`), service.askedBy?.name].filter(Boolean).join(' · ')],
          [t('service.askedAt'), <When key="a" at={service.askedAt} />],
          service.roundDay ? [t('service.round'), dayWords(service.roundDay, clock)] : null,
          service.ruleId ? [t('service.rule'), t('service.rule.yes')] : null,
          service.escalated > 0
            ? [
                t('state'),
                <WordTag key="e" strong>
                  {t('service.escalated', { n: service.escalated })}
                </WordTag>,
              ]
            : null,
          service.proof
            ? [
                t('service.proof'),
                [t(`proof.${service.proof}`), service.receivedBy ? say(RECEIVED_SAY[service.receivedBy]) : '']
                  .filter(Boolean)
                  .join(' · '),
              ]
            : null,
          service.proofPhoto ? [t('service.proofPhoto'), <Photo key="pp" of={service} photo="proof" />] : null,
          service.rating === null ? null : [t('service.rating'), t('service.rating.n', { n: service.rating })],
          cost
            ? [
                t('service.cost'),
                t('service.cost.line', { yuan: (cost.cents / 100).toFixed(2), payer: t(`payer.${cost.paidBy}`) }),
              ]
            : null,
          service.receiptPhoto ? [t('service.receipt'), <Photo key="rp" of={service} photo="receipt" />] : null,
          service.reason ? [t('service.reason'), reason(service.reason)] : null,
        ]}
      />
      <Section title={t('service.next')}>
        <ServiceSteps service={service} />
        {service.mayOffer ? (
          <div style={{ marginTop: 8 }}>
            <Offer id={service.id} />
          </div>
        ) : null}
        <div style={{ marginTop: 8 }}>
          <Words service={service} />
        </div>
      </Section>
      <Section title={t('history')}>
        <History service={service} />
      </Section>
    </>
  )
}

/** A service with who has it, what can be done next and what has happened. */
export function ServicePanel({ id }: { id: string }): ReactNode {
  const { t: c } = useTranslation('common')
  const answer = useQuery({ ...q(ServiceDetail, `/api/services/${id}`), refetchInterval: EVERY })
  if (answer.error && !answer.data)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  return answer.data ? <Shown service={answer.data} /> : <Loading />
}
