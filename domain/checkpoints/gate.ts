/** Gates (卡口): the closed words of kinds, lanes, verdicts and dispositions, and the policy of a site as data (GATE-2). */
import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

export const GATE_KINDS = ['road', 'estate', 'station', 'venue'] as const
export type GateKind = (typeof GATE_KINDS)[number]
export const GATE_KIND_SAY: Record<GateKind, Say> = {
  road: say('道路', 'road'),
  estate: say('小区', 'estate'),
  station: say('车站码头', 'station'),
  venue: say('公共场所', 'public place'),
}

export const DIRECTIONS = ['in', 'out'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** GATE-3: how somebody came through. `no_code` and `emergency` are open at every gate, whatever its policy says. */
export const LANES = ['code', 'paper', 'document', 'hardship', 'no_code', 'visitor', 'emergency'] as const
export type Lane = (typeof LANES)[number]
export const LANE_SAY: Record<Lane, Say> = {
  code: say('手机健康码', 'code on a phone'),
  paper: say('纸质码', 'paper code'),
  document: say('证件查码', 'code by identity document'),
  hardship: say('临时通行证', 'temporary pass'),
  no_code: say('无码通道', 'without a code'),
  visitor: say('访客登记', 'visitor'),
  emergency: say('紧急通行', 'emergency'),
}

export const GATE_COLOURS = ['red', 'yellow', 'green', 'pending'] as const
export type GateColour = (typeof GATE_COLOURS)[number]

/** What the check of a code came to; null in lanes without one. */
export const CHECKS = ['valid', 'by_hand', 'refused'] as const
export type Check = (typeof CHECKS)[number]

export const VERDICTS = ['admit', 'admit_with_temp', 'refuse_refer', 'hold_fever', 'emergency_pass'] as const
export type Verdict = (typeof VERDICTS)[number]
export const VERDICT_SAY: Record<Verdict, Say> = {
  admit: say('放行', 'Let pass'),
  admit_with_temp: say('测温正常，放行', 'Temperature normal, let pass'),
  refuse_refer: say('暂不放行，转送', 'Not yet: refer'),
  hold_fever: say('发热，先休息复测', 'Fever: rest, then measure again'),
  emergency_pass: say('紧急，立即放行', 'Emergency: let pass at once'),
}

/** GATE-7, Changzhou's four: what became of somebody who did not simply pass; `cleared` when the doubt was cleared at the gate. */
export const DISPOSITIONS = ['isolation_site', 'fever_clinic', 'grid', 'turned_back', 'cleared'] as const
export type GateDisposition = (typeof DISPOSITIONS)[number]
export const DISPOSITION_SAY: Record<GateDisposition, Say> = {
  isolation_site: say('送临时隔离点', 'To the temporary isolation site'),
  fever_clinic: say('送发热门诊', 'To the fever clinic'),
  grid: say('回家，推送社区网格', 'Home; told to the grid'),
  turned_back: say('劝返', 'Asked to turn back'),
  cleared: say('现场核实，放行', 'Cleared here, let pass'),
}

export const REFER_WHY = ['red', 'yellow', 'pending', 'fever', 'key_area', 'code_refused'] as const
export type ReferWhy = (typeof REFER_WHY)[number]
export const REFER_SAY: Record<ReferWhy, Say> = {
  red: say('红码', 'red code'),
  yellow: say('黄码', 'yellow code'),
  pending: say('绿码待定', 'pending code'),
  fever: say('复测仍发热', 'fever after rest'),
  key_area: say('到过重点地区', 'was in a key area'),
  code_refused: say('码不可用，身份不明', 'code not accepted, identity unclear'),
}

/** How a home here was proved on the spot (Changzhou: an identity card or a certificate of property, looked up there). */
export const HOME_PROOFS = ['document', 'property', 'lease', 'vouched'] as const

export const CALL_ROLES = ['ambulance', 'clinic', 'isolation', 'community', 'police', 'centre'] as const
export type CallRole = (typeof CALL_ROLES)[number]
export const CALL_SAY: Record<CallRole, Say> = {
  ambulance: say('急救', 'ambulance'),
  clinic: say('发热门诊', 'fever clinic'),
  isolation: say('隔离点', 'isolation site'),
  community: say('社区', 'community'),
  police: say('民警', 'police'),
  centre: say('网格中心', 'centre'),
}
const Call = z.strictObject({
  role: z.enum(CALL_ROLES),
  name: z.string().trim().min(1).max(60),
  phone: z.string().trim().min(3).max(30),
})
export type Call = z.infer<typeof Call>

const HOUR = 60
const DAY = 24 * HOUR
/** Case 72: a site may be offline for months; how old its list may be is the site's own decision, and the age is always shown. */
const MOST_AGE = 90 * DAY

/** GATE-2: a site's own rules, changed by its centre. No field closes the lane without a code or the emergency pass. */
export const GatePolicy = z.strictObject({
  /** The list of revoked codes may be this old, in minutes; an older one makes every code "check by hand" (`by_hand`). */
  listMaxAgeMin: z.int().min(15).max(MOST_AGE),
  whenListOld: z.enum(['by_hand', 'colour_and_age']),
  temperature: z.strictObject({
    ask: z.enum(['everyone', 'not_green', 'nobody']),
    /** Tenths of a degree. */
    threshold: z.int().min(370).max(380),
    /** Minutes of rest before a fever is measured again. */
    restMin: z.int().min(1).max(30),
    restMax: z.int().min(1).max(60),
  }),
  direction: z.enum(['in', 'out', 'both']),
  visitors: z.boolean(),
  vehicles: z.boolean(),
  /** Whether the gate has a reader of identity cards; typing a number is always possible. */
  reader: z.boolean(),
  /** What a valid code of the colour gives. Red always refers and green always passes. */
  yellow: z.enum(['refuse_refer', 'admit_with_temp']),
  pending: z.enum(['refuse_refer', 'admit_with_temp']),
  /** Whether "turned back" is offered at all; never at an estate (GATE-7). */
  turnBack: z.boolean(),
  call: z.array(Call).max(12),
})
export type GatePolicy = z.infer<typeof GatePolicy>

export function usualPolicy(kind: GateKind): GatePolicy {
  return {
    listMaxAgeMin: DAY,
    whenListOld: 'by_hand',
    temperature: { ask: 'everyone', threshold: 373, restMin: 5, restMax: 10 },
    direction: kind === 'estate' ? 'both' : 'in',
    visitors: kind === 'estate',
    vehicles: kind !== 'venue',
    reader: false,
    yellow: 'refuse_refer',
    pending: 'admit_with_temp',
    turnBack: false,
    call: [{ role: 'ambulance', name: '120', phone: '120' }],
  }
}

/** GATE-12: a passage is kept this many days. */
export const KEEP_DAYS = 14
