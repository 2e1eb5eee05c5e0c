import type { Question } from '../access/questions.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import type { Form, FormField, FormPurpose } from './form.ts'

/**
 * The forms that are shipped: used where no centre has made its own. Their fields are the fewest that the real forms of 2020
 * have in common (domain of the ten-clear form 十清, census states, rental checks); a centre adds what its order asks for.
 */
type Extra = Partial<Pick<FormField, 'of' | 'when' | 'usual'>>

const field = (ask: Question, extra: Extra = {}): FormField => ({ of: 'door', ...extra, ask })

const yesNo = (key: string, zh: string, en: string, extra: Extra = {}, required = false): FormField =>
  field({ type: 'yes_no', key, say: say(zh, en), required }, extra)

const text = (key: string, zh: string, en: string, max: number, extra: Extra = {}): FormField =>
  field({ type: 'text', key, say: say(zh, en), required: false, max }, extra)

const choice = (
  key: string,
  zh: string,
  en: string,
  options: readonly (readonly [string, string, string])[],
  extra: Extra = {},
  type: 'choice' | 'multi' = 'choice',
): FormField =>
  field(
    {
      type,
      key,
      say: say(zh, en),
      required: false,
      options: options.map(([value, optionZh, optionEn]) => ({ value, say: say(optionZh, optionEn) })),
    },
    extra,
  )

const count = (key: string, zh: string, en: string, max: number, usual: number, unit: Say): FormField =>
  field(
    {
      type: 'number',
      key,
      say: say(zh, en),
      required: false,
      unit: unit.zh,
      unitEn: unit.en,
      min: 0,
      max,
      decimals: 0,
    },
    { usual: { min: 0, max: usual } },
  )

const PEOPLE = say('人', 'people')
const ROOMS = say('间', 'rooms')

const date = (key: string, zh: string, en: string, extra: Extra = {}): FormField =>
  field({ type: 'date', key, say: say(zh, en), required: false }, extra)

/** Fever from 37.3 °C on; below 35 or above 41 is asked again. */
const temperature: FormField = field(
  {
    type: 'number',
    key: 'temperature',
    say: say('体温', 'Temperature'),
    required: false,
    unit: '°C',
    min: 30,
    max: 45,
    decimals: 1,
  },
  { of: 'person', usual: { min: 35, max: 41 } },
)

/** What somebody says, not what a worker judges. */
const symptoms = choice(
  'symptoms',
  '有无下列症状',
  'Any of these',
  [
    ['none', '都没有', 'None'],
    ['fever', '发热', 'Fever'],
    ['cough', '干咳', 'Dry cough'],
    ['fatigue', '乏力', 'Tiredness'],
    ['breath', '气促', 'Short of breath'],
    ['throat', '咽痛', 'Sore throat'],
    ['smell', '嗅觉味觉减退', 'Loss of smell or taste'],
    ['diarrhoea', '腹泻', 'Diarrhoea'],
  ],
  { of: 'person' },
  'multi',
)

const away = yesNo('away_14', '近 14 天离开过本市', 'Away from this city in the last 14 days', { of: 'person' })
const awayWhere = text('away_where', '去过哪里', 'Where', 100, { of: 'person', when: { key: 'away_14', is: [true] } })
const awayBack = date('away_back', '返回日期', 'Day of return', { of: 'person', when: { key: 'away_14', is: [true] } })
const needs = choice(
  'needs',
  '需要帮助',
  'Help needed',
  [
    ['none', '不需要', 'None'],
    ['food', '生活物资', 'Food'],
    ['medicine', '药品', 'Medicine'],
    ['medical', '就医', 'Medical care'],
    ['care', '照料老人孩子', 'Care of the old or young'],
    ['talk', '心理疏导', 'Somebody to talk to'],
  ],
  {},
  'multi',
)

