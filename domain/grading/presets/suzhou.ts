import { say } from '../../core/say.ts'
import type { RuleSetDocument } from '../rule-set.ts'

/** Suzhou 苏城码, notice no. 10 of 22 February 2020. */
export const SUZHOU: RuleSetDocument = {
  code: 'suzhou-2020-02-22',
  area: '3205',
  name: say('苏州苏城码规则（2020年2月22日）', 'Suzhou code, rules of 22 February 2020'),
  about: say(
    '依据苏州市第10号通告（2020年2月22日）。红码：来自重点疫区，或医学管理措施未解除，隔离14天；治愈病例、无症状感染者及其接触者再过14天转绿；疑似、留观人员排除后立即转绿。黄码：与留观人员同住的家人（留观人员排除后立即转绿）、干咳发热呼吸困难者、其他需关注者，7天。绿码：无异常。需要各地配置的：重点疫区清单（此处为湖北省及高风险地区）；“其他需关注者”（此处为中风险地区旅居者）；疑似病例的接触者随其排除而解除，须由来源报送本人“措施解除”。绿码待定（无户籍、无固定住所、无合法职业及短期停留者）依据申报，不由线索判定，在健康码中处理。跟进等级与码色一致，“同县区另有风险地区”的蓝色提示为本系统所加。',
    'After notice no. 10 of Suzhou (22 February 2020). Red: from the key epidemic area, or a medical measure not lifted, 14 days; recovered cases, asymptomatic cases and their contacts turn green after 14 more days; suspected and held patients at once when excluded. Yellow: family living with a person held at a fever clinic (green at once when that person is excluded), dry cough, fever or dyspnoea, others needing attention, 7 days. Green: nothing abnormal. To be configured by the place: the list of key areas (here Hubei and high-risk areas); “others needing attention” (here stays in medium-risk areas); contacts of a suspected case are freed with it by their own “measure lifted”, which the source must deliver. Green pending (not registered, no fixed home, no lawful job, short stayers) rests on the declaration, not on facts, and belongs to the health code. Follow-up grades equal the colours; the blue hint “risk area elsewhere in the county” is ours.',
  ),
  rules: [
    {
      id: 'key_area',
      say: say('近14天到过重点疫区', 'Was in a key epidemic area within 14 days'),
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
      id: 'measure',
      say: say('医学管理措施未解除', 'Under a medical measure not lifted'),
      when: { kind: 'measure' },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'case',
      say: say(
        '确诊病例或无症状感染者，治愈后再观察14天',
        'A confirmed or asymptomatic case, and 14 days after recovery',
      ),
      when: { kind: 'case', statuses: ['confirmed', 'asymptomatic'] },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 14, from: 'release' },
    },
    {
      id: 'suspected',
      say: say('疑似病例或发热门诊留观，排除后即解除', 'A suspected case or held at a fever clinic, until excluded'),
      when: {
        kind: 'any',
        of: [
          { kind: 'case', statuses: ['suspected'] },
          { kind: 'fever_clinic', states: ['held'] },
        ],
      },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'contact',
      say: say('病例的密切接触者', 'A close contact of a case'),
      when: { kind: 'contact', degrees: [1], withinDays: 14 },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'lives_with_held',
      say: say('与发热门诊留观人员同住', 'Lives with a person held at a fever clinic'),
      when: { kind: 'lives_with', who: { kind: 'fever_clinic', states: ['held'] } },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 0, from: 'release' },
    },
    {
      id: 'symptoms',
      say: say('有干咳、发热、呼吸困难等症状', 'Has a dry cough, fever or shortness of breath'),
      when: { kind: 'symptom', codes: ['cough', 'fever', 'breathless'], withinDays: 7 },
      gives: { grade: 'yellow', colour: 'yellow' },
      lasts: { days: 7, from: 'fact' },
    },
    {
      id: 'attention',
      say: say('近7天到过中风险地区', 'Was in a medium-risk area within 7 days'),
      when: { kind: 'stay', levels: ['medium'], withinDays: 7 },
      gives: { grade: 'yellow', colour: 'yellow' },
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
  otherwise: { colour: 'green', say: say('未见异常', 'Nothing abnormal is known') },
  unsettled: {
    colour: 'pending',
    say: say(
      '非本市户籍且短期停留，尚无固定住所或工作登记',
      'Not registered in this city and staying for a short time, without a settled home or job',
    ),
  },
}
