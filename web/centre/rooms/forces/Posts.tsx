import { OrganisedList } from '@weiwang/domain/areas/api'
import { DaySchema } from '@weiwang/domain/core/api'
import { addDays } from '@weiwang/domain/core/day'
import type { PostKind } from '@weiwang/domain/teams/force'
import { POST_KINDS } from '@weiwang/domain/teams/force'
import {
  ForceDone,
  FreePeople,
  PaperCode,
  PlannedShifts,
  PostCode,
  PostPage,
  SHIFT_LISTS,
  ShiftPage,
} from '@weiwang/domain/teams/force-api'
import type { PostView, ShiftView } from '@weiwang/domain/teams/force-api'
import { signAddress } from '@weiwang/domain/teams/force-code'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { Act, DayField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { QrCode } from '../../../kit/common/QrCode.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords, hourMinute } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { TurnWords } from './Turns.tsx'
import { FORCES_TOUCHED } from './words.tsx'

/** Any camera opens the phone's page with it; the page signs by it. */
const signText = (code: string): string => signAddress(`${location.origin}/worker/me/turns`, code)

const Filters = z.object({
  list: z.enum(SHIFT_LISTS),
  post: z.uuid(),
  from: DaySchema,
  to: DaySchema,
  own: z.enum(['true']),
  organised: OrganisedList,
  code: z.uuid(),
  paper: z.uuid(),
})
const CODE_EVERY = 10_000
const WEEK = 6

function AddPost(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [area, setArea] = useState<Chosen | null>(null)
  const [kind, setKind] = useState<PostKind>('gate')
  const [name, setName] = useState('')
  const write = useWrite(ForceDone, { path: '/api/forces/posts', touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      primary
      verb={t('posts.add')}
      title={t('posts.add')}
      write={write}
      ready={area !== null && name.trim() !== ''}
      onYes={(_, done) =>
        write.mutate(
          { id, area: area?.code ?? '', kind, name: name.trim() },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setName('')
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <TextField label={t('posts.name')} value={name} onChange={setName} />
        <AreaPick label={t('forces.area')} value={area} onChange={setArea} within={desk.area} />
        <SelectField<PostKind>
          label={t('posts.kind')}
          value={kind}
          onChange={(v) => setKind(v === '' ? 'gate' : v)}
          choices={POST_KINDS.map((one) => ({ value: one, label: t(`post.${one}`) }))}
        />
      </div>
    </ConfirmAct>
  )
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/

function Plan({ post }: { post: PostView }): ReactNode {
  const { t } = useTranslation('centre')
  const said = useSaid()
  const desk = useDesk()
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState(addDays(desk.today, WEEK))
  const [starts, setStarts] = useState('08:00')
  const [ends, setEnds] = useState('20:00')
  const [needed, setNeeded] = useState<number | null>(2)
  const write = useWrite(PlannedShifts, { path: '/api/forces/shifts', touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      verb={t('shifts.plan')}
      title={`${t('shifts.plan')} · ${post.name}`}
      write={write}
      ready={CLOCK.test(starts) && CLOCK.test(ends) && needed !== null}
      onYes={(_, done) =>
        write.mutate(
          { postId: post.id, from, to, starts, ends, needed: needed ?? 1 },
          {
            onSuccess: (answer) => {
              said(t('shifts.planned', { made: answer.made, there: answer.there }))
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <div className="form-row">
          <DayField label={t('day.from')} value={from} onChange={setFrom} />
          <DayField label={t('day.last')} value={to} min={from} onChange={setTo} />
        </div>
        <div className="form-row">
          <TextField label={t('shifts.starts')} value={starts} onChange={setStarts} />
          <TextField label={t('shifts.ends')} help={t('shifts.ends.help')} value={ends} onChange={setEnds} />
        </div>
        <NumberField label={t('shifts.needed')} value={needed} min={1} max={50} onChange={setNeeded} />
      </div>
    </ConfirmAct>
  )
}

function ClosePost({ post }: { post: PostView }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(ForceDone, { path: `/api/forces/posts/${post.id}/end`, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('posts.end')}
      title={`${t('posts.end')} · ${post.name}`}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{t('posts.end.what')}</p>
    </ConfirmAct>
  )
}

/** Asked anew before the minute is over; what cannot be asked is not shown as if it held. */
function ScreenCode({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const code = useQuery({ ...q(PostCode, `/api/forces/posts/${id}/code`), refetchInterval: CODE_EVERY, gcTime: 0 })
  if (code.error)
    return <ReadProblem error={code.error} again={<Act onClick={() => void code.refetch()}>{c('act.retry')}</Act>} />
  if (!code.data) return null
  return (
    <>
      <p>{t('posts.code.lead')}</p>
      <QrCode text={signText(code.data.code)} label={`${t('posts.code')} · ${code.data.post}`} />
      <p>
        <b>{code.data.post}</b>
      </p>
    </>
  )
}

function PrintedCode({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const code = useQuery(q(PaperCode, `/api/forces/shifts/${id}/code`))
  if (!code.data) return code.error ? <ReadProblem error={code.error} again={null} /> : null
  const at = (text: string): string => hourMinute(new Date(text), clock.zone)
  return (
    <>
      <p>{t('posts.code.paper')}</p>
      <QrCode text={signText(code.data.code)} label={`${t('posts.code.print')} · ${code.data.post}`} />
      <p>
        <b>{code.data.post}</b> {at(code.data.startsAt)}–{at(code.data.endsAt)}
      </p>
    </>
  )
}

function PutOn({ shift }: { shift: ShiftView }): ReactNode {
  const { t } = useTranslation('centre')
  const [asked, setAsked] = useState(false)
  const [who, setWho] = useState('')
  const [turnId, setTurnId] = useState(() => crypto.randomUUID())
  const free = useQuery({ ...q(FreePeople, `/api/forces/shifts/${shift.id}/free`), enabled: asked })
  const write = useWrite(ForceDone, { path: `/api/forces/shifts/${shift.id}/turns`, touches: FORCES_TOUCHED })
  const choices = (free.data?.items ?? []).map((one) => ({
    value: one.accountId,
    label: `${one.name} · ${one.areaName}${one.why === null ? '' : ` · ${t(`free.${one.why}`)}`}`,
  }))
  return (
    <span onPointerEnter={() => setAsked(true)} onFocusCapture={() => setAsked(true)}>
      <ConfirmAct
        verb={t('shifts.put')}
        title={`${t('shifts.put')} · ${shift.post}`}
        write={write}
        ready={who !== ''}
        onYes={(_, done) =>
          write.mutate(
            { turnId, accountId: who },
            {
              onSuccess: () => {
                setTurnId(crypto.randomUUID())
                setWho('')
                done()
              },
            },
          )
        }
      >
        <SelectField label={t('assigned.person')} value={who} onChange={setWho} choices={choices} />
      </ConfirmAct>
    </span>
  )
}

function Cancel({ shift }: { shift: ShiftView }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(ForceDone, { path: `/api/forces/shifts/${shift.id}/end`, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('shifts.cancel')}
      title={`${t('shifts.cancel')} · ${shift.post}`}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) => write.mutate({ reason }, { onSuccess: done })}
    >
      <p>{t('shifts.cancel.what')}</p>
    </ConfirmAct>
  )
}

export function Posts(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const [{ code, paper, ...filters }, set] = useFilters(Filters)
  const from = filters.from ?? desk.today
  const to = filters.to ?? (from > desk.today ? from : desk.today)
  const posts = useList(PostPage, '/api/forces/posts', { area: desk.area })
  const shifts = useList(ShiftPage, '/api/forces/shifts', { ...filters, area: desk.area, from, to }, { every: 30_000 })
  const files = may('file', 'force')
  const at = (text: string): string => hourMinute(new Date(text), clock.zone)
  return (
    <>
      <Section title={t('posts.title')} acts={files ? <AddPost /> : null}>
        <ListTable<PostView>
          name={t('posts.title')}
          list={posts}
          rowKey={(row) => row.id}
          empty={{ why: t('posts.empty'), todo: t('posts.empty.todo') }}
          columns={[
            { key: 'name', title: t('posts.name'), cell: (row) => <b>{row.name}</b> },
            {
              key: 'kind',
              title: t('posts.kind'),
              // What a gate does and what passed there is a room of its own.
              cell: (row) =>
                row.kind === 'gate' ? <GoLink href={paths.gates()}>{t('post.gate')}</GoLink> : t(`post.${row.kind}`),
            },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            {
              key: 'ahead',
              title: t('posts.ahead'),
              end: true,
              cell: (row) => (
                <GoLink
                  href={paths.forces({ tab: 'posts', post: row.id, from: desk.today, to: addDays(desk.today, 60) })}
                >
                  {grouped(row.shifts)}
                </GoLink>
              ),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) =>
                files ? (
                  <>
                    <Plan post={row} />
                    <Act quiet onClick={() => set({ code: row.id })}>
                      {t('posts.code')}
                    </Act>
                    <ClosePost post={row} />
                  </>
                ) : (
                  '–'
                ),
            },
          ]}
        />
      </Section>
      <Section title={t('shifts.title')}>
        <div className="filters">
          <DayField label={t('day.from')} value={from} onChange={(v) => set({ from: v })} />
          <DayField label={t('day.to')} value={to} onChange={(v) => set({ to: v })} />
          <SelectField
            label={t('forces.list')}
            value={filters.list ?? 'all'}
            onChange={(v) => set({ list: v === 'all' ? null : v })}
            choices={SHIFT_LISTS.map((one) => ({ value: one, label: t(`shifts.list.${one}`) }))}
            width={120}
          />
          <SelectField
            label={t('shifts.post')}
            value={filters.post ?? ''}
            any={t('forces.any')}
            onChange={(v) => set({ post: v })}
            choices={posts.rows.map((row) => ({ value: row.id, label: row.name }))}
            width={160}
          />
        </div>
        <ListTable<ShiftView>
          name={t('shifts.title')}
          list={shifts}
          rowKey={(row) => row.id}
          empty={{ why: t('shifts.empty'), todo: t('shifts.empty.todo') }}
          columns={[
            { key: 'post', title: t('shifts.post'), cell: (row) => <b>{row.post}</b> },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            {
              key: 'when',
              title: t('shifts.when'),
              cell: (row) => `${dayWords(row.day, clock)} ${at(row.startsAt)}–${at(row.endsAt)}`,
            },
            {
              key: 'people',
              title: t('shifts.people'),
              cell: (row) => (
                <ul className="plain-list">
                  {row.turns.map((turn) => (
                    <li key={turn.id}>
                      {turn.name || t('turns.nobody')} <TurnWords turn={turn} />
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              key: 'missing',
              title: t('state'),
              cell: (row) => (
                <WordTag strong={row.missing > 0}>
                  {row.missing > 0 ? t('shifts.missing', { n: row.missing }) : t('shifts.full')}
                </WordTag>
              ),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) =>
                files && new Date(row.endsAt) > clock.now ? (
                  <>
                    {row.missing > 0 ? <PutOn shift={row} /> : null}
                    <Act quiet onClick={() => set({ paper: row.id })}>
                      {t('posts.code.print')}
                    </Act>
                    <Cancel shift={row} />
                  </>
                ) : (
                  '–'
                ),
            },
          ]}
        />
      </Section>
      <SidePanel title={t('posts.code')} open={code !== undefined} onClose={() => set({ code: null })}>
        {code ? <ScreenCode id={code} /> : null}
      </SidePanel>
      <SidePanel title={t('posts.code.print')} open={paper !== undefined} onClose={() => set({ paper: null })}>
        {paper ? <PrintedCode id={paper} /> : null}
      </SidePanel>
    </>
  )
}
