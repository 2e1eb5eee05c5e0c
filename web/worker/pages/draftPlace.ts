import { paths } from '../paths.ts'
import { purposeIn } from '../visit/forms.ts'

/** What half-written forms are, and where each goes on. */
const MEND = 'mend'
const CORRECTION = 'correction of '
const STEP = 'observation.'
/** Forms that are one kind of work, by its name; all others are visits. */
const KINDS = [
  'household.add',
  'person.add',
  'person.move',
  'registration.proxy',
  'reading.file',
  'service.ask',
  'task.attempt',
  'task.return',
  'instruction.receipt',
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
  if (form.startsWith(STEP)) return 'observation.step'
  return KINDS.includes(form) ? form : 'visit.file'
}

/** The page on which a half-written form goes on; null when what it is about is no longer here. */
export function placeOfDraft(form: string, subject: string, here: Here): string | null {
  if (form === 'household.add') return paths.newDoor()
  if (form === 'person.move') return here.person ? paths.movePerson(subject) : null
  if (form === MEND) return here.item ? paths.sent(subject) : null
  if (form === 'instruction.receipt') return here.instruction ? paths.instruction(subject) : null
  if (form.startsWith(STEP)) return here.observedAt === null ? null : paths.observed(here.observedAt)
  if (form === 'reading.file') return here.door || here.observedAt !== null ? paths.readings(subject) : null
  if (here.task) return paths.task(subject)
  if (!here.door) return null
  if (form === 'registration.proxy') return paths.register(subject)
  if (form === 'service.ask') return paths.askService(subject)
  if (form === 'person.add') return paths.newPerson(subject)
  if (form.startsWith(CORRECTION)) return `${paths.visit(subject)}?corrects=${form.slice(CORRECTION.length)}`
  return paths.visit(subject, purposeIn(form) ?? undefined)
}
