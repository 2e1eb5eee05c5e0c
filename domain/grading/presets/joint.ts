import { say } from '../../core/say.ts'
import type { RuleSetDocument } from '../rule-set.ts'

/** The daily joint assessment of police, communications and health: red, yellow, blue for the push to the grids. */
export const JOINT: RuleSetDocument = {
  code: 'joint-assessment',
  area: '32',
  name: say('联合研判分级（红黄蓝）', 'Joint assessment: red, yellow, blue'),
  about: say(
    '公安、通管、卫健每日联合研判并逐级推送红黄蓝名单，其确切分级标准未公开；本规则集为本系统所拟，供各地修改。只给出跟进等级，不给码色。红：病例、阳性、留观、密切接触者、近14天到过高风险地区。黄：次密切接触者、近14天到过中风险地区、境外入境、近7天有症状、与红色人员同住。蓝：一般接触者、发热门诊就诊、到过的县区内另有风险地区。',
    'Police, communications administration and health assess together every day and push red, yellow and blue lists level by level. Their exact criteria were not published: this rule set is ours, for the place to change. It gives grades only, no colours. Red: cases, positive tests, held patients, close contacts, stays in a high-risk area within 14 days. Yellow: secondary contacts, stays in a medium-risk area within 14 days, arrivals from abroad, symptoms within 7 days, living with one of the red. Blue: general contacts, seen at a fever clinic, a risk area elsewhere in a county of stay.',
  ),
  rules: [
    {
      id: 'case',
      say: say('确诊、疑似病例或无症状感染者', 'A confirmed, suspected or asymptomatic case'),
      when: { kind: 'case', statuses: ['confirmed', 'suspected', 'asymptomatic'] },
      gives: { grade: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'positive',
      say: say('最近一次检测为阳性', 'The latest test is positive'),
      when: { kind: 'test', results: ['positive'], withinDays: 14 },
      gives: { grade: 'red' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'held',
      say: say('在发热门诊留观', 'Held at a fever clinic'),
      when: { kind: 'fever_clinic', states: ['held'] },
      gives: { grade: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'close_contact',
      say: say('密切接触者', 'A close contact'),
      when: { kind: 'contact', degrees: [1], withinDays: 14 },
      gives: { grade: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'high_risk_stay',
      say: say('近14天到过高风险地区', 'Was in a high-risk area within 14 days'),
      when: { kind: 'stay', levels: ['high'], withinDays: 14 },
      gives: { grade: 'red' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'secondary_contact',
      say: say('次密切接触者', 'A secondary contact'),
      when: { kind: 'contact', degrees: [2], withinDays: 14 },
      gives: { grade: 'yellow' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'medium_risk_stay',
      say: say('近14天到过中风险地区', 'Was in a medium-risk area within 14 days'),
      when: { kind: 'stay', levels: ['medium'], withinDays: 14 },
      gives: { grade: 'yellow' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'from_abroad',
      say: say('近14天自境外入境', 'Arrived from abroad within 14 days'),
      when: { kind: 'abroad', withinDays: 14 },
      gives: { grade: 'yellow' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'symptoms',
      say: say(
        '近7天有发热、咳嗽或呼吸困难，且未检出阴性',
        'Had fever, cough or short breath within 7 days and no negative test since',
      ),
      when: {
        kind: 'all',
        of: [
          { kind: 'symptom', codes: ['fever', 'cough', 'breathless'], withinDays: 7 },
          { kind: 'not', of: { kind: 'test', results: ['negative'], withinDays: 2 } },
        ],
      },
      gives: { grade: 'yellow' },
      lasts: { days: 7, from: 'fact' },
    },
    {
      id: 'lives_with_red',
      say: say(
        '与病例、阳性、留观或密切接触者同住',
        'Lives with a case, a positive, a held patient or a close contact',
      ),
      when: {
        kind: 'lives_with',
        who: {
          kind: 'any',
          of: [
            { kind: 'case', statuses: ['confirmed', 'suspected', 'asymptomatic'] },
            { kind: 'test', results: ['positive'], withinDays: 14 },
            { kind: 'fever_clinic', states: ['held'] },
            { kind: 'contact', degrees: [1], withinDays: 14 },
          ],
        },
      },
      gives: { grade: 'yellow' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'general_contact',
      say: say('一般接触者', 'A general contact'),
      when: { kind: 'contact', degrees: [3], withinDays: 14 },
      gives: { grade: 'blue' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'clinic_visit',
      say: say('近7天在发热门诊就诊', 'Was seen at a fever clinic within 7 days'),
      when: { kind: 'fever_clinic', states: ['visited'], withinDays: 7 },
      gives: { grade: 'blue' },
      lasts: { days: 7, from: 'fact' },
    },
    {
      id: 'nearby',
      say: say('到过的县区内另有风险地区，请核查', 'A risk area elsewhere in a county of stay: to be checked'),
      when: { kind: 'stay', levels: ['high', 'medium'], withinDays: 14, match: 'county' },
      gives: { grade: 'blue' },
      lasts: { days: 14, from: 'fact' },
    },
  ],
}
