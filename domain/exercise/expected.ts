import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { levelOn, WINDOW_DAYS } from './outbreak.ts'
import type { ExpectedFact } from './scenario.ts'

/**
 * The colour that the provincial code gives to somebody on a day, written down by hand for the kinds of fact that an
 * exercise has. It is not the evaluator of grading and shares nothing with it: the two are compared (EX-9).
 */
export type ExpectedColour = 'red' | 'yellow' | null

function stayColour(fact: ExpectedFact): ExpectedColour {
  // Hubei is the list of key areas, whatever the level of its cities.
  if (fact.place?.startsWith('42')) return 'red'
  let colour: ExpectedColour = null
  for (let day = fact.from; day <= fact.to; day = addDays(day, 1)) {
    const level = levelOn(fact.place ?? '', day)
    if (level === 'high') return 'red'
    if (level === 'medium') colour = 'yellow'
  }
  return colour
}

function factColour(fact: ExpectedFact, on: Day): ExpectedColour {
  const inWindow = fact.to <= on && on <= addDays(fact.to, WINDOW_DAYS)
  if (!inWindow) return null
  switch (fact.kind) {
    case 'stay':
      return stayColour(fact)
    case 'contact':
      return fact.degree === 1 ? 'red' : null
    case 'case':
      return fact.value === 'confirmed' || fact.value === 'suspected' || fact.value === 'asymptomatic' ? 'red' : null
    default:
      return null
  }
}

/** Under a measure that nobody has lifted; the program's own source has no right to red (GRADE-9). */
function measureColour(facts: readonly ExpectedFact[], on: Day): ExpectedColour {
  const said = facts.filter((fact) => fact.kind === 'measure' && fact.from <= on)
  const began = said.filter((fact) => fact.value === 'in').map((fact) => fact.from)
  const lifted = said.filter((fact) => fact.value === 'lifted').map((fact) => fact.from)
  return began.some((day) => !lifted.some((end) => end >= day)) ? 'yellow' : null
}

/** Null stands for green: nothing in the facts asks for more. */
export function expectedColour(facts: readonly ExpectedFact[], on: Day): ExpectedColour {
  const colours = [...facts.map((fact) => factColour(fact, on)), measureColour(facts, on)]
  return colours.includes('red') ? 'red' : colours.includes('yellow') ? 'yellow' : null
}
