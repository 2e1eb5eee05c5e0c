import { extentOf, planVillages, villagesOf } from '@weiwang/domain/exercise/place'
import { makeVillage } from '@weiwang/domain/exercise/population'
import { EXERCISE_DAY } from '@weiwang/domain/exercise/outbreak'
import { makeScenario } from '@weiwang/domain/exercise/scenario'
import { buildGazetteer } from '@weiwang/domain/people/address/gazetteer'
import { resolveAddress } from '@weiwang/domain/people/address/resolve'
import { describe, expect, it } from 'vitest'
import { allDivisions, readDivisions } from '../areas/divisions.ts'

const gazetteer = buildGazetteer(allDivisions())
const plans = planVillages(villagesOf(readDivisions('jiangsu')), extentOf('province', { people: 200_000 }))

describe('EX-2 addresses of the register', { timeout: 60_000 }, () => {
  it('lead to their village in at least 95 of 100 villages all over the province', () => {
    const missed: string[] = []
    for (const plan of plans) {
      const { households, village } = makeVillage('a', plan)
      const household = households[plan.village.index % households.length]
      const found = resolveAddress({ text: household?.address ?? '' }, gazetteer)
      if (!found.code?.startsWith(village.code)) missed.push(`${household?.address} → ${found.code}`)
    }
    expect(missed.length).toBeLessThan(plans.length * 0.05)
  })

  it('never lead to another county, and mostly to the village, when an office has written them carelessly', () => {
    let right = 0
    let all = 0
    const astray: string[] = []
    for (const plan of plans.filter((_, i) => i % 2 === 0)) {
      const population = makeVillage('a', plan)
      for (const { cells } of makeScenario('a', population, EXERCISE_DAY).rows) {
        if (cells.address === '') continue
        const { code } = resolveAddress(
          { text: String(cells.address), prior: plan.village.code.slice(0, 4) },
          gazetteer,
        )
        all++
        if (code?.startsWith(plan.village.code)) right++
        else if (code !== null && !plan.village.code.startsWith(code)) astray.push(`${cells.address} → ${code}`)
      }
    }
    expect(astray.length).toBeLessThan(all * 0.01)
    expect(right / all).toBeGreaterThan(0.8)
  })
})
