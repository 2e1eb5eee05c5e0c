import {
  InstructionChildrenAnswer,
  InstructionDetail,
  OpenedNote,
  RECEIPT_LISTS,
  ReceiptPage,
} from '@weiwang/domain/tasks/instruction-api'
import type { Progress as ProgressOf, ReceiptRow } from '@weiwang/domain/tasks/instruction-api'
import { isAreaCode } from '@weiwang/domain/areas/code'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useSession } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Due, When } from '../../../shared/words.tsx'
import { bytes, grouped } from '../../../words/numbers.ts'
import { hourMinuteSecond } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { Change, Mine, Pass, Recall } from './Acts.tsx'
import { Bars } from './InstructionsPage.tsx'
import { useDoorKinds, useLevelWord, usePurposeWord } from './words.ts'
import { WriteInstruction } from './WriteInstruction.tsx'

/** How often progress is asked for while the page is open. */
const LIVE_MS = 5_000

const Filters = z.object({ list: z.enum(RECEIPT_LISTS), at: z.string().refine(isAreaCode) })
type List = (typeof RECEIPT_LISTS)[number]

function numberOf(progress: ProgressOf, list: List): number {
  if (list === 'unread') return progress.received - progress.read
  return list === 'escalated' ? 0 : progress[list]
}

const FIGURES = ['received', 'unread', 'read', 'accepted', 'cannot', 'done', 'late'] as const

/** Every number is a door: it opens the receivers that it counts. */
function Numbers({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <FigureDoors
      all={FIGURES.map((list) => ({
        label: t(`receipts.${list}`),
        n: numberOf(row.progress, list),
        href: paths.instruction(row.id, { list }),
      }))}
    />
  )
}

function Below({ id, area, top, name }: { id: string; area: string; top: string; name: string }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const answer = useQuery({
    ...q(InstructionChildrenAnswer, `/api/instructions/${id}/children`, { area }),
    refetchInterval: LIVE_MS,
  })
  const [, set] = useFilters(Filters)
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  type Row = (typeof answer.data.items)[number]
  const number =
    (list: List) =>
    (row: Row): ReactNode => (
      <GoLink href={paths.instruction(id, { list, at: row.area })}>{grouped(numberOf(row.progress, list))}</GoLink>
    )
  const columns: Column<Row>[] = [
    {
      key: 'area',
      title: t('area'),
      cell: (row) => <b>{row.area === area ? t('instr.below.own', { area: row.areaName }) : row.areaName}</b>,
      sort: (a, b) => (a.area < b.area ? -1 : 1),
    },
    ...FIGURES.map((list) => ({
      key: list,
      title: t(`receipts.${list}`),
      end: true,
      cell: number(list),
      sort: (a: Row, b: Row) => numberOf(a.progress, list) - numberOf(b.progress, list),
    })),
    {
      key: 'doors',
      title: t('receipt.doors'),
      end: true,
      cell: (row) => `${grouped(row.progress.doorsDone)} / ${grouped(row.progress.doors)}`,
    },
  ]
  const at = hourMinuteSecond(new Date(answer.data.asOf), clock.zone)
  return (
    <>
      {area === top ? null : (
        <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
          <Act onClick={() => set({ at: null })}>{t('instr.below.up', { area: name })}</Act>
        </div>
      )}
      <DataTable<Row>
        name={t('instr.below')}
        columns={columns}
        rows={answer.data.items}
        rowKey={(row) => row.area}
        busy={false}
        totalText={t('instr.asof', { time: at })}
        empty={<Empty why={t('instr.below.empty')} todo={t('instr.below.empty.todo')} />}
        onOpen={(row) => set({ at: row.area }, { push: true })}
      />
    </>
  )
}

function Note({ id, area }: { id: string; area: string }): ReactNode {
  const { t } = useTranslation('centre')
  const [text, setText] = useState<string | null>(null)
  const write = useWrite(OpenedNote, { path: `/api/instructions/${id}/note`, touches: [] })
  if (text !== null) return text
  return (
    <ConfirmAct
      quiet
      verb={t('receipt.note.open')}
      title={t('receipt.note')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { area },
          {
            onSuccess: (opened) => {
              setText(opened.text)
              done()
            },
          },
        )
      }
    >
      <p>{t('receipt.note.lead')}</p>
    </ConfirmAct>
  )
}

function Receipts({ row, area, list }: { row: InstructionDetail; area: string | undefined; list: List }): ReactNode {
  const { t } = useTranslation('centre')
  const [, set] = useFilters(Filters)
  const receipts = useList(ReceiptPage, `/api/instructions/${row.id}/receipts`, { list, area }, { every: LIVE_MS })
  return (
    <>
      <div className="filters">
        <SelectField<List>
          label={t('instructions.list')}
          value={list}
          onChange={(one) => set({ list: one })}
          choices={RECEIPT_LISTS.map((one) => ({ value: one, label: t(`receipts.${one}`) }))}
          width={180}
        />
      </div>
      <ListTable<ReceiptRow>
        name={t('instr.receipts')}
        list={receipts}
        rowKey={(one) => one.area}
        empty={{ why: t('receipts.empty'), todo: t('receipts.empty.todo') }}
        columns={[
          { key: 'area', title: t('area'), cell: (one) => <b>{one.areaName}</b> },
          {
            key: 'state',
            title: t('state'),
            cell: (one) => <WordTag strong={one.late}>{t(`receiptState.${one.state}`)}</WordTag>,
          },
          { key: 'read', title: t('receipt.readAt'), cell: (one) => <When at={one.readAt} /> },
          { key: 'accepted', title: t('receipt.acceptedAt'), cell: (one) => <When at={one.acceptedAt} /> },
          { key: 'done', title: t('receipt.doneAt'), cell: (one) => <When at={one.doneAt} /> },
          { key: 'due', title: t('instr.due'), cell: (one) => <Due at={one.dueAt} done={!one.late} /> },
          {
            key: 'told',
            title: t('receipt.told'),
            cell: (one) =>
              one.escalated > 0 && one.told
                ? t('receipt.steps', { name: one.told, percent: one.escalated * 50 })
                : t('receipt.told.none'),
          },
          {
            key: 'doors',
            title: t('receipt.doors'),
            end: true,
            cell: (one) => `${grouped(one.doorsDone)} / ${grouped(one.doors)}`,
          },
          { key: 'by', title: t('receipt.by'), cell: (one) => (one.state === 'sent' ? '–' : (one.by ?? '–')) },
          {
            key: 'note',
            title: t('receipt.note'),
            cell: (one) => (one.hasNote ? <Note id={row.id} area={one.area} /> : '–'),
          },
        ]}
      />
    </>
  )
}

