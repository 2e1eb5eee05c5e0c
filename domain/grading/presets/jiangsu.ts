import { say } from '../../core/say.ts'
import type { RuleSetDocument } from '../rule-set.ts'

/** The provincial code 苏康码, spring of 2020. */
export const JIANGSU: RuleSetDocument = {
  code: 'jiangsu-2020-03',
  area: '32',
  name: say('苏康码规则（2020年3月）', 'Jiangsu code, rules of March 2020'),
  about: say(
    '依据江苏省苏康码规定（2020年3月）。红码四类：住院的确诊、疑似病例；住院的无症状感染者；隔离观察中的密切接触者；来自重点地区或高风险地区者。黄码三类：来自中风险地区者；治愈后居家观察不满14天者；有发热、咳嗽、气促、乏力或呼吸道症状者。绿码两类：本地未判为中高风险者；来自低风险地区者。需要各地配置的：重点地区清单（此处为湖北省）；来苏天数（此处为14天，含第14天）；早期每日申报两次与《个人健康申报卡》属健康码。跟进等级与码色一致，为本系统所加。',
    'After the provincial rules (March 2020). Red, four groups: confirmed and suspected cases in hospital; asymptomatic cases in hospital; contacts under observation; arrivals from a key or high-risk area. Yellow, three: arrivals from a medium-risk area; recovered and less than 14 days at home; fever, cough, short breath, fatigue or respiratory signs. Green, two: locals not judged medium or high; arrivals from a low-risk area. To be configured by the place: the list of key areas (here Hubei); the days of an arrival (here 14, day 14 included). The two declarations a day of the early rules and the paper card belong to the health code. Follow-up grades equal the colours and are ours.',
  ),
  rules: [
    {
      id: 'case',
      say: say('确诊或疑似病例', 'A confirmed or suspected case'),
      when: { kind: 'case', statuses: ['confirmed', 'suspected'] },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'asymptomatic',
      say: say('无症状感染者', 'An asymptomatic case'),
      when: { kind: 'case', statuses: ['asymptomatic'] },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'contact',
      say: say('隔离观察中的密切接触者', 'A close contact under observation'),
      when: {
        kind: 'any',
        of: [{ kind: 'contact', degrees: [1], withinDays: 14 }, { kind: 'measure' }],
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'high_arrival',
      say: say('近14天来自重点地区或高风险地区', 'From a key or high-risk area within 14 days'),
      when: {
        kind: 'any',
        of: [
          { kind: 'stay', where: ['42'], withinDays: 14 },
          { kind: 'stay', levels: ['high'], withinDays: 14 },
        ],
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'medium_arrival',
      say: say('近14天来自中风险地区', 'From a medium-risk area within 14 days'),
      when: { kind: 'stay', levels: ['medium'], withinDays: 14 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'recovered',
      say: say('治愈后居家观察不满14天', 'Recovered, less than 14 days at home'),
      when: { kind: 'case', statuses: ['recovered'], withinDays: 13 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 13, from: 'fact' },
    },
    {
      id: 'symptoms',
      say: say('有发热、咳嗽、气促、乏力或呼吸道症状', 'Has fever, cough, short breath, fatigue or respiratory signs'),
      when: { kind: 'symptom', codes: ['fever', 'cough', 'breathless', 'fatigue', 'sore_throat'], withinDays: 14 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 14, from: 'fact' },
    },
    {
      id: 'low_arrival',
      say: say('近14天来自低风险地区', 'From a low-risk area within 14 days'),
      when: { kind: 'stay', levels: ['low'], withinDays: 14 },
      gives: { colour: 'green' },
      lasts: { days: 14, from: 'fact' },
    },
  ],
  otherwise: { colour: 'green', say: say('本地居住，未判为中高风险', 'Lives here and is not judged medium or high') },
}
