import { contains } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'

export type EmergencySpan = {
  area: AreaCode
  state: 'proposed' | 'open' | 'ended' | 'closed_out'
  starts: Day
  ends: Day | null
}

export const CLOSE_OUT_DAYS = 30

/** EMERGENCY-1: open on a day for an area: approved, begun, its last day not over, ordered here or above. */
export function isOpenOn(emergency: EmergencySpan, area: AreaCode, day: Day): boolean {
  if (emergency.state !== 'open' || !contains(emergency.area, area)) return false
  return emergency.starts <= day && (emergency.ends === null || day <= emergency.ends)
}

/** DELETE-4: the last day of the close-out. */
export function closeOutBy(lastDay: Day): Day {
  return addDays(lastDay, CLOSE_OUT_DAYS)
}

/** CAMPAIGN-1: a campaign is in force from its first to its last day, inside an open emergency that covers its area. */
export function campaignInForce(campaign: { state: string; starts: Day; ends: Day }, day: Day): boolean {
  return campaign.state === 'open' && campaign.starts <= day && day <= campaign.ends
}
