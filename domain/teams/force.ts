/** Forces: the closed words of people, organisations, skills and kit, and the hours that somebody can give. */
import { dayOf, daysBetween, secondOfDay } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

export const FORCE_KINDS = ['volunteer', 'property', 'enterprise', 'department', 'other'] as const
export type ForceKind = (typeof FORCE_KINDS)[number]
export const FORCE_SAY: Record<ForceKind, Say> = {
  volunteer: say('志愿者', 'volunteer'),
  property: say('物业人员', 'property staff'),
  enterprise: say('企业人员', 'company staff'),
  department: say('机关人员', 'department staff'),
  other: say('其他', 'other'),
}

export const ORG_KINDS = ['volunteer_group', 'property', 'enterprise', 'department', 'other'] as const
export const BODIES = ['court', 'procuratorate', 'police', 'department', 'enterprise'] as const
export type Body = (typeof BODIES)[number]

/** FORCE-2: skills from this list only, so that they can be searched; the first two feed the ranking of services (SERV-5). */
export const SKILLS = [
  'medical',
  'psychological',
  'nursing',
  'driving',
  'delivery',
  'cooking',
  'repairs',
  'disinfection',
  'childcare',
  'elder_care',
  'sign_language',
  'translation',
  'teaching',
  'computers',
  'guarding',
] as const
export type Skill = (typeof SKILLS)[number]
export const SKILL_SAY: Record<Skill, Say> = {
  medical: say('医疗', 'medical'),
  psychological: say('心理', 'psychological'),
  nursing: say('护理', 'nursing'),
  driving: say('驾驶', 'driving'),
  delivery: say('配送', 'delivery'),
  cooking: say('做饭', 'cooking'),
  repairs: say('维修', 'repairs'),
  disinfection: say('消杀', 'disinfection'),
  childcare: say('看护儿童', 'childcare'),
  elder_care: say('照顾老人', 'elder care'),
  sign_language: say('手语', 'sign language'),
  translation: say('翻译', 'translation'),
  teaching: say('辅导', 'teaching'),
  computers: say('电脑', 'computers'),
  guarding: say('值守', 'guarding'),
}

export const POST_KINDS = ['gate', 'patrol', 'desk'] as const
export type PostKind = (typeof POST_KINDS)[number]

/** Kit by piece. FORCE-9: what somebody needs before a red door, given within so many days. */
export const KIT = ['mask', 'gloves', 'gown', 'shield', 'suit', 'sanitiser', 'thermometer'] as const
export type Kit = (typeof KIT)[number]
export const KIT_FOR_RED: readonly Kit[] = ['mask', 'gloves', 'gown', 'shield']
export const KIT_DAYS = 14
export const KIT_SAY: Record<Kit, Say> = {
  mask: say('口罩', 'masks'),
  gloves: say('手套', 'gloves'),
  gown: say('隔离衣', 'gowns'),
  shield: say('面屏', 'face shields'),
  suit: say('防护服', 'suits'),
  sanitiser: say('消毒液', 'sanitiser'),
  thermometer: say('体温计', 'thermometers'),
}

/** A span of local time on a weekday, Monday 1 to Sunday 7; `to` may be 24:00. */
export type Hours = { day: number; from: string; to: string }

const MONDAY = '2020-01-06'
const DAY_MINUTES = 1440

export function weekdayOf(day: string): number {
  return ((((daysBetween(MONDAY, day) % 7) + 7) % 7) + 1) satisfies number
}

function minuteOf(text: string): number {
  const [hour = '0', minute = '0'] = text.split(':')
  return Number(hour) * 60 + Number(minute)
}

/** Joined spans of one weekday, so that 8 to 12 and 12 to 18 hold 9 to 17. */
function spansOn(hours: readonly Hours[], weekday: number): [number, number][] {
  const spans = hours
    .filter((one) => one.day === weekday)
    .map((one): [number, number] => [minuteOf(one.from), minuteOf(one.to)])
    .toSorted((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1])
    else joined.push([...span])
  }
  return joined
}

