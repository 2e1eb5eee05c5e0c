/**
 * Who must and who may register, and the limits around it, as data of a place (REGISTER-9): proposed by one, put in force by
 * another. Suzhou's notice no. 10 of 22 February 2020 and Zhenjiang's rules are delivered as presets (domain notes 3.1, 3.6).
 */
import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { DOCUMENT_KINDS } from '../people/api.ts'
import { Need, Situation } from './reg-api.ts'

const SayText = z.strictObject({ zh: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) })

export const Group = z.strictObject({
  need: Need,
  say: SayText,
  /** Null: whatever it is. */
  situation: Situation.nullable(),
  /** Registered (户籍) in this city; null: whether or not. */
  registeredHere: z.boolean().nullable(),
})
export type Group = z.infer<typeof Group>

export const RegistrationPolicy = z.strictObject({
  /** The first group that fits decides. */
  groups: z.array(Group).min(1).max(12),
  others: Need,
  documents: z.array(z.enum(DOCUMENT_KINDS).exclude(['none'])).min(1),
  /** Days before today of which stays, contacts and symptoms are asked. */
  askDays: z.number().int().min(1).max(60),
  family: z.strictObject({
    /** 0: nobody can be added; a worker registers them. */
    max: z.number().int().min(0).max(20),
    childUnder: z.number().int().min(1).max(18),
    elderFrom: z.number().int().min(40).max(100),
    /** A holder under red or yellow adds nobody (Suzhou: green holders only). */
    greenHolder: z.boolean(),
  }),
  returns: z.strictObject({
    /** How far ahead a return may be told. */
    aheadDays: z.number().int().min(1).max(60),
    /** Days after the expected one until somebody is sent to look. */
    graceDays: z.number().int().min(0).max(14),
  }),
})
export type RegistrationPolicy = z.infer<typeof RegistrationPolicy>

const DOCUMENTS = ['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent'] as const

const COMMON = {
  documents: [...DOCUMENTS],
  askDays: 14,
  returns: { aheadDays: 30, graceDays: 1 },
}

/** Suzhou: who comes or returns, and who is here without being registered here, must; registered residents here may. */
const SUZHOU: RegistrationPolicy = {
  ...COMMON,
  groups: [
    {
      need: 'must',
      say: say('准备返回的本市户籍人员', 'Registered residents who are returning'),
      situation: 'returning',
      registeredHere: true,
    },
    {
      need: 'must',
      say: say('准备来的人员', 'Whoever is coming'),
      situation: 'coming',
      registeredHere: null,
    },
    {
      need: 'must',
      say: say('准备返回的非本市户籍人员', 'Who is not registered here and is returning'),
      situation: 'returning',
      registeredHere: false,
    },
    {
      need: 'must',
      say: say('已在本市的非本市户籍人员', 'Who is here and not registered here'),
      situation: 'living',
      registeredHere: false,
    },
    {
      need: 'may',
      say: say('已在本市的本市户籍人员', 'Registered residents who are here'),
      situation: 'living',
      registeredHere: true,
    },
  ],
  others: 'may',
  family: { max: 6, childUnder: 18, elderFrom: 60, greenHolder: true },
}

/** Zhenjiang: who comes, who is here without being registered here, and all registered residents must. */
const ZHENJIANG: RegistrationPolicy = {
  ...COMMON,
  groups: [
    {
      need: 'must',
      say: say('来本市的人员', 'Whoever is coming'),
      situation: 'coming',
      registeredHere: null,
    },
    { need: 'must', say: say('返回本市的人员', 'Whoever is returning'), situation: 'returning', registeredHere: null },
    {
      need: 'must',
      say: say('已在本市的非本市户籍人员', 'Who is here and not registered here'),
      situation: 'living',
      registeredHere: false,
    },
    {
      need: 'must',
      say: say('本市全体户籍人员', 'All registered residents'),
      situation: null,
      registeredHere: true,
    },
  ],
  others: 'may',
  family: { max: 6, childUnder: 18, elderFrom: 60, greenHolder: false },
}

export const PRESETS = { suzhou: SUZHOU, zhenjiang: ZHENJIANG } as const
export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES: Record<PresetName, Say> = {
  suzhou: say('苏州（2020 年 2 月 22 日第 10 号通告）', 'Suzhou (notice no. 10 of 22 February 2020)'),
  zhenjiang: say('镇江', 'Zhenjiang'),
}

/** What holds where nobody has decided anything: Zhenjiang city its own, everywhere else Suzhou's. */
export function shippedPolicy(area: string): RegistrationPolicy {
  return area.startsWith('3211') ? ZHENJIANG : SUZHOU
}

/** REGISTER-9: what the answers ask of somebody. Never read from a document's digits: what was answered decides. */
export function needOf(
  policy: RegistrationPolicy,
  said: { situation: z.infer<typeof Situation>; registeredHere: boolean },
): z.infer<typeof Need> {
  const group = policy.groups.find(
    ({ situation, registeredHere }) =>
      (situation === null || situation === said.situation) &&
      (registeredHere === null || registeredHere === said.registeredHere),
  )
  return group?.need ?? policy.others
}
