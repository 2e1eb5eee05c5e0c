import { cutTo } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'

/** One line of the register of divisions: provinces 2 digits to villages 12. */
export type Division = { code: AreaCode; name: string }

/** A real village or community with the names on its path and its place in the province's order of codes. */
export type Village = {
  code: AreaCode
  index: number
  /** As people write it: 茶亭社区, 张庄村. */
  name: string
  town: string
  county: string
  city: string
  province: string
  urban: boolean
}

export const SIZES = ['grid', 'town', 'county', 'city', 'province'] as const
export type Size = (typeof SIZES)[number]

/** `people` bounds the population (about 1,000 a grid); `root` is the area that is filled. */
export type Extent = { size: Size; root: AreaCode; people: number }

/** Persons that a grid of the exercise has on average; sizes are counted in whole grids. */
const PEOPLE_PER_GRID = 1000

/** The default of each size: 拙政园社区, 平江街道, 姑苏区 and the whole of Suzhou, so that the published rules of Suzhou can be tried. */
const EXTENTS: Record<Size, Extent> = {
  grid: { size: 'grid', root: '320508018025', people: 1000 },
  town: { size: 'town', root: '320508018', people: 10_000 },
  county: { size: 'county', root: '320508', people: 800_000 },
  city: { size: 'city', root: '3205', people: 2_000_000 },
  province: { size: 'province', root: '32', people: 80_000_000 },
}

export type Cost = { people: number; villages: number; grids: number; bytes: number; minutes: number }

/** Divisions, accounts and the empty database. */
const BASE_BYTES = 700e6
/** Measured with a county: register, what phones pull, files, lists, tasks and visits of one person, with their indexes. */
const BYTES_PER_PERSON = 4_200
const BASE_MINUTES = 1
const PEOPLE_PER_MINUTE = 27_000

/** What loading takes, roughly, on two processors: told before anything is loaded (EX-22). */
export function costOf(plans: readonly VillagePlan[]): Cost {
  const grids = plans.reduce((n, plan) => n + plan.grids, 0)
  const people = grids * PEOPLE_PER_GRID
  return {
    people,
    villages: plans.length,
    grids,
    bytes: BASE_BYTES + people * BYTES_PER_PERSON,
    minutes: Math.ceil(BASE_MINUTES + people / PEOPLE_PER_MINUTE),
  }
}

export function extentOf(size: Size, options: { root?: AreaCode; people?: number } = {}): Extent {
  return { ...EXTENTS[size], ...options }
}

const OFFICE = /(?:居民委员会|村民委员会|居委会|村委会)$/

/** 茶亭社区居委会 → 茶亭社区; 张庄村委会 → 张庄村; brackets (（新）) are part of the official name and stay. */
export function shortVillageName(official: string, urban: boolean): string {
  const stem = official.replace(OFFICE, '')
  if (stem === official) return official
  return /[村社区]$/.test(stem) ? stem : stem + (urban ? '社区' : '村')
}

/** All villages of a province in the order of their codes. `divisions` holds the levels above them as well. */
export function villagesOf(divisions: Iterable<Division>): Village[] {
  const names = new Map<AreaCode, string>()
  for (const { code, name } of divisions) names.set(code, name)
  const codes = [...names.keys()].filter((code) => code.length === 12).sort()
  return codes.map((code, index) => {
    const office = Number(code.slice(9))
    const urban = office < 200 || (office >= 400 && office < 500)
    const nameOf = (level: 1 | 2 | 3 | 4): string => names.get(cutTo(code, level)) ?? ''
    return {
      code,
      index,
      name: shortVillageName(names.get(code) ?? code, urban),
      town: nameOf(4),
      county: nameOf(3),
      city: nameOf(2),
      province: nameOf(1),
      urban,
    }
  })
}

export type VillagePlan = { village: Village; grids: number }

/** A town exercise is dense rather than wide: so many villages share its people, so that a level has something to compare. */
const TOWN_VILLAGES = 5

/**
 * Which villages are filled and with how many grids each. A village takes one grid or more; when there are more villages
 * than grids, the chosen ones are spread evenly over the area. Virtual communities (codes ending 4xx and 5xx) are left empty.
 */
export function planVillages(villages: readonly Village[], extent: Extent): VillagePlan[] {
  const inside = villages.filter((v) => v.code.startsWith(extent.root) && Number(v.code.slice(9)) < 400)
  const grids = Math.max(1, Math.round(extent.people / PEOPLE_PER_GRID))
  const wanted = Math.min(grids, extent.size === 'town' ? TOWN_VILLAGES : inside.length, inside.length)
  const plans: VillagePlan[] = []
  for (let i = 0; i < wanted; i++) {
    const village = inside[Math.floor(((i + 0.5) * inside.length) / wanted)]
    if (!village) continue
    const share = Math.floor(((i + 1) * grids) / wanted) - Math.floor((i * grids) / wanted)
    plans.push({ village, grids: share })
  }
  return plans
}
