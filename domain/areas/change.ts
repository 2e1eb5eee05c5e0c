/**
 * What a split, merge, rename or move does to the hierarchy (AREA-5 to AREA-9): which codes end, which begin, what succeeds
 * what. Pure; the server reads what it asks for and writes what it says.
 */
import type { ChangePlan, MergePlan, MovePlan, RenamePlan, Share, SplitPlan } from './api.ts'
import { contains, levelOf, parentOf, pathOf } from './code.ts'
import type { AreaCode } from './code.ts'
import {
  badRest,
  badTarget,
  codeElsewhere,
  codeTaken,
  levelFixed,
  noCodeLeft,
  noSuchArea,
  notSiblings,
  partOverlaps,
  sameName,
  shareOutside,
} from './problems.ts'

export type Known = {
  code: AreaCode
  parent: AreaCode | null
  level: number
  name: string
  kind: string
  households: number | null
}

/** What must be known of the present: the areas of the plan with everything below them, and the codes used below parents. */
export type Look = {
  get: (code: AreaCode) => Known | undefined
  /** Everything inside, without the area itself, in order of code. */
  below: (code: AreaCode) => readonly Known[]
  /** Codes ever used directly below a parent. */
  used: (parent: AreaCode) => ReadonlySet<AreaCode>
}

export type Decision = {
  /** The plan with every code filled in. */
  plan: ChangePlan
  /** Where the change lies: the lowest area that holds everything it touches. */
  area: AreaCode
  ends: Known[]
  begins: Known[]
  /** Areas that go on under another name or size, in a new version. */
  renewed: Known[]
  successors: { code: AreaCode; successor: AreaCode }[]
}

/** Codes of plans, for reading what `Look` needs. */
export function subjectsOf(plan: ChangePlan): { areas: AreaCode[]; parents: AreaCode[] } {
  const parents = (codes: AreaCode[]) => codes.flatMap((c) => parentOf(c) ?? [])
  switch (plan.kind) {
    case 'split':
      return { areas: [plan.code], parents: parents([plan.code]) }
    case 'merge':
      return { areas: plan.codes, parents: [...parents(plan.codes), ...(plan.into === undefined ? [] : [plan.into])] }
    case 'rename':
      return { areas: [plan.code], parents: [] }
    case 'move':
      return { areas: [plan.code, plan.to], parents: [plan.to] }
  }
}

/** @throws problems AREA-1, AREA-5 to AREA-9 */
export function decideChange(plan: ChangePlan, look: Look): Decision {
  switch (plan.kind) {
    case 'split':
      return decideSplit(plan, look)
    case 'merge':
      return decideMerge(plan, look)
    case 'rename':
      return decideRename(plan, look)
    case 'move':
      return decideMove(plan, look)
  }
}

function subject(code: AreaCode, look: Look): Known {
  const found = look.get(code)
  if (!found) throw noSuchArea({ code })
  if (found.level < 4) throw levelFixed({ level: found.level })
  return found
}

/** Gives codes below a parent: the wished one when it is free, otherwise the next after the highest used. */
function coder(parent: AreaCode, look: Look): (wish?: AreaCode) => AreaCode {
  const used = new Set(look.used(parent))
  return (wish) => {
    if (wish !== undefined) {
      if (parentOf(wish) !== parent) throw codeElsewhere({ code: wish, parent })
      if (used.has(wish)) throw codeTaken({ code: wish })
      used.add(wish)
      return wish
    }
    const highest = Math.max(0, ...Array.from(used, (c) => Number(c.slice(-3))))
    if (highest < 999) {
      const next = `${parent}${String(highest + 1).padStart(3, '0')}`
      used.add(next)
      return next
    }
    for (let n = 1; n <= 999; n++) {
      const code = `${parent}${String(n).padStart(3, '0')}`
      if (used.has(code)) continue
      used.add(code)
      return code
    }
    throw noCodeLeft({ parent })
  }
}

function recoded(known: Known, from: AreaCode, to: AreaCode): Known {
  const code = to + known.code.slice(from.length)
  return { ...known, code, parent: parentOf(code) }
}

/** An area and everything below it under a new code. */
function carry(root: Known, to: AreaCode, look: Look, decision: Decision): void {
  for (const old of [root, ...look.below(root.code)]) {
    const fresh = recoded(old, root.code, to)
    decision.ends.push(old)
    decision.begins.push(fresh)
    decision.successors.push({ code: old.code, successor: fresh.code })
  }
}

function decideSplit(plan: SplitPlan, look: Look): Decision {
  const old = subject(plan.code, look)
  const parent = old.parent ?? ''
  if (plan.rest >= plan.parts.length) throw badRest({ rest: plan.rest })
  const give = coder(parent, look)
  const parts = plan.parts.map((part) => ({ ...part, code: give(part.code) }))
  const decision: Decision = {
    plan: { ...plan, parts },
    area: parent,
    ends: [old],
    begins: [],
    renewed: [],
    successors: [],
  }
  const owner = ownersOf(plan, look)
  for (const part of parts) {
    decision.begins.push({
      code: part.code,
      parent,
      level: old.level,
      name: part.name,
      kind: part.kind ?? old.kind,
      households: part.households ?? null,
    })
    decision.successors.push({ code: old.code, successor: part.code })
  }
  for (const child of look.below(old.code).filter((c) => c.parent === old.code)) {
    const part = parts[owner.get(child.code) ?? plan.rest]
    if (part !== undefined) carry(child, part.code + child.code.slice(old.code.length), look, decision)
  }
  return decision
}

