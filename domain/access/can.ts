import { contains } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import type { Actor, Role } from './actor.ts'

export const VERBS = ['read', 'file', 'propose', 'approve', 'open', 'bulk', 'export', 'revoke', 'delete'] as const
export type Verb = (typeof VERBS)[number]

export const THINGS = [
  'area',
  'account',
  'duty',
  'audit',
  'emergency',
  'campaign',
  'retention',
  'person',
  'household',
  'team',
  'watch',
  'force',
  'worker_health',
  'gate',
  'passage',
  'feed',
  'batch',
  'risk_area',
  'rule_set',
  'grade',
  'push',
  'task',
  'visit',
  'observation',
  'medical',
  'observation_rules',
  'instruction',
  'phone',
  'handover',
  'service',
  'mediation',
  'registration',
  'registration_rules',
  'code',
  'objection',
  'contradiction',
  'hardship_pass',
  'org',
  'stats',
  'job',
  'settings',
] as const
export type ThingKind = (typeof THINGS)[number]

/** What is acted on: its kind, where it lies, and who proposed or created it. */
export type Thing = { kind: ThingKind; area: AreaCode; by?: string | null; byCreatedBy?: string | null }

type Rights = Partial<Record<ThingKind, readonly Verb[]>>

const CENTRE_READ: Rights = {
  area: ['read'],
  campaign: ['read'],
  emergency: ['read'],
  rule_set: ['read'],
  risk_area: ['read'],
  feed: ['read'],
  batch: ['read'],
  task: ['read'],
  visit: ['read'],
  observation: ['read'],
  observation_rules: ['read'],
  instruction: ['read'],
  stats: ['read'],
  push: ['read'],
  grade: ['read'],
  job: ['read'],
  team: ['read'],
  watch: ['read'],
  force: ['read'],
  gate: ['read'],
  passage: ['read'],
  service: ['read'],
  mediation: ['read'],
  registration: ['read'],
  registration_rules: ['read'],
  code: ['read'],
  objection: ['read'],
  contradiction: ['read'],
  hardship_pass: ['read'],
  org: ['read'],
}

/** Roles of a team: they see the area they belong to; what they do there comes with their rooms. */
const TEAM: Rights = { area: ['read'], campaign: ['read'], service: ['file'] }