/**
 * Whether a shift lies inside the hours that somebody gave, also over midnight; who named none can be asked at any hour. By wall
 * clock, so that 9 to 17 stays 9 to 17 on the day on which clocks change.
 */
export function fitsHours(hours: readonly Hours[], starts: Date, ends: Date, zone: string): boolean {
  if (hours.length === 0) return true
  const first = dayOf(starts, zone)
  const days = daysBetween(first, dayOf(ends, zone))
  const end = days * DAY_MINUTES + Math.ceil(secondOfDay(ends, zone) / 60)
  for (let day = 0, at = Math.floor(secondOfDay(starts, zone) / 60); at < end; day++) {
    const base = day * DAY_MINUTES
    const spans = spansOn(hours, ((weekdayOf(first) - 1 + day) % 7) + 1)
    const here = spans.find(([from, to]) => base + from <= at && at < base + to)
    if (!here) return false
    at = base + here[1]
    if (at < end && at < base + DAY_MINUTES) return false
  }
  return true
}

/** Hours of a list: `周一 08:00-12:00；周六 00:00-24:00`, `1-5 18:00-21:00`, days by number or name. Null: not understood. */
export function readHours(text: string): Hours[] | null {
  const parts = text
    .normalize('NFKC')
    .split(/[;\n、]/u)
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const hours: Hours[] = []
  for (const part of parts) {
    const found = /^(.+?)\s*(\d{1,2}):(\d{2})\s*[-–~至到]\s*(\d{1,2}):(\d{2})$/u.exec(part)
    const days = found?.[1] === undefined ? null : readDays(found[1])
    if (!found || days === null) return null
    const [fh, fm, th, tm] = found.slice(2).map(Number)
    const from = (fh ?? 0) * 60 + (fm ?? 0)
    const to = (th ?? 0) * 60 + (tm ?? 0)
    if ((fm ?? 0) > 59 || (tm ?? 0) > 59 || to > DAY_MINUTES || from >= to) return null
    const word = (n: number): string =>
      `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`
    for (const day of days) hours.push({ day, from: word(from), to: word(to) })
  }
  return hours
}

const DAY_NAMES = new Map<string, number>(
  [
    ['一', 'mon', '1'],
    ['二', 'tue', '2'],
    ['三', 'wed', '3'],
    ['四', 'thu', '4'],
    ['五', 'fri', '5'],
    ['六', 'sat', '6'],
    ['日', 'sun', '7'],
  ].flatMap((names, i) => names.map((name): [string, number] => [name, i + 1])),
)
DAY_NAMES.set('天', 7)

function dayNamed(text: string): number | null {
  return (
    DAY_NAMES.get(
      text
        .trim()
        .toLowerCase()
        .replace(/^(周|星期|礼拜)/u, '')
        .slice(0, 3),
    ) ?? null
  )
}

function readDays(text: string): number[] | null {
  if (/^(每天|每日|daily|every day)$/iu.test(text.trim())) return [1, 2, 3, 4, 5, 6, 7]
  const span = text.split(/[-–~至到]/u)
  const from = dayNamed(span[0] ?? '')
  const to = span.length === 1 ? from : dayNamed(span[1] ?? '')
  if (span.length > 2 || from === null || to === null || from > to) return null
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** Skills of a cell by key or by either name; the first that is not in the list otherwise. */
export function readSkills(text: string): { skills: Skill[] } | { unknown: string } {
  const skills = new Set<Skill>()
  for (const word of text.normalize('NFKC').split(/[、;,|/]/u)) {
    const name = word.trim().toLowerCase()
    if (name === '') continue
    const found = SKILLS.find(
      (skill) => skill === name.replaceAll(' ', '_') || SKILL_SAY[skill].zh === name || SKILL_SAY[skill].en === name,
    )
    if (!found) return { unknown: word.trim() }
    skills.add(found)
  }
  return { skills: SKILLS.filter((skill) => skills.has(skill)) }
}
