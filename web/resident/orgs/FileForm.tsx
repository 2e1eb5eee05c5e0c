import type { FileBody, MyOrg, OrgFile } from '@weiwang/domain/healthcode/org-api'
import { useId, useState } from 'react'
import type { ReactElement } from 'react'
import { ask } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { TextField } from '../register/fields.tsx'
import { useWords } from '../texts.ts'
import { dayWord, moment } from '../when.ts'
import { ORG } from './texts.ts'

const NUMBERS = ['headcount', 'masks', 'disinfectant', 'thermometry', 'rooms'] as const
type Numbers = Record<(typeof NUMBERS)[number], string>
type Typed = Numbers & { plan: string; opens: string; officerName: string; officerPhone: string }

function typedFrom(body: FileBody | undefined, today: string): Typed {
  const text = (n: number | undefined): string => (n === undefined || n === 0 ? '' : String(n))
  return {
    plan: body?.plan ?? '',
    opens: body?.opens ?? today,
    headcount: text(body?.headcount),
    masks: text(body?.materials.masks),
    disinfectant: text(body?.materials.disinfectant),
    thermometry: text(body?.materials.thermometry),
    rooms: text(body?.isolationRooms),
    officerName: body?.officer.name ?? '',
    officerPhone: body?.officer.phone ?? '',
  }
}

function bodyFrom(typed: Typed, today: string): FileBody {
  const n = (text: string): number => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : 0)
  return {
    plan: typed.plan.trim(),
    opens: typed.opens === '' ? today : typed.opens,
    headcount: n(typed.headcount),
    materials: {
      masks: n(typed.masks),
      disinfectant: n(typed.disinfectant),
      thermometry: n(typed.thermometry),
    },
    isolationRooms: Math.min(n(typed.rooms), 1000),
    officer: { name: typed.officerName.trim(), phone: typed.officerPhone.trim() },
  }
}

/** The file by which an organisation asks to begin again (ORG-11 … ORG-14): kept as a draft, handed in, added to once. */
export function FileForm({
  org,
  today,
  onStep,
}: {
  org: MyOrg
  today: string
  onStep: () => Promise<void>
}): ReactElement {
  const { t, say, lang } = useWords(ORG)
  const file = org.file
  const ended = file === null || file.state === 'rejected' || file.state === 'expired'
  const mayWrite = ended || file.state === 'draft' || file.state === 'supplement_once'
  const [typed, setTyped] = useState(() => typedFrom(file?.body, today))
  const { busy, trouble, act } = useAct()
  const id = useId()
  const set = (part: Partial<Typed>): void => setTyped((now) => ({ ...now, ...part }))
  const path = `/api/my/orgs/${org.id}/file`
  const send = (handIn: boolean): void =>
    act(async () => {
      await ask<OrgFile>('POST', path, { body: bodyFrom(typed, today) })
      if (handIn) await ask<OrgFile>('POST', `${path}/submit`, {})
      await onStep()
    })
  return (
    <details>
      <summary>
        {t('file')}
        {file !== null && `: ${say(file.stateName)}`}
      </summary>
      {file !== null && (
        <ul>
          {file.history.map((one) => (
            <li key={one.n}>
              {moment(one.at, lang)}: {say(one.say)}
              {one.words !== null && <span className="said small">{one.words}</span>}
            </li>
          ))}
        </ul>
      )}
      {file?.state === 'supplement_once' && file.askedUntil !== null && (
        <output>{t('askedUntil', { day: dayWord(file.askedUntil, lang) })}</output>
      )}
      {mayWrite && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            send(true)
          }}
        >
          <div className="field">
            <label className="label" htmlFor={id}>
              {t('plan')}
            </label>
            <textarea
              id={id}
              rows={4}
              maxLength={4000}
              value={typed.plan}
              onChange={(event) => set({ plan: event.target.value })}
            />
          </div>
          <div className="field">
            <label className="label" htmlFor={`${id}-day`}>
              {t('opens')}
            </label>
            <input
              id={`${id}-day`}
              type="date"
              value={typed.opens}
              onChange={(event) => set({ opens: event.target.value })}
            />
          </div>
          {NUMBERS.map((key) => (
            <TextField
              key={key}
              label={t(key)}
              name={`file-${key}`}
              mode="numeric"
              max={5}
              bad={false}
              value={typed[key]}
              onChange={(value) => set({ [key]: value })}
            />
          ))}
          <TextField
            label={t('officerName')}
            name="file-officer"
            bad={false}
            value={typed.officerName}
            onChange={(officerName) => set({ officerName })}
          />
          <TextField
            label={t('officerPhone')}
            name="file-phone"
            mode="tel"
            bad={false}
            max={40}
            value={typed.officerPhone}
            onChange={(officerPhone) => set({ officerPhone })}
          />
          {file !== null && file.lacks.length > 0 && (
            <p className="quiet">
              {t('lacks')}: {file.lacks.map((one) => say(one)).join(lang === 'zh' ? '、' : ', ')}
            </p>
          )}
          <Problem trouble={trouble} />
          <Act busy={busy} kind="side" onClick={() => send(false)}>
            {t('save')}
          </Act>
          <Act busy={busy} submit>
            {t('handIn')}
          </Act>
        </form>
      )}
    </details>
  )
}
