import { HouseholdView } from '@weiwang/domain/people/api'
import { VisitPage } from '@weiwang/domain/visits/api'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList } from '../../api/query.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { Loading, ReadProblem } from '../../shared/ProblemNotice.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { Identity } from './Identity.tsx'
import { VisitForm } from './VisitForm.tsx'
import { VisitLine } from './VisitLine.tsx'

function Earlier({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('worker')
  const visits = useList(VisitPage, '/api/visits', { householdId: id, limit: 10 })
  return (
    <>
      <h2 className="group">{t('visits.before')}</h2>
      {!visits.first && visits.rows.length === 0 ? <Empty why={t('visits.none')} /> : null}
      {visits.rows.map((visit) => (
        <VisitLine key={visit.id} visit={visit} />
      ))}
    </>
  )
}

function Opened({ door }: { door: HouseholdView }): ReactNode {
  const { t } = useTranslation('worker')
  const [filing, setFiling] = useState(false)
  const short = [door.building, door.door].filter(Boolean).join(' ') || t('door.unknown')
  return (
    <main className={filing ? 'phone-main phone-with-act' : 'phone-main'}>
      <section className="card">
        <span className="card-door">{short}</span>
        <span className="card-place">{[door.estate, door.areaName].filter(Boolean).join(' · ')}</span>
        <span className="card-who">
          {t(`doorKind.${door.kind}`)} · {t('members', { n: door.members })}
        </span>
      </section>
      {filing ? (
        <VisitForm
          subject={{ householdId: door.id, personIds: [] }}
          kind="door"
          questions={[]}
          closed={false}
          lastVisit={null}
          mayFile
          why={null}
        />
      ) : (
        <BigButton primary onClick={() => setFiling(true)}>
          {t('door.file')}
        </BigButton>
      )}
      <h2 className="group">{t('people')}</h2>
      {door.people.length === 0 ? <Empty why={t('people.none')} /> : null}
      {door.people.map((person) => (
        <section className="card" key={person.personId}>
          <b>{person.masked}</b>
          <Identity personId={person.personId} />
        </section>
      ))}
      <Earlier id={door.id} />
    </main>
  )
}

/** One door: who lives there (masked), what was found before, and a visit without a task. */
export function DoorPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const { id = '' } = useParams({ strict: false })
  const answer = useQuery(q(HouseholdView, `/api/households/${id}`))
  return (
    <>
      <Head title={answer.data?.estate ?? t('tab.doors')} back={paths.doors()} />
      {answer.data ? (
        <Opened key={id} door={answer.data} />
      ) : (
        <main className="phone-main">
          {answer.error ? (
            <ReadProblem
              error={answer.error}
              again={<BigButton onClick={() => void answer.refetch()}>{c('act.retry')}</BigButton>}
            />
          ) : (
            <Loading />
          )}
        </main>
      )}
    </>
  )
}
