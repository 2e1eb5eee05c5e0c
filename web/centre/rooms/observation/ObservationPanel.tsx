import { ObservationDetail } from '@weiwang/domain/observation/api'
import { OPENED_FROM } from '@weiwang/domain/observation/event'
import { MEASURE_RULES } from '@weiwang/domain/observation/measure'
import { nobodyAnswers } from '@weiwang/domain/observation/fold'
import { openOuting } from '@weiwang/domain/observation/outing'
import { isUsualStep } from '@weiwang/domain/observation/step-usual'
import * as words from '@weiwang/domain/observation/step-words'
import { STATE_NAMES, STEP_NAMES } from '@weiwang/domain/observation/words'
import { Responsible } from '@weiwang/domain/teams/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { dayWords, hoursWords } from '../../../words/time.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { useRole } from '../teams/words.ts'
import './observation.css'
import { DayStrip } from './DayStrip.tsx'
import { STEP_ORDER, TURN } from './fields.ts'
import { Papers } from './Papers.tsx'
import { Readings } from './Readings.tsx'
import { StepAct } from './StepAct.tsx'
import { useMeasure, useOutingWords, useReasonWord, useStanding, useSymptom, useWord } from './words.ts'

const EVERY = 15_000

/** TEAM-11: one question, answered with who stands in for whom. */
function useResponsible(of: ObservationDetail) {
  const may = useMay()
  return useQuery({
    ...q(Responsible, '/api/teams/responsible', { householdId: of.householdId }),
    enabled: of.householdId !== null && may('read', 'team', { area: of.area }),
    refetchInterval: 60_000,
  })
}

