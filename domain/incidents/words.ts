import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { DISPUTE_KINDS } from './api.ts'
import type { Closing, DisputeKind, MediationResult } from './api.ts'

export const KIND_SAY: Readonly<Record<DisputeKind, Say>> = {
  access: say('出入', 'Access'),
  charges: say('收费', 'Charges'),
  rent: say('租赁', 'Tenancy'),
  fear: say('邻里担忧', 'Fear of neighbours'),
  discrimination: say('歧视', 'Discrimination'),
  other: say('其他（因防疫引起）', 'Other, from outbreak control'),
}

export const CLOSING_SAY: Readonly<Record<Closing, Say>> = {
  kept: say('约定已履行', 'What was agreed is kept'),
  settled_otherwise: say('已以其他方式解决', 'Settled in another way'),
  to_court: say('转司法途径', 'Goes to court'),
  withdrawn: say('不再要求调解', 'No longer asked for'),
  twice: say('重复登记', 'Recorded twice'),
}

/** The words of the visit form "mediation held" (FORM-1) as they stand in its answers; what is not known becomes `other`. */
export function kindOfAnswer(about: unknown): DisputeKind {
  return DISPUTE_KINDS.find((kind) => kind === about) ?? 'other'
}
export function resultOfAnswer(outcome: unknown): MediationResult | 'passed_on' | null {
  if (outcome === 'agreed' || outcome === 'again' || outcome === 'passed_on') return outcome
  return outcome === 'not_agreed' ? 'not_agreed' : null
}
