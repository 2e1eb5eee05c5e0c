import { AreaAnswer, ChangeEffects, ChangeView } from '@weiwang/domain/areas/api'
import { isAreaCode } from '@weiwang/domain/areas/code'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { Act, DayField, SelectField, Switcher, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { useFilters } from '../../filters.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { Effects } from './Effects.tsx'
import { KINDS, planOf, START, withoutPart } from './plan.ts'
import type { Draft } from './plan.ts'
import { SplitShares } from './SplitShares.tsx'

type Editing = { draft: Draft; set: (patch: Partial<Draft>) => void }
const MOST_PARTS = 20

function Parts({ draft, set }: Editing): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      {draft.parts.map((part, i) => (
        // Parts have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="form-row" key={i}>
          <TextField
            label={t('propose.part', { n: i + 1 })}
            value={part}
            onChange={(text) => set({ parts: draft.parts.map((one, j) => (j === i ? text : one)) })}
          />
          {draft.parts.length > 2 ? <Act onClick={() => set(withoutPart(draft, i))}>{t('propose.remove')}</Act> : null}
        </div>
      ))}
      <div className="form-row">
        <SelectField
          label={t('propose.rest')}
          value={String(draft.rest)}
          onChange={(v) => set({ rest: Number(v) })}
          choices={draft.parts.map((part, i) => ({ value: String(i), label: part || String(i + 1) }))}
        />
        {draft.parts.length < MOST_PARTS ? (
          <Act onClick={() => set({ parts: [...draft.parts, ''] })}>{t('propose.part.add')}</Act>
        ) : null}
      </div>
    </>
  )
}

function Merge({ draft, set }: Editing): ReactNode {
  const { t } = useTranslation('centre')
  const [adding, setAdding] = useState<Chosen | null>(null)
  const parent = draft.area?.code.slice(0, -3)
  const all = [draft.area, ...draft.others].flatMap((one) => one ?? [])
  return (
    <>
      <AreaPick
        label={t('propose.more')}
        value={adding}
        within={parent}
        onChange={(area) => {
          setAdding(null)
          if (area && all.every((one) => one.code !== area.code)) set({ others: [...draft.others, area] })
        }}
      />
      {draft.others.length > 0 ? (
        <ul className="history">
          {draft.others.map((one) => (
            <li key={one.code}>
              {one.name} · {one.code}{' '}
              <Act quiet onClick={() => set({ others: draft.others.filter((other) => other.code !== one.code) })}>
                {t('propose.remove')}
              </Act>
            </li>
          ))}
        </ul>
      ) : null}
      <TextField label={t('propose.name')} value={draft.name} onChange={(name) => set({ name })} />
      <SelectField
        label={t('propose.into')}
        value={draft.into}
        any={t('propose.into.new')}
        onChange={(into) => set({ into })}
        choices={all.map((one) => ({ value: one.code, label: `${one.name} · ${one.code}` }))}
      />
    </>
  )
}

function Fields({ draft, set }: Editing): ReactNode {
  const { t } = useTranslation('centre')
  switch (draft.kind) {
    case 'split':
      return <Parts draft={draft} set={set} />
    case 'merge':
      return <Merge draft={draft} set={set} />
    case 'rename':
      return <TextField label={t('propose.name')} value={draft.name} onChange={(name) => set({ name })} />
    case 'move':
      return <AreaPick label={t('propose.to')} value={draft.to} onChange={(to) => set({ to })} />
  }
}

const Asked = z.object({ code: z.string().refine(isAreaCode), kind: z.enum(KINDS) })

/** A change is put together, previewed with who is affected, and proposed; a second person applies it (AREA-9). */
export function ProposeChange(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const go = useGo()
  const said = useSaid()
  const [asked] = useFilters(Asked)
  const known = useQuery({ ...q(AreaAnswer, `/api/areas/${asked.code ?? ''}`), enabled: asked.code !== undefined })
  const [edited, setEdited] = useState<Partial<Draft>>({})
  const [day, setDay] = useState(desk.today)
  const [previewed, setPreviewed] = useState('')
  const given: Partial<Draft> = {
    ...(asked.kind ? { kind: asked.kind } : {}),
    ...(known.data ? { area: { code: known.data.code, name: known.data.name } } : {}),
  }
  const draft: Draft = { ...START, ...given, ...edited }
  const set = (patch: Partial<Draft>): void => setEdited((former) => ({ ...former, ...patch }))
  const preview = useWrite(ChangeEffects, { path: '/api/areas/changes/preview', touches: [] })
  const propose = useWrite(ChangeView, { path: '/api/areas/changes', touches: ['/api/areas'] })
  const effects = useRef<HTMLDivElement>(null)
  const plan = planOf(draft)
  const content = JSON.stringify([plan, day])
  const fresh = preview.data !== undefined && previewed === content
  const look = (): void => {
    if (!plan) return
    propose.reset()
    preview.mutate(
      { plan, onDay: day },
      {
        onSuccess: () => {
          setPreviewed(content)
          // Drawn first, then brought into sight.
          requestAnimationFrame(() => effects.current?.scrollIntoView({ block: 'start', behavior: 'smooth' }))
        },
      },
    )
  }
  const send = (): void => {
    if (!plan) return
    propose.mutate(
      { plan, onDay: day },
      {
        onSuccess: (change) => {
          said(t('propose.sent'))
          go(paths.areas({ tab: 'changes', open: change.id }))
        },
      },
    )
  }
  return (
    <>
      <div className="form" style={{ maxWidth: 640 }}>
        <Switcher
          label={t('propose.kind')}
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          choices={KINDS.map((kind) => ({ value: kind, label: t(`propose.${kind}`) }))}
        />
        <p style={{ margin: 0 }}>{t(`propose.${draft.kind}.what`)}</p>
        <AreaPick
          label={t('propose.area')}
          value={draft.area}
          within={desk.area}
          onChange={(area) => set({ area, others: [], into: '', areas: {}, buildings: {}, doors: {} })}
        />
        <Fields draft={draft} set={set} />
        <DayField label={t('propose.day')} value={day} onChange={setDay} help={t('propose.day.help')} />
      </div>
      {draft.kind === 'split' ? <SplitShares key={draft.area?.code ?? ''} draft={draft} set={set} /> : null}
      <ProblemNotice error={preview.error ?? propose.error ?? known.error} />
      <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
        <Act primary={!fresh} disabled={plan === null} busy={preview.isPending} onClick={look}>
          {t('propose.preview')}
        </Act>
      </div>
      {preview.data && !fresh ? <p className="progress-text">{t('propose.stale')}</p> : null}
      <div ref={effects} style={{ scrollMarginTop: 90 }} />
      {preview.data && fresh ? (
        <Section
          title={t('effects.title')}
          acts={
            <Act primary busy={propose.isPending} onClick={send}>
              {t('propose.send')}
            </Act>
          }
        >
          <Effects effects={preview.data} />
        </Section>
      ) : null}
    </>
  )
}
