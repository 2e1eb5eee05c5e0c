// Generated from the migrated database by core/db/generate-types.ts; the check refuses drift.
import type { GatePolicy } from '@weiwang/domain/checkpoints/gate'
import type { Say } from '@weiwang/domain/core/say'
import type { GuardFinding } from '@weiwang/domain/grading/api'
import type { Reason, Rules } from '@weiwang/domain/grading/rule-set'
import type { CodeReasonRow } from '@weiwang/domain/healthcode/code-state'
import type { Answers } from '@weiwang/domain/healthcode/reg-api'
import type { ObservationState } from '@weiwang/domain/observation/fold'
import type { Hours } from '@weiwang/domain/teams/force'
import type { Generated } from 'kysely'

export interface Account {
  id: string
  area: string
  name: string
  login: string | null
  phone_hash: Buffer | null
  phone_sealed: Buffer | null
  phone_masked: string | null
  totp: Generated<boolean>
  state: string
  lang: Generated<string>
  sessions_from: Date
  created_by: string | null
  created_at: Date
  updated_at: Date
  version: Generated<number>
}

export interface AccountFresh {
  account_id: string
  at: Date
}

export interface AccountPerson {
  account_id: string
  person_id: string
  relation: string
  basis: string
  since: string
  until: string | null
  ended_at: Date | null
  noticed_at: Date | null
}

export interface AccountProof {
  session_id: string
  account_id: string
  at: Date
}

export interface AccountRole {
  account_id: string
  role: string
  area: string
  granted_by: string | null
  granted_at: Date
}

export interface AccountSecret {
  account_id: string
  password_hash: string | null
  totp_sealed: Buffer | null
  totp_confirmed_at: Date | null
  totp_last_step: Generated<number>
  updated_at: Date
}

export interface AddressPending {
  person_id: string
  home_area: string
  emergency_id: string
  address_sealed: Buffer
  address_hash: Buffer
  source: string
  at: Date
}

export interface AddressPoint {
  county: string
  id: string
  village: string
  street: string
  number_from: number | null
  number_to: number | null
  parity: Generated<number>
  building: string | null
  area: string
  source: string
}

export interface Area {
  code: string
  parent: string | null
  level: number
  name: string
  kind: string
  households: number | null
  valid_from: string
  valid_to: string | null
}

export interface AreaAlias {
  alias: string
  code: string
  kind: string
}

export interface AreaChange {
  id: string
  area: string
  kind: string
  plan: unknown
  effects: unknown
  on_day: string
  state: string
  proposed_by: string | null
  decided_by: string | null
  proposed_at: Date
  decided_at: Date | null
}

export interface AreaContact {
  area: string
  role: string
  name: string
  phone: string
  by: string | null
  updated_at: Date
}

export interface AreaFollowed {
  change_id: string
  room: string
  at: Date
}

export interface AreaSuccessor {
  code: string
  successor: string
  on_day: string
}

export interface AreaTerm {
  term: string
  code: string
  kind: string
}

export interface Audit {
  county: string
  day: string
  id: string
  at: Date
  area: string
  actor: string | null
  actor_name: string
  verb: string
  thing: string
  thing_id: string
  outcome: string
  purpose: string | null
  ids: Generated<string[]>
  detail: Generated<unknown>
  request_id: string
  block: number | null
}

export interface AuditBlock {
  county: string
  day: string
  n: number
  lines: number
  last_at: Date
  prev_hash: Buffer
  hash: Buffer
  sealed_at: Date
  head: string | null
}

export interface AuditHead {
  day: string
  heads: unknown
  prev_hash: Buffer
  hash: Buffer
  sealed_at: Date
}

export interface Backup {
  id: string
  kind: string
  covers_until: Date
  verified_at: Date
  place: string
  hash: string | null
  bytes: number | null
  removed_at: Date | null
}

export interface Batch {
  id: string
  feed_id: string
  area: string
  emergency_id: string
  file_name: string
  file_hash: Buffer
  bytes: number
  state: string
  reading: Generated<unknown>
  cursor: Generated<number>
  rows: Generated<number>
  accepted: Generated<number>
  unchanged: Generated<number>
  rejected: Generated<number>
  denied: Generated<number>
  resolved: Generated<number>
  error: unknown
  job_id: string | null
  by: string | null
  received_at: Date
  finished_at: Date | null
  withdrawn_at: Date | null
  withdrawn_by: string | null
  withdraw_reason: string | null
  held_by: string | null
  held_until: Date | null
}

export interface BatchReject {
  batch_id: string
  row: number
  col: string
  area: string
  value_sealed: Buffer | null
  reason: string
  detail: Generated<unknown>
}

export interface Campaign {
  id: string
  emergency_id: string
  area: string
  name: Say
  purpose: Say
  basis: Say
  script: Say
  questions: unknown
  hours: unknown
  starts: string
  ends: string
  state: string
  created_by: string | null
  created_by_created_by: string | null
  created_at: Date
  opened_at: Date | null
  opened_by: string | null
  ended_at: Date | null
  version: Generated<number>
}

export interface CaseCount {
  area: string
  day: string
  confirmed: number
  carried: Generated<boolean>
  source: string
}

export interface CloseOut {
  id: string
  emergency_id: string
  state: string
  proposed_by: string | null
  proposed_by_name: string
  proposed_by_created_by: string | null
  approved_by: string | null
  approved_by_name: string | null
  proposed_at: Date
  approved_at: Date | null
  done_at: Date | null
  certificate: unknown
}

export interface Code {
  person_id: string
  home_area: string
  emergency_id: string
  n: number
  state: string
  rule_set_id: string | null
  from_day: string
  until_day: string | null
  reasons: CodeReasonRow[]
  applied_at: Date
  changed_at: Date
  told_n: Generated<number>
  held_until: string | null
}

export interface CodeEvent {
  person_id: string
  n: number
  home_area: string
  at: Date
  from_state: string
  to_state: string
  trigger: string
  rule_set_id: string | null
  from_day: string
  until_day: string | null
  reasons: CodeReasonRow[]
  run_id: string | null
  by: string | null
}

export interface CodeHolder {
  person_hash: Buffer
  code_id: Buffer
  emergency_id: string
  person_sealed: Buffer
  account_hash: Buffer | null
  day: string
  holder: Buffer | null
  kid: Buffer
  credential: Buffer
  n: number
  issued_at: Date
  until_at: Date
  replaced_at: Date | null
}

export interface CodeKey {
  kid: Buffer
  public_key: Buffer
  private_sealed: Buffer
  made_at: Date
  sign_from: Date
  sign_until: Date
  until_at: Date
  revoked_at: Date | null
  revoked_by: string | null
  reason: string | null
}

export interface CodeList {
  one: Generated<boolean>
  n: number
}

export interface CodeMisuse {
  person_id: string
  id: string
  home_area: string
  kind: string
  at: Date
}

