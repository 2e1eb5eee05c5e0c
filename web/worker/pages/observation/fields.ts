import type { StepName } from '@weiwang/domain/observation/api'
import type { Say } from '@weiwang/domain/core/say'
import * as words from '@weiwang/domain/observation/step-words'
import type { observationTexts } from '../../words/observation.ts'

/** What each step asks at a door, as data; the answer is read by the step's own schema. */
type Label = Extract<keyof typeof observationTexts, `obs.f.${string}`>
export type DoorField = { name: string; label: Label; when?: { name: string; is: string } } & (
  | { kind: 'yes' | 'count' | 'codes' | 'text' | 'line' | 'tel' | 'strokes' | 'photo' | 'moment' | 'person' }
  /** by: what the measure of the observation lets one choose (OBS-27). */
  | { kind: 'choice'; of: Readonly<Record<string, Say>>; by?: 'purposes' | 'ways' }
)

const NOTE: DoorField = { kind: 'text', name: 'note', label: 'obs.f.note' }
const choice = (name: string, label: Label, of: Readonly<Record<string, Say>>): DoorField => ({
  kind: 'choice',
  name,
  label,
  of,
})
const yes = (name: string, label: Label): DoorField => ({ kind: 'yes', name, label })
const count = (name: string, label: Label): DoorField => ({ kind: 'count', name, label })
const { signed, paper, witness } = words.HOW_AGREED

const PURPOSE: DoorField = {
  kind: 'choice',
  name: 'purpose',
  label: 'obs.f.purpose',
  of: words.OUTING_FOR,
  by: 'purposes',
}
const HOURS: readonly DoorField[] = [
  { kind: 'moment', name: 'from', label: 'obs.f.outFrom' },
  { kind: 'moment', name: 'to', label: 'obs.f.outTo' },
]

export const DOOR_FIELDS: Partial<Record<StepName, readonly DoorField[]>> = {
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
    { kind: 'line', name: 'unit', label: 'obs.f.unit' },
    { kind: 'line', name: 'unitContact', label: 'obs.f.unitContact' },
    { kind: 'tel', name: 'unitPhone', label: 'obs.f.unitPhone' },
  ],
  commitment: [
    choice('how', 'obs.f.how', { signed, paper, witness }),
    { kind: 'strokes', name: 'strokes', label: 'obs.f.strokes', when: { name: 'how', is: 'signed' } },
    { kind: 'photo', name: 'photoId', label: 'obs.f.photo', when: { name: 'how', is: 'paper' } },
    { kind: 'text', name: 'witness', label: 'obs.f.witness', when: { name: 'how', is: 'witness' } },
  ],
  refusal: [choice('reason', 'obs.f.what', words.REFUSAL_REASONS), NOTE],
  symptom: [{ kind: 'codes', name: 'codes', label: 'obs.f.codes' }, NOTE],
  symptom_over: [NOTE],
  care: [choice('stage', 'obs.f.stage', words.CARE_NAMES), NOTE],
  welfare: [choice('how', 'obs.f.how', words.HOW_ASKED), choice('found', 'obs.f.found', words.HOW_FOUND), NOTE],
  breach: [choice('what', 'obs.f.what', words.BREACHES), NOTE],
  breach_step: [
    choice('done', 'obs.f.done', words.BREACH_DONE),
    { kind: 'text', name: 'reference', label: 'obs.f.reference' },
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
  responder: [{ kind: 'person', name: 'personId', label: 'obs.f.person' }],
  check_release: [yes('symptoms', 'obs.f.symptoms'), choice('tests', 'obs.f.tests', words.TESTS)],
  release: [NOTE],
  follow_up: [choice('outcome', 'obs.f.outcome', words.FOLLOW_UPS), NOTE],
}
