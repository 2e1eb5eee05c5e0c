import { say } from '../../core/say.ts'
import type { RuleSetDocument } from '../rule-set.ts'

const PROVINCES =
  '11 12 13 14 15 21 22 23 31 33 34 35 36 37 41 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(' ')
const OTHER_CITIES = '3201 3202 3203 3204 3205 3206 3207 3208 3209 3210 3212 3213'.split(' ')

/** Zhenjiang health code, February 2020. "Less than 14 days" is days 0 to 13: on day 14 the fourteen days are full. */
export const ZHENJIANG: RuleSetDocument = {
  code: 'zhenjiang-2020-02',
  area: '3211',
  name: say('镇江健康码规则（2020年2月）', 'Zhenjiang code, rules of February 2020'),
  about: say(
    '依据镇江市健康码规定（2020年2月）。绿码：来镇满14天且无症状；黄码：自非重点地区来镇不满14天，或有症状；红码：自重点地区来镇不满14天、接触者，或任何措施未完成；被采取措施者的同住家人按其本人处理（红码）。“不满14天”为第0天至第13天，满14天当日即可转绿。红转绿、黄转绿还须向社区报告并重新申报，在健康码中处理。需要各地配置的：重点地区清单（此处为湖北省及高风险地区）；非重点地区为本市以外各地。每日申报与码的有效期来源中缺失，不作规定。跟进等级与码色一致，为本系统所加。',
    'After the rules of Zhenjiang (February 2020). Green: 14 days or more in town and no symptoms; yellow: less than 14 days from a non-key area, or symptoms; red: less than 14 days from a key area, a contact, or any unfinished measure; household members of a person under a measure are treated as that person (red). “Less than 14 days” is day 0 to day 13; on the day that completes 14 the code may turn green. Turning green also asks for a report to the community and a new declaration, which belongs to the health code. To be configured by the place: the list of key areas (here Hubei and high-risk areas); non-key areas are all places outside the city. The period of the code is cut off in the source and is not set. Follow-up grades equal the colours and are ours.',
  ),
  rules: [
    {
      id: 'key_area',
      say: say('自重点地区来镇不满14天', 'Less than 14 days from a key area'),
      when: {
        kind: 'any',
        of: [
          { kind: 'stay', where: ['42'], withinDays: 13 },
          { kind: 'stay', levels: ['high'], withinDays: 13 },
        ],
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 13, from: 'fact' },
    },
    {
      id: 'contact',
      say: say('接触者，不满14天', 'A contact, less than 14 days'),
      when: { kind: 'contact', degrees: [1, 2], withinDays: 13 },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 13, from: 'fact' },
    },
    {
      id: 'unfinished',
      say: say('治疗、留观或隔离等措施未完成', 'Treatment, observation or isolation is not finished'),
      when: {
        kind: 'any',
        of: [
          { kind: 'measure' },
          { kind: 'case', statuses: ['confirmed', 'suspected', 'asymptomatic'] },
          { kind: 'fever_clinic', states: ['held'] },
        ],
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'household_of_measure',
      say: say('与被采取措施者同住', 'Lives with a person under a measure'),
      when: {
        kind: 'lives_with',
        who: {
          kind: 'any',
          of: [
            { kind: 'measure' },
            { kind: 'case', statuses: ['confirmed', 'suspected', 'asymptomatic'] },
            { kind: 'fever_clinic', states: ['held'] },
          ],
        },
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'arrival',
      say: say('自外地来镇不满14天', 'Less than 14 days from elsewhere'),
      when: { kind: 'stay', where: [...PROVINCES, ...OTHER_CITIES], withinDays: 13 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 13, from: 'fact' },
    },
    {
      id: 'symptoms',
      say: say('有症状', 'Has symptoms'),
      when: { kind: 'symptom', withinDays: 13 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 13, from: 'fact' },
    },
  ],
  otherwise: { colour: 'green', say: say('来镇满14天且无症状', '14 days or more in town and no symptoms') },
}
