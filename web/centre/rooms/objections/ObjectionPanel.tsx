import { ObjectionDetail, OpenedObjection } from '@weiwang/domain/healthcode/objection-api'
import type { FactSide } from '@weiwang/domain/healthcode/objection-api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour, Due, When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { paths } from '../../paths.ts'
import { AddProof } from './AddProof.tsx'
import { ObjectionSteps } from './ObjectionSteps.tsx'
import { ASKER_SAY, GROUND_SAY, PROOF_SAY, RELATION_SAY, STAGE_SAY, useMinutes, useStateWord } from './words.ts'

function Fact({ fact, contested }: { fact: FactSide; contested: boolean }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <li>
      {contested || fact.behind ? <b>{say(fact.say)}</b> : say(fact.say)}{' '}
      {contested ? <WordTag strong>{t('objection.fact.contested')}</WordTag> : null}
      {fact.behind && !contested ? <WordTag>{t('objection.fact.behind')}</WordTag> : null}
      {fact.denied ? <WordTag>{t('objection.fact.denied')}</WordTag> : null}
      <small>
        {t('objection.fact.record', {
          source: say(fact.sourceName),
          upheld: String(fact.upheld),
          decided: String(fact.decided),
        })}
        {' · '}
        <When at={fact.recordedAt} />
      </small>
    </li>
  )
}

