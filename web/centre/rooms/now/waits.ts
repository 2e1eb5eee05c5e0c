import { Emergencies } from '@weiwang/domain/access/api'
import { ChangesAnswer } from '@weiwang/domain/areas/api'
import { pageOf } from '@weiwang/domain/core/page'
import { Feed } from '@weiwang/domain/feeds/api'
import { isOutside } from '@weiwang/domain/feeds/outside'
import { ManualBatch, RuleSetSummary, Run } from '@weiwang/domain/grading/api'
import { GuardView } from '@weiwang/domain/grading/guard-api'
import { PartnerList } from '@weiwang/domain/healthcode/code-api'
import { Policies } from '@weiwang/domain/healthcode/reg-desk-api'
import { PushPage } from '@weiwang/domain/tasks/api'
import { useQueries } from '@tanstack/react-query'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { useMay, useMe } from '../../../session/me.ts'
import { useDesk } from '../../parts/desk.ts'
import { paths } from '../../paths.ts'

const WAITS = [
  'red',
  'pushes',
  'ruleSets',
  'runs',
  'grades',
  'guard',
  'emergencies',
  'closeOuts',
  'changes',
  'partners',
  'policies',
] as const
/** What was asked for and somebody else decides: how many, which ones, and where they stand. */
export type Wait = { key: (typeof WAITS)[number]; n: number; names: string[]; href: string }

const SOME = { limit: 200 }
const EVERY = { refetchInterval: 30_000 }

/** What waits for others (ACCESS-6, FEED-20): proposals that the reader may see and may not decide. */
export function useWaits(): Wait[] {
  const may = useMay()
  const me = useMe()
  const say = useSay()
  const { area } = useDesk()
  const [feeds, pushes, sets, runs, batches, guard, emergencies, ended, changes, partners, policies] = useQueries({
    queries: [
      { ...q(pageOf(Feed), '/api/feeds', { ...SOME, red: 'proposed' }), enabled: may('read', 'feed'), ...EVERY },
      {
        ...q(PushPage, '/api/pushes', { ...SOME, state: 'proposed', area }),
        enabled: may('read', 'push'),
        ...EVERY,
      },
      {
        ...q(pageOf(RuleSetSummary), '/api/rule-sets', { ...SOME, state: 'proposed' }),
        enabled: may('read', 'rule_set'),
        ...EVERY,
      },
      {
        ...q(pageOf(Run), '/api/grade-runs', { ...SOME, state: 'waiting' }),
        enabled: may('read', 'grade'),
        ...EVERY,
      },
      {
        ...q(pageOf(ManualBatch), '/api/grade-batches', { ...SOME, state: 'proposed' }),
        enabled: may('read', 'grade'),
        ...EVERY,
      },
      { ...q(GuardView, '/api/grade-guard'), enabled: may('read', 'rule_set'), ...EVERY },
      {
        ...q(Emergencies, '/api/emergencies', { ...SOME, state: 'proposed' }),
        enabled: may('read', 'emergency'),
        ...EVERY,
      },
      {
        ...q(Emergencies, '/api/emergencies', { ...SOME, state: 'ended' }),
        enabled: may('read', 'retention'),
        ...EVERY,
      },
      {
        ...q(ChangesAnswer, '/api/areas/changes', { ...SOME, state: 'proposed' }),
        enabled: may('propose', 'area') || may('approve', 'area'),
        ...EVERY,
      },
      { ...q(PartnerList, '/api/code/partners'), enabled: may('read', 'feed') && may('read', 'code'), ...EVERY },
      { ...q(Policies, '/api/registrations/policy'), enabled: may('read', 'registration_rules'), ...EVERY },
    ],
  })
  const wait = (key: Wait['key'], names: string[], href: string): Wait => ({ key, n: names.length, names, href })
  const waits: Wait[] = [
    wait(
      'red',
      (feeds.data?.items ?? [])
        .filter((f) => f.red === 'proposed')
        .filter((f) => !(may('approve', 'feed', { area: f.area, by: f.redProposedBy }) && isOutside(me, f.area)))
        .map((f) => say(f.name)),
      paths.feeds(),
    ),
    wait(
      'pushes',
      (pushes.data?.items ?? [])
        .filter((p) => !may('approve', 'push', { area: p.area, by: p.by.id }))
        .map((p) => p.areaName),
      paths.lists({ state: 'proposed' }),
    ),
    wait(
      'ruleSets',
      (sets.data?.items ?? []).filter((s) => !s.mayDecide).map((s) => say(s.name)),
      paths.rules({ state: 'proposed' }),
    ),
    wait(
      'runs',
      (runs.data?.items ?? []).filter((r) => !r.mayDecide).map((r) => say(r.ruleSetName)),
      paths.rules({ tab: 'runs', state: 'waiting' }),
    ),
    wait(
      'grades',
      (batches.data?.items ?? []).filter((b) => !b.mayDecide).map((b) => b.areaName),
      paths.rules({ tab: 'manual', state: 'proposed' }),
    ),
    wait(
      'guard',
      (guard.data?.changes ?? []).filter((one) => one.state === 'proposed' && !one.mayDecide).map((one) => one.reason),
      paths.rules({ tab: 'guard' }),
    ),
    wait(
      'emergencies',
      (emergencies.data?.items ?? [])
        .filter((e) => !may('approve', 'emergency', { area: e.area, by: e.proposedBy }))
        .map((e) => say(e.name)),
      paths.emergency({ state: 'proposed' }),
    ),
    wait(
      'closeOuts',
      (ended.data?.items ?? [])
        .filter((e) => e.closeOut?.state === 'proposed' && !e.closeOut.mayDecide)
        .map((e) => say(e.name)),
      paths.emergency({ state: 'ended' }),
    ),
    wait(
      'changes',
      (changes.data?.items ?? []).filter((one) => !one.mayDecide).map(() => ''),
      paths.areas({ tab: 'changes', state: 'proposed' }),
    ),
    wait(
      'partners',
      (partners.data?.items ?? []).filter((one) => one.state === 'proposed' && !one.mayDecide).map((one) => one.name),
      paths.gates({ tab: 'partners' }),
    ),
    wait(
      'policies',
      (policies.data?.versions ?? [])
        .filter((one) => one.state === 'proposed' && !one.mayDecide)
        .map((one) => one.reason),
      paths.registrations({ tab: 'rules' }),
    ),
  ]
  return waits.filter((one) => one.n > 0)
}
