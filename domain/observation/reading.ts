import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { SERVICE_KINDS, ServiceKind } from './service-api.ts'
import { TEMPERATURE } from './temperature.ts'

/**
 * READ-3: what a lay person is asked, morning and evening. A closed list that needs no medical knowledge (no redness of throat or
 * eyes is asked for); whoever reads it aloud on the telephone uses the same words.
 */
export const SYMPTOMS = [
  'cough',
  'fatigue',
  'sore_throat',
  'no_smell',
  'diarrhoea',
  'short_breath',
  'chest_tight',
  'headache',
  'muscle_ache',
  'runny_nose',
  'vomiting',
] as const
export type Symptom = (typeof SYMPTOMS)[number]

/** `alarm`: reported at once (domain rules of the home observation notice): with it the symptom step is taken. */
export const SYMPTOM_LIST: readonly { code: Symptom; say: Say; alarm: boolean }[] = [
  { code: 'cough', say: say('干咳', 'dry cough'), alarm: true },
  { code: 'fatigue', say: say('没力气', 'tired, no strength'), alarm: true },
  { code: 'sore_throat', say: say('嗓子疼', 'sore throat'), alarm: true },
  { code: 'no_smell', say: say('闻不到或尝不出味道', 'cannot smell or taste'), alarm: true },
  { code: 'diarrhoea', say: say('拉肚子', 'diarrhoea'), alarm: true },
  { code: 'short_breath', say: say('气短、呼吸费力', 'short of breath'), alarm: true },
  { code: 'chest_tight', say: say('胸闷', 'tight chest'), alarm: true },
  { code: 'headache', say: say('头疼', 'headache'), alarm: false },
  { code: 'muscle_ache', say: say('肌肉酸痛', 'aching muscles'), alarm: false },
  { code: 'runny_nose', say: say('流鼻涕、鼻塞', 'runny or blocked nose'), alarm: false },
  { code: 'vomiting', say: say('恶心、呕吐', 'sick, vomiting'), alarm: false },
]
const ALARMS = new Set<string>(SYMPTOM_LIST.filter((s) => s.alarm).map((s) => s.code))

export const MOODS = ['good', 'fair', 'low', 'very_low'] as const
export const Mood = z.enum(MOODS)
export type Mood = z.infer<typeof Mood>
export const MOOD_NAMES: Record<Mood, Say> = {
  good: say('挺好', 'good'),
  fair: say('还行', 'fair'),
  low: say('有点闷、有点担心', 'low or worried'),
  very_low: say('很难受，想找人说说', 'very low, would like to talk'),
}

/** The kinds of the services; a need named here is offered there, it is no request by itself. */
export const NEEDS = SERVICE_KINDS
export const Need = ServiceKind
export type Need = ServiceKind

/** How a reading came in. `robot`: later work. */
export const WAYS_IN = ['self', 'link', 'phone', 'door'] as const
export const WayIn = z.enum(WAYS_IN)
export type WayIn = z.infer<typeof WayIn>
export const WAY_IN_NAMES: Record<WayIn, Say> = {
  self: say('本人填报', 'by the person'),
  link: say('短信链接', 'by the link'),
  phone: say('电话', 'by telephone'),
  door: say('上门', 'at the door'),
}

/** Tenths of a degree Celsius (temperature.ts). */
export const Temperature = z.number().int().min(TEMPERATURE.least).max(TEMPERATURE.most)

/** What a reading says about the person. Symptom words that this version does not know are kept and alarm nobody (case 19). */
export type Said = { temperature: number | null; symptoms: readonly string[] }

export type Alarm = { fever: boolean; symptoms: string[] }

/** READ-6: fever from 37.3 on, or one of the symptoms that are reported at once. Null when there is nothing. */
export function alarmOf(said: Said): Alarm | null {
  const fever = said.temperature !== null && said.temperature >= TEMPERATURE.fever
  const symptoms = said.symptoms.filter((code) => ALARMS.has(code))
  return fever || symptoms.length > 0 ? { fever, symptoms } : null
}

/** READ-7: how a person is reached for readings. Nothing else hangs on it, so a change leaves nothing behind (case 30). */
export const CONTACTS = ['sms', 'voice', 'door'] as const
export const Contact = z.enum(CONTACTS)
export type Contact = z.infer<typeof Contact>
export const CONTACT_NAMES: Record<Contact, Say> = {
  sms: say('短信', 'short message'),
  voice: say('电话', 'telephone'),
  door: say('上门', 'at the door'),
}

/** When a reading was taken, as it is believed: never after now. */
export function takenAt(occurredAt: Date, now: Date): Date {
  return occurredAt > now ? now : occurredAt
}

/** READ-12: outcomes of a call, and what follows. */
export const CALL_OUTCOMES = ['reached', 'no_answer', 'off', 'wrong_number', 'refused', 'needs_help'] as const
export const CallOutcome = z.enum(CALL_OUTCOMES)
export type CallOutcome = z.infer<typeof CallOutcome>
export const CALL_OUTCOME_NAMES: Record<CallOutcome, Say> = {
  reached: say('接通，平安', 'reached, is well'),
  no_answer: say('无人接听', 'no answer'),
  off: say('关机', 'switched off'),
  wrong_number: say('号码不对', 'wrong number'),
  refused: say('不愿回答', 'would not answer'),
  needs_help: say('接通，需要帮助', 'reached, needs help'),
}
/** Ends the call; anything else is a try that reached nobody. */
export function isReached(outcome: CallOutcome): boolean {
  return outcome === 'reached'
}
/** Goes to the door at once. */
export function goesToDoor(outcome: CallOutcome): boolean {
  return outcome === 'wrong_number' || outcome === 'needs_help' || outcome === 'refused'
}

/** The last ones by when they were taken. */
export function newestReadings<T extends { occurred_at: Date }>(readings: readonly T[], n: number): T[] {
  return readings.toSorted((a, b) => b.occurred_at.getTime() - a.occurred_at.getTime()).slice(0, n)
}
