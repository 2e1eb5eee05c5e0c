/** What registering and declaring both ask: the emergency, the answers, the home. */
import { noOpenEmergency } from '@weiwang/domain/access/problems'
import { contains, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Answers, Home } from '@weiwang/domain/healthcode/reg-api'
import { unknownPlace } from '@weiwang/domain/healthcode/reg-problems'
import { faultOf } from '@weiwang/domain/healthcode/reg-rules'
import { areaNames, findOpenEmergency } from '../access/store.ts'
import type { EmergencyRow } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { sayOwnAddress } from '../people/own-address.ts'
import { isObserved, knownAreas, residenceNow } from './reg-store.ts'

const GRID = 15

/** The area that answers for a home before it is resolved; the whole deployment where none was chosen. */
export function areaOf(ctx: Ctx, home: Pick<Home, 'area'>): AreaCode {
  const { area } = home
  return area !== undefined && contains(ctx.root, area) ? area : ctx.root
}

export async function emergencyOf(ctx: Ctx, area: AreaCode): Promise<EmergencyRow> {
  const found = await findOpenEmergency(ctx, area)
  if (!found) throw noOpenEmergency({})
  return found
}

/** @throws arrivalNeeded, badAnswer, unknownPlace */
export async function checkAnswers(ctx: Ctx, answers: Answers): Promise<void> {
  const fault = faultOf(answers, ctx.today)
  if (fault) throw fault
  const codes = [answers.arrival?.fromArea, ...answers.stays.map((stay) => stay.area)].flatMap((one) => one ?? [])
  const known = await knownAreas(ctx.db, codes)
  const strange = codes.find((code) => !known.has(code))
  if (strange !== undefined) throw unknownPlace({ area: strange }, 'answers.stays')
}

export async function sealHome(ctx: Ctx, emergencyId: string, personId: string, home: Home): Promise<Buffer> {
  return ctx.keys.seal(
    { emergencyId, now: ctx.now, table: 'registration', row: personId, column: 'home_sealed' },
    JSON.stringify(home),
  )
}

/** What was chosen from the list and what was typed, as one address; nobody types the town again that was chosen above. */
async function wholeAddress(ctx: Ctx, home: Home): Promise<string> {
  const { area } = home
  if (area === undefined || area.length < 6) return home.address
  const parts = pathOf(area).filter((code) => code.length >= 6 && code.length <= 12)
  const names = await areaNames(ctx.db, parts)
  const missing = parts.map((code) => names.get(code) ?? '').filter((name) => !home.address.includes(name))
  return `${missing.join('')}${home.address}`
}

/**
 * Where somebody says to live goes by the same way as every address (PEOPLE-15), and moves them even from a place that a register gave;
 * not while they are observed: then the place stands and the desk sees that the two differ.
 */
export async function sayHome(ctx: Ctx, root: string, home: Home, emergencyId: string): Promise<{ differs: boolean }> {
  const now = await residenceNow(ctx.db, root)
  // Who chooses the grid in which they are known to live confirms it, and nothing has to be found.
  if (now !== null && home.area !== undefined && home.area.length >= GRID && contains(home.area, now.area))
    return { differs: false }
  const elsewhere = now !== null && home.area !== undefined && !contains(home.area, now.area)
  const differs = elsewhere && (await isObserved(ctx.db, root))
  await sayOwnAddress(ctx, {
    personId: root,
    area: areaOf(ctx, home),
    address: await wholeAddress(ctx, home),
    emergencyId,
    moves: !differs,
  })
  return { differs }
}
