import { INSTRUCTION_LISTS, InstructionPage } from '@weiwang/domain/tasks/instruction-api'
import type { InstructionRow } from '@weiwang/domain/tasks/instruction-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Progress } from '../../../kit/common/Figure.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Due, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink, useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useLevelWord } from './words.ts'

const Filters = z.object({ list: z.enum(INSTRUCTION_LISTS) })

export function Bars({ row }: { row: Pick<InstructionRow, 'progress' | 'title'> }): ReactNode {
  const { t } = useTranslation('centre')
  const { done, received, doors, doorsDone } = row.progress
  const line = t('instr.done', { done: grouped(done), total: grouped(received) })
  const visited = t('instr.doors', { done: grouped(doorsDone), total: grouped(doors) })
  return (
    <div>
      <Progress label={`${row.title} ${line}`} text={line} done={done} total={received} />
      {doors > 0 ? <Progress label={`${row.title} ${visited}`} text={visited} done={doorsDone} total={doors} /> : null}
    </div>
  )
}

/** What was sent from here and what came from above, with how far it has got. */
export function InstructionsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const go = useGo()
  const level = useLevelWord()
  const [filters, set] = useFilters(Filters)
  const state = filters.list ?? 'open'
  const list = useList(
    InstructionPage,
    '/api/instructions',
    { state, area: state === 'unread' ? undefined : desk.area },
    { every: 15_000 },
  )
  return (
    <Page
      title={t('room.instructions')}
      lead={t('instructions.lead')}
      acts={
        may('file', 'instruction') ? (
          <GoLink className="plain" href={paths.instruction('new')}>
            {t('instructions.write')}
          </GoLink>
        ) : null
      }
    >
      <div className="filters">
        <SelectField<(typeof INSTRUCTION_LISTS)[number]>
          label={t('instructions.list')}
          value={state}
          onChange={(v) => set({ list: v })}
          choices={INSTRUCTION_LISTS.map((one) => ({ value: one, label: t(`instructions.list.${one}`) }))}
          width={200}
        />
      </div>
      <ListTable<InstructionRow>
        name={t('room.instructions')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => go(paths.instruction(row.id))}
        empty={{ why: t('instructions.empty'), todo: t('instructions.empty.todo') }}
        columns={[
          { key: 'title', title: t('instr.title'), cell: (row) => <b>{row.title}</b> },
          {
            key: 'from',
            title: t('instr.from'),
            cell: (row) => t('instr.from.line', { area: row.areaName, name: row.by }),
          },
          { key: 'level', title: t('instr.level'), cell: (row) => level(row.level) },
          { key: 'sent', title: t('when'), cell: (row) => <When at={row.sentAt} /> },
          {
            key: 'due',
            title: t('instr.due'),
            cell: (row) => <Due at={row.dueAt} done={row.state === 'recalled' || row.progress.late === 0} />,
          },
          { key: 'progress', title: t('instr.progress'), cell: (row) => <Bars row={row} />, width: 220 },
          { key: 'late', title: t('receipts.late'), end: true, cell: (row) => <Late n={row.progress.late} /> },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => (
              <WordTag strong={row.mine?.state === 'sent'}>
                {row.mine && row.state !== 'recalled'
                  ? t(`receiptState.${row.mine.state}`)
                  : t(`instrState.${row.state}`)}
              </WordTag>
            ),
          },
        ]}
      />
    </Page>
  )
}

function Late({ n }: { n: number }): ReactNode {
  return n > 0 ? <b>{grouped(n)}</b> : grouped(n)
}
