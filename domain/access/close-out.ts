import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'

/**
 * What a close-out deletes, in the words of people who never saw a table (DELETE-5). Proposer and second person decide by this list, and
 * so it names everything; a test holds it against the tables that are really deleted.
 */
type Kind = { say: Say; tables: readonly string[] }

const KINDS: readonly Kind[] = [
  {
    say: say('人员及其证件、住处', 'People with their documents and homes'),
    tables: [
      'person',
      'identity',
      'residence',
      'person_alias',
      'person_review',
      'person_key',
      'person_made',
      'account_person',
      'address_pending',
      'unresolved',
      'field_conflict',
    ],
  },
  { say: say('户', 'Doors'), tables: ['household'] },
  { say: say('数据批次', 'Batches'), tables: ['batch'] },
  { say: say('退回行', 'Rejected rows'), tables: ['batch_reject'] },
  { say: say('线索事实', 'Facts'), tables: ['fact', 'fact_batch', 'fact_denied'] },
  {
    say: say('研判等级与码色', 'Grades and colours'),
    tables: [
      'grade',
      'grade_now',
      'grade_manual',
      'grade_manual_batch',
      'grade_dirty',
      'grade_touch',
      'grade_next',
      'grade_found',
      'grade_near',
    ],
  },
  { say: say('健康码', 'Codes'), tables: ['code', 'code_event', 'code_misuse', 'code_holder'] },
  { say: say('下发名单', 'Lists'), tables: ['push', 'list_entry'] },
  { say: say('任务', 'Tasks'), tables: ['task', 'task_event', 'task_transfer', 'escalation', 'open_task'] },
  { say: say('走访', 'Visits'), tables: ['visit', 'visit_person', 'photo'] },
  {
    say: say('居家观察与填报', 'Home observation and readings'),
    tables: [
      'observation',
      'observation_event',
      'observation_paper',
      'observation_alarm',
      'open_observation',
      'reading',
      'reading_due',
      'reading_call',
      'reading_link',
      'reading_slot',
      'reading_message',
    ],
  },
  {
    say: say('服务与用药', 'Services and medicines'),
    tables: ['service', 'service_event', 'service_photo', 'service_rule', 'medicine'],
  },
  { say: say('包保小组', 'Teams'), tables: ['team', 'team_seat', 'team_member'] },
  { say: say('联防单元', 'Watches'), tables: ['watch', 'watch_door', 'watch_note'] },
  {
    say: say('力量的登记、派驻、值守和健康报告', 'Forces: enrolments, assignments, turns and health reports'),
    tables: [
      'force_health',
      'force_kit',
      'force_turn',
      'force_handover',
      'force_attachment',
      'force_member',
      'force_org',
      'force_estate',
    ],
  },
  {
    say: say('居民登记、申报和返回', 'Registrations, declarations and returns'),
    tables: [
      'registration',
      'registration_change',
      'registration_held',
      'registration_draft',
      'declaration',
      'return_registration',
      'return_event',
    ],
  },
  {
    say: say('申报不一致', 'Contradictions'),
    tables: ['contradiction', 'contradiction_event', 'contradiction_due'],
  },
  { say: say('码色申诉', 'Objections'), tables: ['objection', 'objection_event', 'objection_proof'] },
  { say: say('临时通行证', 'Temporary passes'), tables: ['hardship_pass'] },
  {
    say: say('单位名单与复工材料', 'Organisations’ lists and files'),
    tables: ['org', 'org_officer', 'org_member', 'org_list', 'org_roll', 'resumption', 'resumption_event'],
  },
  {
    say: say('卡口通行和转送', 'Passages and referrals at gates'),
    tables: ['passage', 'passage_opening', 'gate_referral', 'gate_named', 'gate_lookup'],
  },
  { say: say('纠纷调解', 'Disputes'), tables: ['dispute', 'dispute_event', 'dispute_access'] },
  {
    say: say(
      '手机上的内容：待同步事项、转交、草稿、照片、求助',
      'On phones: what they pull, hand-over, drafts, pictures, calls for help',
    ),
    tables: ['grid_feed', 'handover', 'draft', 'sealed_photo', 'idempotency', 'help_call'],
  },
  { say: say('数据密钥和通行密钥', 'Data keys and passage keys'), tables: ['data_key', 'passage_key'] },
  {
    say: say('指令回执的说明和所到门户', 'Notes of receipts and the doors visited for them'),
    tables: ['receipt', 'instruction_door'],
  },
]

const OTHER = say('其他', 'Other')

/** Whether people are told of this table by a word of its own. */
export function isNamed(table: string): boolean {
  return KINDS.some((kind) => kind.tables.includes(table))
}

/** Rows by kind, in the order above; what has no rows is left out. */
export function closeOutKinds(tables: Readonly<Record<string, number>>): { say: Say; rows: number }[] {
  const rowsOf = (names: readonly string[]): number => names.reduce((sum, name) => sum + (tables[name] ?? 0), 0)
  const other = Object.keys(tables).filter((name) => !isNamed(name))
  return [
    ...KINDS.map((kind) => ({ say: kind.say, rows: rowsOf(kind.tables) })),
    { say: OTHER, rows: rowsOf(other) },
  ].filter(({ rows }) => rows > 0)
}
