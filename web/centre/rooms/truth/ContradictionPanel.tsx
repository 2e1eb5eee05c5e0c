import { ContradictionDetail, WordsRead } from '@weiwang/domain/healthcode/truth-api'
import type { Line } from '@weiwang/domain/healthcode/truth-api'
import { OUTCOME_SAY } from '@weiwang/domain/healthcode/truth-kinds'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { dayWords } from '../../../words/time.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { paths } from '../../paths.ts'
import { AskSomebody, Decide } from './Decide.tsx'

/** The sealed words, for a purpose that the trail keeps. */
function Words({ one }: { one: ContradictionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const [read, setRead] = useState<WordsRead | null>(null)
  if (read) {
    if (read.texts.length === 0) return <p className="progress-text">{t('truth.read.none')}</p>
    return <Facts rows={read.texts.map((text) => [`${t('history')} ${text.n}`, text.text] as const)} />
  }
  const mayRead = one.steps.find((step) => step.step === 'read')?.ok === true
  if (!mayRead || !one.history.some((line) => line.hasText)) return null
  return (
    <OpenForPurpose
      quiet
      verb={t('truth.read')}
      lead={t('truth.read.lead')}
      shape={WordsRead}
      path={`/api/contradictions/${one.id}/read`}
      onOpened={setRead}
    />
  )
}

function Side({ title, lines }: { title: string; lines: readonly Line[] }): ReactNode {
  const say = useSay()
  return (
    <Section title={title}>
      <ul className="history">
        {lines.map((line) => (
          <li key={`${line.source ?? ''} ${line.say.en}`}>
            {say(line.say)}
            {line.sourceName ? <small>{say(line.sourceName)}</small> : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Shown({ one }: { one: ContradictionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        {say(one.kindName)}
        <WordTag strong={one.state === 'open' || one.state === 'answered'}>
          {say(one.outcome ? OUTCOME_SAY[one.outcome] : one.stateName)}
        </WordTag>
      </h2>
      <Facts
        rows={[
          [
            t('truth.person'),
            <GoLink key="p" href={paths.person(one.personId)}>
              {one.masked}
            </GoLink>,
          ],
          [t('area'), `${one.areaName} (${one.area})`],
          [t('truth.declaredOn'), dayWords(one.declaredOn, clock)],
          [t('truth.asks'), say(one.asks)],
          one.task
            ? [
                t('truth.task'),
                <GoLink key="t" href={paths.tasks({ open: one.task.id, county: one.task.county })}>
                  {`${t(`truth.ask.${one.task.how}`)} · ${one.task.reference}`}
                </GoLink>,
              ]
            : null,
          one.correctedBy ? [t('truth.corrected'), t('truth.corrected')] : null,
        ]}
      />
      <Side title={t('truth.said')} lines={one.said} />
      <Side title={t('truth.known')} lines={one.known} />
      <Section title={t('truth.next')}>
        <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
          <AskSomebody one={one} />
          <Decide one={one} />
          <Words one={one} />
        </div>
      </Section>
      <Section title={t('history')}>
        <ol className="history">
          {one.history.map((line) => (
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

/** One contradiction: both sides, what was done, and what it was. */
export function ContradictionPanel({ id }: { id: string }): ReactNode {
  const answer = useQuery({ ...q(ContradictionDetail, `/api/contradictions/${id}`), refetchInterval: 30_000 })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  return <Shown key={`${id} ${answer.data.version}`} one={answer.data} />
}
