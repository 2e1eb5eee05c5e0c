import { z } from 'zod'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * OBS-2: three measures that are never merged. Who may go out, who reports and what ends each is data, read by the notice, by
 * the screens and by the steps; nothing else in the program asks "is this a quarantine".
 */
export const MEASURES = ['home_quarantine', 'home_monitoring', 'self_monitoring'] as const
export const Measure = z.enum(MEASURES)
export type Measure = z.infer<typeof Measure>

/** nobody: nobody of the flat leaves. permission: the person for need, when the community agrees. freely: work and school, no gatherings. */
export type GoingOut = 'nobody' | 'permission' | 'freely'

export type MeasureRules = {
  measure: Measure
  say: Say
  goingOut: GoingOut
  /** flat: all who live there keep the same rule. person: co-residents live as they always do. */
  binds: 'flat' | 'person'
  out: Say
  /** Readings each day, and who gives them. */
  readings: number
  reports: Say
  ends: Say
  /** Which of the seven steps the measure has; the days run whatever is still missing (OBS-7). */
  needs: { suitability: boolean; commitment: boolean; team: boolean }
  /** Recorded as the fact `measure in`, so that grading knows of it; monitoring is no medical measure. */
  fact: boolean
  /** How long it is where no rule set of the place says otherwise. */
  length: Length
}

/** Day 0 is the day of the last exposure, or the first day of the measure; day `days` is the last day (OBS-3). */
export const Length = z.strictObject({ days: z.int().min(1).max(60), from: z.enum(['exposure', 'start']) })
export type Length = z.infer<typeof Length>

export const MEASURE_RULES: Readonly<Record<Measure, MeasureRules>> = {
  home_quarantine: {
    measure: 'home_quarantine',
    say: say('居家隔离医学观察', 'Home quarantine under medical observation'),
    goingOut: 'nobody',
    binds: 'flat',
    out: say(
      '同住人员均不外出；确需就医等外出须经社区同意，专车闭环接送',
      'Nobody of the flat goes out; for need, such as seeing a doctor, only when the community agrees, by special car',
    ),
    readings: 2,
    reports: say(
      '本人或其负责人每日早晚各报一次体温和症状；由包保小组核实',
      'The person, or who answers for the person, reports temperature and symptoms morning and evening; the team checks',
    ),
    ends: say(
      '满期、无症状、检测阴性（如有要求）、社区核实，出具解除告知单',
      'The days are over, no symptoms, tests negative where asked for, verified by the community; a release note is given',
    ),
    needs: { suitability: true, commitment: true, team: true },
    fact: true,
    length: { days: 14, from: 'exposure' },
  },
  home_monitoring: {
    measure: 'home_monitoring',
    say: say('居家健康监测', 'Home health monitoring'),
    goingOut: 'permission',
    binds: 'person',
    out: say(
      '本人居家，必要时经社区同意可外出；同住人员正常生活',
      'The person stays in and may go out for need when the community agrees; co-residents live as usual',
    ),
    readings: 2,
    reports: say(
      '本人或其负责人每日早晚各报一次体温和症状',
      'The person, or who answers for the person, reports temperature and symptoms morning and evening',
    ),
    ends: say('满期、无症状，出具解除告知单', 'The days are over and there are no symptoms; a release note is given'),
    needs: { suitability: false, commitment: true, team: true },
    fact: false,
    length: { days: 14, from: 'exposure' },
  },
  self_monitoring: {
    measure: 'self_monitoring',
    say: say('自我健康监测', 'Self-monitoring of health'),
    goingOut: 'freely',
    binds: 'person',
    out: say('可上班上学，不聚集、不聚餐', 'Work and school are allowed; no gatherings'),
    readings: 2,
    reports: say(
      '本人每日早晚各测一次体温，异常即报',
      'The person measures twice a day and reports what is not normal',
    ),
    ends: say('满期、无症状，自动结束', 'The days are over and there are no symptoms; it ends by itself'),
    needs: { suitability: false, commitment: false, team: false },
    fact: false,
    length: { days: 14, from: 'exposure' },
  },
}

/** OBS-4: the lengths of a place as one version of its rule set; an observation keeps the version under which it was opened. */
export const ObservationRules = z.strictObject({
  home_quarantine: Length,
  home_monitoring: Length,
  self_monitoring: Length,
})
export type ObservationRules = z.infer<typeof ObservationRules>

/** What holds where no centre around has put a version of its own in force: version 0. */
export const SHIPPED_RULES: ObservationRules = {
  home_quarantine: MEASURE_RULES.home_quarantine.length,
  home_monitoring: MEASURE_RULES.home_monitoring.length,
  self_monitoring: MEASURE_RULES.self_monitoring.length,
}