function Who({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const role = useRole()
  const answer = useResponsible(of)
  return (
    <Section title={t('obs.now')}>
      <ReadProblem error={answer.error} again={null} />
      {of.householdId === null ? <p>{t('obs.now.noDoor')}</p> : null}
      {answer.data?.members.length === 0 ? <p>{t('obs.now.none')}</p> : null}
      <ul className="obs-list">
        {(answer.data?.members ?? []).map((one) => (
          <li key={one.accountId + one.role}>
            {role(one.role)} <b>{one.name}</b>
            {one.standsInFor ? ` ${t('obs.standsIn', { name: one.standsInFor })}` : ''}
            {one.until ? ` · ${dayWords(one.until, clock)}` : ''}
            {one.phone ? (
              <>
                {' · '}
                <a href={`tel:${one.phone}`}>{one.phone}</a>
              </>
            ) : null}
          </li>
        ))}
        {(answer.data?.missing ?? []).map((seat) => (
          <li key={seat.role}>
            <WordTag strong>{t('team.missing')}</WordTag> {role(seat.role)}
          </li>
        ))}
      </ul>
      {of.teamId ? (
        <p>
          <GoLink href={paths.teams({ open: of.teamId })}>{t('obs.now.open')}</GoLink>
        </p>
      ) : null}
    </Section>
  )
}

/** Buttons of what may be done now; the step whose turn it is stands out. The server decides again. */
function Next({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const team = useResponsible(of)
  const teamId = team.data?.teamId ?? null
  const able = STEP_ORDER.filter(
    (step) => of.may.includes(step) && (step !== 'team' || (teamId !== null && of.teamId === null)),
  )
  const first = ['release', 'check_release', 'follow_up'].find((step) => of.may.includes(step))
  const turn = of.step === 'release' || first ? first : TURN[of.step]
  const usual = able.filter((step) => isUsualStep(of.current, step))
  const others = able.filter((step) => !usual.includes(step))
  return (
    <Section title={t('obs.next')}>
      {of.current.shortening && !of.may.includes('decide_shorten') ? (
        <TwoPersons proposedBy={of.current.shortening.by} />
      ) : null}
      {able.length === 0 ? <p className="progress-text">{t('obs.next.none')}</p> : null}
      {[usual, others].map((steps, at) => {
        if (steps.length === 0) return null
        const acts = (
          <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            {steps.map((step) => (
              <StepAct key={step} of={of} step={step} teamId={teamId} primary={step === turn} />
            ))}
          </div>
        )
        if (at === 0) return <div key="usual">{acts}</div>
        return (
          <details key="others" className="obs-others">
            <summary>{t('obs.others')}</summary>
            {acts}
          </details>
        )
      })}
    </Section>
  )
}

function Where({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const join = useJoin()
  const clock = useClock()
  const word = useWord()
  const symptom = useSymptom()
  const reason = useReasonWord()
  const outing = useOutingWords()
  const { current } = of
  const day = (value: string | null): string => (value === null ? '–' : dayWords(value, clock))
  const rules = MEASURE_RULES[of.measure]
  const from = OPENED_FROM.find((one) => one === current.openedFrom.kind)
  return (
    <Facts
      rows={[
        [t('obs.exposure'), day(of.exposureDay)],
        [t('obs.start'), day(of.startDay)],
        [
          t('obs.end'),
          <span key="e">
            <b>{day(of.endDay)}</b> {of.endDay === null ? null : <small>{of.endDay}</small>}
          </span>,
        ],
        of.standing.lapsesAt && (of.standing.phase === 'due' || of.standing.phase === 'lapsed')
          ? [t('obs.lapsesAt'), <When key="l" at={of.standing.lapsesAt} />]
          : null,
        [t('obs.reason'), reason(of.reason)],
        from ? [t('obs.openedFrom'), t(`obs.openedFrom.${from}`)] : null,
        [t('obs.goingOut'), say(rules.out)],
        [t('obs.ends'), say(rules.ends)],
        [
          t('obs.who'),
          of.personId ? (
            <GoLink key="p" href={paths.person(of.personId)}>
              {of.masked}
            </GoLink>
          ) : (
            t('obs.deleted')
          ),
        ],
        [
          t('obs.door'),
          of.householdId ? (
            <GoLink key="h" href={paths.household(of.householdId)}>
              {of.door ?? t('household')}
            </GoLink>
          ) : (
            word(words.PLACES, current.place)
          ),
        ],
        [t('obs.area.stay'), of.areaName],
        of.responsibleArea === of.area ? null : [t('obs.area.responsible'), of.responsibleAreaName],
        [t('obs.notice'), current.noticeOn === null ? t('obs.notYet') : day(current.noticeOn)],
        rules.needs.commitment
          ? [
              t('obs.commitment'),
              current.commitment
                ? `${word(words.HOW_AGREED, current.commitment.how)} · ${day(current.commitment.on)}`
                : current.refusedOn
                  ? `${say(words.EVENT_NAMES.refused)} · ${day(current.refusedOn)}`
                  : t('obs.notYet'),
            ]
          : null,
        current.symptoms
          ? [
              t('obs.symptoms'),
              <b key="s">
                {join(current.symptoms.codes.map(symptom))} · <When at={current.symptoms.since} />
              </b>,
            ]
          : null,
        current.care
          ? [
              t('obs.care'),
              <span key="c">
                {word(words.CARE_NAMES, current.care.stage)} · <When at={current.care.at} />
              </span>,
            ]
          : null,
        current.breach
          ? [
              t('obs.breach'),
              <b key="b">
                {word(words.BREACHES, current.breach.what)}
                {current.breach.step ? ` · ${word(words.BREACH_DONE, current.breach.step)}` : ''}
              </b>,
            ]
          : null,
        current.outingAsked
          ? [
              t('obs.outing.asked'),
              <b key="oa">
                {hoursWords(new Date(current.outingAsked.from), new Date(current.outingAsked.to), clock)} ·{' '}
                {word(words.OUTING_FOR, current.outingAsked.purpose)}
              </b>,
            ]
          : null,
        current.outings.length > 0
          ? [
              t('obs.outing'),
              <ul key="o" className="obs-list">
                {current.outings.toReversed().map((one) => (
                  <li key={one.n}>{outing(one)}</li>
                ))}
              </ul>,
            ]
          : null,
        current.shortening
          ? [
              t('obs.shortening'),
              `${day(current.shortening.endDay)} · ${word(words.EARLY_REASONS, current.shortening.reason)}`,
            ]
          : null,
        current.objection
          ? [
              t('obs.objection'),
              `${current.objection.reference} · ${
                current.objection.answered
                  ? word(words.OBJECTION_ENDS, current.objection.answered)
                  : t('obs.objection.open')
              }`,
            ]
          : null,
        current.releaseCheck
          ? [t('obs.check'), `${day(current.releaseCheck.on)} · ${word(words.TESTS, current.releaseCheck.tests)}`]
          : null,
        current.responderPersonId
          ? [
              t('obs.f.person'),
              <GoLink key="rp" href={paths.person(current.responderPersonId)}>
                {t('obs.responder')}
              </GoLink>,
            ]
          : null,
        current.movedTo ? [t('obs.moved'), current.movedTo.area] : null,
        current.followUpDay ? [t('obs.followUp'), day(current.followUpDay)] : null,
        current.deleteDay ? [t('obs.delete'), day(current.deleteDay)] : null,
        [t('obs.reference'), of.reference],
      ]}
    />
  )
}

function Group({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  if (of.group.length === 0) return null
  return (
    <Section title={t('obs.group')}>
      <ul className="obs-list">
        {of.group.map((one) => (
          <li key={one.id}>
            <GoLink href={paths.observation({ tab: 'list', groupId: of.groupId ?? undefined, open: one.id })}>
              {one.masked}
            </GoLink>{' '}
            <WordTag>{say(STATE_NAMES[one.state])}</WordTag>{' '}
            {one.endDay ? `${t('obs.end')} ${dayWords(one.endDay, clock)}` : t('obs.phase.undated')}
          </li>
        ))}
      </ul>
    </Section>
  )
}

const BODY_WORDS = {
  how: { ...words.HOW_TOLD, ...words.HOW_AGREED, ...words.HOW_ASKED },
  found: words.HOW_FOUND,
  what: words.BREACHES,
  step: words.BREACH_DONE,
  outcome: { ...words.BREACH_ENDS, ...words.OBJECTION_ENDS, ...words.FOLLOW_UPS },
  stage: words.CARE_NAMES,
  tests: words.TESTS,
  purpose: words.OUTING_FOR,
  way: words.OUTING_BY,
  agreedBy: words.OUTING_AGREED,
  reason: {
    ...words.OUTING_NO,
    ...words.REASON_NAMES,
    ...words.REFUSAL_REASONS,
    ...words.EARLY_REASONS,
    ...words.CANCEL_REASONS,
  },
} as const

/** From when to when an outing is asked for or agreed to. */
const Hours = z.object({ from: z.iso.datetime(), to: z.iso.datetime() })

function History({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const word = useWord()
  const symptom = useSymptom()
  const clock = useClock()
  const beside = (body: Readonly<Record<string, unknown>>): string => {
    const said = Object.entries(BODY_WORDS).map(([name, table]) => word(table, body[name]))
    const codes = Array.isArray(body['codes']) ? body['codes'].map((code) => symptom(String(code))) : []
    const end = body['endDay']
    const until = typeof end === 'string' ? `${t('obs.end')} ${dayWords(end, clock)}` : ''
    const hours = Hours.safeParse(body).data
    const span = hours ? hoursWords(new Date(hours.from), new Date(hours.to), clock) : ''
    return [span, ...said, ...codes, until].filter((one) => one !== '').join(' · ')
  }
  return (
    <Section title={t('history')}>
      <ol className="history">
        {of.history.map((line) => {
          const more = beside(line.body)
          return (
            <li key={line.n}>
              {word(words.EVENT_NAMES, line.kind)}
              {more ? ` · ${more}` : ''}
              {line.hasText ? ` · ${t('obs.hasText')}` : ''}
              <small>
                {line.by.name || t('system')} · <When at={line.recordedAt} />
              </small>
            </li>
          )
        })}
      </ol>
    </Section>
  )
}

/** What whoever opens it should see before anything else: nobody answers for a child, somebody asks to go out or is out with a word. */
function Heads({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const word = useWord()
  const outing = useOutingWords()
  const { current } = of
  const asked = current.outingAsked
  const open = openOuting(current.outings)
  if (!nobodyAnswers(current) && asked === null && open === null) return null
  return (
    <div className="obs-heads">
      {nobodyAnswers(current) ? (
        <Notice kind="note" head={t('obs.unanswered')} body={t('obs.unanswered.todo')} />
      ) : null}
      {asked ? (
        <Notice
          kind="note"
          head={t('obs.outing.asked')}
          body={`${hoursWords(new Date(asked.from), new Date(asked.to), clock)} · ${word(words.OUTING_FOR, asked.purpose)}`}
        />
      ) : null}
      {open ? <Notice kind="note" head={t('obs.outing')} body={outing(open)} /> : null}
    </div>
  )
}

function Shown({ of }: { of: ObservationDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const measure = useMeasure()
  const at = useStanding()(of)
  return (
    <>
      <h2 style={{ margin: '0 0 4px' }}>{at.day || at.phase}</h2>
      <p style={{ margin: '0 0 12px', display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
        <span>{measure(of.measure)}</span>
        {at.day && of.standing.phase !== 'running' ? <WordTag strong={at.late}>{at.phase}</WordTag> : null}
        <WordTag>{say(STATE_NAMES[of.state])}</WordTag>
        {of.endedAt === null ? (
          <WordTag>
            {t('obs.step')} {say(STEP_NAMES[of.step])}
          </WordTag>
        ) : null}
      </p>
      <DayStrip strip={of.strip} />
      <Heads of={of} />
      <Next of={of} />
      <Section title={t('obs.papers')}>
        <Papers of={of} />
      </Section>
      <Section title={t('person.known')}>
        <Where of={of} />
      </Section>
      <Readings
        of={{
          id: of.id,
          county: of.county,
          area: of.area,
          responderPersonId: of.current.responderPersonId ?? of.personId,
        }}
      />
      <Who of={of} />
      <Group of={of} />
      <History of={of} />
    </>
  )
}

/** One observation: where it stands, what can be done, what has come, who is responsible and what has happened. */
export function ObservationPanel({ id }: { id: string }): ReactNode {
  const { t: c } = useTranslation('common')
  const answer = useQuery({ ...q(ObservationDetail, `/api/observations/${id}`), refetchInterval: EVERY })
  if (answer.error && !answer.data)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  return answer.data ? <Shown of={answer.data} /> : <Loading />
}