export interface CodePartner {
  id: string
  area: string
  name: string
  purpose: string
  key_hash: Buffer | null
  until_day: string
  made_by: string | null
  made_by_created_by: string | null
  made_by_name: string
  made_at: Date
  decided_by_name: string | null
  decided_at: Date | null
  refused: Generated<boolean>
  ended_at: Date | null
  ended_by_name: string | null
  end_reason: string | null
}

export interface CodePartnerDay {
  partner_id: string
  day: string
  area: string
  colour: number
  by_hand: number
  refused: number
}

export interface CodePhoneKey {
  key_hash: Buffer
  account_hash: Buffer
  day: string
}

export interface CodeRevocation {
  n: number
  code_id: Buffer
  until_at: Date
  at: Date
}

export interface CodeRuleSet {
  short: string
  rule_set_id: string
}

export interface Contradiction {
  person_id: string
  id: string
  home_area: string
  county: Generated<string>
  village: Generated<string>
  emergency_id: string
  declaration_id: string | null
  kind: string
  sources: string[]
  declared_on: string
  said: unknown
  known: unknown
  state: string
  outcome: string | null
  asked_how: string | null
  asked_by: string | null
  task_county: string | null
  task_id: string | null
  finding: string | null
  explained_at: Date | null
  decided_by: string | null
  decided_at: Date | null
  corrected_by: string | null
  ceased: string | null
  found_at: Date
  found_day: string
  ended_at: Date | null
  updated_at: Date
  version: Generated<number>
}

export interface ContradictionDue {
  person_id: string
  at: Date
}

export interface ContradictionEvent {
  person_id: string
  contradiction_id: string
  n: number
  home_area: string
  kind: string
  body: Generated<unknown>
  by: string | null
  text_sealed: Buffer | null
  at: Date
}

export interface DataKey {
  id: string
  emergency_id: string
  month: string
  wrapped: Buffer | null
  master_id: string
  created_at: Date
  destroyed_at: Date | null
}

export interface Declaration {
  person_id: string
  id: string
  n: number
  home_area: string
  emergency_id: string
  at: Date
  day: string
  by: string
  by_account: string | null
  answers: Answers
  body_sealed: Buffer | null
  superseded_at: Date | null
  erased_at: Date | null
}

export interface DeletionManifest {
  id: string
  emergency_id: string | null
  rule: string
  cutoff: Date
  tables: unknown
  rows: number
  hash: Buffer
  at: Date
}

export interface Device {
  id: string
  account_id: string
  name: string
  created_at: Date
  last_seen_at: Date
  ended_at: Date | null
}

export interface Dispute {
  county: string
  id: string
  area: string
  village: Generated<string>
  emergency_id: string
  household_id: string | null
  kind: string
  state: string
  desks: string[]
  mediator: string | null
  recorded_by: string | null
  visit_id: string | null
  parties_sealed: Buffer | null
  parties: Generated<number>
  words_sealed: Buffer | null
  sessions: Generated<number>
  follow_up: string | null
  due_by: Date
  closing: string | null
  opened_at: Date
  opened_day: string
  closed_at: Date | null
  closed_day: string | null
  updated_at: Date
  version: number
  blanked_at: Date | null
}

export interface DisputeAccess {
  county: string
  dispute_id: string
  account_id: string
  area: string
  given_at: Date
  ended_at: Date | null
}

export interface DisputeEvent {
  county: string
  dispute_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  occurred_at: Date
  recorded_at: Date
}

export interface Draft {
  account_id: string
  form: string
  version: string
  subject: string
  emergency_id: string
  content_sealed: Buffer | null
  saved_at: Date
  recorded_at: Date
}

export interface Duty {
  id: string
  account_id: string
  area: string
  kind: string
  stands_in_for: string | null
  account_name: string
  stands_in_for_name: string | null
  from_day: string
  to_day: string | null
  created_by: string | null
  created_by_name: string | null
  created_at: Date
  ended_at: Date | null
  cut_at: Date | null
}

export interface Emergency {
  id: string
  area: string
  name: Say
  legal_order: string
  purpose: Say
  basis: Say
  starts: string
  ends: string | null
  state: string
  exercise: Generated<boolean>
  proposed_by: string | null
  proposed_by_created_by: string | null
  approved_by: string | null
  proposed_at: Date
  opened_at: Date | null
  ended_at: Date | null
  closed_out_at: Date | null
  version: Generated<number>
}

export interface Escalation {
  county: string
  task_id: string
  n: number
  account_id: string
  account_name: string
  area: string
  told: string
  clock: string
  step: number
  urgency: number
  at: Date
  seen_at: Date | null
  dealt: string | null
  dealt_by: string | null
  dealt_at: Date | null
}

export interface Fact {
  person_id: string
  fact_id: string
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from_day: string
  to_day: string
  source: string
  batch_id: string
  recorded_at: Date
  withdrawn_at: Date | null
  external: Buffer | null
  superseded_by: string | null
  denied_by: string | null
}

export interface FactBatch {
  batch_id: string
  person_id: string
  fact_id: string
}

export interface FactDenied {
  person_id: string
  id: string
  source: string
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from_day: string
  to_day: string
  reason: string
  reason_id: string
  by: string | null
  at: Date
  lifted_at: Date | null
  lifted_by: string | null
  hits: Generated<number>
  hit_at: Date | null
}

export interface Feed {
  id: string
  area: string
  name: Say
  owner: string
  purpose: Say
  kind: string
  mapping: unknown
  bounds: unknown
  may_give_red: Generated<boolean>
  red_proposed_by: string | null
  red_approved_by: string | null
  key_hash: Buffer | null
  state: string
  created_by: string | null
  created_at: Date
  version: Generated<number>
}

export interface FieldConflict {
  thing_id: string
  id: string
  thing: string
  area: string
  emergency_id: string
  field: string
  why: string
  from_sealed: Buffer | null
  to_sealed: Buffer | null
  to_hash: Buffer
  against_hash: Buffer
  note_sealed: Buffer | null
  by: string
  by_name: string
  also: Generated<string[]>
  made_at: Date
  recorded_at: Date
  state: string
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Date | null
  reason_sealed: Buffer | null
}

export interface ForceAttachment {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  body: string
  body_name: string
  duty_id: string
  emergency_id: string
  from_day: string
  to_day: string
  successor_id: string | null
  successor_name: string | null
  at: Date
  by_name: string
  ended_at: Date | null
}

export interface ForceEstate {
  county: string
  id: string
  area: string
  org_id: string | null
  org_name: string | null
  name: string
  duty_phone: string | null
  contact_sealed: Buffer | null
  emergency_id: string | null
  opened_at: Date
  updated_at: Date
  ended_at: Date | null
}

export interface ForceHandover {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  thing: string
  thing_id: string
  to_account: string | null
  to_name: string | null
  emergency_id: string
  at: Date
  done_at: Date | null
  done_by: string | null
}

