import { Gaps, Recoveries, Retention, RoleProposals } from '@weiwang/domain/access/api'
import { ChangesAnswer } from '@weiwang/domain/areas/api'
import { OpeningPage, ReferralPage } from '@weiwang/domain/checkpoints/api'
import { Backups } from '@weiwang/domain/core/api'
import { addDays } from '@weiwang/domain/core/day'
import { pageOf } from '@weiwang/domain/core/page'
import { Batch, Feed } from '@weiwang/domain/feeds/api'
import { isOutside } from '@weiwang/domain/feeds/outside'
import { ManualBatch, RuleSetSummary, Run } from '@weiwang/domain/grading/api'
import { GuardView } from '@weiwang/domain/grading/guard-api'
import { PartnerList } from '@weiwang/domain/healthcode/code-api'
import { ObjectionPage } from '@weiwang/domain/healthcode/objection-api'
import { OrgPage } from '@weiwang/domain/healthcode/org-api'
import { HeldPage, Policies } from '@weiwang/domain/healthcode/reg-desk-api'
import { ContradictionPage } from '@weiwang/domain/healthcode/truth-api'
import { DisputePage } from '@weiwang/domain/incidents/api'
import { ObservationPage } from '@weiwang/domain/observation/api'
import { CallPage } from '@weiwang/domain/observation/reading-api'
import { ServicePage } from '@weiwang/domain/observation/service-api'
import { ReviewPage, UnresolvedPage } from '@weiwang/domain/people/api'
import { ConflictPage, HelpPage } from '@weiwang/domain/people/change-api'
import { HandoverPage } from '@weiwang/domain/sync/handover'
import { EscalationPage, PushPage, TaskPage } from '@weiwang/domain/tasks/api'
import { InstructionPage } from '@weiwang/domain/tasks/instruction-api'
import { Emergencies } from '@weiwang/domain/access/api'
import { useQueries, useQuery } from '@tanstack/react-query'
import { q } from '../../../api/query.ts'
import { deploymentQuery, useMay, useMe } from '../../../session/me.ts'
import { useDesk } from '../../parts/desk.ts'
import { paths } from '../../paths.ts'

const NEEDS = [
  'help',
  'overdueRed',
  'overdue',
  'unaccepted',
  'unresolved',
  'lapsed',
  'releaseDue',
  'calls',
  'servicesLate',
  'disputes',
  'objections',
  'referrals',
  'openings',
  'registrationsHeld',
  'truth',
  'orgs',
  'orgFiles',
  'policies',
  'partners',
  'escalations',
  'instructionsUnread',
  'instructionsLate',
  'gaps',
  'held',
  'rejects',
  'failed',
  'pushes',
  'ruleSets',
  'grades',
  'feeds',
  'emergencies',
  'roles',
  'recoveries',
  'changes',
  'taskReviews',
  'handovers',
  'conflicts',
  'reviews',
  'guard',
  'backup',
  'closeOuts',
  'deletion',
] as const
export type Need = { key: (typeof NEEDS)[number]; n: number; href: string }

const ONE = { limit: 1 }
/** Of those that wait for a decision, which of them this reader may decide is asked one by one: as many as a page holds. */
const SOME = { limit: 200 }
/** Rejected rows are kept so long: batches that came before have nothing left to look at (DELETE-1, batch_reject). */
const REJECTS_DAYS = -13
const EVERY = { refetchInterval: 30_000 }

