import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * PEOPLE-22: what the next who comes to a door should know, as closed words. Only facts of the place and of safety: nothing is
 * noted about a person, and there is no free text.
 */
export const HAZARDS = [
  'dog',
  'dark_stairs',
  'no_light',
  'steep_stairs',
  'slippery',
  'loose_wires',
  'building_site',
  'flood_water',
  'gas_smell',
  'no_signal',
] as const
export const Hazard = z.enum(HAZARDS)
export type Hazard = z.infer<typeof Hazard>

export const HAZARD_SAY: Readonly<Record<Hazard, Say>> = {
  dog: say('有犬', 'Dog'),
  dark_stairs: say('楼道昏暗', 'Dark stairs'),
  no_light: say('无照明', 'No light'),
  steep_stairs: say('楼梯陡', 'Steep stairs'),
  slippery: say('路面湿滑', 'Slippery'),
  loose_wires: say('电线裸露', 'Loose wires'),
  building_site: say('在施工', 'Building site'),
  flood_water: say('有积水', 'Flood water'),
  gas_smell: say('有燃气味', 'Smell of gas'),
  no_signal: say('无手机信号', 'No phone signal'),
}

/** Of these words, those that this version knows, each once, in the order of the list. */
export function knownHazards(words: readonly string[]): Hazard[] {
  return HAZARDS.filter((word) => words.includes(word))
}

/** Each word is a field of its own: what one noted and what another took away are both done. */
export function mergeHazards(current: readonly string[], from: readonly string[], to: readonly string[]): Hazard[] {
  const added = to.filter((word) => !from.includes(word))
  const removed = from.filter((word) => !to.includes(word))
  return knownHazards([...current, ...added]).filter((word) => !removed.includes(word))
}
