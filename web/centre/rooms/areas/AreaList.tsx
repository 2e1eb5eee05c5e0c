import { AreaAnswer, ChildrenAnswer } from '@weiwang/domain/areas/api'
import type { AreaRef, AreaView } from '@weiwang/domain/areas/api'
import { KIND_NAMES } from '@weiwang/domain/areas/kind'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { KINDS } from './plan.ts'

/** What lies directly below the area that the desk looks at. */
export function AreaList({ open, onOpen }: { open: string | undefined; onOpen: (code: string) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const desk = useDesk()
  const list = useList(ChildrenAnswer, `/api/areas/${desk.area}/children`, { limit: 100 })
  return (
    <ListTable<AreaView>
      name={t('areas.tab.list')}
      list={list}
      rowKey={(row) => row.code}
      openKey={open}
      onOpen={(row) => onOpen(row.code)}
      empty={{ why: t('areas.none'), todo: t('areas.none.todo') }}
      columns={[
        { key: 'name', title: t('area.name'), cell: (row) => <b>{row.name}</b> },
        { key: 'code', title: t('area.code'), cell: (row) => row.code },
        { key: 'kind', title: t('area.kind'), cell: (row) => say(KIND_NAMES[row.kind]) },
        {
          key: 'households',
          title: t('area.households'),
          end: true,
          cell: (row) => (row.households === null ? '–' : grouped(row.households)),
        },
        {
          key: 'children',
          title: t('area.children'),
          end: true,
          cell: (row) =>
            row.children > 0 ? (
              <GoLink href={paths.areas({ area: row.code })} label={`${t('area.enter')} ${row.name}`}>
                {grouped(row.children)}
              </GoLink>
            ) : (
              '–'
            ),
        },
        { key: 'since', title: t('area.since'), cell: (row) => dayWords(row.validFrom, clock) },
      ]}
    />
  )
}

/** One area: what it is called, where it came from, and how it can be changed. */
export function AreaPanel({ code }: { code: string }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const names = (refs: readonly AreaRef[]): string => join(refs.map((one) => `${one.name} (${one.code})`))
  const { t: c } = useTranslation('common')
  const say = useSay()
  const clock = useClock()
  const may = useMay()
  const answer = useQuery(q(AreaAnswer, `/api/areas/${code}`))
  if (answer.error)
    return (
      <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
    )
  if (!answer.data) return <Loading />
  const area = answer.data
  const ended = area.validTo !== null
  return (
    <>
      <h2 style={{ marginTop: 0 }}>{area.name}</h2>
      <Facts
        rows={[
          [t('area.path'), area.path.map((one) => one.name).join(' › ')],
          [t('area.code'), area.code],
          [t('area.kind'), say(KIND_NAMES[area.kind])],
          [t('area.households'), area.households === null ? '–' : grouped(area.households)],
          [t('area.children'), grouped(area.children)],
          [t('area.since'), dayWords(area.validFrom, clock)],
          area.validTo === null ? null : [t('state'), t('area.ended', { day: dayWords(area.validTo, clock) })],
          area.aliases.length > 0 ? [t('area.aliases'), join(area.aliases.map((one) => one.alias))] : null,
          area.predecessors.length > 0 ? [t('area.from'), names(area.predecessors)] : null,
          area.successors.length > 0 ? [t('area.into'), names(area.successors)] : null,
        ]}
      />
      {!ended && area.level >= 4 && may('propose', 'area', { area: code }) ? (
        <Section title={t('areas.tab.propose')}>
          <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            {KINDS.map((kind) => (
              <GoLink key={kind} className="plain" href={paths.areas({ tab: 'propose', kind, code })}>
                {t(`propose.${kind}`)}
              </GoLink>
            ))}
          </div>
        </Section>
      ) : null}
    </>
  )
}
