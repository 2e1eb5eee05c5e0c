import { CHANNELS, Owners } from '@weiwang/domain/tasks/api'
import type { TaskAction, TaskDetail } from '@weiwang/domain/tasks/api'
import { DISPOSITIONS, RETRY_CODES } from '@weiwang/domain/tasks/disposition'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { Anything } from '../../parts/anything.ts'

/** Acts of the desk. The visit itself is filed on the phone, at the door. */
const HERE: readonly TaskAction[] = ['accept', 'assign', 'attempt', 'pass', 'return', 'locate', 'review']
const RETURNS = ['not_my_area', 'not_resident', 'cannot'] as const
const DECISIONS = ['confirm', 'change', 'reopen'] as const

type Form = {
  to: string
  area: Chosen | null
  reason: string
  channel: (typeof CHANNELS)[number]
  result: string
  returns: (typeof RETURNS)[number]
  decision: (typeof DECISIONS)[number]
  disposition: string
}
const START: Form = {
  to: '',
  area: null,
  reason: '',
  channel: 'phone',
  result: 'NO_ANSWER',
  returns: 'not_my_area',
  decision: 'confirm',
  disposition: '',
}

/** The request of an act, or null while something it needs is missing. */
export function requestOf(
  action: TaskAction,
  id: string,
  form: Form,
): { path: string; body: Record<string, unknown> } | null {
  const reason = form.reason.trim()
  switch (action) {
    case 'accept':
      return { path: `/api/tasks/${id}/accept`, body: {} }
    case 'assign':
      return form.to ? { path: '/api/tasks/assign', body: { ids: [id], to: form.to } } : null
    case 'attempt':
      return {
        path: `/api/tasks/${id}/attempt`,
        body: { channel: form.channel, result: form.result, ...(reason ? { note: reason } : {}) },
      }
    case 'return':
      return reason ? { path: `/api/tasks/${id}/return`, body: { reason: form.returns, evidence: reason } } : null
    case 'pass':
      return form.area && reason ? { path: `/api/tasks/${id}/pass`, body: { area: form.area.code, reason } } : null
    case 'locate':
      return reason.length >= 5 ? { path: `/api/tasks/${id}/locate`, body: { reason } } : null
    case 'review': {
      if (!reason || (form.decision === 'change' && !form.disposition)) return null
      return {
        path: `/api/tasks/${id}/review`,
        body: {
          decision: form.decision,
          reason,
          ...(form.decision === 'change' ? { disposition: form.disposition } : {}),
        },
      }
    }
    case 'visit':
      return null
  }
}

function Fields({
  action,
  task,
  form,
  set,
}: {
  action: TaskAction
  task: TaskDetail
  form: Form
  set: (patch: Partial<Form>) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const owners = useQuery({ ...q(Owners, `/api/tasks/${task.id}/owners`), enabled: action === 'assign' })
  return (
    <>
      {action === 'assign' ? (
        <SelectField
          label={t('task.assignee')}
          value={form.to}
          onChange={(to) => set({ to })}
          help={t('task.owners.help')}
          choices={(owners.data?.items ?? []).map((o) => ({
            value: o.id,
            label: t('task.owner', { name: o.name, open: o.open }),
          }))}
        />
      ) : null}
      {action === 'pass' ? (
        <AreaPick
          label={t('task.pass.to')}
          value={form.area}
          onChange={(area) => set({ area })}
          help={t('task.pass.help')}
        />
      ) : null}
      {action === 'attempt' ? (
        <div className="form-row">
          <SelectField
            label={t('task.channel')}
            value={form.channel}
            onChange={(v) => set({ channel: v === '' ? 'phone' : v })}
            choices={CHANNELS.map((c) => ({ value: c, label: t(`channel.${c}`) }))}
          />
          <SelectField
            label={t('task.result')}
            value={form.result}
            onChange={(result) => set({ result })}
            choices={DISPOSITIONS.filter((d) => RETRY_CODES.includes(d.code)).map((d) => ({
              value: String(d.code),
              label: say(d.say),
            }))}
          />
        </div>
      ) : null}
      {action === 'return' ? (
        <SelectField
          label={t('task.return.why')}
          value={form.returns}
          onChange={(v) => set({ returns: v === '' ? 'cannot' : v })}
          choices={RETURNS.map((r) => ({ value: r, label: t(`return.${r}`) }))}
        />
      ) : null}
      {action === 'review' ? (
        <SelectField
          label={t('task.decision')}
          value={form.decision}
          onChange={(v) => set({ decision: v === '' ? 'confirm' : v })}
          choices={DECISIONS.map((d) => ({ value: d, label: t(`decision.${d}`) }))}
        />
      ) : null}
      {action === 'review' && form.decision === 'change' ? (
        <SelectField
          label={t('task.disposition')}
          value={form.disposition}
          onChange={(disposition) => set({ disposition })}
          choices={DISPOSITIONS.map((d) => ({ value: String(d.code), label: say(d.say) }))}
        />
      ) : null}
      {action === 'accept' || action === 'assign' ? null : (
        <TextField
          long
          label={action === 'attempt' ? t('note') : action === 'return' ? t('task.evidence') : t('reason')}
          value={form.reason}
          onChange={(reason) => set({ reason })}
        />
      )}
    </>
  )
}

export function TaskActions({ task }: { task: TaskDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const said = useSaid()
  const [action, setAction] = useState<TaskAction | null>(null)
  const [form, setForm] = useState<Form>(START)
  const request = action ? requestOf(action, task.id, form) : null
  const write = useWrite(Anything, { path: () => request?.path ?? '', touches: ['/api/tasks', '/api/stats'] })
  const offered = task.actions.filter((a) => HERE.includes(a.action))
  const choose = (next: TaskAction | null): void => {
    setAction(next)
    setForm(START)
    write.reset()
  }
  const go = (): void => {
    if (!request) return
    write.mutate(request.body, {
      onSuccess: () => {
        said(c('state.server'))
        choose(null)
      },
    })
  }
  if (offered.every((a) => !a.ok)) return <p>{say(offered.find((a) => a.why !== null)?.why) || t('task.nothing')}</p>
  return (
    <div className="form">
      <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        {offered.map((a) => (
          <Act
            key={a.action}
            disabled={!a.ok}
            why={a.ok ? undefined : say(a.why)}
            primary={action === a.action}
            onClick={() => choose(action === a.action ? null : a.action)}
          >
            {t(`taskAct.${a.action}`)}
          </Act>
        ))}
      </div>
      {action ? (
        <>
          <p style={{ margin: 0 }}>{t(`taskAct.${action}.what`)}</p>
          <ProblemNotice error={write.error} />
          <Fields action={action} task={task} form={form} set={(patch) => setForm({ ...form, ...patch })} />
          <div className="form-acts">
            <Act onClick={() => choose(null)}>{c('act.cancel')}</Act>
            <Act primary disabled={request === null} busy={write.isPending} onClick={go}>
              {t(`taskAct.${action}`)}
            </Act>
          </div>
        </>
      ) : null}
    </div>
  )
}