export interface ForceHealth {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  emergency_id: string
  kind: string
  content_sealed: Buffer
  day: string
  rest_until: string | null
  decided_by: string | null
  reported_at: Date
  ended_at: Date | null
}

export interface ForceKit {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  item: string
  n: number
  day: string
  emergency_id: string
  by_name: string
  at: Date
}

export interface ForceMember {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  kind: string
  org_id: string | null
  org_name: string | null
  skills: Generated<string[]>
  hours: Generated<Hours[]>
  state: string
  duty_id: string | null
  emergency_id: string
  enrolled_at: Date
  enrolled_by: string
  confirmed_at: Date | null
  confirmed_by: string | null
  ended_at: Date | null
  version: Generated<number>
}

export interface ForceOrg {
  county: string
  id: string
  area: string
  kind: string
  name: string
  contact_sealed: Buffer | null
  emergency_id: string | null
  opened_at: Date
  updated_at: Date
  ended_at: Date | null
}

export interface ForcePost {
  county: string
  id: string
  area: string
  kind: string
  name: string
  opened_at: Date
  ended_at: Date | null
}

export interface ForceShift {
  county: string
  id: string
  post_id: string
  area: string
  post_kind: string
  post_name: string
  day: string
  starts_at: Date
  ends_at: Date
  needed: number
  at: Date
  ended_at: Date | null
}

export interface ForceTurn {
  county: string
  id: string
  shift_id: string
  post_id: string
  area: string
  post_name: string
  account_id: string | null
  account_name: string
  emergency_id: string
  day: string
  starts_at: Date
  ends_at: Date
  in_at: Date | null
  in_how: string | null
  out_at: Date | null
  out_how: string | null
  mended_by: string | null
  mended_why: string | null
  at: Date
  ended_at: Date | null
  blanked_at: Date | null
}

export interface Form {
  id: string
  area: string
  purpose: string
  version: number
  form: unknown
  state: string
  by: string | null
  by_name: string
  by_created_by: string | null
  made_at: Date
  decided_by: string | null
  decided_at: Date | null
  reason: string | null
}

export interface Gate {
  county: string
  id: string
  area: string
  post_id: string
  kind: string
  name: Say
  policy: GatePolicy
  version: Generated<number>
  opened_at: Date
  updated_at: Date
  ended_at: Date | null
}

export interface GateHour {
  county: string
  gate_id: string
  area: string
  day: string
  hour: number
  metric: string
  n: number
}

export interface GateLookup {
  county: string
  id: string
  area: string
  account_id: string
  found: boolean
  at: Date
}

export interface GateNamed {
  county: string
  id: string
  area: string
  emergency_id: string
  day: string
  at: Date
  actor: string | null
  verb: string
  purpose: string | null
  mark: Buffer
}

export interface GateReferral {
  county: string
  id: string
  gate_id: string
  area: string
  village: Generated<string>
  emergency_id: string
  passage_id: string | null
  day: string
  at: Date
  recorded_at: Date
  why: string
  disposition: string
  home_proof: string | null
  home_area: string | null
  called: string | null
  masked: string
  private_sealed: Buffer | null
  person_id: string | null
  task_county: string | null
  task_id: string | null
  reference: string | null
  outcome: string | null
  closed_at: Date | null
  closed_by: string | null
  blanked_at: Date | null
}

export interface Grade {
  person_id: string
  n: number
  home_area: string
  run_id: string | null
  rule_set_id: string
  grade: string | null
  colour: string | null
  from_day: string
  until_day: string | null
  reasons: Reason[]
  by: string | null
  case_no: string | null
  recorded_at: Date
}

export interface GradeChangeDay {
  kind: string
  key: string
  day: string
  n: number
  red: Generated<number>
}

export interface GradeDirty {
  person_id: string
  at: Date
}

export interface GradeFound {
  run_id: string
  person_id: string
  kind: string
  place: string | null
  value: string | null
  degree: number | null
  from_day: string
  to_day: string
  source: string
  recorded_at: Date
  spec: number | null
  s_from: string | null
  s_to: string | null
  leaf: number | null
  start_day: string | null
  day: string | null
  until_day: string | null
  ok_until: string | null
}

export interface GradeGuardChange {
  id: string
  area: string
  state: string
  before: unknown
  settings: unknown
  reason: string
  by: string | null
  by_created_by: string | null
  decided_by: string | null
  decision: string | null
  proposed_at: Date
  decided_at: Date | null
}

export interface GradeManual {
  person_id: string
  id: string
  home_area: string
  batch_id: string | null
  grade: string | null
  colour: string | null
  reason: string
  case_no: string | null
  from_day: string
  until_day: string
  by: string | null
  approved_by: string | null
  at: Date
  ended_at: Date | null
  ended_by: string | null
}

export interface GradeManualBatch {
  id: string
  area: string
  state: string
  persons: string[]
  grade: string | null
  colour: string | null
  reason: string
  case_no: string | null
  until_day: string
  by: string | null
  by_created_by: string | null
  decided_by: string | null
  decision: string | null
  proposed_at: Date
  decided_at: Date | null
}

export interface GradeNear {
  person_id: string
}

export interface GradeNext {
  run_id: string
  person_id: string
  home_area: string
  prev_n: number
  changed: boolean
  old_grade: string | null
  old_colour: string | null
  grade: string | null
  colour: string | null
  from_day: string
  until_day: string | null
  review_day: string | null
  reasons: Reason[]
  sources: string[]
}

export interface GradeNow {
  person_id: string
  home_area: string
  n: number
  rule_set_id: string
  grade: string | null
  colour: string | null
  from_day: string
  until_day: string | null
  review_day: string | null
  reasons: Reason[]
  recorded_at: Date
}

export interface GradePreview {
  run_id: string
  area: string
  old_grade: string
  old_colour: string
  grade: string
  colour: string
  n: number
}

export interface GradeRun {
  id: string
  area: string
  rule_set_id: string
  kind: string
  as_of: string
  state: string
  phase: Generated<string>
  chunk: Generated<number>
  chunks: Generated<number>
  counts: Generated<unknown>
  preview: unknown
  guard: GuardFinding[] | null
  since: Date | null
  job_id: string | null
  by: string | null
  by_created_by: string | null
  approved_by: string | null
  reason: string | null
  started_at: Date
  finished_at: Date | null
}

export interface GradeTouch {
  run_id: string
  person_id: string
  apply: boolean
}

export interface GridClock {
  county: string
  grid: string
  epoch: Generated<number>
  n: Generated<number>
  floor: Generated<number>
}

export interface GridFeed {
  county: string
  grid: string
  kind: string
  id: string
  n: number
  urgent: Generated<boolean>
  body: unknown
  at: Date
}

export interface GridWake {
  grid: string
  n: number
  at: Date
}

