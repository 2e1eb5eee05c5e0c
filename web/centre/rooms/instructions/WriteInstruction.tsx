import { HOUSEHOLD_KINDS } from '@weiwang/domain/people/api'
import { FORM_PURPOSES } from '@weiwang/domain/tasks/form'
import { receiverLevels, ROUTES } from '@weiwang/domain/tasks/instruction'
import { InstructionDetail, InstructionWork } from '@weiwang/domain/tasks/instruction-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import {
  Act,
  CheckField,
  DayField,
  MultiField,
  SelectField,
  Switcher,
  TextField,
} from '../../../kit/centre/controls.tsx'
import { Dialog, Page } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useClock, useMe } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import { useGo } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { Attach } from './Attach.tsx'
import { draftFaults, inputOf, LEVELS } from './draft.ts'
import type { Draft, DraftFault, Level } from './draft.ts'
import { useLevelWord, usePurposeWord } from './words.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour))

function isLevel(text: string): text is Level {
  return LEVELS.some((one) => one === text)
}

/** Which parts of the writer's area; none is the whole of it. */
function Areas({
  within,
  draft,
  onChange,
}: {
  within: string
  draft: Draft
  onChange: (to: Draft['to']) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <div className="field">
      <AreaPick
        label={t('instr.to.add')}
        help={t('instr.to.help')}
        within={within}
        value={null}
        onChange={(area) => {
          if (area && !draft.to.some((one) => one.code === area.code)) onChange([...draft.to, area])
        }}
      />
      <ul className="history">
        {draft.to.map((area) => (
          <li key={area.code}>
            {area.name}
            <Act
              quiet
              label={t('instr.to.remove', { name: area.name })}
              onClick={() => onChange(draft.to.filter((one) => one.code !== area.code))}
            >
              {t('instr.attach.off')}
            </Act>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** INSTR-3: what it makes for whom, in numbers, before it is sent. */
function Work({ work, draft }: { work: InstructionWork; draft: Draft }): ReactNode {
  const { t } = useTranslation('centre')
  const word = useLevelWord()
  const join = useJoin()
  const names = join(work.uncoveredNames)
  return (
    <>
      <p className="consequence">
        <b>{t('instr.work.receivers', { n: grouped(work.receivers), level: word(Number(draft.level)) })}</b>
        <br />
        {t('instr.work.grids', { n: grouped(work.grids) })}
        {work.doors > 0 ? (
          <>
            <br />
            {t('instr.work.doors', { n: grouped(work.doors) })}
          </>
        ) : null}
        {draft.route === 'by_level' ? (
          <>
            <br />
            {t('instr.work.levels', {
              levels: join(
                work.levels.map((one) => t('instr.work.level', { n: grouped(one.areas), level: word(one.level) })),
              ),
            })}
          </>
        ) : null}
      </p>
      {work.uncovered > 0 ? (
        <Notice
          kind="fault"
          head={t('instr.work.uncovered', { n: grouped(work.uncovered) })}
          body={work.uncovered > work.uncoveredNames.length ? t('instr.work.uncovered.more', { names }) : names}
        />
      ) : (
        <Notice kind="note" head={t('instr.work.covered')} />
      )}
    </>
  )
}

function Doors({
  draft,
  set,
  fault,
}: {
  draft: Draft
  set: (patch: Partial<Draft>) => void
  fault: string | undefined
}): ReactNode {
  const { t } = useTranslation('centre')
  const purpose = usePurposeWord()
  return (
    <div className="form-row">
      <MultiField
        label={t('instr.each.kinds')}
        value={draft.kinds}
        fault={fault}
        onChange={(kinds) => set({ kinds })}
        choices={HOUSEHOLD_KINDS.map((kind) => ({ value: kind, label: t(`doorKind.${kind}`) }))}
      />
      <SelectField
        label={t('instr.each.form')}
        value={draft.purpose}
        onChange={(one) => (one === '' ? undefined : set({ purpose: one }))}
        choices={FORM_PURPOSES.map((one) => ({ value: one, label: purpose(one) }))}
      />
    </div>
  )
}

/** Title, text, for whom, until when, by which form: seen in numbers before it is sent. */
export function WriteInstruction(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const me = useMe()
  const clock = useClock()
  const go = useGo()
  const said = useSaid()
  const word = useLevelWord()
  const area = me.scope[0]?.area ?? me.area
  const levels = receiverLevels(area).map(String).filter(isLevel)
  const [asked, setAsked] = useState(false)
  const [draft, setDraft] = useState<Draft>(() => ({
    id: crypto.randomUUID(),
    title: '',
    text: '',
    to: [],
    level: '6',
    route: 'straight',
    day: me.today,
    hour: '20',
    report: false,
    each: false,
    kinds: ['home'],
    purpose: 'household',
    attachments: [],
  }))
  const set = (patch: Partial<Draft>): void => setDraft((before) => ({ ...before, ...patch }))
  const faults = draftFaults(draft, clock.zone, clock.now)
  const fault = (key: DraftFault): string | undefined =>
    asked && faults.includes(key) ? (key === 'past' ? t('instr.past') : c('field.required')) : undefined
  const preview = useWrite(InstructionWork, { path: '/api/instructions/preview', touches: [] })
  const send = useWrite(InstructionDetail, { path: '/api/instructions', touches: ['/api/instructions'] })
  const look = (): void => {
    setAsked(true)
    const instruction = inputOf(draft, area, clock.zone)
    if (faults.length === 0 && instruction) preview.mutate({ area, instruction })
  }
  const sendIt = (): void => {
    const instruction = inputOf(draft, area, clock.zone)
    if (!instruction) return
    send.mutate(
      { id: draft.id, area, instruction },
      {
        onSuccess: ({ id }) => {
          said(t('instr.sent'))
          go(paths.instruction(id))
        },
      },
    )
  }
  const close = (): void => {
    preview.reset()
    send.reset()
  }
  return (
    <Page title={t('instructions.write')} lead={t('instructions.lead')}>
      <div className="form">
        <TextField
          label={t('instr.title')}
          value={draft.title}
          fault={fault('title')}
          onChange={(title) => set({ title })}
        />
        <TextField
          long
          label={t('instr.text')}
          help={t('instr.text.help')}
          value={draft.text}
          fault={fault('text')}
          onChange={(text) => set({ text })}
        />
        <Areas within={area} draft={draft} onChange={(to) => set({ to })} />
        <div className="form-row">
          <SelectField<Level>
            label={t('instr.level')}
            value={draft.level}
            onChange={(level) => (level === '' ? undefined : set({ level }))}
            choices={levels.map((level) => ({ value: level, label: word(Number(level)) }))}
          />
          <div className="field">
            <span className="field-label">{t('instr.route')}</span>
            <Switcher
              label={t('instr.route')}
              value={draft.route}
              onChange={(route) => set({ route })}
              choices={ROUTES.map((route) => ({ value: route, label: t(`instrRoute.${route}`) }))}
            />
          </div>
        </div>
        <div className="form-row">
          <DayField
            label={t('instr.due.day')}
            value={draft.day}
            min={me.today}
            fault={fault('day') ?? fault('past')}
            onChange={(day) => set({ day })}
          />
          <SelectField
            label={t('instr.due.hour')}
            value={draft.hour}
            onChange={(hour) => set({ hour })}
            choices={HOURS.map((hour) => ({ value: hour, label: `${hour.padStart(2, '0')}:00` }))}
          />
        </div>
        <CheckField label={t('instr.report')} value={draft.report} onChange={(report) => set({ report })} />
        <CheckField label={t('instr.each')} value={draft.each} onChange={(each) => set({ each })} />
        {draft.each ? <Doors draft={draft} set={set} fault={fault('kinds')} /> : null}
        <Attach area={area} items={draft.attachments} onChange={(attachments) => set({ attachments })} />
        {asked && faults.length > 0 ? (
          <Notice kind="fault" takesFocus head={t('form.faults', { n: faults.length })} />
        ) : null}
        <ProblemNotice error={preview.error} />
        <div className="form-acts">
          <Act primary busy={preview.isPending} onClick={look}>
            {t('instr.preview')}
          </Act>
        </div>
      </div>
      <Dialog
        title={t('instr.preview.title')}
        open={preview.data !== undefined}
        onClose={close}
        yes={t('instr.send')}
        no={c('act.cancel')}
        busy={send.isPending}
        disabled={preview.data?.receivers === 0}
        onYes={sendIt}
      >
        <ProblemNotice error={send.error} />
        {preview.data ? <Work work={preview.data} draft={draft} /> : null}
      </Dialog>
    </Page>
  )
}
