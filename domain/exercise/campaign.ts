import type { Questions } from '../access/questions.ts'
import { say } from '../core/say.ts'

/** The order and the campaign under which the exercise runs. Six questions: below the budget at which a writer is warned. */
export const EXERCISE_ORDER = {
  name: say('新冠肺炎疫情防控（演练）', 'Outbreak response (exercise)'),
  legalOrder: '演练令〔2020〕1号',
  purpose: say('训练网格防控流程；全部人员均为虚构', 'Training the work of the grid; every person in it is invented'),
  basis: say('依照传染病防治法组织的演练', 'An exercise held under the law on infectious diseases'),
} as const

export const EXERCISE_CAMPAIGN = {
  name: say('重点地区来苏人员排查（演练）', 'Finding people who came from key areas (exercise)'),
  purpose: say(
    '核实名单人员是否在辖区、何时到达、身体状况和需要',
    'Whether a listed person is here, since when, in what health, and in need of what',
  ),
  basis: say('省防控指挥部通告（演练）', 'Order of the provincial command (exercise)'),
  script: say(
    '您好，我是本网格的网格员。根据防疫要求，想向您核实近期出行和身体情况，一共六个问题，大约三分钟。您的信息只用于本次疫情防控，到期删除。您可以不回答不愿回答的问题，也可以拨打社区电话核实我的身份。',
    'Hello, I am the worker of this grid. For the outbreak response I would like to ask about your recent travel and your health: six questions, about three minutes. What you say is used for this outbreak only and deleted when its period ends. You need not answer what you do not wish to, and you can call the community to check who I am.',
  ),
} as const

const option = (value: string, zh: string, en: string): { value: string; say: { zh: string; en: string } } => ({
  value,
  say: say(zh, en),
})

export const EXERCISE_QUESTIONS: Questions = [
  { type: 'date', key: 'arrived_on', say: say('到达本地的日期', 'Day of arrival here'), required: false },
  {
    type: 'choice',
    key: 'came_from',
    say: say('从哪里来', 'Where from'),
    required: true,
    options: [
      option('hubei', '湖北', 'Hubei'),
      option('listed', '其他重点地区', 'another key area'),
      option('other', '其他地区', 'elsewhere'),
      option('not_away', '未外出', 'was not away'),
    ],
  },
  {
    type: 'choice',
    key: 'transport',
    say: say('乘坐的交通工具', 'How they travelled'),
    required: false,
    options: [
      option('train', '火车', 'train'),
      option('plane', '飞机', 'plane'),
      option('coach', '客车', 'coach'),
      option('car', '自驾', 'car'),
      option('other', '其他', 'other'),
    ],
  },
  {
    type: 'number',
    key: 'lives_with',
    say: say('同住人数', 'People living with them'),
    required: true,
    unit: '人',
    min: 0,
    max: 30,
    decimals: 0,
  },
  {
    type: 'multi',
    key: 'health',
    say: say('目前身体情况', 'How they feel'),
    help: say('只问本人感觉，不做检查', 'Only what the person says; nothing is examined'),
    required: true,
    options: [
      option('well', '无不适', 'well'),
      option('fever', '发热', 'fever'),
      option('cough', '咳嗽', 'cough'),
      option('tired', '乏力', 'tired'),
      option('breath', '气促', 'short of breath'),
    ],
  },
  {
    type: 'multi',
    key: 'needs',
    say: say('需要社区帮忙的事', 'What the community can help with'),
    required: false,
    options: [
      option('food', '买菜送菜', 'food'),
      option('medicine', '买药配药', 'medicine'),
      option('rubbish', '清运垃圾', 'rubbish'),
      option('care', '照护老人孩子', 'care of old people or children'),
      option('none', '不需要', 'nothing'),
    ],
  },
]
