import type { AnswersIn, Known, Register } from '@weiwang/domain/healthcode/reg-api'
import { addDays } from '@weiwang/domain/core/day'
import { parseTemperature } from '@weiwang/domain/observation/temperature'

/**
 * What is typed on the screens of a registration, as plain texts and choices, and what of it travels. The server decides; what is
 * asked for here is only what would come back as missing.
 */
export type Place = { area: string; name: string }
export type Stay = { place: Place | null; from: string; to: string }
export type Contact = { degree: 1 | 2 | 3; day: string }
export type Member = { name: string; relation: 'child' | 'parent' | 'spouse' | 'other' | ''; document: string }

export type Form = {
  id: string
  relation: 'child' | 'parent' | ''
  wardPhone: string
  situation: 'living' | 'returning' | 'coming' | ''
  registeredHere: boolean | null
  documentKind: string
  country: string
  number: string
  name: string
  birth: string
  sex: number | null
  homeArea: Place | null
  address: string
  homeKind: 'own' | 'rent' | 'dorm' | 'visiting' | 'unknown'
  fromAbroad: boolean
  fromPlace: Place | null
  fromCountry: string
  leftOn: string
  arrivedOn: string
  transport: string
  transportNumber: string
  stayed: boolean | null
  stays: Stay[]
  beenAbroad: boolean | null
  abroad: { country: string; arrivedOn: string }[]
  noContact: boolean
  contacts: Contact[]
  well: boolean
  symptoms: string[]
  symptomFrom: string
  temperature: string
  underMeasure: boolean | null
  purpose: string
  employer: string
  members: Member[]
  remark: string
  promise: boolean
}

export const NEW_FORM: Omit<Form, 'id'> = {
  relation: '',
  wardPhone: '',
  situation: '',
  registeredHere: null,
  documentKind: 'resident',
  country: '',
  number: '',
  name: '',
  birth: '',
  sex: null,
  homeArea: null,
  address: '',
  homeKind: 'unknown',
  fromAbroad: false,
  fromPlace: null,
  fromCountry: '',
  leftOn: '',
  arrivedOn: '',
  transport: '',
  transportNumber: '',
  stayed: null,
  stays: [],
  beenAbroad: null,
  abroad: [],
  noContact: false,
  contacts: [],
  well: false,
  symptoms: [],
  symptomFrom: '',
  temperature: '',
  underMeasure: null,
  purpose: '',
  employer: '',
  members: [],
  remark: '',
  promise: false,
}

/** Registering oneself, saying anew how it is, or registering a child or an elder. */
export type Mode = 'self' | 'again' | 'ward'
export type Step = 'who' | 'paper' | 'home' | 'journey' | 'stays' | 'health' | 'purpose' | 'review'

/** What is known is not asked again: a new declaration leaves out who somebody is and where they live. */
export function stepsOf(mode: Mode): readonly Step[] {
  if (mode === 'again') return ['who', 'journey', 'stays', 'health', 'purpose', 'review']
  return ['who', 'paper', 'home', 'journey', 'stays', 'health', 'purpose', 'review']
}

/** The documents whose number says birth and sex. */
const TELLING = new Set(['resident', 'hmt_residence', 'permanent'])
export function asksBirth(form: Form): boolean {
  return !TELLING.has(form.documentKind)
}

export function travels(form: Form): boolean {
  return form.situation === 'returning' || form.situation === 'coming'
}

const filled = (text: string): boolean => text.trim() !== ''

/** Names of the fields that still want an answer, in the order of the screen. */
export function missing(step: Step, form: Form, mode: Mode): string[] {
  const wants: [string, boolean][] = []
  const want = (name: string, ok: boolean): number => wants.push([name, ok])
  if (step === 'who') {
    if (mode === 'ward') want('relation', form.relation !== '')
    want('situation', form.situation !== '')
    want('registeredHere', form.registeredHere !== null)
  }
  if (step === 'paper') {
    want('number', filled(form.number))
    if (form.documentKind === 'passport') want('country', filled(form.country))
    want('name', filled(form.name))
    if (asksBirth(form)) want('birth', filled(form.birth))
  }
  if (step === 'home') {
    want('homeArea', form.homeArea !== null)
    want('address', filled(form.address))
  }
  if (step === 'journey' && travels(form)) {
    want('from', form.fromAbroad ? form.fromCountry !== '' : form.fromPlace !== null)
    want('arrivedOn', filled(form.arrivedOn))
    want('transport', filled(form.transport))
  }
  if (step === 'stays') {
    want('stayed', form.stayed !== null)
    if (form.stayed === true)
      want('stays', form.stays.length > 0 && form.stays.every((s) => s.place && s.from && s.to && s.from <= s.to))
    want('beenAbroad', form.beenAbroad !== null)
    if (form.beenAbroad === true)
      want('abroad', form.abroad.length > 0 && form.abroad.every((a) => a.country && a.arrivedOn))
    want('contacts', form.noContact || (form.contacts.length > 0 && form.contacts.every((c) => c.day !== '')))
  }
  if (step === 'health') {
    want('symptoms', form.well || (form.symptoms.length > 0 && filled(form.symptomFrom)))
    want('temperature', !filled(form.temperature) || parseTemperature(form.temperature) !== null)
    want('underMeasure', form.underMeasure !== null)
  }
  if (step === 'purpose') {
    want('purpose', filled(form.purpose))
    want(
      'members',
      form.members.every((one) => filled(one.name) && one.relation !== ''),
    )
  }
  if (step === 'review') want('promise', form.promise)
  return wants.filter(([, ok]) => !ok).map(([name]) => name)
}

