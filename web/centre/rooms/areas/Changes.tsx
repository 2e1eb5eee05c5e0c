import { ChangesAnswer } from '@weiwang/domain/areas/api'
import type { AreaRef, ChangeView } from '@weiwang/domain/areas/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { Facts, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMe } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { Effects } from './Effects.tsx'

const TOUCHES = ['/api/areas', '/api/duties', '/api/stats', '/api/accounts']
const STATES = ['proposed', 'applied', 'refused'] as const
const FEW = 3
export type State = (typeof STATES)[number]

/** The first few by name, the coarsest first; how many more there are. */
function useFew(): (areas: readonly AreaRef[]) => string {
  const { t } = useTranslation('centre')
  const join = useJoin()
  return (areas) => {
    const names = areas.slice(0, FEW).map((one) => one.name)
    const text = join(names)
    return areas.length > FEW ? t('change.more', { names: text, n: grouped(areas.length) }) : text
  }
}

function Decide({ row }: { row: ChangeView }): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const apply = useWrite(Anything, { path: `/api/areas/changes/${row.id}/apply`, touches: TOUCHES })
  const refuse = useWrite(Anything, { path: `/api/areas/changes/${row.id}/refuse`, touches: TOUCHES })
  if (row.state !== 'proposed') return null
  const mine = row.proposedBy === me.id
  const why = row.mayDecide ? undefined : t('two.cannot')
  const gone = mine ? t('change.takeBack') : t('change.refuse')
  return (
    <Section title={t('act')}>
      <TwoPersons proposedBy={row.proposedBy} name={row.proposedByName ?? undefined} />
      <div style={{ display: 'flex', gap: 8, marginTop: 8 }}>
        <ConfirmAct
          primary
          verb={t('change.apply')}
          title={t('change.apply')}
          write={apply}
          disabled={!row.mayDecide}
          why={why}
          onYes={(_, done) => apply.mutate({}, { onSuccess: done })}
        >
          {row.effects ? (
            <p className="consequence">
              {t('change.effects', {
                households: grouped(row.effects.households),
                persons: grouped(row.effects.persons),
                tasks: grouped(row.effects.openTasks),
                workers: grouped(row.effects.workers),
              })}
            </p>
          ) : null}
        </ConfirmAct>
        <ConfirmAct
          verb={gone}
          title={gone}
          write={refuse}
          disabled={!row.mayDecide && !mine}
          why={mine ? undefined : why}
          onYes={(_, done) => refuse.mutate({}, { onSuccess: done })}
        />
      </div>
    </Section>
  )
}

function ChangePanel({ row }: { row: ChangeView }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <Facts
        rows={[
          [t('change.kind'), t(`changeKind.${row.kind}`)],
          [t('state'), t(`changeState.${row.state}`)],
          [t('change.onDay'), row.onDay],
          [t('change.by'), row.proposedByName ?? t('change.system')],
          [t('when'), <When key="p" at={row.proposedAt} />],
          row.decidedAt ? [t('change.decidedBy'), row.decidedByName ?? t('change.system')] : null,
          row.decidedAt ? [t('when'), <When key="d" at={row.decidedAt} />] : null,
        ]}
      />
      <Decide row={row} />
      {row.effects ? (
        <Section title={t('effects.title')}>
          <Effects effects={row.effects} />
        </Section>
      ) : null}
    </>
  )
}

/** Reorganisations that wait for a second person, and the history of those that were decided. */
export function Changes({
  open,
  state,
  set,
}: {
  open: string | undefined
  state: State | undefined
  set: (patch: { open?: string | null; state?: string | null }) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const few = useFew()
  const list = useList(ChangesAnswer, '/api/areas/changes', { state, within: desk.area })
  const row = list.rows.find((one) => one.id === open)
  return (
    <>
      <div className="filters">
        <StateFilter
          value={state}
          states={STATES}
          word={(one) => t(`changeState.${one}`)}
          onChange={(v) => set({ state: v })}
        />
      </div>
      <ListTable<ChangeView>
        name={t('areas.tab.changes')}
        list={list}
        rowKey={(one) => one.id}
        openKey={open}
        onOpen={(one) => set({ open: one.id })}
        empty={{ why: t('changes.empty'), todo: t('changes.empty.todo') }}
        columns={[
          { key: 'kind', title: t('change.kind'), cell: (one) => <b>{t(`changeKind.${one.kind}`)}</b> },
          { key: 'area', title: t('area'), cell: (one) => few(one.effects?.ends ?? []) || one.areaName },
          {
            key: 'to',
            title: t('change.begins'),
            cell: (one) => few(one.effects?.begins ?? []) || '–',
          },
          { key: 'day', title: t('change.onDay'), cell: (one) => one.onDay },
          { key: 'doors', title: t('propose.doors'), end: true, cell: (one) => grouped(one.effects?.households ?? 0) },
          {
            key: 'state',
            title: t('state'),
            cell: (one) => <WordTag strong={one.state === 'proposed'}>{t(`changeState.${one.state}`)}</WordTag>,
          },
          { key: 'by', title: t('change.by'), cell: (one) => one.proposedByName ?? t('change.system') },
          { key: 'at', title: t('when'), cell: (one) => <When at={one.proposedAt} /> },
        ]}
      />
      <SidePanel wide title={t('change.title')} open={open !== undefined} onClose={() => set({ open: null })}>
        {row ? <ChangePanel row={row} /> : list.first ? null : <Empty why={t('changes.empty')} />}
      </SidePanel>
    </>
  )
}
