import { RISK_AREAS } from '@weiwang/domain/exercise/outbreak'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { addRiskArea } from '../feeds/actions-risk.ts'
import { approveRed, createFeed, openFeed, proposeRed } from '../feeds/actions-feed.ts'
import type { Server } from '../core/server.ts'
import type { Desk } from './order.ts'

const OWNER = '演练导演组'

/**
 * The seven sources of the offices, kept by the centre that grades: its operator registers them and asks for the right to give
 * red, its auditor gives it (FEED-20).
 */
export async function openSources(server: Server, desk: Desk, area: string): Promise<void> {
  const key = (act: string): { key: string } => ({ key: `exercise-feed-${act}` })
  for (const preset of PRESETS) {
    await server.run(createFeed, desk.operator, { ...preset, area, owner: OWNER }, key(`create-${preset.id}`))
    await server.run(openFeed, desk.operator, { id: preset.id }, key(`open-${preset.id}`))
    await server.run(proposeRed, desk.operator, { id: preset.id }, key(`red-${preset.id}`))
    await server.run(approveRed, desk.auditor, { id: preset.id }, key(`red-approve-${preset.id}`))
  }
}

/** The risk areas of the outbreak, named by the highest centre (FEED-36). */
export async function nameRiskAreas(server: Server, desk: Desk): Promise<void> {
  for (const { area, level, from, to, note } of RISK_AREAS) {
    await server.run(
      addRiskArea,
      desk.operator,
      { area, level, from, to, reason: note },
      { key: `exercise-risk-${area}-${from}` },
    )
  }
}