function Content({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const level = useLevelWord()
  const kinds = useDoorKinds()
  const purpose = usePurposeWord()
  return (
    <>
      <p style={{ whiteSpace: 'pre-wrap', maxWidth: '72ch' }}>{row.text}</p>
      <Facts
        rows={[
          [t('instr.due'), <Due key="d" at={row.dueAt} done={row.state === 'recalled'} />],
          [t('instr.to'), join(row.to.map((one) => one.name))],
          [t('instr.level'), level(row.level)],
          [t('instr.route'), t(`instrRoute.${row.route}`)],
          row.eachDoor
            ? [
                t('instr.each'),
                t('instr.each.line', { kinds: kinds(row.eachDoor.kinds), form: purpose(row.eachDoor.purpose) }),
              ]
            : null,
          [t('instr.report'), row.report ? t('yes') : t('no')],
          row.attachments.length > 0
            ? [
                t('instr.attachments'),
                <ul key="a" className="history">
                  {row.attachments.map((one) => (
                    <li key={one.id}>
                      <a href={`/api/instructions/${row.id}/attachments/${one.id}`} download>
                        {one.name}
                      </a>{' '}
                      <small>{bytes(one.bytes)}</small>
                    </li>
                  ))}
                </ul>,
              ]
            : null,
        ]}
      />
      {row.additions.length > 0 ? (
        <Section title={t('instr.additions')}>
          <ul className="history">
            {row.additions.map((one) => (
              <li key={one.area}>
                {one.text}
                <small>
                  {t('instr.from.line', { area: one.areaName, name: one.by })}
                  {one.dueAt ? (
                    <>
                      {' '}
                      {t('instr.addition.due')} <When at={one.dueAt} />
                    </>
                  ) : null}
                </small>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

function Versions({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const kind = (text: string): string =>
    text === 'sent' || text === 'changed' || text === 'recalled' ? t(`instrVersion.${text}`) : text
  return (
    <ul className="history">
      {row.versions.toReversed().map((one) => (
        <li key={one.version}>
          {t('instr.version.n', { n: one.version })} · {kind(one.kind)}
          {one.reason ? ` · ${one.reason}` : ''}
          <small>
            {one.by} · <When at={one.at} />
          </small>
        </li>
      ))}
    </ul>
  )
}

function Shown({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { me } = useSession()
  const [filters] = useFilters(Filters)
  const top = me.scope[0]?.area ?? me.area
  // The table goes down from where the reader stands; it never begins above the writer.
  const start = row.area.startsWith(top) ? row.area : top
  const at = filters.at ?? start
  const recall = row.versions.findLast((one) => one.kind === 'recalled')
  return (
    <Page
      title={row.title}
      lead={t('instr.from.line', { area: row.areaName, name: row.by })}
      acts={
        <>
          <Pass row={row} />
          {row.mayChange ? <Change row={row} /> : null}
          {row.mayChange ? <Recall row={row} /> : null}
        </>
      }
    >
      {row.state === 'recalled' ? (
        <Notice kind="note" head={t('instr.recalled.head')} body={recall?.reason ?? undefined} />
      ) : null}
      {row.state === 'sending' ? <Notice kind="note" head={t('instrState.sending')} /> : null}
      <Mine row={row} />
      <Content row={row} />
      <Section title={t('instr.progress')} lead={t('instr.progress.lead')}>
        <Numbers row={row} />
        <div style={{ maxWidth: 480 }}>
          <Bars row={row} />
        </div>
      </Section>
      <Section title={t('instr.below')}>
        <Below id={row.id} area={at} top={start} name={row.areaName} />
      </Section>
      <Section title={t('instr.receipts')}>
        <Receipts row={row} area={filters.at} list={filters.list ?? 'received'} />
      </Section>
      <Section title={t('instr.versions')}>
        <Versions row={row} />
      </Section>
    </Page>
  )
}

function One({ id }: { id: string }): ReactNode {
  const answer = useQuery({ ...q(InstructionDetail, `/api/instructions/${id}`), refetchInterval: LIVE_MS })
  if (answer.error && !answer.data) return <ReadProblem error={answer.error} again={null} />
  return answer.data ? <Shown row={answer.data} /> : <Loading />
}

export function InstructionPage(): ReactNode {
  const { id } = useParams({ strict: false })
  if (id === undefined) return null
  return id === 'new' ? <WriteInstruction /> : <One id={id} />
}
