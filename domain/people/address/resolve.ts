/**
 * Address text to area, as far as it is certain and no further (rules ADDR-1 to ADDR-9, docs/rules/address.md).
 *
 * Every reading of every name is a token; a path is a choice of tokens that do not overlap and whose areas lie within each
 * other, in whatever order they are written. The path with the most weight is the address; where another path that names
 * another place weighs nearly as much, only the area that holds both is certain.
 */
import { contains, levelOf } from '../../areas/code.ts'
import type { AreaCode, AreaLevel } from '../../areas/code.ts'
import { isZoneCode } from '../../areas/kind.ts'
import { isDirectlyBelow } from './gazetteer.ts'
import type { Gazetteer } from './gazetteer.ts'
import { findTokens } from './match.ts'
import type { Token } from './match.ts'
import { normalise } from './normalise.ts'
import type { Normal } from './normalise.ts'
import { parseRest } from './parse.ts'
import type { Rest } from './parse.ts'

/** ADDR-3: from this certainty on (of 100) an area is claimed. */
export const CERTAIN = 80

export type Certainty = { level: AreaLevel; code: AreaCode; certainty: number }

export type Resolved = {
  /** The finest area that is certain; null when none is. */
  code: AreaCode | null
  level: AreaLevel | null
  /** One line per level from the province down, also those that are not certain enough to be claimed. */
  levels: Certainty[]
  /** Certainty of `code`, 0 to 100; 0 without one. */
  score: number
  /** Where the case waits when `code` says less than the prior: the prior itself, or null without one. */
  fallback: AreaCode | null
  rest: Rest
  /** Each decision as "RULE what arguments…"; explain.ts makes sentences of them. */
  how: string[]
}

type Step = { token: Token; code: AreaCode; twist: 'none' | 'zone' | 'quasi' | 'above'; before: Step | null }
type State = { code: AreaCode; weight: number; end: number; last: Step | null }

const START: State = { code: '', weight: 0, end: 0, last: null }
/** Paths kept at any time; real addresses need fewer than ten. */
const MAX_STATES = 48
/** A second reading within this share of the best one makes the address ambiguous (ADDR-5). */
const RIVAL = 0.8

function isQuasiTown(code: AreaCode): boolean {
  return code.length >= 9 && (code[6] === '4' || code[6] === '5')
}

/**
 * What a state becomes when a token's area is taken, or null when they exclude each other. Zones and quasi towns lie over
 * official areas: 云龙区…大庙街道 is in the zone, 江宁开发区…百家湖社区 in a street (ADDR-6).
 */
function join(from: AreaCode, code: AreaCode): { code: AreaCode; twist: Step['twist'] } | null {
  if (contains(from, code)) return { code, twist: 'none' }
  if (contains(code, from)) return { code: from, twist: 'above' }
  if (from.slice(0, 4) !== code.slice(0, 4)) return null
  if (from.length === 6 && isZoneCode(code) && code.length > 6) return { code, twist: 'zone' }
  if (isZoneCode(from) && from.length > 6 && code.length === 6) return { code: from, twist: 'zone' }
  if (isZoneCode(from) && from.length === 6 && code.length > 6) return { code, twist: 'quasi' }
  if (from.slice(0, 6) !== code.slice(0, 6)) return null
  if (from.length === 9 && isQuasiTown(from) && code.length === 12) return { code, twist: 'quasi' }
  if (code.length === 9 && isQuasiTown(code) && from.length === 12) return { code: from, twist: 'quasi' }
  return null
}

/** Does the place in the text allow this reading, given what was read before it? */
function allowed(state: State, token: Token, code: AreaCode, ctx: Context): boolean {
  const { form, level } = token.group
  const adjacent = token.edge || (state.last !== null && state.end === token.start)
  if (form === 'under') return adjacent && state.end === token.start && isDirectlyBelow(code, state.code)
  if (form === 'short' || form === 'street') {
    if (!adjacent) return false
    // Far counties are known by their short name only behind the name of what they lie in.
    if (level === 3 && !code.startsWith(ctx.home)) return state.code !== '' && contains(state.code, code)
    if (level === 4) return state.code.length >= 4 || (ctx.prior.length >= 4 && contains(ctx.prior, code))
    return true
  }
  if (level === 3 && !code.startsWith(ctx.home)) {
    const length = token.end - token.start
    return length > 2 ? adjacent : state.code !== '' && contains(state.code, code)
  }
  // A short stem in the middle of a word (新城花园社区) is no village unless the name of an area ends just before it.
  if (form === 'base') return token.end - token.start >= 5 || adjacent
  return true
}

