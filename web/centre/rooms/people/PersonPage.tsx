import { PersonGrade } from '@weiwang/domain/grading/api'
import { PersonView } from '@weiwang/domain/people/api'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Colour, Grade, When } from '../../../shared/words.tsx'
import { dayWords, spanWords } from '../../../words/time.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { useRecordSource, useSourceWord } from '../tasks/parts.tsx'
import { ManualGrade } from './ManualGrade.tsx'
import { MovePerson } from './MovePerson.tsx'
import { OpenIdentity } from './OpenIdentity.tsx'
import { PersonCode } from './PersonCode.tsx'
import { SavedNotice } from './SavedNotice.tsx'
import { certaintyKey } from './SearchPeople.tsx'

function GradeOf({ id, area }: { id: string; area: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const sourceWord = useSourceWord()
  const answer = useQuery(q(PersonGrade, `/api/people/${id}/grade`))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { now, history } = answer.data
  return (
    <>
      {now ? (
        <>
          <p style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            <Grade grade={now.grade} />
            <Colour colour={now.colour} />
            <span>{now.until ? t('until', { day: dayWords(now.until, clock) }) : t('graded.open')}</span>
            <span>{say(now.ruleSetName)}</span>
          </p>
          {now.reasons.map((r) => (
            <p className="sentence" key={`${r.rule}${r.day}`}>
              {say(r.say)}
              <small>
                {t('reason.line', {
                  rule: r.rule,
                  source: sourceWord(r.fact.source),
                  days: spanWords(r.fact.from, r.fact.to, clock),
                })}
                {r.until ? ` · ${t('until', { day: dayWords(r.until, clock) })}` : ''}
              </small>
            </p>
          ))}
        </>
      ) : (
        <p>{t('graded.none')}</p>
      )}
      <ManualGrade id={id} area={area} />
      {history.length > 0 ? (
        <Section title={t('history')}>
          <ol className="history">
            {history.map((entry) => (
              <li key={entry.n}>
                <Grade grade={entry.grade} /> <Colour colour={entry.colour} />{' '}
                {spanWords(entry.from, entry.until, clock)}
                <small>
                  {say(entry.ruleSetName)} · <When at={entry.recordedAt} />
                  {entry.caseNo ? ` · ${entry.caseNo}` : ''}
                </small>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
    </>
  )
}

/** Parts one record from the one that stands for it: what is undone is named by the record that was merged, not by the other. */
function UndoMerge({ id, n }: { id: string; n: number | null }): ReactNode {
  const { t } = useTranslation('centre')
  const undo = useWrite(Anything, { path: `/api/people/${id}/undo-merge`, touches: ['/api/people'] })
  return (
    <ConfirmAct
      verb={n === null ? t('merge.undo') : `${t('merge.undo')} ${n}`}
      title={t('merge.undo')}
      reason={t('reason')}
      write={undo}
      onYes={(reason, done) => undo.mutate({ reason }, { onSuccess: done })}
    >
      <p>{t('merge.undo.lead')}</p>
    </ConfirmAct>
  )
}

export function PersonPage(): ReactNode {
  const { t } = useTranslation('centre')
  const recordSource = useRecordSource()
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const may = useMay()
  const { id = '' } = useParams({ strict: false })
  const answer = useQuery(q(PersonView, `/api/people/${id}`))
  if (answer.error)
    return (
      <Page title={t('person')}>
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      </Page>
    )
  if (!answer.data) return <Loading />
  const person = answer.data
  return (
    <Page
      title={person.masked}
      lead={person.areaName}
      acts={
        <>
          {may('file', 'person', { area: person.area }) ? <MovePerson id={id} masked={person.masked} /> : null}
          <GoLink className="plain" href={paths.visits({ personId: id })}>
            {t('visits')}
          </GoLink>
          {may('read', 'observation', { area: person.area }) ? (
            <GoLink className="plain" href={paths.observation({ personId: id })}>
              {t('room.observation')}
            </GoLink>
          ) : null}
          {may('file', 'objection', { area: person.area }) ? (
            <GoLink className="plain" href={paths.objections({ person: id })}>
              {t('objection.person')}
            </GoLink>
          ) : null}
          {may('read', 'service', { area: person.area }) ? (
            <GoLink className="plain" href={paths.services({ personId: id })}>
              {t('room.services')}
            </GoLink>
          ) : null}
        </>
      }
    >
      <SavedNotice />
      <div className="split">
        <div>
          <Section title={t('person.known')}>
            <Facts
              rows={[
                [t('person.certainty'), t(`certainty.${certaintyKey(person.certainty)}`)],
                [t('person.document'), person.hasDocument ? t('held') : t('person.noDocument')],
                [t('person.phone'), person.hasPhone ? t('held') : '–'],
                [
                  t('household'),
                  person.householdId ? (
                    <GoLink key="h" href={paths.household(person.householdId)}>
                      {t('open')}
                    </GoLink>
                  ) : (
                    '–'
                  ),
                ],
                [t('feed.source'), recordSource(person.source)],
                [t('task.updated'), <When key="u" at={person.updatedAt} />],
                person.unresolved
                  ? [
                      t('state'),
                      <WordTag key="s" strong>
                        {t('person.unresolved')}
                      </WordTag>,
                    ]
                  : null,
                person.inReview
                  ? [
                      t('state'),
                      <WordTag key="r" strong>
                        {t('person.inReview')}
                      </WordTag>,
                    ]
                  : null,
              ]}
            />
          </Section>
          <Section title={t('open.section')}>
            <OpenIdentity id={id} area={person.area} />
          </Section>
          {person.mergedFrom.length > 0 && may('propose', 'person', { area: person.area }) ? (
            <Section title={t('merge.merged', { n: person.mergedFrom.length })}>
              <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
                {person.mergedFrom.map((merged, i) => (
                  <UndoMerge key={merged} id={merged} n={person.mergedFrom.length > 1 ? i + 1 : null} />
                ))}
              </div>
            </Section>
          ) : null}
          <Section title={t('person.residences')}>
            <ol className="history">
              {person.residences.map((r) => (
                <li key={r.id}>
                  {r.areaName}
                  <small>
                    {spanWords(r.fromDay, r.toDay, clock)} · {t(`residence.${r.kind}`)} ·{' '}
                    {t(`certainty.${certaintyKey(r.certainty)}`)} · {recordSource(r.source)}
                  </small>
                </li>
              ))}
            </ol>
          </Section>
        </div>
        <div>
          <Section title={t('person.grade')}>
            <GradeOf id={id} area={person.area} />
          </Section>
          {may('read', 'code', { area: person.area }) ? (
            <Section title={t('code.title')}>
              <PersonCode id={id} />
            </Section>
          ) : null}
        </div>
      </div>
    </Page>
  )
}