export interface Handover {
  county: string
  id: string
  area: string
  key: string
  account_id: string
  account_name: string
  device: string | null
  kind: string
  subject_ids: Generated<string[]>
  made_at: Date
  recorded_at: Date
  body_sealed: Buffer | null
  reason: string
  problem: unknown
  state: string
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Date | null
  note_sealed: Buffer | null
  answer: unknown
}

export interface HardshipPass {
  county: string
  id: string
  area: string
  emergency_id: string
  person_id: string | null
  masked: string
  number: string
  reason: string
  to_sealed: Buffer | null
  issued_by: string | null
  issued_at: Date
  issued_day: string
  until_at: Date
  revoked_at: Date | null
  revoked_by: string | null
  revoked_why: string | null
  blanked_at: Date | null
}

export interface HelpCall {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  task_id: string | null
  household_id: string | null
  detail_sealed: Buffer | null
  made_at: Date
  recorded_at: Date
  told_level: number
  told_at: Date
  state: string
  seen_by: string | null
  seen_by_name: string | null
  seen_at: Date | null
  closed_by: string | null
  closed_by_name: string | null
  closed_at: Date | null
  note_sealed: Buffer | null
}

export interface Household {
  county: string
  id: string
  area: string
  emergency_id: string
  kind: string
  use: string
  estate: string | null
  building: string | null
  door: string | null
  address_sealed: Buffer | null
  address_hash: Buffer | null
  members: Generated<number>
  source: string
  external_id: string | null
  created_at: Date
  updated_at: Date
  version: Generated<number>
  edits: Generated<unknown>
  hazards: Generated<string[]>
  lat: number | null
  lng: number | null
  accuracy: number | null
  position_by: string | null
}

export interface HouseholdMade {
  id: string
  household_id: string
}

export interface Idempotency {
  county: string
  key: string
  action: string
  actor: string | null
  args_hash: Buffer
  answer: unknown
  at: Date
}

export interface Identity {
  person_id: string
  home_area: string
  doc_sealed: Buffer | null
  phone_sealed: Buffer | null
  birth_sealed: Buffer | null
  known: Generated<Buffer[]>
  key_id: string
  updated_at: Date
}

export interface Instruction {
  id: string
  area: string
  version: Generated<number>
  state: string
  title: string
  route: string
  level: number
  targets: string[]
  due_at: Date
  report: boolean
  door_kinds: string[] | null
  door_purpose: string | null
  args_hash: Buffer
  by: string | null
  by_name: string
  sent_at: Date
}

export interface InstructionAddition {
  instruction_id: string
  area: string
  text: string
  due_at: Date | null
  by: string | null
  by_name: string
  at: Date
}

export interface InstructionAttachment {
  id: string
  area: string
  instruction_id: string | null
  n: Generated<number>
  name: string
  type: string
  bytes: number
  hash: Buffer
  content: Buffer
  by: string | null
  at: Date
}

export interface InstructionDoor {
  county: string
  instruction_id: string
  household_id: string
  area: string
  visit_id: string
  at: Date
}

export interface InstructionVersion {
  instruction_id: string
  version: number
  kind: string
  title: string
  text: string
  due_at: Date
  reason: string | null
  by: string | null
  by_name: string
  at: Date
}

export interface JobProgress {
  id: string
  area: string
  kind: string
  title: Say
  state: string
  done: Generated<number>
  total: number | null
  step: string | null
  result: unknown
  error: unknown
  subject: string | null
  by: string | null
  started_at: Date
  updated_at: Date
  finished_at: Date | null
}

export interface ListEntry {
  county: string
  push_id: string
  person_id: string
  area: string
  village: Generated<string>
  masked: string
  grade: string
  outcome: string
  task_id: string | null
  day: string
  at: Date
}

export interface LoginTry {
  subject_hash: Buffer
  at: Date
  id: string
  ok: boolean
}

export interface Medicine {
  county: string
  id: string
  area: string
  emergency_id: string
  person_id: string
  household_id: string | null
  masked: string
  name_hash: Buffer
  detail_sealed: Buffer
  runs_out: string
  asked_for: string | null
  service_id: string | null
  by: string | null
  made_at: Date
  updated_at: Date
  ended_at: Date | null
}

export interface MessageStop {
  number_hash: Buffer
  at: Date
  how: string
}

export interface Migration {
  name: string
  hash: string
  at: Generated<Date>
}

export interface Notice {
  account_id: string
  id: string
  kind: string
  body: unknown
  at: Date
  read_at: Date | null
}

export interface Objection {
  county: string
  id: string
  area: string
  village: Generated<string>
  emergency_id: string
  person_id: string | null
  masked: string
  by: string | null
  asker: string
  ground: string
  colour: string | null
  rule: string | null
  source: string | null
  reasons: Generated<unknown>
  words_sealed: Buffer | null
  relative_sealed: Buffer | null
  stage: string
  due_by: Date
  all_due_by: Date
  asked_until: Date | null
  escalations: Generated<number>
  proofs: Generated<number>
  opened_at: Date
  opened_day: string
  outcome: string | null
  wrong: string | null
  refusal: string | null
  finding: string | null
  minutes: number | null
  was_late: Generated<boolean>
  was_overdue: Generated<boolean>
  closed_at: Date | null
  closed_day: string | null
  updated_at: Date
  version: number
  blanked_at: Date | null
}

export interface ObjectionEvent {
  county: string
  objection_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  occurred_at: Date
  recorded_at: Date
}

export interface ObjectionProof {
  county: string
  objection_id: string
  id: string
  area: string
  kind: string
  bytes: number
  hash: Buffer
  sealed: Buffer
  by: string | null
  at: Date
}

export interface Observation {
  county: string
  id: string
  root: string
  area: string
  village: Generated<string>
  responsible_area: string
  responsible_county: Generated<string>
  responsible_village: Generated<string>
  emergency_id: string
  person_id: string | null
  household_id: string | null
  group_id: string | null
  responder_person_id: string | null
  masked: string
  reference: string
  measure: string
  reason: string
  opened_from: string
  state: string
  step: string
  exposure_day: string | null
  start_day: string
  end_day: string | null
  due: Generated<string>
  count_from: string
  rules_id: string | null
  rules_version: number
  team_id: string | null
  missed: Generated<number>
  in_care: Generated<boolean>
  in_breach: Generated<boolean>
  shortening: Generated<boolean>
  release_checked: Generated<boolean>
  outing_asked: Generated<boolean>
  outing_open: Generated<boolean>
  unanswered: Generated<boolean>
  services_open: Generated<number>
  address_sealed: Buffer | null
  unit_sealed: Buffer | null
  opened_day: string
  opened_at: Date
  lapsed_day: string | null
  lapsed_at: Date | null
  outcome: string | null
  ended_day: string | null
  ended_at: Date | null
  follow_up_day: string | null
  delete_day: string | null
  current: ObservationState
  updated_at: Date
  version: number
  blanked_at: Date | null
}