type Context = { home: string; prior: AreaCode }

function extend(states: State[], token: Token, ctx: Context): void {
  const before = states.length
  for (let i = 0; i < before; i++) {
    const state = states[i]
    if (state === undefined || state.end > token.start) continue
    for (const code of token.group.codes) {
      if (token.group.codes.length > 30 && state.code === '' && !contains(ctx.prior, code)) continue
      const joined = join(state.code, code)
      if (joined === null || !allowed(state, token, code, ctx)) continue
      const repeated = joined.twist === 'above' && (code === state.code || namedAlready(state.last, code))
      const weight =
        state.weight +
        (repeated ? 0.5 : token.weight * (joined.twist === 'zone' || joined.twist === 'quasi' ? 0.85 : 1))
      keep(states, {
        code: joined.code,
        weight,
        end: token.end,
        last: { token, code, twist: joined.twist, before: state.last },
      })
    }
  }
}

function namedAlready(step: Step | null, code: AreaCode): boolean {
  for (let s = step; s !== null; s = s.before) if (s.code === code) return true
  return false
}

/** Of two paths to one area that end at one place the heavier stays. */
function keep(states: State[], state: State): void {
  for (let i = 0; i < states.length; i++) {
    const other = states[i]
    if (other === undefined || other.code !== state.code || other.end !== state.end) continue
    if (other.weight < state.weight) states[i] = state
    return
  }
  if (states.length < MAX_STATES) states.push(state)
}

function sameTokens(a: Step | null, b: Step | null): boolean {
  let x = a
  let y = b
  while (x !== null && y !== null) {
    if (x.token.start !== y.token.start || x.token.end !== y.token.end) return false
    x = x.before
    y = y.before
  }
  return x === y
}

function nested(a: AreaCode, b: AreaCode): boolean {
  return contains(a, b) || contains(b, a)
}

/** The longest area that holds both, cut to a real level. */
export function commonArea(a: AreaCode, b: AreaCode): AreaCode {
  let n = 0
  while (n < a.length && n < b.length && a[n] === b[n]) n++
  for (const length of [18, 15, 12, 9, 6, 4, 2]) if (length <= n) return a.slice(0, length)
  return ''
}

/** How near an area lies to the prior: inside it, in its county, its city, its province, elsewhere. */
function nearness(code: AreaCode, prior: AreaCode, level: AreaLevel): number {
  if (prior === '') return 0
  if (contains(prior, code) || contains(code, prior)) return 4
  const common = commonArea(code, prior).length
  // A namesake county of one's own city is meant; a namesake village of the next county need not be.
  return level <= 3 ? (common >= 4 ? 3 : common >= 2 ? 2 : 0) : common >= 6 ? 3 : 0
}

/** 施井社区 and 施井村 in one street: the word behind the stem tells them apart. */
function otherKind(rival: State, top: State): boolean {
  if (rival.code.length !== 12 || rival.code.slice(0, 9) !== top.code.slice(0, 9)) return false
  return villageBehind(rival.last) === 'other' && villageBehind(top.last) === 'same'
}

function villageBehind(last: Step | null): Token['behind'] {
  for (let s = last; s !== null; s = s.before) if (s.token.behind !== null) return s.token.behind
  return null
}

type Choice = { state: State; code: AreaCode; rival: boolean; byPrior: boolean; how: string[] }

function choose(states: State[], ctx: Context): Choice | null {
  let best: State | null = null
  for (const s of states)
    if (
      s.last !== null &&
      (best === null || s.weight > best.weight || (s.weight === best.weight && s.code < best.code))
    )
      best = s
  if (best === null) return null
  const top = best
  let rivals = states.filter(
    (s) => s.last !== null && s.weight >= top.weight * RIVAL && !nested(s.code, top.code) && !otherKind(s, top),
  )
  const how: string[] = []
  let byPrior = false
  let chosen = top
  const namesakes = rivals.filter((s) => sameTokens(s.last, top.last))
  if (namesakes.length > 0 && ctx.prior !== '') {
    const near = (s: State) => nearness(s.code, ctx.prior, levelOf(s.code))
    const max = Math.max(...[top, ...namesakes].map(near))
    const nearest = [top, ...namesakes].filter((s) => near(s) === max)
    if (max > 0 && nearest.length <= namesakes.length) {
      chosen = nearest[0] ?? top
      byPrior = true
      how.push(`ADDR-3 prior ${ctx.prior} ${chosen.code}`)
      rivals = [...nearest.slice(1), ...rivals.filter((s) => !namesakes.includes(s) && !nested(s.code, chosen.code))]
    }
  }
  let code = chosen.code
  for (const r of rivals) code = commonArea(code, r.code)
  if (rivals.length > 0)
    how.push(
      `ADDR-5 ambiguous ${[chosen, ...rivals]
        .slice(0, 5)
        .map((s) => s.code)
        .join(' ')}`,
    )
  return { state: chosen, code, rival: rivals.length > 0, byPrior, how }
}