/** ACCESS-5, the table of role × thing × verb; docs/rules/access.md shows it for people and a test holds the two equal. */
export const RIGHTS: Record<Role, Rights> = {
  resident: {},
  worker: {
    area: ['read'],
    campaign: ['read'],
    emergency: ['read'],
    person: ['read', 'file', 'open'],
    household: ['read', 'file'],
    team: ['read'],
    watch: ['read', 'file'],
    task: ['read', 'file'],
    visit: ['read', 'file'],
    observation: ['read', 'file', 'open'],
    observation_rules: ['read'],
    instruction: ['read', 'file'],
    service: ['read', 'file', 'open'],
    mediation: ['read', 'file'],
    registration: ['read', 'file'],
    code: ['read', 'file'],
    stats: ['read'],
  },
  watch_leader: TEAM,
  volunteer: TEAM,
  // Days are added by a doctor alone, in writing (OBS-14): the right is a thing of its own.
  doctor: { ...TEAM, observation: ['read', 'file', 'open'], medical: ['file'], worker_health: ['read', 'file'] },
  officer: { ...TEAM, observation: ['read', 'file'] },
  cadre: { ...TEAM, observation: ['read', 'file'], mediation: ['read', 'file'] },
  checkpoint: { ...TEAM, gate: ['read', 'file'] },
  operator: {
    ...CENTRE_READ,
    account: ['read', 'propose', 'bulk'],
    duty: ['read', 'file'],
    person: ['read', 'file', 'open', 'propose'],
    household: ['read', 'file', 'bulk'],
    team: ['read', 'file', 'bulk'],
    watch: ['read', 'file', 'bulk'],
    force: ['read', 'file', 'open', 'bulk'],
    worker_health: ['read', 'file'],
    gate: ['read', 'file', 'open'],
    passage: ['read', 'propose', 'open'],
    feed: ['read', 'file', 'propose'],
    batch: ['read', 'file', 'propose'],
    risk_area: ['read', 'file'],
    rule_set: ['read', 'file', 'propose'],
    grade: ['read', 'propose', 'bulk'],
    push: ['read', 'propose'],
    campaign: ['read', 'file', 'propose'],
    task: ['read', 'file', 'bulk', 'export'],
    visit: ['read', 'file', 'export'],
    observation: ['read', 'file', 'open', 'propose', 'revoke', 'export'],
    observation_rules: ['read', 'propose'],
    instruction: ['read', 'file', 'revoke'],
    service: ['read', 'file', 'open', 'bulk'],
    mediation: ['read', 'file'],
    registration: ['read', 'file', 'approve'],
    registration_rules: ['read', 'propose'],
    // Who else may ask for verdicts is proposed by one and put in force by another (CODE-20).
    code: ['read', 'file', 'propose'],
    objection: ['read', 'file', 'open'],
    contradiction: ['read', 'file', 'open'],
    hardship_pass: ['read', 'file', 'revoke'],
    org: ['read', 'file', 'approve', 'open'],
    phone: ['read', 'revoke'],
    handover: ['read', 'file', 'open'],
    stats: ['read', 'export'],
    area: ['read', 'propose'],
    retention: ['read'],
  },
  // Figures only, with small cells hidden (STAT-6): the exact total of a list would give them away.
  analyst: {
    area: ['read'],
    campaign: ['read'],
    emergency: ['read'],
    rule_set: ['read'],
    risk_area: ['read'],
    feed: ['read'],
    stats: ['read', 'export'],
  },
  chief: {
    ...CENTRE_READ,
    account: ['read', 'approve', 'revoke'],
    duty: ['read', 'file'],
    person: ['read', 'open', 'approve'],
    household: ['read'],
    team: ['read', 'file', 'bulk'],
    watch: ['read', 'file', 'bulk'],
    force: ['read', 'file', 'open', 'bulk'],
    worker_health: ['read', 'file'],
    gate: ['read', 'file', 'open'],
    passage: ['read', 'propose', 'approve', 'open'],
    emergency: ['read', 'propose', 'approve', 'revoke'],
    campaign: ['read', 'file', 'propose', 'approve', 'revoke'],
    rule_set: ['read', 'propose', 'approve'],
    grade: ['read', 'approve', 'bulk'],
    push: ['read', 'propose', 'approve'],
    batch: ['read', 'approve', 'revoke'],
    feed: ['read', 'approve'],
    risk_area: ['read', 'file', 'approve'],
    task: ['read', 'file', 'bulk', 'approve', 'export'],
    visit: ['read', 'export'],
    observation: ['read', 'file', 'open', 'propose', 'approve', 'revoke', 'export'],
    observation_rules: ['read', 'propose', 'approve'],
    instruction: ['read', 'file', 'revoke'],
    service: ['read', 'file', 'open', 'bulk'],
    mediation: ['read', 'file'],
    registration: ['read', 'file', 'approve'],
    registration_rules: ['read', 'propose', 'approve'],
    code: ['read', 'file', 'propose', 'approve'],
    // The county's single final review (OBJECT-8).
    objection: ['read', 'file', 'approve', 'open', 'revoke'],
    contradiction: ['read', 'file', 'approve', 'open'],
    hardship_pass: ['read', 'file', 'revoke'],
    org: ['read', 'file', 'approve', 'open', 'revoke'],
    phone: ['read', 'revoke'],
    handover: ['read', 'file', 'open'],
    stats: ['read', 'export'],
    area: ['read', 'propose', 'approve'],
    retention: ['read', 'propose', 'approve'],
    settings: ['read', 'propose', 'approve'],
  },
  auditor: {
    ...CENTRE_READ,
    audit: ['read', 'export'],
    account: ['read'],
    duty: ['read'],
    retention: ['read', 'approve'],
    settings: ['read'],
    feed: ['read', 'approve'],
    phone: ['read'],
    handover: ['read'],
  },
  administrator: {
    area: ['read', 'propose', 'approve'],
    account: ['read', 'propose', 'approve', 'bulk', 'revoke'],
    duty: ['read', 'file'],
    job: ['read'],
    phone: ['read', 'revoke'],
    settings: ['read', 'file', 'propose'],
    feed: ['read', 'file', 'propose', 'revoke'],
    emergency: ['read'],
    campaign: ['read'],
    retention: ['read'],
  },
}

/** Public by nature: where the divisions lie and which of them are risk areas. */
const OPEN_TO_ALL: readonly ThingKind[] = ['area', 'risk_area']
/** Ordered by a centre above and in force here as well: readable below, never sideways. */
const OPEN_BELOW: readonly ThingKind[] = ['emergency', 'campaign', 'rule_set', 'feed']

/**
 * ACCESS-4: may this actor do this to this thing? Pure; the screens call it to grey out a button, the server to refuse.
 * ACCESS-6: who approves did not propose, did not create the proposer's account and was not created by it.
 */
export function can(actor: Actor, verb: Verb, thing: Thing): boolean {
  if (actor.kind === 'system') return true
  if (!actor.roles.some((role) => RIGHTS[role][thing.kind]?.includes(verb))) return false
  if (!reaches(actor, verb, thing)) return false
  return verb !== 'approve' || independent(actor, thing)
}

function reaches(actor: Actor, verb: Verb, thing: Thing): boolean {
  if (actor.scope.some((area) => contains(area, thing.area))) return true
  if (verb !== 'read' || actor.scope.length === 0) return false
  if (OPEN_TO_ALL.includes(thing.kind)) return true
  return OPEN_BELOW.includes(thing.kind) && actor.scope.some((area) => contains(thing.area, area))
}

function independent(actor: Actor, thing: Thing): boolean {
  if (thing.by === undefined || thing.by === null) return true
  return thing.by !== actor.id && thing.byCreatedBy !== actor.id && actor.createdBy !== thing.by
}