/** The reason of the colour with source, day and end, and every fact of the person that lies before the desk. */
function SourceSide({ objection }: { objection: ObjectionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const contested = objection.reasons.find((one) => one.key === objection.reason)
  const isContested = (fact: FactSide): boolean =>
    contested !== undefined &&
    !contested.household &&
    fact.kind === contested.fact.kind &&
    fact.source === contested.fact.source &&
    fact.from === contested.fact.from &&
    fact.to === contested.fact.to &&
    fact.place === contested.fact.place
  return (
    <Section title={t('objection.side.source')} lead={t('objection.side.source.lead')}>
      {objection.reasons.map((reason) => (
        <p className="sentence" key={reason.key}>
          {say(reason.say)} {reason.household ? <WordTag>{t('objection.household')}</WordTag> : null}
          <small>
            {say(reason.fact.say)} · {say(reason.fact.sourceName)}
            {reason.until ? ` · ${t('objection.fact.until', { day: dayWords(reason.until, clock) })}` : ''}
          </small>
        </p>
      ))}
      {objection.facts.length === 0 ? (
        <p className="progress-text">{t('objection.facts.none')}</p>
      ) : (
        <ul className="history">
          {objection.facts.map((fact) => (
            <Fact key={fact.factId} fact={fact} contested={isContested(fact)} />
          ))}
        </ul>
      )}
      {objection.manual.length > 0 ? (
        <>
          <h3>{t('objection.manual')}</h3>
          <ul className="history">
            {objection.manual.map((one) => (
              <li key={one.id}>
                {say(one.say)} <Colour colour={one.colour} />
                <small>
                  {t('objection.manual.by', {
                    who: one.by?.name ?? '–',
                    from: dayWords(one.from, clock),
                    until: dayWords(one.until, clock),
                  })}
                  {one.mine ? ` · ${t('objection.manual.mine')}` : ''}
                </small>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Section>
  )
}

function Pictures({ objection, purpose }: { objection: ObjectionDetail; purpose: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  return (
    <div style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
      {objection.proofList.map((proof, i) => {
        const kind = say(PROOF_SAY[proof.kind])
        const src = `/api/objections/${objection.id}/proofs/${proof.id}?purpose=${encodeURIComponent(purpose)}`
        return (
          <figure key={proof.id} style={{ margin: 0 }}>
            <img src={src} alt={t('objection.proof.alt', { kind, n: String(i + 1) })} style={{ maxWidth: '100%' }} />
            <figcaption>
              {kind} · <When at={proof.at} />
            </figcaption>
          </figure>
        )
      })}
    </div>
  )
}

function Opened({
  objection,
  opened,
  purpose,
}: {
  objection: ObjectionDetail
  opened: OpenedObjection
  purpose: string
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const { relative } = opened
  return (
    <>
      <Notice kind="note" head={t('objection.read.done')} />
      <Facts
        rows={[
          [t('objection.words'), <b key="w">{opened.words ?? '–'}</b>],
          [t('objection.name'), opened.name ?? objection.masked],
          [t('objection.phone'), opened.phone ? <a href={`tel:${opened.phone}`}>{opened.phone}</a> : '–'],
          relative
            ? [t('objection.relative'), `${relative.name}（${say(RELATION_SAY[relative.relation])}） ${relative.phone}`]
            : null,
          ...opened.texts.map((one) => [`${t('history')} ${one.n}`, one.text] as const),
        ]}
      />
      <Pictures objection={objection} purpose={purpose} />
    </>
  )
}

/** What the holder says and shows: sealed, opened for a purpose that the trail keeps. */
function HolderSide({ objection }: { objection: ObjectionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const [opened, setOpened] = useState<{ answer: OpenedObjection; purpose: string } | null>(null)
  return (
    <Section title={t('objection.side.holder')}>
      <Facts
        rows={[
          [t('objection.ground'), <b key="g">{say(GROUND_SAY[objection.ground])}</b>],
          [t('objection.asker'), say(ASKER_SAY[objection.asker])],
          [t('objection.proofs'), t('objection.proofs.n', { n: String(objection.proofs) })],
        ]}
      />
      {opened ? <Opened objection={objection} opened={opened.answer} purpose={opened.purpose} /> : null}
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', marginTop: 8 }}>
        {!opened && may('open', 'objection', { area: objection.area }) ? (
          <OpenForPurpose
            primary={objection.decidedAt === null}
            verb={t('objection.read')}
            lead={t('objection.read.lead')}
            shape={OpenedObjection}
            path={`/api/objections/${objection.id}/open`}
            usual={t('objection.read.purpose')}
            onOpened={(answer, purpose) => setOpened({ answer, purpose })}
          />
        ) : null}
        <AddProof objection={objection} />
      </div>
    </Section>
  )
}

function Answered({ objection }: { objection: ObjectionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const { decision } = objection
  if (!decision) return null
  return (
    <Notice
      kind="done"
      head={`${t('objection.answer')}: ${say(decision.say)}`}
      body={
        <>
          <p style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            <Colour colour={decision.colourBefore} /> → <Colour colour={decision.colourAfter} />
          </p>
          <p>
            <a
              className="plain"
              href={`/api/objections/${objection.id}/answer.pdf`}
              target="_blank"
              rel="noreferrer"
              aria-label={`${t('objection.answer.print')} ${objection.reference}`}
            >
              {t('objection.answer.print')}
            </a>
          </p>
          {decision.remedies.length > 0 ? (
            <>
              <p>{t('objection.remedies')}</p>
              <ul>
                {decision.remedies.map((one) => (
                  <li key={one.en}>{say(one)}</li>
                ))}
              </ul>
            </>
          ) : null}
        </>
      }
    />
  )
}

function Shown({ objection }: { objection: ObjectionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const stateWord = useStateWord()
  const minutes = useMinutes()
  const { word, strong } = stateWord(objection.state)
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {objection.masked || '–'}
        <small>{objection.reference}</small>
        <WordTag strong={strong}>{word}</WordTag>
        {objection.overdue ? <WordTag strong>{t('objection.overdue')}</WordTag> : null}
        {objection.late && !objection.overdue ? <WordTag strong>{t('objection.late')}</WordTag> : null}
      </h2>
      <Answered objection={objection} />
      <Facts
        rows={[
          objection.minutes === null
            ? [t('objection.stage'), `${say(STAGE_SAY[objection.stage])} · ${objection.desk.name}`]
            : null,
          objection.dueBy ? [t('objection.due'), <Due key="d" at={objection.dueBy} done={false} />] : null,
          objection.allDueBy ? [t('objection.allDue'), <Due key="a" at={objection.allDueBy} done={false} />] : null,
          objection.state === 'need_more' ? [t('objection.due'), t('objection.waits')] : null,
          objection.escalations > 0
            ? [t('objection.late'), t('objection.escalated', { n: String(objection.escalations) })]
            : null,
          objection.minutes === null ? null : [t('objection.minutes'), minutes(objection.minutes)],
          [t('objection.colour'), <Colour key="c" colour={objection.colour} />],
          [t('objection.colour.now'), <Colour key="n" colour={objection.colourNow} />],
          [t('area'), `${objection.areaName} (${objection.area})`],
          objection.personId
            ? [
                t('person'),
                <GoLink key="p" href={paths.person(objection.personId)}>
                  {objection.masked}
                </GoLink>,
              ]
            : null,
        ]}
      />
      <div className="split">
        <SourceSide objection={objection} />
        <HolderSide objection={objection} />
      </div>
      <Section title={t('objection.next')}>
        <ObjectionSteps objection={objection} />
      </Section>
      <Section title={t('history')}>
        <ol className="history">
          {objection.history.map((line) => (
            <li key={line.n}>
              {say(line.say)}
              <small>
                {line.by.name || t('system')} · <When at={line.at} />
              </small>
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

export function ObjectionPanel({ id }: { id: string }): ReactNode {
  const { t: c } = useTranslation('common')
  const answer = useQuery({ ...q(ObjectionDetail, `/api/objections/${id}`), refetchInterval: 30_000 })
  if (answer.error && !answer.data)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  return answer.data ? <Shown objection={answer.data} /> : <Loading />
}
