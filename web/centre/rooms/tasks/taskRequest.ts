import type { CHANNELS, TaskAction } from '@weiwang/domain/tasks/api'
import type { Chosen } from '../../parts/AreaPick.tsx'

export const RETURNS = ['not_my_area', 'not_resident', 'cannot'] as const
export const DECISIONS = ['confirm', 'change', 'reopen'] as const

export type TaskForm = {
  to: string
  area: Chosen | null
  reason: string
  channel: (typeof CHANNELS)[number]
  result: string
  returns: (typeof RETURNS)[number]
  decision: (typeof DECISIONS)[number]
  disposition: string
}
export const START: TaskForm = {
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
  form: TaskForm,
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