/** Which part each area directly below goes to; nothing may be given twice. */
function ownersOf(plan: SplitPlan, look: Look): Map<AreaCode, number> {
  const owner = new Map<AreaCode, number>()
  const seen = new Set<string>()
  const once = (what: string) => {
    if (seen.has(what)) throw partOverlaps({ what })
    seen.add(what)
  }
  const children = new Set(look.below(plan.code).flatMap((c) => (c.parent === plan.code ? [c.code] : [])))
  plan.parts.forEach((part, i) => {
    for (const code of part.share.areas) {
      if (!children.has(code)) throw shareOutside({ what: code, code: plan.code })
      once(code)
      owner.set(code, i)
    }
    for (const b of part.share.buildings) once(`${b.estate ?? ''} ${b.building ?? ''}`)
    for (const id of part.share.households) once(id)
  })
  return owner
}

function decideMerge(plan: MergePlan, look: Look): Decision {
  const codes = [...new Set(plan.codes)]
  const olds = codes.map((c) => subject(c, look))
  const parent = olds[0]?.parent ?? ''
  if (codes.length < 2 || olds.some((o) => o.parent !== parent)) throw notSiblings({ codes })
  const goesOn = olds.find((o) => o.code === plan.into)
  const into = goesOn?.code ?? coder(parent, look)(plan.into)
  const households = plan.households ?? sumOf(olds)
  const decision: Decision = {
    plan: { ...plan, codes, into },
    area: parent,
    ends: [],
    begins: [],
    renewed: [],
    successors: [],
  }
  const merged: Known = {
    code: into,
    parent,
    level: olds[0]?.level ?? levelOf(into),
    name: plan.name,
    kind: (goesOn ?? olds[0])?.kind ?? 'official',
    households,
  }
  if (goesOn) decision.renewed.push(merged)
  else decision.begins.push(merged)
  const give = coder(into, look)
  for (const old of olds) {
    if (old.code === into) continue
    decision.ends.push(old)
    decision.successors.push({ code: old.code, successor: into })
  }
  for (const old of olds) {
    if (old.code === into) continue
    for (const child of look.below(old.code).filter((c) => c.parent === old.code)) carry(child, give(), look, decision)
  }
  return decision
}

function sumOf(areas: readonly Known[]): number | null {
  return areas.some((a) => a.households === null) ? null : areas.reduce((n, a) => n + (a.households ?? 0), 0)
}

function decideRename(plan: RenamePlan, look: Look): Decision {
  const old = subject(plan.code, look)
  if (old.name === plan.name) throw sameName({ name: plan.name })
  return { plan, area: old.code, ends: [], begins: [], renewed: [{ ...old, name: plan.name }], successors: [] }
}

function decideMove(plan: MovePlan, look: Look): Decision {
  const old = subject(plan.code, look)
  const to = look.get(plan.to)
  if (!to) throw noSuchArea({ code: plan.to })
  if (to.level !== old.level - 1 || to.code === old.parent) throw badTarget({ to: plan.to })
  const as = coder(to.code, look)(plan.as)
  const area = pathOf(to.code).findLast((c) => contains(c, old.code)) ?? ''
  const decision: Decision = { plan: { ...plan, as }, area, ends: [], begins: [], renewed: [], successors: [] }
  carry(old, as, look, decision)
  return decision
}

export type Door = { id: string; area: AreaCode; estate: string | null; building: string | null }

function takes(share: Share, door: Door): boolean {
  return (
    share.households.includes(door.id) ||
    share.buildings.some((b) => b.estate === door.estate && (b.building === null || b.building === door.building))
  )
}

/**
 * AREA-5: where one door goes in a change: the people room asks this for every household and resident of what ended. A door
 * named by itself or by its building goes there, in a unit that moved with it, otherwise to the part itself.
 * @param follow the successor of a code in this change, when it has exactly one
 */
export function doorGoesTo(plan: ChangePlan, door: Door, follow: (code: AreaCode) => AreaCode | undefined): AreaCode {
  const followed = follow(door.area)
  if (plan.kind !== 'split') return followed ?? door.area
  const named =
    plan.parts.find((p) => p.share.households.includes(door.id)) ?? plan.parts.find((p) => takes(p.share, door))
  if (named?.code !== undefined) return followed !== undefined && contains(named.code, followed) ? followed : named.code
  return followed ?? plan.parts[plan.rest]?.code ?? door.area
}

/**
 * Where a stretch of a street or a building of the register goes, which stands for all of its doors; null when the plan sends
 * some of them another way or names single doors, so that nothing is certain.
 */
export function pointGoesTo(
  plan: ChangePlan,
  point: Omit<Door, 'id'>,
  follow: (code: AreaCode) => AreaCode | undefined,
): AreaCode | null {
  const door = { id: '', ...point }
  if (plan.kind !== 'split') return follow(point.area) ?? null
  if (plan.parts.some((p) => p.share.households.length > 0)) return null
  const named = plan.parts.some((p) => takes(p.share, door))
  const cut = plan.parts.some((p) => p.share.buildings.some((b) => b.estate === point.estate))
  return !named && cut ? null : doorGoesTo(plan, door, follow)
}

/** Codes that end, to look for doors, persons, tasks and workers inside: the tops are enough, containment does the rest. */
export function affectedTops(decision: Decision): AreaCode[] {
  const all = [...decision.ends, ...decision.renewed].map((a) => a.code).toSorted()
  return all.filter((code) => !all.some((other) => other !== code && contains(other, code)))
}