/** What waits for this reader, most urgent first. Only what he may see is asked for. */
export function useNeeds(): { needs: Need[]; asking: boolean; failed: Error | null } {
  const may = useMay()
  const me = useMe()
  const { area } = useDesk()
  const { data: deployment } = useQuery(deploymentQuery)
  const tasks = may('read', 'task')
  const people = may('read', 'person')
  const chief = may('approve', 'push')
  const lately = addDays(me.today, REJECTS_DAYS)
  const [
    overdue,
    overdueAll,
    unaccepted,
    unresolved,
    rejected,
    runs,
    pushes,
    ruleSets,
    grades,
    feeds,
    emergencies,
    roles,
    recoveries,
    changes,
    reviews,
    taskReviews,
    retention,
    escalations,
    gaps,
    handovers,
  ] = useQueries({
    queries: [
      { ...q(TaskPage, '/api/tasks', { ...ONE, list: 'overdue', grade: 'red', area }), enabled: tasks, ...EVERY },
      { ...q(TaskPage, '/api/tasks', { ...ONE, list: 'overdue', area }), enabled: tasks, ...EVERY },
      { ...q(TaskPage, '/api/tasks', { ...ONE, list: 'unaccepted', area }), enabled: tasks, ...EVERY },
      { ...q(UnresolvedPage, '/api/people/unresolved', { ...ONE, area }), enabled: people, ...EVERY },
      {
        ...q(pageOf(Batch), '/api/batches', { ...ONE, state: 'loaded', rejects: true, since: lately }),
        enabled: may('read', 'batch'),
        ...EVERY,
      },
      { ...q(pageOf(Run), '/api/grade-runs', { ...ONE, state: 'held' }), enabled: may('read', 'grade'), ...EVERY },
      { ...q(PushPage, '/api/pushes', { ...SOME, state: 'proposed', area }), enabled: chief, ...EVERY },
      {
        ...q(pageOf(RuleSetSummary), '/api/rule-sets', { ...SOME, state: 'proposed' }),
        enabled: may('approve', 'rule_set'),
        ...EVERY,
      },
      {
        ...q(pageOf(ManualBatch), '/api/grade-batches', { ...SOME, state: 'proposed' }),
        enabled: may('approve', 'grade'),
        ...EVERY,
      },
      { ...q(pageOf(Feed), '/api/feeds', { ...SOME, red: 'proposed' }), enabled: may('approve', 'feed'), ...EVERY },
      {
        ...q(Emergencies, '/api/emergencies', { ...SOME, state: 'proposed' }),
        enabled: may('approve', 'emergency'),
        ...EVERY,
      },
      { ...q(RoleProposals, '/api/role-proposals', SOME), enabled: may('approve', 'account'), ...EVERY },
      { ...q(Recoveries, '/api/recoveries', { ...ONE, state: 'asked' }), enabled: may('approve', 'account'), ...EVERY },
      {
        ...q(ChangesAnswer, '/api/areas/changes', { ...SOME, state: 'proposed' }),
        enabled: may('approve', 'area'),
        ...EVERY,
      },
      { ...q(ReviewPage, '/api/people/reviews', { ...ONE, area }), enabled: people, ...EVERY },
      {
        ...q(TaskPage, '/api/tasks', { ...ONE, list: 'review', area }),
        enabled: tasks && may('file', 'task'),
        ...EVERY,
      },
      { ...q(Retention, '/api/retention'), enabled: may('read', 'retention'), ...EVERY },
      { ...q(EscalationPage, '/api/escalations', { ...ONE, state: 'open' }), enabled: tasks, ...EVERY },
      { ...q(Gaps, '/api/duties/gaps', { ...ONE, area, level: 6 }), enabled: may('file', 'duty'), ...EVERY },
      {
        ...q(HandoverPage, '/api/sync/handovers', { ...ONE, area }),
        enabled: may('file', 'handover'),
        ...EVERY,
      },
    ],
  })
  const failed = useQuery({
    ...q(pageOf(Batch), '/api/batches', { ...ONE, state: 'failed' }),
    enabled: may('read', 'batch'),
    ...EVERY,
  })
  const ended = useQuery({
    ...q(Emergencies, '/api/emergencies', { ...SOME, state: 'ended' }),
    enabled: may('propose', 'retention') || may('approve', 'retention'),
    ...EVERY,
  })
  const order = { enabled: may('file', 'instruction'), ...EVERY }
  const orders = useQuery({ ...q(InstructionPage, '/api/instructions', { ...ONE, state: 'unread' }), ...order })
  const lateOrders = useQuery({ ...q(InstructionPage, '/api/instructions', { ...ONE, state: 'late', area }), ...order })
  const answers = may('file', 'handover')
  const help = useQuery({ ...q(HelpPage, '/api/help', { ...ONE, area }), enabled: answers, refetchInterval: 10_000 })
  const services = useQuery({
    ...q(ServicePage, '/api/services', { ...ONE, list: 'late', area }),
    enabled: may('bulk', 'service'),
    ...EVERY,
  })
  const observed = { enabled: may('file', 'observation'), ...EVERY }
  const lapsed = useQuery({ ...q(ObservationPage, '/api/observations', { ...ONE, list: 'lapsed', area }), ...observed })
  const due = useQuery({
    ...q(ObservationPage, '/api/observations', { ...ONE, list: 'release_due', area }),
    ...observed,
  })
  const calls = useQuery({ ...q(CallPage, '/api/readings/calls', { ...ONE, list: 'due', area }), ...observed })
  const disputes = useQuery({
    ...q(DisputePage, '/api/mediations/mine', ONE),
    enabled: may('file', 'mediation'),
    ...EVERY,
  })
  const objections = useQuery({
    ...q(ObjectionPage, '/api/objections', { ...ONE, list: 'near', area }),
    enabled: may('read', 'objection'),
    ...EVERY,
  })
  const referrals = useQuery({
    ...q(ReferralPage, '/api/gates/referrals', { ...ONE, list: 'open', area }),
    enabled: may('file', 'gate'),
    ...EVERY,
  })
  const openings = useQuery({
    ...q(OpeningPage, '/api/gates/openings', { ...SOME, state: 'proposed', area }),
    enabled: may('approve', 'passage'),
    ...EVERY,
  })
  const heldRegistrations = useQuery({
    ...q(HeldPage, '/api/registrations/held', { ...ONE, area }),
    enabled: may('approve', 'registration'),
    ...EVERY,
  })
  const truth = useQuery({
    ...q(ContradictionPage, '/api/contradictions', { ...ONE, list: 'waiting', area }),
    enabled: may('file', 'contradiction'),
    ...EVERY,
  })
  const orgs = useQuery({
    ...q(OrgPage, '/api/orgs', { ...ONE, list: 'waiting', area }),
    enabled: may('approve', 'org'),
    ...EVERY,
  })
  const orgFiles = useQuery({
    ...q(OrgPage, '/api/orgs', { ...ONE, list: 'files', area }),
    enabled: may('file', 'org'),
    ...EVERY,
  })
  const policies = useQuery({
    ...q(Policies, '/api/registrations/policy', { area }),
    enabled: may('approve', 'registration_rules'),
    ...EVERY,
  })
  const partners = useQuery({
    ...q(PartnerList, '/api/code/partners'),
    enabled: may('approve', 'code') && may('read', 'feed'),
    ...EVERY,
  })
  const decides = may('propose', 'person') || may('approve', 'person')
  const conflicts = useQuery({
    ...q(ConflictPage, '/api/people/conflicts', { ...ONE, area }),
    enabled: decides,
    ...EVERY,
  })
  const whole = deployment !== undefined && may('read', 'settings', { area: deployment.root })
  const guard = useQuery({ ...q(GuardView, '/api/grade-guard'), enabled: whole, ...EVERY })
  const backups = useQuery({ ...q(Backups, '/api/backups'), enabled: whole, ...EVERY })
  const red = overdue.data?.total ?? 0
  const notMine = (by: string | null | undefined): boolean => by !== me.id
  const mayGiveRed = (f: Feed): boolean =>
    f.red === 'proposed' && may('approve', 'feed', { area: f.area, by: f.redProposedBy }) && isOutside(me, f.area)
  const needs: Need[] = [
    { key: 'help', n: help.data?.total ?? 0, href: paths.help() },
    { key: 'overdueRed', n: red, href: paths.tasks({ list: 'overdue', grade: 'red' }) },
    { key: 'overdue', n: (overdueAll.data?.total ?? 0) - red, href: paths.tasks({ list: 'overdue' }) },
    { key: 'unaccepted', n: unaccepted.data?.total ?? 0, href: paths.tasks({ list: 'unaccepted' }) },
    { key: 'unresolved', n: unresolved.data?.total ?? 0, href: paths.people({ tab: 'unresolved' }) },
    { key: 'lapsed', n: lapsed.data?.total ?? 0, href: paths.observation({ tab: 'list', list: 'lapsed' }) },
    { key: 'releaseDue', n: due.data?.total ?? 0, href: paths.observation({ tab: 'list', list: 'release_due' }) },
    { key: 'calls', n: calls.data?.total ?? 0, href: paths.observation({ tab: 'calls' }) },
    { key: 'servicesLate', n: services.data?.total ?? 0, href: paths.services({ list: 'late' }) },
    { key: 'disputes', n: disputes.data?.total ?? 0, href: paths.mediation({ tab: 'mine' }) },
    { key: 'objections', n: objections.data?.total ?? 0, href: paths.objections({ list: 'near' }) },
    { key: 'referrals', n: referrals.data?.total ?? 0, href: paths.gates({ tab: 'referrals' }) },
    {
      key: 'openings',
      n: openings.data?.items.filter((one) => one.mayDecide).length ?? 0,
      href: paths.gates({ tab: 'openings', state: 'proposed' }),
    },
    { key: 'registrationsHeld', n: heldRegistrations.data?.total ?? 0, href: paths.registrations({ tab: 'held' }) },
    { key: 'truth', n: truth.data?.total ?? 0, href: paths.truth() },
    { key: 'orgs', n: orgs.data?.total ?? 0, href: paths.registrations({ tab: 'orgs' }) },
    { key: 'orgFiles', n: orgFiles.data?.total ?? 0, href: paths.registrations({ tab: 'orgs', org: 'files' }) },
    {
      key: 'policies',
      n: policies.data?.versions.filter((one) => one.state === 'proposed' && one.mayDecide).length ?? 0,
      href: paths.registrations({ tab: 'rules' }),
    },
    {
      key: 'partners',
      n: partners.data?.items.filter((one) => one.mayDecide).length ?? 0,
      href: paths.gates({ tab: 'partners' }),
    },
    { key: 'escalations', n: escalations.data?.total ?? 0, href: paths.escalations() },
    { key: 'instructionsUnread', n: orders.data?.total ?? 0, href: paths.instructions({ list: 'unread' }) },
    { key: 'instructionsLate', n: lateOrders.data?.total ?? 0, href: paths.instructions({ list: 'late' }) },
    { key: 'gaps', n: gaps.data?.total ?? 0, href: paths.accounts({ tab: 'duties' }) },
    { key: 'held', n: runs.data?.total ?? 0, href: paths.rules({ tab: 'runs', state: 'held' }) },
    {
      key: 'rejects',
      n: rejected.data?.total ?? 0,
      href: paths.feeds({ tab: 'batches', state: 'loaded', rejects: '1', since: lately }),
    },
    {
      key: 'failed',
      n: failed.data?.total ?? 0,
      href: paths.feeds({ tab: 'batches', state: 'failed' }),
    },
    {
      key: 'pushes',
      n: pushes.data?.items.filter((p) => may('approve', 'push', { area: p.area, by: p.by.id })).length ?? 0,
      href: paths.lists({ state: 'proposed' }),
    },
    {
      key: 'ruleSets',
      n: ruleSets.data?.items.filter((r) => r.mayDecide).length ?? 0,
      href: paths.rules({ state: 'proposed' }),
    },
    {
      key: 'grades',
      n: grades.data?.items.filter((g) => g.mayDecide).length ?? 0,
      href: paths.rules({ tab: 'manual' }),
    },
    {
      key: 'feeds',
      // A member of the centre that keeps the source cannot decide it (FEED-20).
      n: feeds.data?.items.filter((f) => mayGiveRed(f)).length ?? 0,
      href: paths.feeds(),
    },
    {
      key: 'emergencies',
      n:
        emergencies.data?.items.filter((e) => may('approve', 'emergency', { area: e.area, by: e.proposedBy })).length ??
        0,
      href: paths.emergency({ state: 'proposed' }),
    },
    {
      key: 'roles',
      n: roles.data?.items.filter((r) => r.state === 'proposed' && notMine(r.proposedBy)).length ?? 0,
      href: paths.accounts({ tab: 'proposals' }),
    },
    { key: 'recoveries', n: recoveries.data?.total ?? 0, href: paths.accounts({ tab: 'recoveries' }) },
    {
      key: 'changes',
      n: changes.data?.items.filter((c) => c.mayDecide).length ?? 0,
      href: paths.areas({ tab: 'changes', state: 'proposed' }),
    },
    { key: 'taskReviews', n: taskReviews.data?.total ?? 0, href: paths.tasks({ list: 'review' }) },
    { key: 'handovers', n: handovers.data?.total ?? 0, href: paths.phones({ tab: 'handovers' }) },
    { key: 'conflicts', n: conflicts.data?.total ?? 0, href: paths.people({ tab: 'conflicts' }) },
    { key: 'reviews', n: reviews.data?.total ?? 0, href: paths.people({ tab: 'reviews' }) },
    {
      key: 'guard',
      n: guard.data?.changes.filter((one) => one.state === 'proposed' && one.mayDecide).length ?? 0,
      href: paths.rules({ tab: 'guard' }),
    },
    { key: 'backup', n: backups.data?.late || backups.data?.failure ? 1 : 0, href: paths.settings({ tab: 'backups' }) },
    {
      key: 'closeOuts',
      n:
        ended.data?.items.filter((e) =>
          e.closeOut === null ? may('propose', 'retention', { area: e.area }) : e.closeOut.mayDecide,
        ).length ?? 0,
      href: paths.emergency({ state: 'ended' }),
    },
    { key: 'deletion', n: retention.data?.due ?? 0, href: paths.emergency({ tab: 'retention' }) },
  ]
  const all = [
    overdue,
    overdueAll,
    unaccepted,
    unresolved,
    rejected,
    failed,
    ended,
    runs,
    pushes,
    ruleSets,
    grades,
    feeds,
    emergencies,
    roles,
    recoveries,
    changes,
    reviews,
    taskReviews,
    retention,
    escalations,
    gaps,
    handovers,
    orders,
    lateOrders,
    help,
    services,
    lapsed,
    due,
    calls,
    referrals,
    openings,
    heldRegistrations,
    truth,
    orgs,
    orgFiles,
    policies,
    partners,
    disputes,
    objections,
    conflicts,
    guard,
    backups,
  ]
  return {
    needs: needs.filter((need) => need.n > 0),
    asking: all.some((one) => one.isLoading),
    failed: all.map((one) => one.error).find((error) => error !== null) ?? null,
  }
}