/**
 * ADDR-5: a city or county that is named and cannot hold the chosen place speaks against it (昆山…, then a town that only
 * another county has). Certain is what holds both, or the named one when it is the reader's own.
 */
function withoutContradiction(choice: Choice, tokens: readonly Token[], ctx: Context): Choice {
  const steps = stepsOf(choice.state.last)
  for (const t of tokens) {
    const { level, form, codes } = t.group
    const speaks =
      level === 2 || level === 3
        ? form === 'full' || form === 'old'
          ? t.edge
          : form === 'short' && t.start === 0
        : false
    if (!speaks || steps.some((s) => s.token.start < t.end && t.start < s.token.end)) continue
    if (codes.some((c) => join(choice.state.code, c) !== null)) continue
    // Of namesakes only those count that lie where the text says; otherwise it may be any of them.
    const frame = steps.reduce(
      (finest, s) => (s.code.length <= 4 && s.code.length > finest.length ? s.code : finest),
      '',
    )
    const framed = codes.filter((c) => contains(frame, c))
    const meant = framed.length > 0 ? framed : codes
    // The reader's own county outweighs the lone name of a town, not another county or city that is named.
    const lone = !steps.some((s) => s.code.length === 4 || s.code.length === 6)
    const own = lone ? meant.find((c) => ctx.prior !== '' && nested(c, ctx.prior)) : undefined
    const code = own ?? meant.reduce((held, c) => commonArea(held, c), choice.code)
    return {
      ...choice,
      code,
      rival: true,
      how: [...choice.how, `ADDR-5 contradicts ${t.group.codes[0] ?? ''} ${code}`],
    }
  }
  return choice
}

const CERTAINTY_OF_FORM = {
  full: 99,
  variant: 93,
  old: 95,
  other: 93,
  short: 90,
  base: 96,
  under: 91,
  street: 86,
} as const

function certaintyOf(step: Step, byPrior: boolean): number {
  let c: number = CERTAINTY_OF_FORM[step.token.group.form]
  if (step.token.behind === 'other') c -= 6
  if (step.token.behind === 'group') c -= 12
  if (step.twist === 'zone' || step.twist === 'quasi') c -= 5
  return byPrior ? c - 7 : c
}

function stepsOf(last: Step | null): Step[] {
  const steps: Step[] = []
  for (let s = last; s !== null; s = s.before) steps.push(s)
  return steps.reverse()
}

function isShortTown({ token }: Step): boolean {
  return token.group.level === 4 && (token.group.form === 'short' || token.group.form === 'street')
}

/** ADDR-4: a town's short name is taken when a village of it follows, or nothing that could make it part of a longer name. */
function shortTownHolds(step: Step, steps: readonly Step[], n: Normal): boolean {
  if (steps.some((s) => s.code.length === 12 && contains(step.code, s.code))) return true
  if (step.token.group.form === 'street') return false
  const end = step.token.end
  const next = n.text.charCodeAt(end)
  return end === n.text.length || n.breaks[end] === 1 || (next >= 48 && next <= 57)
}

/** ADDR-3: towns and villages are known only in the home province, so a bare name needs something that places it. */
function isPlaced(code: AreaCode, steps: readonly Step[], prior: AreaCode): boolean {
  if (code.length <= 6) return true
  if (prior.length >= 4 && contains(prior, code)) return true
  const named = (length: number) => steps.some((s) => s.code.length === length && s.token.group.form !== 'street')
  if (named(4) || named(6)) return true
  if (code.length === 9 || named(9)) {
    const town = steps.find((s) => s.code.length === 9)
    const whole = town !== undefined && town.token.group.form !== 'short' && town.token.end - town.token.start >= 4
    return whole && (named(2) || named(12) || prior.startsWith(code.slice(0, 2)))
  }
  return named(2)
}

