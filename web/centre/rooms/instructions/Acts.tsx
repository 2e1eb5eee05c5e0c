import { dayOf, instantOf, isDay, secondOfDay } from '@weiwang/domain/core/day'
import { levelOf } from '@weiwang/domain/areas/code'
import { InstructionDetail } from '@weiwang/domain/tasks/instruction-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Act, DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

const TOUCHES = ['/api/instructions']
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour))

function DueFields({
  day,
  hour,
  label,
  onDay,
  onHour,
}: {
  day: string
  hour: string
  label: string
  onDay: (day: string) => void
  onHour: (hour: string) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <div className="form-row">
      <DayField label={label} value={day} onChange={onDay} />
      <SelectField
        label={t('instr.due.hour')}
        value={hour}
        onChange={onHour}
        choices={HOURS.map((one) => ({ value: one, label: `${one.padStart(2, '0')}:00` }))}
      />
    </div>
  )
}

/** INSTR-2: a change is a new version, which every receiver reads again; so the sheet says why. */
export function Change({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { zone } = useClock()
  const due = new Date(row.dueAt)
  const [draft, setDraft] = useState(() => ({
    title: row.title,
    text: row.text,
    day: dayOf(due, zone),
    hour: String(Math.floor(secondOfDay(due, zone) / 3600)),
  }))
  const write = useWrite(InstructionDetail, { path: `/api/instructions/${row.id}/change`, touches: TOUCHES })
  const ready = draft.title.trim().length > 1 && draft.text.trim() !== '' && isDay(draft.day)
  return (
    <ConfirmAct
      verb={t('instr.change')}
      title={t('instr.change')}
      reason={t('instr.reason')}
      write={write}
      ready={ready}
      onYes={(reason, done) =>
        write.mutate(
          {
            version: row.version,
            title: draft.title.trim(),
            text: draft.text.trim(),
            dueAt: instantOf(draft.day, zone, Number(draft.hour)).toISOString(),
            reason,
          },
          { onSuccess: done },
        )
      }
    >
      <p>{t('instr.change.lead')}</p>
      <div className="form">
        <TextField label={t('instr.title')} value={draft.title} onChange={(title) => setDraft({ ...draft, title })} />
        <TextField long label={t('instr.text')} value={draft.text} onChange={(text) => setDraft({ ...draft, text })} />
        <DueFields
          label={t('instr.due.day')}
          day={draft.day}
          hour={draft.hour}
          onDay={(day) => setDraft({ ...draft, day })}
          onHour={(hour) => setDraft({ ...draft, hour })}
        />
      </div>
    </ConfirmAct>
  )
}

export function Recall({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const write = useWrite(InstructionDetail, { path: `/api/instructions/${row.id}/recall`, touches: TOUCHES })
  if (!may('revoke', 'instruction', { area: row.area })) return null
  return (
    <ConfirmAct
      verb={t('instr.recall')}
      title={t('instr.recall')}
      reason={t('instr.reason')}
      write={write}
      onYes={(reason, done) => write.mutate({ version: row.version, reason }, { onSuccess: done })}
    >
      <p className="consequence">{t('instr.recall.lead', { n: grouped(row.progress.received) })}</p>
    </ConfirmAct>
  )
}

/** INSTR-4: to the level below, with more and never with less. */
export function Pass({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const { zone } = useClock()
  const [text, setText] = useState('')
  const [day, setDay] = useState('')
  const [hour, setHour] = useState('18')
  const write = useWrite(InstructionDetail, { path: `/api/instructions/${row.id}/pass`, touches: TOUCHES })
  const { mine } = row
  const open = mine !== null && mine.state !== 'recalled' && !mine.passedOn && levelOf(mine.area) < row.level
  if (!open || !may('file', 'instruction', { area: mine.area })) return null
  return (
    <ConfirmAct
      primary
      verb={t('instr.pass')}
      title={t('instr.pass')}
      write={write}
      ready={day === '' || isDay(day)}
      onYes={(_, done) =>
        write.mutate(
          {
            area: mine.area,
            text: text.trim(),
            dueAt: day === '' ? null : instantOf(day, zone, Number(hour)).toISOString(),
          },
          { onSuccess: done },
        )
      }
    >
      <p>{t('instr.pass.lead')}</p>
      <div className="form">
        <TextField long label={t('instr.pass.text')} value={text} onChange={setText} />
        <DueFields label={t('instr.pass.due')} day={day} hour={hour} onDay={setDay} onHour={setHour} />
      </div>
    </ConfirmAct>
  )
}

const SAYS = ['read', 'accepted', 'done'] as const

/** What this centre itself has received, and what it answers. */
export function Mine({ row }: { row: InstructionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const said = useSaid()
  const write = useWrite(InstructionDetail, { path: `/api/instructions/${row.id}/receipt`, touches: TOUCHES })
  const cannot = useWrite(InstructionDetail, { path: `/api/instructions/${row.id}/receipt`, touches: TOUCHES })
  const { mine } = row
  if (mine === null || mine.state === 'recalled') return null
  const answer = { area: mine.area, version: mine.version }
  const possible = SAYS.filter((says) => says !== mine.state && !(says === 'read' && mine.state !== 'sent'))
  const acts =
    mine.state === 'done' || !may('file', 'instruction', { area: mine.area }) ? null : (
      <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
        {possible.map((says) => (
          <Act
            key={says}
            busy={write.isPending}
            onClick={() =>
              write.mutate(
                { ...answer, says },
                { onSuccess: () => said(t('instr.said', { what: t(`instr.say.${says}`) })) },
              )
            }
          >
            {t(`instr.say.${says}`)}
          </Act>
        ))}
        <ConfirmAct
          verb={t('instr.say.cannot')}
          title={t('instr.say.cannot')}
          reason={t('instr.say.cannot.why')}
          write={cannot}
          onYes={(note, done) => cannot.mutate({ ...answer, says: 'cannot', note }, { onSuccess: done })}
        />
      </div>
    )
  return (
    <>
      <ProblemNotice error={write.error} />
      <Notice
        kind="note"
        head={t('instr.mine')}
        body={
          <>
            {t('instr.mine.lead', { area: mine.areaName, state: t(`receiptState.${mine.state}`) })}
            {mine.passedOn ? ` · ${t('instr.passed')}` : ''}
            {acts}
          </>
        }
      />
    </>
  )
}
