import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const KINDS = [
  'visit.file',
  'task.accept',
  'task.attempt',
  'task.return',
  'household.add',
  'household.use',
  'household.change',
  'person.add',
  'person.use',
  'person.change',
  'person.move',
  'instruction.receipt',
  'observation.open',
  'observation.step',
  'reading.file',
  'service.ask',
  'service.step',
  'watch.note',
  'watch.answer',
  'mediation.step',
  'registration.proxy',
  'return.step',
  'force.sign',
  'help.ask',
  'help.close',
  'toSupervisor',
  'mendNear',
] as const

/** What kind of work an item is, in words. */
export function KindWord({ kind }: { kind: string }): ReactNode {
  const { t } = useTranslation('worker')
  const known = KINDS.find((one) => one === kind)
  return known ? t(`kind.${known}`) : kind
}
