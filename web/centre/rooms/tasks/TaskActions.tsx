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
import { Anything } from '../../parts/anything.ts'
import { DECISIONS, requestOf, RETURNS, START } from './taskRequest.ts'
import type { TaskForm } from './taskRequest.ts'

/** Acts of the desk. The visit itself is filed on the phone, at the door. */
const HERE: readonly TaskAction[] = ['accept', 'assign', 'attempt', 'pass', 'return', 'locate', 'review']
function Fields({
  action,
  task,
  form,
  set,
}: {
  action: TaskAction
  task: TaskDetail
  form: TaskForm
  set: (patch: Partial<TaskForm>) => void
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
  const [form, setForm] = useState<TaskForm>(START)
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
