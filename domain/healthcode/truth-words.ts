import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { CASE_SAY, CLINIC_SAY, DEGREE_SAY, MEASURE_SAY, SYMPTOM_SAY } from '../grading/words.ts'
import { MEASURE_RULES, Measure } from '../observation/measure.ts'
import type { Evidence } from './truth-kinds.ts'

/** Both sides in words: what was declared and what is known, each with its days. Places are named by the caller. */
export type PlaceName = (code: string) => string

/** What of the answers stands in a contradiction, as it is stored. */
export const SaidPart = z
  .object({
    stays: z.array(z.object({ area: z.string(), from: z.string(), to: z.string() })),
    arrival: z
      .object({ fromArea: z.string().optional(), fromCountry: z.string().optional(), arrivedOn: z.string() })
      .nullable(),
    abroad: z.array(z.object({ country: z.string(), arrivedOn: z.string() })),
    contacts: z.array(z.object({ degree: z.number(), day: z.string() })),
    symptoms: z.array(z.object({ code: z.string(), from: z.string() })),
    underMeasure: z.boolean(),
  })
  .partial()
export type SaidPart = z.infer<typeof SaidPart>

const span = (from: string, to: string | null): Say =>
  to === null
    ? say(`${from} 起`, `since ${from}`)
    : from === to
      ? say(from, `on ${from}`)
      : say(`${from} 至 ${to}`, `${from} to ${to}`)

/** Codes of the places that the words of a contradiction name. */
export function placesOf(said: SaidPart, known: readonly Evidence[]): string[] {
  const origin = said.arrival?.fromArea
  return [
    ...(said.stays ?? []).map((stay) => stay.area),
    ...(origin === undefined ? [] : [origin]),
    ...known.flatMap((one) => one.place ?? []),
  ]
}

/** What was declared, sentence by sentence; that nothing was declared is said as well. */
export function saidLines(said: SaidPart, placeName: PlaceName): Say[] {
  const lines: Say[] = []
  for (const stay of said.stays ?? []) {
    const name = placeName(stay.area)
    const days = span(stay.from, stay.to)
    lines.push(say(`申报停留：${name}，${days.zh}`, `declared a stay in ${name}, ${days.en}`))
  }
  if (said.stays?.length === 0) lines.push(say('申报近14天未到过其他地区', 'declared no stay elsewhere within 14 days'))
  if (said.arrival) {
    const { fromArea, fromCountry, arrivedOn } = said.arrival
    const from = fromArea === undefined ? (fromCountry ?? '') : placeName(fromArea)
    lines.push(say(`申报 ${arrivedOn} 到达，来自${from}`, `declared to have arrived on ${arrivedOn} from ${from}`))
  }
  for (const one of said.abroad ?? [])
    lines.push(
      say(`申报境外：${one.country}，${one.arrivedOn} 入境`, `declared ${one.country}, arrived ${one.arrivedOn}`),
    )
  if (said.abroad?.length === 0) lines.push(say('申报未到过境外', 'declared no stay abroad'))
  for (const one of said.contacts ?? []) {
    const degree = DEGREE_SAY[one.degree] ?? say('接触者', 'a contact')
    lines.push(say(`申报：${one.day} 为${degree.zh}`, `declared to be ${degree.en} on ${one.day}`))
  }
  if (said.contacts?.length === 0) lines.push(say('申报未接触过病例', 'declared no contact with a case'))
  for (const one of said.symptoms ?? []) {
    const name = SYMPTOM_SAY[one.code] ?? say(one.code, one.code)
    lines.push(say(`申报症状：${name.zh}，${one.from} 起`, `declared ${name.en} since ${one.from}`))
  }
  if (said.symptoms?.length === 0) lines.push(say('申报无症状', 'declared no symptoms'))
  if (said.underMeasure === false) lines.push(say('申报未在管理', 'declared to be under no measure'))
  return lines
}

function sayOf(words: Record<string, Say>, key: string | null): Say {
  return (key === null ? undefined : words[key]) ?? say(key ?? '', key ?? '')
}

function what(one: Evidence, placeName: PlaceName): Say {
  const days = span(one.from, one.to)
  switch (one.kind) {
    case 'stay': {
      const name = one.place === null ? '' : placeName(one.place)
      return say(`在${name}，${days.zh}`, `in ${name}, ${days.en}`)
    }
    case 'abroad':
      return say(`自${one.value ?? ''}入境，${days.zh}`, `arrived from ${one.value ?? ''}, ${days.en}`)
    case 'contact': {
      const degree = sayOf(DEGREE_SAY, String(one.degree ?? ''))
      return say(`${degree.zh}，${days.zh}`, `${degree.en}, ${days.en}`)
    }
    case 'measure': {
      const state = sayOf(MEASURE_SAY, one.value)
      return say(`${state.zh}，${days.zh}`, `${state.en}, ${days.en}`)
    }
    case 'case': {
      const state = sayOf(CASE_SAY, one.value)
      return say(`${state.zh}，${days.zh}`, `${state.en}, ${days.en}`)
    }
    case 'fever_clinic': {
      const state = sayOf(CLINIC_SAY, one.value)
      return say(`发热门诊：${state.zh}，${days.zh}`, `fever clinic: ${state.en}, ${days.en}`)
    }
    case 'symptom': {
      const name = sayOf(SYMPTOM_SAY, one.value)
      return say(`${name.zh}，${days.zh}`, `${name.en}, ${days.en}`)
    }
    case 'observation': {
      const measure = Measure.safeParse(one.value).data
      const name = measure === undefined ? say('居家观察', 'home observation') : MEASURE_RULES[measure].say
      return say(`${name.zh}，已告知，${days.zh}`, `${name.en}, told, ${days.en}`)
    }
    case 'return':
      return say(`${one.from} 登记将于 ${one.to ?? ''} 到达`, `registered on ${one.from} to arrive on ${one.to ?? ''}`)
    case 'phone':
      return say(`同一手机号：${one.value ?? ''} 人`, `the same telephone: ${one.value ?? ''} people`)
    case 'key':
      return say(`同一设备密钥：${one.value ?? ''} 次`, `the same device key: ${one.value ?? ''} times`)
  }
}

/** One thing that is known, in words. */
export function knownLine(one: Evidence, placeName: PlaceName): Say {
  const line = what(one, placeName)
  return one.verified ? say(`${line.zh}（走访已核实）`, `${line.en} (found so by a visit)`) : line
}

/** Names of what is no feed. */
export const SOURCE_SAY: Record<string, Say> = {
  visit: say('走访核实', 'Visits'),
  observation: say('居家观察', 'Home observation'),
  return: say('本人返回登记', 'Own registration of return'),
  org: say('本人确认的单位登记', 'Registration of an employer, confirmed by the person'),
  phone: say('登记手机号', 'Registered telephones'),
  key: say('设备密钥', 'Device keys'),
}

/** Told to whoever has one: what it is, and what it is not. */
export const ABOUT_MINE = say(
  '以下是您的申报与已有数据不一致之处。这不影响您的码色，也不会自动产生任何后果。您可以更正申报，或说明情况。',
  'Here your declaration and what is known do not fit. It changes no colour and nothing follows from it by itself. You may declare anew, or explain.',
)