export type ResolveInput = { text: string; prior?: AreaCode | null | undefined }

/**
 * Resolves one address. `prior` is the area where the reader would look first (the home county of the feed or of the user);
 * it decides between namesakes and never adds what the text does not name.
 */
export function resolveAddress(input: ResolveInput, gazetteer: Gazetteer): Resolved {
  const n = normalise(input.text)
  const prior = input.prior ?? ''
  const given = resolveFrom(prior, n, gazetteer)
  if (prior === '' || given.code === null) return given
  // ADDR-3: what the text says by itself stands; the prior may make it finer or less certain, and never another place.
  const alone = resolveFrom('', n, gazetteer)
  if (alone.code === null || nested(alone.code, given.code)) return given
  return { ...alone, fallback: waitsAt(alone.code, prior), how: [...alone.how, `ADDR-3 alone ${prior} ${given.code}`] }
}

function resolveFrom(prior: AreaCode, n: Normal, gazetteer: Gazetteer): Resolved {
  const ctx: Context = { home: gazetteer.home, prior }
  const first = read(n, ctx, gazetteer)
  const mended = first.resolved.level === 3 ? mendTown(n, first, gazetteer) : null
  if (mended === null) return first.resolved
  const again = read(mended.normal, ctx, gazetteer).resolved
  return again.code !== null && contains(mended.town, again.code) ? lessCertain(again, mended) : first.resolved
}

function pathsOf(tokens: readonly Token[], ctx: Context): State[] {
  const states: State[] = [START]
  for (const token of tokens) extend(states, token, ctx)
  return states
}

/** ADDR-4: a short town's name that is a road after all, with no county named beside it that it could lie in. */
function loneRoad(choice: Choice | null, n: Normal): Step | null {
  if (choice === null) return null
  const steps = stepsOf(choice.state.last)
  const lone = (step: Step) =>
    isShortTown(step) && !shortTownHolds(step, steps, n) && !steps.some((s) => s.code === step.code.slice(0, 6))
  return steps.find(lone) ?? null
}

type Reading = { resolved: Resolved; countyEnd: number }

function read(n: Normal, ctx: Context, gazetteer: Gazetteer): Reading {
  let tokens = findTokens(n, gazetteer)
  let choice = choose(pathsOf(tokens, ctx), ctx)
  // A road that is called like a town far away must not outweigh the county that is written: it is taken out, and what is
  // left is read anew. Each round takes one away, so there are no more rounds than tokens.
  for (let road = loneRoad(choice, n); road !== null; road = loneRoad(choice, n)) {
    const { token } = road
    tokens = tokens.filter((t) => t !== token)
    choice = choose(pathsOf(tokens, ctx), ctx)
  }
  if (choice === null) return { resolved: nothing(n, ctx), countyEnd: -1 }
  const county = stepsOf(choice.state.last).find((s) => s.code.length === 6)
  return {
    resolved: conclude(withoutContradiction(choice, tokens, ctx), n, ctx, gazetteer),
    countyEnd: county?.token.end ?? -1,
  }
}

/** What a town with one wrong character is worth: certain enough to be claimed, little enough to be seen. */
const MENDED = 84
const NEAR_TOWN = /^([\u4e00-\u9fff]{2,6}?)(街道|镇|乡)/

type Mended = { normal: Normal; town: AreaCode; from: string; to: string }

/**
 * ADDR-10: directly behind its county, a town whose name of three characters or more has one that is wrong, missing or too
 * many is that town, when no other town of the county is as near.
 */
function mendTown(n: Normal, first: Reading, gazetteer: Gazetteer): Mended | null {
  const { code } = first.resolved
  if (code === null || first.countyEnd < 0) return null
  const m = NEAR_TOWN.exec(n.text.slice(first.countyEnd, first.countyEnd + 8))
  const stem = m?.[1]
  if (m === null || stem === undefined) return null
  const near = (gazetteer.towns.get(code) ?? []).filter((t) => t.stem.length >= 3 && oneEditApart(t.stem, stem))
  const [town] = near
  if (near.length !== 1 || town === undefined) return null
  const text = n.text.slice(0, first.countyEnd) + town.name + n.text.slice(first.countyEnd + m[0].length)
  // Breaks behind the town move with the text; its own length is all that changed.
  const breaks = new Uint8Array(text.length + 1)
  const shift = text.length - n.text.length
  for (let i = 0; i <= n.text.length; i++)
    if (n.breaks[i] === 1) breaks[i <= first.countyEnd ? i : Math.max(first.countyEnd, i + shift)] = 1
  return { normal: { text, breaks }, town: town.code, from: m[0], to: town.name }
}

