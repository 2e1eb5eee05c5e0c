import { paths } from '../paths.ts'
import { purposeIn } from '../visit/forms.ts'

/** What half-written forms are, and where each goes on. */
const MEND = 'mend'
const CORRECTION = 'correction of '
/** Forms of a step, by the word before the step: what kind of work it is, whatever the step. */
const STEPS: Readonly<Record<string, string>> = {
  observation: 'observation.step',
  mediation: 'mediation.step',
  service: 'service.step',
}
/** Forms that are one kind of work, by its name; all others are visits. */
const KINDS = [
  'household.add',
  'person.add',
  'household.change',
  'person.move',
  'person.change',
  'registration.proxy',
  'reading.file',
  'service.ask',
  'task.attempt',
  'task.return',
  'instruction.receipt',
  'watch.note',
  'toSupervisor',
  'mendNear',
]

export type Here = {
  task: boolean
  door: boolean
  person: boolean
  item: boolean
  /** The door of the observation that it is about. */
  observedAt: string | null
  instruction: boolean
}

/** The kind of work that a form becomes; of a visit its own purpose says more. */
export function kindOfDraft(form: string): string {
  if (KINDS.includes(form)) return form
  return STEPS[form.split('.')[0] ?? ''] ?? 'visit.file'
}

/** The page on which a half-written form goes on; null when what it is about is no longer here. */
export function placeOfDraft(form: string, subject: string, here: Here): string | null {
  if (form === 'household.add') return paths.newDoor()
  if (form === 'person.move') return here.person ? paths.movePerson(subject) : null
  if (form === 'person.change') return here.person ? paths.editPerson(subject) : null
  if (form === 'watch.note') return paths.watches()
  if (form === MEND || form === 'toSupervisor' || form === 'mendNear') return here.item ? paths.sent(subject) : null
  if (form === 'instruction.receipt') return here.instruction ? paths.instruction(subject) : null
  switch (kindOfDraft(form)) {
    case 'observation.step':
      return here.observedAt === null ? null : paths.observed(here.observedAt)
    // Not only of my grids: whether it is still mine, its page says.
    case 'mediation.step':
      return paths.dispute(subject)
    case 'service.step':
      return paths.service(subject)
  }
  if (form === 'reading.file') return here.door || here.observedAt !== null ? paths.readings(subject) : null
  if (here.task) return paths.task(subject)
  if (!here.door) return null
  if (form === 'registration.proxy') return paths.register(subject)
  if (form === 'service.ask') return paths.askService(subject)
  if (form === 'household.change') return paths.editDoor(subject)
  if (form === 'person.add') return paths.newPerson(subject)
  if (form.startsWith(CORRECTION)) return `${paths.visit(subject)}?corrects=${form.slice(CORRECTION.length)}`
  return paths.visit(subject, purposeIn(form) ?? undefined)
}