/** Where one comes from is where one has been: filled in once, to be looked at and changed. */
export function staysFrom(form: Form, today: string, askDays: number): Stay[] {
  const first = addDays(today, -askDays)
  const left = form.leftOn === '' ? form.arrivedOn : form.leftOn
  if (!travels(form) || form.fromAbroad || form.fromPlace === null || left < first) return []
  return [{ place: form.fromPlace, from: first, to: left > today ? today : left }]
}

/** What a reload has, and what an older version of the page kept: known fields of the right kind, and nothing else. */
export function formOf(kept: unknown, id: string): Form {
  const form: Form = { ...NEW_FORM, id }
  if (typeof kept !== 'object' || kept === null) return form
  const of: Record<string, unknown> = { ...kept }
  for (const [name, first] of Object.entries(form)) {
    const value = of[name]
    const same = Array.isArray(first) ? Array.isArray(value) : typeof value === typeof first
    const fits = first === null ? value === null || ['boolean', 'number', 'object'].includes(typeof value) : same
    if (value !== undefined && fits) Reflect.set(form, name, value)
  }
  return { ...form, promise: false }
}

/** A new declaration begins with what the last one said; symptoms are of today and are asked anew. */
export function formFrom(known: Pick<Known, 'answers' | 'words'>, id: string, nameOf: (area: string) => string): Form {
  const form: Form = { ...NEW_FORM, id }
  const { answers, words } = known
  if (answers === null) return form
  const place = (area: string | undefined): Place | null => (area === undefined ? null : { area, name: nameOf(area) })
  const { arrival } = answers
  return {
    ...form,
    situation: answers.situation,
    registeredHere: answers.registeredHere,
    fromAbroad: arrival?.fromCountry !== undefined,
    fromPlace: place(arrival?.fromArea),
    fromCountry: arrival?.fromCountry ?? '',
    leftOn: arrival?.leftOn ?? '',
    arrivedOn: arrival?.arrivedOn ?? '',
    transport: arrival?.transport ?? '',
    transportNumber: words?.number ?? '',
    stayed: answers.stays.length > 0,
    stays: answers.stays.map((stay) => ({ place: place(stay.area), from: stay.from, to: stay.to })),
    beenAbroad: answers.abroad.length > 0,
    abroad: answers.abroad,
    noContact: answers.contacts.length === 0,
    contacts: answers.contacts,
    underMeasure: answers.underMeasure,
    purpose: words?.purpose ?? '',
    employer: words?.employer ?? '',
    members: (words?.members ?? []).map((one) => ({ ...one, document: one.document ?? '' })),
    remark: words?.remark ?? '',
  }
}

const some = <K extends string>(key: K, text: string): Partial<Record<K, string>> => {
  const out: Partial<Record<K, string>> = {}
  if (filled(text)) out[key] = text.trim()
  return out
}

export function answersOf(form: Form): object {
  const temperature = filled(form.temperature) ? parseTemperature(form.temperature) : null
  return {
    situation: form.situation,
    registeredHere: form.registeredHere ?? false,
    arrival: travels(form)
      ? {
          ...(form.fromAbroad ? { fromCountry: form.fromCountry } : { fromArea: form.fromPlace?.area }),
          ...some('leftOn', form.leftOn),
          arrivedOn: form.arrivedOn,
          transport: form.transport,
        }
      : null,
    stays: form.stayed === true ? form.stays.map(({ place, from, to }) => ({ area: place?.area, from, to })) : [],
    abroad: form.beenAbroad === true ? form.abroad : [],
    contacts: form.noContact ? [] : form.contacts,
    symptoms: form.well ? [] : form.symptoms.map((code) => ({ code, from: form.symptomFrom })),
    temperature,
    underMeasure: form.underMeasure ?? false,
  } satisfies Record<keyof AnswersIn, unknown>
}

export function wordsOf(form: Form): object {
  return {
    ...some('number', travels(form) ? form.transportNumber : ''),
    members: form.members.map(({ name, relation, document }) => ({
      name: name.trim(),
      relation,
      ...some('document', document),
    })),
    purpose: form.purpose,
    ...some('employer', form.employer),
    ...some('remark', form.remark),
  } satisfies Partial<Record<keyof Register['words'], unknown>>
}

export function whoOf(form: Form): object {
  return {
    document: {
      kind: form.documentKind,
      ...(form.documentKind === 'passport' ? { country: form.country } : {}),
      number: form.number.trim(),
    },
    name: form.name.trim(),
    ...(asksBirth(form) ? some('birth', form.birth) : {}),
    ...(asksBirth(form) && form.sex !== null ? { sex: form.sex } : {}),
  }
}

export function homeOf(form: Form): object {
  return { area: form.homeArea?.area, address: form.address.trim(), kind: form.homeKind }
}

/** On which screen a problem of the server is put right (`at` is the path of the field). */
export function stepAt(at: string | undefined, mode: Mode): Step | null {
  if (at === undefined) return null
  const named: [RegExp, Step][] = [
    [/^who\b/, 'paper'],
    [/^(home)\b/, 'home'],
    [/^relation|^phone|situation|registeredHere/, 'who'],
    [/arrival|words\.number/, 'journey'],
    [/stays|abroad|contacts/, 'stays'],
    [/symptoms|temperature|underMeasure/, 'health'],
    [/words/, 'purpose'],
  ]
  const step = named.find(([path]) => path.test(at))?.[1] ?? null
  return step !== null && stepsOf(mode).includes(step) ? step : null
}
