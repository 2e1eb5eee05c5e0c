/** How everything held about a person is put into lines (REGISTER-20): a section of a kind, its items, each a label and a value. */
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { DataKind, DataSection } from '@weiwang/domain/healthcode/reg-api'
import { collectionOf } from '@weiwang/domain/healthcode/reg-notice'
import type { AccountPerson } from '../people/account-persons.ts'
import { ROWS } from './reg-data-store.ts'

export type Line = { label: Say; value: string }
export type Item = { at: string | null; lines: Line[] }

export const L = {
  name: say('姓名', 'Name'),
  document: say('证件', 'Document'),
  phone: say('电话', 'Telephone'),
  birth: say('出生日期', 'Birth date'),
  address: say('地址', 'Address'),
  area: say('辖区', 'Area'),
  from: say('起', 'From'),
  to: say('止', 'To'),
  source: say('来源', 'Source'),
  what: say('内容', 'What'),
  place: say('地点', 'Place'),
  need: say('要求', 'Required'),
  situation: say('情形', 'Situation'),
  purpose: say('事由', 'Purpose'),
  employer: say('单位', 'Employer'),
  members: say('同住人', 'Household'),
  transport: say('交通方式', 'Transport'),
  number: say('车次航班车牌', 'Train, flight or plate'),
  arrived: say('到达日期', 'Arrived on'),
  stays: say('旅居地', 'Stays'),
  contacts: say('接触', 'Contacts'),
  symptoms: say('症状', 'Symptoms'),
  temperature: say('体温', 'Temperature'),
  remark: say('说明', 'Remark'),
  state: say('状态', 'State'),
  expected: say('预计日期', 'Expected on'),
  relation: say('关系', 'Relation'),
  result: say('结论', 'Result'),
  reason: say('理由', 'Reason'),
  reference: say('编号', 'Reference'),
  way: say('方式', 'By'),
  field: say('更正项', 'Corrected'),
  answer: say('答复', 'Answer'),
  proofs: say('证明（张）', 'Pictures'),
  until: say('有效期至', 'Until'),
  consent: say('同意', 'Consent'),
  confirmed: say('本人确认的日期', 'Day confirmed'),
  denied: say('已更正，不再采用', 'Corrected, counts no more'),
  byHand: say('人工核定', 'Decided by a person'),
  checking: say('正在核对', 'Being checked'),
  subject: say('表单', 'Form'),
}

export function line(label: Say, value: string | null | undefined): Line[] {
  return value === null || value === undefined || value === '' ? [] : [{ label, value }]
}

export const both = (words: Say): string => `${words.zh} ${words.en}`

export type About = { person: AccountPerson; records: string[]; page: number }

/** What of a section is paged: how many rows there are of each of its parts, and which page this is. */
export type Parts = { page: number; of: readonly { total: number }[] }

/** @param fixed how many of the items are no row of a part: they stand on the first page */
export function section(kind: DataKind, items: Item[], parts: Parts | null = null, fixed = 0): DataSection {
  const { say: what, why, basis, seenBy, until, correct, erase } = collectionOf(kind)
  const total = parts === null ? items.length : parts.of.reduce((sum, { total: n }) => sum + n, fixed)
  const after = (parts?.page ?? 0) + 1
  const next = parts?.of.some(({ total: n }) => n > after * ROWS) === true ? after : null
  return { kind, say: what, why, basis, seenBy, until, correct, erase, total, next, items }
}

export function spanOf(from: string, to: string | null): string {
  return to === null ? `${from} —` : from === to ? from : `${from} — ${to}`
}