const SHIPPED: Record<FormPurpose, { say: ReturnType<typeof say>; fields: FormField[] }> = {
  household: {
    say: say('入户走访', 'Household check'),
    fields: [
      count('living', '现住人数', 'People living here now', 60, 12, PEOPLE),
      away,
      awayWhere,
      awayBack,
      symptoms,
      needs,
    ],
  },
  listed_person: { say: say('名单人员核查', 'Listed person check'), fields: [temperature, symptoms, needs] },
  returnee: {
    say: say('返回人员登记', 'Returnee registration'),
    fields: [
      text('from', '从哪里来', 'Where from', 100, { of: 'person' }),
      date('left', '离开日期', 'Day of leaving', { of: 'person' }),
      date('arrived', '到达日期', 'Day of arrival', { of: 'person' }),
      choice(
        'transport',
        '交通方式',
        'How',
        [
          ['train', '火车', 'Train'],
          ['plane', '飞机', 'Plane'],
          ['coach', '长途客车', 'Coach'],
          ['car', '自驾', 'Own car'],
          ['other', '其他', 'Other'],
        ],
        { of: 'person' },
      ),
      text('number', '车次、航班或车牌', 'Train, flight or plate', 20, { of: 'person' }),
      yesNo('contact', '接触过确诊或疑似病例', 'Contact with a confirmed or suspected case', { of: 'person' }),
      temperature,
      symptoms,
      needs,
    ],
  },
  rental: {
    say: say('出租房检查', 'Rental check'),
    fields: [
      yesNo('occupied', '现在有人住', 'Lived in now'),
      count('tenants', '租住人数', 'Tenants', 60, 8, PEOPLE),
      yesNo('new_tenants', '近 14 天有新租客', 'New tenants in the last 14 days'),
      yesNo('landlord_reported', '房东已申报', 'Registered by the landlord'),
      symptoms,
    ],
  },
  group_rental: {
    say: say('群租房检查', 'Group rental check'),
    fields: [
      count('tenants', '租住人数', 'Tenants', 200, 40, PEOPLE),
      count('rooms', '房间数', 'Rooms', 60, 20, ROOMS),
      yesNo('new_tenants', '近 14 天有新租客', 'New tenants in the last 14 days'),
      choice(
        'hazards',
        '隐患',
        'Hazards',
        [
          ['none', '没有', 'None'],
          ['crowded', '过于拥挤', 'Crowded'],
          ['fire', '消防隐患', 'Fire hazard'],
          ['no_toilet', '无独立卫生间', 'No toilet of its own'],
        ],
        {},
        'multi',
      ),
      symptoms,
    ],
  },
  shop: {
    say: say('店铺检查', 'Shop check'),
    fields: [
      yesNo('open', '正在营业', 'Open for business'),
      count('staff', '在岗人数', 'Staff present', 500, 50, PEOPLE),
      choice(
        'measures',
        '已落实措施',
        'Measures in place',
        [
          ['temperature', '测温', 'Temperature taken'],
          ['masks', '戴口罩', 'Masks'],
          ['disinfect', '消毒', 'Disinfection'],
          ['register', '顾客登记', 'Customers registered'],
          ['none', '都没有', 'None'],
        ],
        {},
        'multi',
      ),
      yesNo('away_staff', '有员工近 14 天来自外地', 'Staff from elsewhere in the last 14 days'),
    ],
  },
  service: {
    say: say('上门服务', 'Service given'),
    fields: [
      choice(
        'kind',
        '服务内容',
        'What was done',
        [
          ['food', '送物资', 'Food brought'],
          ['medicine', '送药', 'Medicine brought'],
          ['rubbish', '收垃圾', 'Rubbish taken'],
          ['parcel', '送快递', 'Parcel brought'],
          ['escort', '陪同就医', 'Taken to a doctor'],
          ['other', '其他', 'Other'],
        ],
        {},
        'multi',
      ),
      yesNo('handed', '对方已收到', 'Received'),
    ],
  },
  clue: {
    say: say('发现线索', 'Clue seen'),
    fields: [
      choice('kind', '线索类别', 'Kind', [
        ['arrived', '外来人员未登记', 'Somebody arrived and is not registered'],
        ['ill', '有人发热或不适', 'Somebody is ill'],
        ['gathering', '聚集', 'A gathering'],
        ['goods', '野味或可疑货物', 'Wild animals or doubtful goods'],
        ['other', '其他', 'Other'],
      ]),
      text('what', '看到了什么', 'What was seen', 300),
      yesNo('urgent', '需要马上处理', 'Needs somebody now'),
    ],
  },
  mediation: {
    say: say('调解', 'Mediation held'),
    fields: [
      choice('about', '纠纷类型', 'About', [
        ['access', '出入', 'Access'],
        ['charges', '收费', 'Charges'],
        ['rent', '租赁', 'Tenancy'],
        ['fear', '邻里担忧', 'Fear of neighbours'],
        ['discrimination', '歧视', 'Discrimination'],
        ['other', '其他', 'Other'],
      ]),
      choice('outcome', '结果', 'Outcome', [
        ['agreed', '达成一致', 'Agreed'],
        ['again', '需再次调解', 'To be held again'],
        ['not_agreed', '未达成一致', 'Not agreed'],
        ['passed_on', '移交上级', 'Passed on'],
      ]),
      text('agreed', '约定内容', 'What was agreed', 300, { when: { key: 'outcome', is: ['agreed'] } }),
    ],
  },
  temperature: { say: say('测温', 'Temperature'), fields: [temperature, symptoms] },
}

/** The shipped form of a purpose, as its version 0. */
export function shippedForm(purpose: FormPurpose): Form {
  return { purpose, ...SHIPPED[purpose] }
}