/** One character replaced, missing or too many; equal texts are not apart. */
function oneEditApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  let i = 0
  while (i < short.length && short[i] === long[i]) i++
  return short.length === long.length ? short.slice(i + 1) === long.slice(i + 1) : short.slice(i) === long.slice(i + 1)
}

function lessCertain(resolved: Resolved, mended: Mended): Resolved {
  const levels = resolved.levels.map((l) => (l.level > 3 ? { ...l, certainty: Math.min(l.certainty, MENDED) } : l))
  return {
    ...resolved,
    levels,
    score: Math.min(resolved.score, MENDED),
    how: [...resolved.how, `ADDR-10 mended ${mended.from} ${mended.to}`],
  }
}

function nothing(n: Normal, ctx: Context): Resolved {
  const how = ['ADDR-3 nothing']
  return {
    code: null,
    level: null,
    levels: [],
    score: 0,
    fallback: waitsAt(null, ctx.prior),
    rest: parseRest(n.text),
    how,
  }
}

function conclude(choice: Choice, n: Normal, ctx: Context, gazetteer: Gazetteer): Resolved {
  const steps = stepsOf(choice.state.last)
  const how: string[] = []
  const used: Token[] = []
  let code = choice.code
  for (const step of steps) {
    if (isShortTown(step) && !shortTownHolds(step, steps, n)) {
      how.push(`ADDR-4 short ${step.code} ${nameOf(step.code, gazetteer)}`)
      if (code.startsWith(step.code)) code = step.code.slice(0, 6)
      continue
    }
    used.push(step.token)
    how.push(`ADDR-2 named ${step.code} ${nameOf(step.code, gazetteer)} ${step.token.behind ?? step.token.group.form}`)
    if (step.twist === 'zone' || step.twist === 'quasi') how.push(`ADDR-6 ${step.twist} ${step.code}`)
  }
  how.push(...choice.how)
  // Namesakes that nothing places do not make their common province certain either: others may lie outside it.
  if (choice.rival && !isPlaced(choice.state.code, steps, ctx.prior) && !steps.some((s) => s.code.length <= 6))
    code = ''
  while (code.length > 6 && !isPlaced(code, steps, ctx.prior)) {
    how.push(`ADDR-3 unplaced ${code}`)
    code = code.length > 9 ? code.slice(0, 9) : ''
  }
  const levels = certainties(code, steps, choice)
  const certain = levels.findLast((l) => l.certainty >= CERTAIN)
  return {
    code: certain?.code ?? null,
    level: certain?.level ?? null,
    levels,
    score: certain?.certainty ?? 0,
    fallback: waitsAt(certain?.code ?? null, ctx.prior),
    rest: parseRest(uncovered(n, used)),
    how,
  }
}

/** The prior, when what is certain says less than it. */
function waitsAt(code: AreaCode | null, prior: AreaCode): AreaCode | null {
  return prior !== '' && (code === null || (contains(code, prior) && code !== prior)) ? prior : null
}

function nameOf(code: AreaCode, gazetteer: Gazetteer): string {
  return gazetteer.names.get(code) ?? code
}

/** A level that is named carries its own certainty; one that is implied carries that of the finer one that implies it. */
function certainties(code: AreaCode, steps: readonly Step[], choice: Choice): Certainty[] {
  const levels: Certainty[] = []
  let finest = 0
  for (const length of [12, 9, 6, 4, 2]) {
    if (length > code.length) continue
    const area = code.slice(0, length)
    const step = steps.find((s) => s.code === area)
    const byPrior = choice.byPrior && length === choice.state.code.length
    const own = step === undefined ? 0 : certaintyOf(step, byPrior)
    const certainty = Math.max(own, finest, own === 0 && finest === 0 ? 90 : 0)
    finest = certainty
    levels.push({ level: levelOf(area), code: area, certainty })
  }
  return levels.reverse()
}

/** What no name of an area covers, in order; the pieces are the street, the house and the door. */
function uncovered(n: Normal, used: readonly Token[]): string {
  let out = ''
  let at = 0
  for (const token of used) {
    out += n.text.slice(at, token.start)
    at = token.end
  }
  return out + n.text.slice(at)
}
