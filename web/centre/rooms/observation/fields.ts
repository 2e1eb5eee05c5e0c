import type { StepName } from '@weiwang/domain/observation/api'
import type { Say } from '@weiwang/domain/core/say'
import * as words from '@weiwang/domain/observation/step-words'
import type { observationTexts } from '../../texts/observation.ts'

/** What each step asks at the desk, as data: the form is drawn from it and the answer is read by the step's own schema. */
type Label = Extract<keyof typeof observationTexts, `obs.f.${string}`>
export type StepField = { name: string; label: Label; optional?: boolean; when?: { name: string; is: string } } & (
  | { kind: 'yes' | 'day' | 'area' | 'codes' | 'person' | 'text' | 'long' | 'degrees' | 'photo' }
  | { kind: 'count'; most: number }
  /** ahead: may lie ahead of now. */
  | { kind: 'moment'; ahead?: boolean }
  /** by: what the measure of the observation lets one choose (OBS-27). */
  | { kind: 'choice'; of: Readonly<Record<string, Say>>; by?: 'purposes' | 'ways' }
)

const NOTE: StepField = { kind: 'long', name: 'note', label: 'obs.f.note', optional: true }
const REASON: StepField = { kind: 'long', name: 'note', label: 'obs.f.note' }
const yes = (name: string, label: Label): StepField => ({ kind: 'yes', name, label })
const choice = (name: string, label: Label, of: Readonly<Record<string, Say>>): StepField => ({
  kind: 'choice',
  name,
  label,
  of,
})
const count = (name: string, label: Label): StepField => ({ kind: 'count', name, label, most: 50 })

const PURPOSE: StepField = {
  kind: 'choice',
  name: 'purpose',
  label: 'obs.f.purpose',
  of: words.OUTING_FOR,
  by: 'purposes',
}
const HOURS: readonly StepField[] = [
  { kind: 'moment', name: 'from', label: 'obs.f.outFrom', ahead: true },
  { kind: 'moment', name: 'to', label: 'obs.f.outTo', ahead: true },
]

/** Only what a desk can do: a signature by finger is taken at the door; a signed paper can be photographed or scanned here. */
const { paper, witness } = words.HOW_AGREED

export const STEP_FIELDS: Record<StepName, readonly StepField[]> = {
  suitability: [
    yes('room', 'obs.f.room'),
    yes('toilet', 'obs.f.toilet'),
    count('coResidents', 'obs.f.coResidents'),
    count('elderly', 'obs.f.elderly'),
    count('children', 'obs.f.children'),
    yes('pets', 'obs.f.pets'),
    yes('medicines', 'obs.f.medicines'),
    yes('wantsCentral', 'obs.f.wantsCentral'),
    NOTE,
  ],
  notice: [
    choice('how', 'obs.f.how', words.HOW_TOLD),
    { kind: 'text', name: 'unit', label: 'obs.f.unit', optional: true },
    { kind: 'text', name: 'unitContact', label: 'obs.f.unitContact', optional: true },
    { kind: 'text', name: 'unitPhone', label: 'obs.f.unitPhone', optional: true },
  ],
  commitment: [
    choice('how', 'obs.f.how', { paper, witness }),
    { kind: 'photo', name: 'photoId', label: 'obs.f.photo', when: { name: 'how', is: 'paper' } },
    { kind: 'text', name: 'witness', label: 'obs.f.witness', when: { name: 'how', is: 'witness' } },
  ],
  refusal: [choice('reason', 'obs.f.what', words.REFUSAL_REASONS), NOTE],
  team: [],
  symptom: [
    { kind: 'codes', name: 'codes', label: 'obs.f.codes' },
    { kind: 'degrees', name: 'temperature', label: 'obs.f.temperature', optional: true },
    NOTE,
  ],
  symptom_over: [REASON],
  care: [
    choice('stage', 'obs.f.stage', words.CARE_NAMES),
    { kind: 'moment', name: 'at', label: 'obs.f.at', optional: true },
    NOTE,
  ],
  welfare: [choice('how', 'obs.f.how', words.HOW_ASKED), choice('found', 'obs.f.found', words.HOW_FOUND), NOTE],
  breach: [choice('what', 'obs.f.what', words.BREACHES), NOTE],
  breach_step: [
    choice('done', 'obs.f.done', words.BREACH_DONE),
    { kind: 'text', name: 'reference', label: 'obs.f.reference', optional: true },
    NOTE,
  ],
  breach_over: [choice('outcome', 'obs.f.outcome', words.BREACH_ENDS), NOTE],
  ask_outing: [PURPOSE, ...HOURS, NOTE],
  outing: [
    PURPOSE,
    ...HOURS,
    { kind: 'choice', name: 'way', label: 'obs.f.way', of: words.OUTING_BY, by: 'ways' },
    choice('agreedBy', 'obs.f.agreedBy', words.OUTING_AGREED),
    NOTE,
  ],
  refuse_outing: [choice('reason', 'obs.f.what', words.OUTING_NO), NOTE],
  outing_over: [NOTE],
  date: [{ kind: 'day', name: 'exposureDay', label: 'obs.f.at' }, NOTE],
  extend: [
    { kind: 'day', name: 'endDay', label: 'obs.f.endDay' },
    { kind: 'text', name: 'document', label: 'obs.f.document' },
    REASON,
  ],
  shorten: [
    { kind: 'day', name: 'endDay', label: 'obs.f.endDay' },
    choice('reason', 'obs.f.what', words.EARLY_REASONS),
    REASON,
  ],
  decide_shorten: [yes('approve', 'obs.f.approve'), REASON],
  stay: [
    { kind: 'area', name: 'area', label: 'obs.f.area' },
    { kind: 'text', name: 'address', label: 'obs.f.address', optional: true },
    choice('place', 'obs.f.place', words.PLACES),
    NOTE,
  ],
  central: [{ kind: 'text', name: 'place', label: 'obs.f.centralPlace' }, NOTE],
  responder: [{ kind: 'person', name: 'personId', label: 'obs.f.person', optional: true }],
  objection: [{ kind: 'text', name: 'reference', label: 'obs.f.reference' }, NOTE],
  answer_objection: [choice('outcome', 'obs.f.outcome', words.OBJECTION_ENDS), REASON],
  check_release: [yes('symptoms', 'obs.f.symptoms'), choice('tests', 'obs.f.tests', words.TESTS)],
  release: [NOTE],
  follow_up: [choice('outcome', 'obs.f.outcome', words.FOLLOW_UPS), NOTE],
  cancel: [choice('reason', 'obs.f.what', words.CANCEL_REASONS), REASON],
}

/** In the order of the work; what is rare stands last. */
export const STEP_ORDER: readonly StepName[] = [
  'check_release',
  'release',
  'follow_up',
  'decide_shorten',
  'answer_objection',
  'outing',
  'refuse_outing',
  'outing_over',
  'care',
  'symptom_over',
  'breach_step',
  'breach_over',
  'date',
  'suitability',
  'notice',
  'commitment',
  'team',
  'welfare',
  'symptom',
  'refusal',
  'ask_outing',
  'breach',
  'stay',
  'central',
  'responder',
  'objection',
  'extend',
  'shorten',
  'cancel',
]

/** What the turn of the observation asks for: the one step that stands out. */
export const TURN: Readonly<Record<string, StepName>> = {
  notify: 'notice',
  agree: 'commitment',
  bind: 'team',
  check: 'welfare',
  guard: 'breach_step',
}