export interface ObservationAlarm {
  county: string
  observation_id: string
  account_id: string
  area: string
  told: string
  at: Date
}

export interface ObservationEvent {
  county: string
  observation_id: string
  n: number
  area: string
  responsible_area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  occurred_at: Date
  recorded_at: Date
}

export interface ObservationNumber {
  county: string
  n: number
}

export interface ObservationPaper {
  county: string
  observation_id: string
  id: string
  area: string
  kind: string
  bytes: number | null
  hash: Buffer | null
  sealed: Buffer
  by: string | null
  at: Date
}

export interface ObservationRules {
  id: string
  area: string
  version: number
  state: string
  rules: unknown
  reason: string
  by: string | null
  by_created_by: string | null
  approved_by: string | null
  proposed_at: Date
  decided_at: Date | null
}

export interface OneTimeCode {
  id: string
  target_hash: Buffer
  purpose: string
  code_hash: Buffer
  sealed: Buffer | null
  tries: Generated<number>
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface OpenObservation {
  person_id: string
  home_area: string
  county: string
  observation_id: string
}

export interface OpenTask {
  person_id: string
  campaign_id: string
  home_area: string
  county: string
  task_id: string
}

export interface Org {
  county: string
  id: string
  area: string
  emergency_id: string
  kind: string
  name: string
  credit_code: string | null
  contact_sealed: Buffer | null
  state: string
  applied_by: string | null
  applied_at: Date
  decided_by: string | null
  decided_at: Date | null
  refusal: string | null
  link_hash: Buffer | null
  officer_hash: Buffer | null
  officer_until: Date | null
  officer_by: string | null
  officer_hand_over: boolean | null
  lists: Generated<number>
  closed_at: Date | null
  updated_at: Date
  version: number
}

export interface OrgList {
  county: string
  org_id: string
  id: string
  n: number
  area: string
  emergency_id: string
  whole: boolean
  gone: number
  sums: unknown
  rows: unknown
  by: string | null
  at: Date
}

export interface OrgMember {
  county: string
  org_id: string
  id: string
  area: string
  emergency_id: string
  doc_hash: Buffer
  name_sealed: Buffer | null
  masked: string
  ref: string
  person_id: string | null
  by_link: boolean
  invited_at: Date
  consented_at: Date | null
  consented_day: string | null
  withdrawn_at: Date | null
  ended_at: Date | null
  returns_on: string | null
  confirmed_returns_on: string | null
  confirmed_day: string | null
}

export interface OrgOfficer {
  county: string
  org_id: string
  account_id: string
  area: string
  since: Date
  ended_at: Date | null
}

export interface OrgRoll {
  county: string
  org_id: string
  day: string
  area: string
  emergency_id: string
  present: number
  absent: number
  fever: number
  by: string | null
  at: Date
}

export interface Passage {
  county: string
  id: string
  gate_id: string
  area: string
  village: Generated<string>
  emergency_id: string
  day: string
  hour: number
  at: Date
  recorded_at: Date
  direction: string
  lane: string
  checked: string | null
  check_rule: string | null
  colour: string | null
  verdict: string
  temperature: number | null
  retest: number | null
  retest_at: Date | null
  threshold: number
  companions: number | null
  vehicle: boolean
  clock_trusted: boolean
  list_age_min: number | null
  code_sealed: Buffer | null
  more_sealed: Buffer | null
}

export interface PassageKey {
  id: string
  emergency_id: string
  day: string
  made_at: Date
  destroyed_at: Date | null
}

export interface PassageOpening {
  county: string
  id: string
  area: string
  emergency_id: string
  case_number: string
  gate_ids: string[]
  from_at: Date
  to_at: Date
  day: string
  reason_sealed: Buffer | null
  state: string
  proposed_by: string | null
  proposed_by_created_by: string | null
  proposed_by_name: string
  proposed_at: Date
  decided_by_name: string | null
  decided_at: Date | null
  note_sealed: Buffer | null
  counts: unknown
  result_sealed: Buffer | null
}

export interface Person {
  person_id: string
  home_area: string
  emergency_id: string
  masked: string
  name_sealed: Buffer | null
  name_hash: Buffer | null
  pinyin_hash: Buffer | null
  initials_hash: Buffer | null
  phone_hash: Buffer | null
  phone4_hash: Buffer | null
  birth_hash: Buffer | null
  birth_year_hash: Buffer | null
  birth_precision: Generated<number>
  doc_kind: string
  sex: Generated<number>
  source: string
  created_at: Date
  updated_at: Date
  version: Generated<number>
  edits: Generated<unknown>
}

export interface PersonAlias {
  person_id: string
  target: string
  home_area: string
  by: string | null
  at: Date
  reason: string
}

export interface PersonKey {
  key_hash: Buffer
  person_id: string
}

export interface PersonMade {
  id: string
  person_id: string
}

export interface PersonReview {
  id: string
  home_area: string
  kind: string
  person_id: string
  other: string | null
  detail_hash: Buffer | null
  detail_sealed: Buffer | null
  score: Generated<number>
  reasons: Generated<Say[]>
  state: string
  created_at: Date
  decided_by: string | null
  decided_at: Date | null
}

export interface Phone {
  device: string
  account_id: string
  account_name: string
  area: string
  county: string
  name: Generated<string>
  secret_hash: Buffer | null
  former_hashes: Generated<Buffer[]>
  session_id: string | null
  app: string
  protocol: number
  state: string
  registered_at: Date
  contact_at: Date
  clock_ahead: Generated<number>
  waiting: Generated<number>
  refused: Generated<number>
  oldest_at: Date | null
  synced_at: Date | null
  try_at: Date | null
  lost_at: Date | null
  lost_by: string | null
  lost_by_name: string | null
  lost_reason: string | null
  clear_told_at: Date | null
  cleared_at: Date | null
}

export interface PhoneTry {
  device: string
  account_id: string
  started_at: Date
  area: string
  last_at: Date
  requests: number
  bytes: Generated<number>
  items: Generated<number>
  outcome: string | null
}

export interface PhoneWake {
  device: string
  account_id: string
  endpoint_sealed: Buffer
  put_at: Date
  told_at: Date | null
}

export interface Photo {
  county: string
  id: string
  visit_id: string
  area: string
  bytes: number
  hash: Buffer
  sealed: Buffer
  by: string
  at: Date
}

export interface ProcessAlive {
  id: string
  host: string
  pid: number
  workers: string[]
  started_at: Generated<Date>
  seen_at: Generated<Date>
}

export interface Push {
  id: string
  area: string
  run_id: string | null
  campaign_id: string
  state: string
  consequence: Generated<unknown>
  cursor: unknown
  counts: Generated<unknown>
  job_id: string | null
  by: string | null
  by_created_by: string | null
  approved_by: string | null
  reason: string | null
  started_at: Date
  decided_at: Date | null
  finished_at: Date | null
}

export interface Reading {
  county: string
  id: string
  observation_id: string
  person_id: string
  area: string
  emergency_id: string
  day: string
  part: string
  how: string
  temperature: number | null
  symptoms: Generated<string[]>
  mood: string | null
  needs: Generated<string[]>
  note_sealed: Buffer | null
  confirmed: Generated<boolean>
  fever: boolean
  alarm: boolean
  by: string | null
  args_hash: Buffer
  answer: unknown
  occurred_at: Date
  recorded_at: Date
  supersedes: string | null
  superseded_by: string | null
}

export interface ReadingCall {
  county: string
  id: string
  observation_id: string
  area: string
  village: Generated<string>
  emergency_id: string
  why: string
  how: string
  missed: Generated<number>
  since: Date | null
  task_id: string | null
  opened_at: Date
  not_before: Date
  tries: Generated<number>
  last_outcome: string | null
  last_at: Date | null
  last_by: string | null
  closed: string | null
  closed_at: Date | null
}

export interface ReadingDue {
  county: string
  observation_id: string
  area: string
  responsible_area: string
  emergency_id: string
  person_id: string
  household_id: string | null
  responder_person_id: string
  masked: string
  ordinal: number
  contact: string
  zone: string | null
  first_day: string
  last_day: string
  from_at: Date
  ended_at: Date | null
  handled_to: Date
  next_due: Date | null
  missed: Generated<number>
  since: Date | null
  how: string | null
  heard_at: Date | null
  updated_at: Date
}

export interface ReadingLink {
  token_hash: Buffer
  county: string
  observation_id: string
  message_id: string
  number_hash: Buffer
  day: string
  part: string
  ordinal: number
  due_at: Date
  closes_at: Date
  reading_id: string | null
  used_at: Date | null
}

export interface ReadingMessage {
  id: string
  responder_person_id: string
  day: string
  part: string
  county: string
  area: string
  emergency_id: string
  due_at: Date
  zone: string
  not_before: Date
  state: string
  tries: Generated<number>
  persons: Generated<number>
  claimed_at: Date | null
  sent_at: Date | null
  at: Date
}

export interface ReadingPlan {
  area: string
  plan: unknown
  set_by: string | null
  set_by_name: string
  set_at: Date
  version: number
}

export interface ReadingSlot {
  county: string
  observation_id: string
  day: string
  part: string
  area: string
  responsible_county: Generated<string>
  village: Generated<string>
  emergency_id: string
  due_at: Date
  state: string
  how: string | null
  taken_at: Date | null
  recorded_at: Date
}

export interface Receipt {
  county: string
  instruction_id: string
  area: string
  level: number
  version: number
  n: Generated<number>
  state: string
  sent_at: Date
  due_at: Date
  read_at: Date | null
  accepted_at: Date | null
  done_at: Date | null
  passed_on_at: Date | null
  escalated: Generated<number>
  next_step_at: Date | null
  leaves_at: Date | null
  told_name: string | null
  doors: Generated<number>
  doors_done: Generated<number>
  by_name: string | null
  note_sealed: Buffer | null
}

export interface ReceiptEvent {
  county: string
  instruction_id: string
  area: string
  n: number
  kind: string
  version: number
  step: number | null
  by: string | null
  by_name: string
  occurred_at: Date
  at: Date
}

export interface Recovery {
  id: string
  area: string
  account_id: string
  kind: string
  reason: string
  phone_sealed: Buffer | null
  phone_hash: Buffer | null
  phone_masked: string | null
  state: string
  asked_at: Date
  confirmed_by: string | null
  confirmed_by_name: string | null
  confirmed_by_created_by: string | null
  confirmed_at: Date | null
  decided_by: string | null
  decided_at: Date | null
}

export interface RecoveryCode {
  account_id: string
  hash: Buffer
  made_at: Date
  used_at: Date | null
}

export interface Registration {
  person_id: string
  home_area: string
  emergency_id: string
  account_id: string | null
  need: string
  situation: string
  registered_here: boolean
  purpose: string
  by: string
  by_account: string | null
  home_sealed: Buffer | null
  address_differs: Generated<boolean>
  declarations: Generated<number>
  declared_at: Date
  registered_day: string
  registered_at: Date
  erased_at: Date | null
}

export interface RegistrationChange {
  person_id: string
  id: string
  home_area: string
  emergency_id: string
  field: string
  outcome: string
  from_sealed: Buffer | null
  to_sealed: Buffer | null
  by_account: string | null
  at: Date
}

export interface RegistrationDraft {
  account_id: string
  subject: string
  emergency_id: string
  sealed: Buffer
  at: Date
}

export interface RegistrationHeld {
  id: string
  area: string
  emergency_id: string
  account_id: string | null
  session_id: string | null
  person_id: string
  relation: string
  masked: string
  why: string[]
  body_sealed: Buffer | null
  state: string
  at: Date
  decided_by: string | null
  decided_at: Date | null
  reason_sealed: Buffer | null
}

export interface RegistrationPolicy {
  id: string
  area: string
  version: number
  state: string
  policy: unknown
  reason: string
  by: string | null
  by_name: string
  by_created_by: string | null
  approved_by: string | null
  approved_by_name: string | null
  proposed_at: Date
  decided_at: Date | null
}

export interface Residence {
  person_id: string
  id: string
  home_area: string
  area: string
  county: string
  household_id: string | null
  kind: string
  certainty: number
  address_sealed: Buffer | null
  source: string
  placed: Generated<boolean>
  from_day: string
  to_day: string | null
  recorded_at: Date
}

export interface Resumption {
  county: string
  org_id: string
  id: string
  area: string
  emergency_id: string
  state: string
  asked_until: string | null
  body_sealed: Buffer | null
  updated_at: Date
  version: number
}

export interface ResumptionEvent {
  county: string
  org_id: string
  resumption_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  recorded_at: Date
}

export interface ReturnEvent {
  county: string
  return_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  recorded_at: Date
}

export interface ReturnRegistration {
  county: string
  id: string
  area: string
  emergency_id: string
  person_id: string | null
  account_id: string | null
  masked: string
  state: string
  level: string | null
  expected_day: string
  grace_until: string
  transport: string
  from_place: string
  companions: Generated<number>
  body_sealed: Buffer | null
  arrived_on: string | null
  arrived_how: string | null
  task_id: string | null
  version: number
  created_at: Date
  updated_at: Date
  ended_at: Date | null
  blanked_at: Date | null
}

export interface RiskArea {
  id: string
  area: string
  level: string
  from_day: string
  to_day: string | null
  source: string
  note: string | null
  by: string | null
  recorded_at: Date
  withdrawn_at: Date | null
}

export interface RoleProposal {
  id: string
  account_id: string
  area: string
  role: string
  state: string
  proposed_by: string | null
  proposed_by_name: string
  proposed_by_created_by: string | null
  proposed_at: Date
  decided_by: string | null
  decided_at: Date | null
}

export interface RuleSet {
  id: string
  code: string
  version: number
  area: string
  name: Say
  about: Say
  rules: Rules
  state: string
  created_by: string | null
  proposed_by: string | null
  by_created_by: string | null
  approved_by: string | null
  created_at: Date
  activated_at: Date | null
  retired_at: Date | null
}

export interface SealedPhoto {
  account_id: string
  id: string
  device: string
  about: string
  subject_id: string
  parts: number
  box: string
  box_key: string
  emergency_id: string | null
  jpeg_sealed: Buffer | null
  put_at: Date
}

export interface SealedPhotoPart {
  account_id: string
  id: string
  part: number
  bytes: Buffer
}

export interface Service {
  county: string
  id: string
  area: string
  village: Generated<string>
  emergency_id: string
  household_id: string | null
  person_id: string | null
  observation_id: string | null
  observation_ended_at: Date | null
  rule_id: string | null
  medicine_id: string | null
  masked: string
  kind: string
  urgency: string
  rank: number
  state: string
  asker: string
  asked_by: string | null
  words_sealed: Buffer | null
  window_from: Date | null
  window_to: Date | null
  due_by: Date
  round_day: string | null
  offered_to: string | null
  offer_until: Date | null
  next_offer: Date | null
  taken_by: string | null
  escalated: Generated<number>
  next_escalation: Date | null
  proof: string | null
  proof_photo: string | null
  cost_cents: number | null
  paid_by: string | null
  receipt_photo: string | null
  rating: number | null
  reason: string | null
  asked_at: Date
  asked_day: string
  done_at: Date | null
  done_day: string | null
  ended_at: Date | null
  ended_day: string | null
  updated_at: Date
  version: number
  blanked_at: Date | null
}

export interface ServiceEvent {
  county: string
  service_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  occurred_at: Date
  recorded_at: Date
}

export interface ServicePhoto {
  county: string
  service_id: string
  id: string
  area: string
  bytes: number
  hash: Buffer
  sealed: Buffer
  by: string | null
  at: Date
}

export interface ServiceRule {
  county: string
  id: string
  area: string
  emergency_id: string
  household_id: string | null
  person_id: string | null
  observation_id: string | null
  masked: string
  kind: string
  rhythm: unknown
  window_from: string | null
  window_to: string | null
  round: Generated<boolean>
  from_day: string
  to_day: string | null
  next_day: string | null
  words_sealed: Buffer | null
  by: string | null
  made_at: Date
  state: string
  ended_at: Date | null
}

export interface Session {
  id: string
  token_hash: Buffer
  account_id: string
  device_id: string | null
  level: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  ended_at: Date | null
  agent: Generated<string>
}

export interface Setting {
  key: string
  value: unknown
  updated_at: Generated<Date>
}

export interface SmsShown {
  id: string
  to_masked: string
  body_sealed: Buffer
  at: Date
}

export interface StatDay {
  county: string
  area: string
  day: string
  metric: string
  n: number
}

export interface StatSource {
  county: string
  source: string
  day: string
  disposition: string
  n: number
}

export interface StatTown {
  county: string
  area: string
  day: string
  metric: string
  n: number
}

export interface Task {
  county: string
  id: string
  root: string
  area: string
  village: Generated<string>
  campaign_id: string
  push_id: string | null
  kind: string
  person_id: string | null
  household_id: string | null
  masked: string
  grade: string
  urgency: number
  state: string
  outcome: string | null
  assignee: string | null
  disposition: string | null
  attempts: Generated<number>
  bounces: Generated<number>
  escalated: Generated<number>
  accept_by: Date | null
  answer_by: Date
  next_escalation: Date | null
  next_try: Date | null
  due_day: string | null
  reasons: unknown
  sources: Generated<string[]>
  reference: string
  opened_at: Date
  accepted_at: Date | null
  answered_at: Date | null
  answered_day: string | null
  closed_at: Date | null
  closed_day: string | null
  updated_at: Date
  version: number
}

export interface TaskEvent {
  county: string
  task_id: string
  n: number
  area: string
  kind: string
  body: unknown
  by: string | null
  text_sealed: Buffer | null
  occurred_at: Date
  recorded_at: Date
}

export interface TaskNumber {
  county: string
  n: number
}

export interface TaskTransfer {
  county: string
  task_id: string
  n: number
  direction: string
  area: string
  other: string
  shared: number
  masked: string
  day: string
  at: Date
}

export interface Team {
  county: string
  id: string
  area: string
  village: Generated<string>
  household_id: string
  emergency_id: string
  template_area: string
  template_version: number
  observations: Generated<string[]>
  from_day: string
  opened_at: Date
  updated_at: Date
  ended_at: Date | null
  ended_why: string | null
  version: Generated<number>
}

export interface TeamCap {
  county: string
  account_id: string
  area: string
  cap: number | null
  by: string | null
  at: Date
}

export interface TeamLeave {
  county: string
  id: string
  area: string
  account_id: string
  account_name: string
  from_day: string
  to_day: string | null
  stand_in: string | null
  stand_in_name: string | null
  by: string | null
  by_name: string
  at: Date
  ended_at: Date | null
}

export interface TeamMember {
  county: string
  id: string
  team_id: string
  household_id: string
  area: string
  role: string
  account_id: string
  account_name: string
  from_day: string
  to_day: string | null
  stands_in_for: string | null
  stands_in_for_name: string | null
  leave_id: string | null
  why: string
  by: string | null
  at: Date
  ended_at: Date | null
  ended_why: string | null
}

export interface TeamSeat {
  county: string
  team_id: string
  role: string
  area: string
  need: number
  held: Generated<number>
  bound: string | null
}

export interface TeamTemplate {
  area: string
  version: number
  name: unknown
  roles: unknown
  by: string | null
  by_name: string
  at: Date
}

export interface Unresolved {
  person_id: string
  home_area: string
  address_sealed: Buffer | null
  why: string
  created_at: Date
  resolved_at: Date | null
}

export interface Visit {
  county: string
  id: string
  area: string
  village: Generated<string>
  task_id: string | null
  household_id: string | null
  campaign_id: string | null
  instruction_id: string | null
  emergency_id: string
  method: string
  result: string
  disposition: string | null
  purpose: string | null
  form_id: string | null
  form_version: number | null
  answers: Generated<unknown>
  answers_sealed: Buffer | null
  note_sealed: Buffer | null
  position_sealed: Buffer | null
  persons: Generated<number>
  photos: Generated<number>
  supersedes: string | null
  superseded_by: string | null
  reason_sealed: Buffer | null
  args_hash: Buffer
  answer: unknown
  by: string
  occurred_at: Date
  recorded_at: Date
  day: string
  blanked_at: Date | null
}

export interface VisitPerson {
  county: string
  visit_id: string
  person_id: string
  area: string
  masked: Generated<string>
  answers: Generated<unknown>
  answers_sealed: Buffer | null
}

export interface WakeCount {
  account_id: string
  day: string
  n: number
  night: number
}

export interface Watch {
  county: string
  id: string
  area: string
  village: Generated<string>
  code: string
  kind: string
  name: string
  leader_account: string | null
  leader_name: string | null
  leader_sealed: Buffer | null
  emergency_id: string | null
  made: string
  opened_at: Date
  updated_at: Date
  ended_at: Date | null
  version: Generated<number>
}

export interface WatchDoor {
  county: string
  household_id: string
  watch_id: string
  area: string
  needs: Generated<boolean>
  at: Date
}

export interface WatchNote {
  county: string
  id: string
  watch_id: string
  household_id: string | null
  area: string
  emergency_id: string
  kind: string
  rang: string | null
  text_sealed: Buffer | null
  by: string
  by_name: string
  occurred_at: Date
  recorded_at: Date
  answered_by: string | null
  answered_name: string | null
  answered_at: Date | null
}

export interface DB {
  account: Account
  account_fresh: AccountFresh
  account_person: AccountPerson
  account_proof: AccountProof
  account_role: AccountRole
  account_secret: AccountSecret
  address_pending: AddressPending
  address_point: AddressPoint
  area: Area
  area_alias: AreaAlias
  area_change: AreaChange
  area_contact: AreaContact
  area_followed: AreaFollowed
  area_successor: AreaSuccessor
  area_term: AreaTerm
  audit: Audit
  audit_block: AuditBlock
  audit_head: AuditHead
  backup: Backup
  batch: Batch
  batch_reject: BatchReject
  campaign: Campaign
  case_count: CaseCount
  close_out: CloseOut
  code: Code
  code_event: CodeEvent
  code_holder: CodeHolder
  code_key: CodeKey
  code_list: CodeList
  code_misuse: CodeMisuse
  code_partner: CodePartner
  code_partner_day: CodePartnerDay
  code_phone_key: CodePhoneKey
  code_revocation: CodeRevocation
  code_rule_set: CodeRuleSet
  contradiction: Contradiction
  contradiction_due: ContradictionDue
  contradiction_event: ContradictionEvent
  data_key: DataKey
  declaration: Declaration
  deletion_manifest: DeletionManifest
  device: Device
  dispute: Dispute
  dispute_access: DisputeAccess
  dispute_event: DisputeEvent
  draft: Draft
  duty: Duty
  emergency: Emergency
  escalation: Escalation
  fact: Fact
  fact_batch: FactBatch
  fact_denied: FactDenied
  feed: Feed
  field_conflict: FieldConflict
  force_attachment: ForceAttachment
  force_estate: ForceEstate
  force_handover: ForceHandover
  force_health: ForceHealth
  force_kit: ForceKit
  force_member: ForceMember
  force_org: ForceOrg
  force_post: ForcePost
  force_shift: ForceShift
  force_turn: ForceTurn
  form: Form
  gate: Gate
  gate_hour: GateHour
  gate_lookup: GateLookup
  gate_named: GateNamed
  gate_referral: GateReferral
  grade: Grade
  grade_change_day: GradeChangeDay
  grade_dirty: GradeDirty
  grade_found: GradeFound
  grade_guard_change: GradeGuardChange
  grade_manual: GradeManual
  grade_manual_batch: GradeManualBatch
  grade_near: GradeNear
  grade_next: GradeNext
  grade_now: GradeNow
  grade_preview: GradePreview
  grade_run: GradeRun
  grade_touch: GradeTouch
  grid_clock: GridClock
  grid_feed: GridFeed
  grid_wake: GridWake
  handover: Handover
  hardship_pass: HardshipPass
  help_call: HelpCall
  household: Household
  household_made: HouseholdMade
  idempotency: Idempotency
  identity: Identity
  instruction: Instruction
  instruction_addition: InstructionAddition
  instruction_attachment: InstructionAttachment
  instruction_door: InstructionDoor
  instruction_version: InstructionVersion
  job_progress: JobProgress
  list_entry: ListEntry
  login_try: LoginTry
  medicine: Medicine
  message_stop: MessageStop
  migration: Migration
  notice: Notice
  objection: Objection
  objection_event: ObjectionEvent
  objection_proof: ObjectionProof
  observation: Observation
  observation_alarm: ObservationAlarm
  observation_event: ObservationEvent
  observation_number: ObservationNumber
  observation_paper: ObservationPaper
  observation_rules: ObservationRules
  one_time_code: OneTimeCode
  open_observation: OpenObservation
  open_task: OpenTask
  org: Org
  org_list: OrgList
  org_member: OrgMember
  org_officer: OrgOfficer
  org_roll: OrgRoll
  passage: Passage
  passage_key: PassageKey
  passage_opening: PassageOpening
  person: Person
  person_alias: PersonAlias
  person_key: PersonKey
  person_made: PersonMade
  person_review: PersonReview
  phone: Phone
  phone_try: PhoneTry
  phone_wake: PhoneWake
  photo: Photo
  process_alive: ProcessAlive
  push: Push
  reading: Reading
  reading_call: ReadingCall
  reading_due: ReadingDue
  reading_link: ReadingLink
  reading_message: ReadingMessage
  reading_plan: ReadingPlan
  reading_slot: ReadingSlot
  receipt: Receipt
  receipt_event: ReceiptEvent
  recovery: Recovery
  recovery_code: RecoveryCode
  registration: Registration
  registration_change: RegistrationChange
  registration_draft: RegistrationDraft
  registration_held: RegistrationHeld
  registration_policy: RegistrationPolicy
  residence: Residence
  resumption: Resumption
  resumption_event: ResumptionEvent
  return_event: ReturnEvent
  return_registration: ReturnRegistration
  risk_area: RiskArea
  role_proposal: RoleProposal
  rule_set: RuleSet
  sealed_photo: SealedPhoto
  sealed_photo_part: SealedPhotoPart
  service: Service
  service_event: ServiceEvent
  service_photo: ServicePhoto
  service_rule: ServiceRule
  session: Session
  setting: Setting
  sms_shown: SmsShown
  stat_day: StatDay
  stat_source: StatSource
  stat_town: StatTown
  task: Task
  task_event: TaskEvent
  task_number: TaskNumber
  task_transfer: TaskTransfer
  team: Team
  team_cap: TeamCap
  team_leave: TeamLeave
  team_member: TeamMember
  team_seat: TeamSeat
  team_template: TeamTemplate
  unresolved: Unresolved
  visit: Visit
  visit_person: VisitPerson
  wake_count: WakeCount
  watch: Watch
  watch_door: WatchDoor
  watch_note: WatchNote
}
