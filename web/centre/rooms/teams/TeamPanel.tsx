import { Candidates, TeamDetail, TeamState } from '@weiwang/domain/teams/api'
import type { CandidateView, MemberView } from '@weiwang/domain/teams/api'
import type { TeamRole } from '@weiwang/domain/teams/template'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { spanWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { doorWords, TEAM_LISTS_TOUCHED, useRole } from './words.ts'

function useCandidateWords(): (one: CandidateView) => string {
  const { t } = useTranslation('centre')
  return (one) =>
    one.limit === null
      ? t('team.candidate', { name: one.name, load: one.load, cap: one.cap, near: t(`near.${one.near}`) })
      : t('team.candidate.not', { name: one.name, why: t(`limit.${one.limit}`) })
}

function Choose({ team, role, out }: { team: TeamDetail; role: TeamRole; out: MemberView | null }): ReactNode {
  const { t } = useTranslation('centre')
  const roleWord = useRole()
  const words = useCandidateWords()
  const [chosen, setChosen] = useState('')
  const write = useWrite(TeamState, { path: `/api/teams/${team.id}/replace`, touches: TEAM_LISTS_TOUCHED })
  const found = useQuery(q(Candidates, `/api/teams/${team.id}/candidates`, { role }))
  const items = found.data?.items ?? []
  const best = items.find((one) => one.limit === null)?.accountId ?? ''
  const value = chosen === '' ? best : chosen
  const verb = out ? t('team.replace') : t('team.add')
  return (
    <ConfirmAct
      quiet
      verb={verb}
      title={t('team.replace.title', { role: roleWord(role), name: out?.name ?? t('team.none') })}
      reason={t('reason')}
      write={write}
      ready={value !== ''}
      onYes={(reason, done) =>
        write.mutate({ role, out: out?.accountId ?? null, in: value, reason }, { onSuccess: done })
      }
    >
      <SelectField
        label={t('team.replace.who')}
        help={t('team.replace.help')}
        value={value}
        onChange={setChosen}
        choices={items.map((one) => ({ value: one.accountId, label: words(one) }))}
      />
    </ConfirmAct>
  )
}

function Standing({ team }: { team: TeamDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const may = useMay()
  const role = useRole()
  const acts = may('file', 'team', { area: team.area }) && team.endedAt === null
  const empty = team.seats.filter((seat) => seat.has < seat.need)
  return (
    <Section title={t('team.members')}>
      <DataTable<MemberView>
        name={t('team.members')}
        rows={team.members}
        rowKey={(row) => row.id}
        busy={false}
        totalText={c('total', { total: team.members.length })}
        empty={<Empty why={t('team.none')} />}
        columns={[
          { key: 'role', title: t('role'), cell: (row) => role(row.role) },
          {
            key: 'name',
            title: t('team.person'),
            cell: (row) => (
              <div>
                <b>{row.name}</b> {row.away ? <WordTag>{t('team.awayMark')}</WordTag> : null}
                {row.standsInFor ? <small> {t('team.standsIn', { name: row.standsInFor })}</small> : null}
              </div>
            ),
          },
          { key: 'days', title: t('team.days'), cell: (row) => spanWords(row.from, row.to, clock) },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (acts ? <Choose team={team} role={row.role} out={row} /> : '–'),
          },
        ]}
      />
      {empty.map((seat) => (
        <p key={seat.role}>
          <WordTag strong>{t('team.missing')}</WordTag> {role(seat.role)}
          {seat.limit ? ` · ${t(`limit.${seat.limit}`)}` : ''}{' '}
          {acts ? <Choose team={team} role={seat.role} out={null} /> : null}
        </p>
      ))}
    </Section>
  )
}

const ENDED = ['replaced', 'handed_over', 'off_duty', 'leave_over', 'team_over'] as const
type Ended = (typeof ENDED)[number]

function isEnded(word: string): word is Ended {
  return ENDED.some((one) => one === word)
}

function History({ team }: { team: TeamDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const role = useRole()
  return (
    <Section title={t('team.history')}>
      <DataTable
        name={t('team.history')}
        rows={team.history}
        rowKey={(row) => row.id}
        busy={false}
        totalText={c('total', { total: team.history.length })}
        empty={<Empty why={t('team.none')} />}
        columns={[
          { key: 'role', title: t('role'), cell: (row) => role(row.role) },
          { key: 'name', title: t('team.person'), cell: (row) => row.name },
          { key: 'days', title: t('team.days'), cell: (row) => spanWords(row.from, row.to, clock) },
          {
            key: 'ended',
            title: t('team.ended'),
            cell: (row) => (row.endedWhy && isEnded(row.endedWhy) ? t(`whyEnded.${row.endedWhy}`) : '–'),
          },
        ]}
      />
    </Section>
  )
}

function EndTeam({ team }: { team: TeamDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(TeamState, { path: `/api/teams/${team.id}/end`, touches: TEAM_LISTS_TOUCHED })
  return (
    <ConfirmAct
      verb={t('team.end')}
      title={t('team.end')}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) => write.mutate({ reason }, { onSuccess: done })}
    >
      <p>{t('team.end.what')}</p>
    </ConfirmAct>
  )
}

export function TeamPanel({ id, onClose }: { id: string | undefined; onClose: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const answer = useQuery({ ...q(TeamDetail, `/api/teams/${id ?? ''}`), enabled: id !== undefined })
  const team = answer.data
  return (
    <SidePanel title={team ? doorWords(team) : t('team.of')} open={id !== undefined} onClose={onClose} wide>
      {answer.error ? (
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {!team && !answer.error ? <Loading /> : null}
      {team ? (
        <>
          <Facts
            rows={[
              [t('area'), team.areaName],
              [t('team.since'), team.since],
              [t('team.observed'), String(team.observed)],
              [
                t('team.byTemplate'),
                team.template.version === 0
                  ? `${say(team.template.name)} · ${t('template.shipped')}`
                  : `${say(team.template.name)} · ${t('template.version', { area: team.template.areaName, n: team.template.version })}`,
              ],
              [
                t('team.door'),
                <GoLink key="d" href={paths.household(team.householdId)}>
                  {doorWords(team)}
                </GoLink>,
              ],
            ]}
          />
          <Standing team={team} />
          <History team={team} />
          {team.endedAt === null && team.observed === 0 && may('file', 'team', { area: team.area }) ? (
            <EndTeam team={team} />
          ) : null}
        </>
      ) : null}
    </SidePanel>
  )
}
