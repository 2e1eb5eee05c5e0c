import type { Texts } from './texts.ts'

export const common = {
  product: ['微网', 'Weiwang'],
  'product.line': ['社区疫情防控开放平台', 'Open platform for community outbreak response'],
  'lang.other': ['English', '中文'],
  exercise: ['演练', 'EXERCISE'],
  'exercise.line': ['演练数据，非真实人员', 'Exercise data. No real people.'],

  'grade.red': ['红', 'Red'],
  'grade.yellow': ['黄', 'Yellow'],
  'grade.blue': ['蓝', 'Blue'],
  'grade.none': ['无', 'None'],
  'colour.red': ['红码', 'Red code'],
  'colour.yellow': ['黄码', 'Yellow code'],
  'colour.green': ['绿码', 'Green code'],
  'colour.pending': ['待定', 'Pending'],
  'colour.none': ['未研判', 'Not judged'],

  'state.way': ['正在发送', 'On the way'],
  'state.server': ['服务器已收到', 'The server has it'],
  'state.refused': ['被退回', 'Refused'],

  'act.cancel': ['取消', 'Cancel'],
  'act.close': ['关闭', 'Close'],
  'act.retry': ['再试一次', 'Try again'],
  'act.more': ['再显示一些', 'Show more'],
  'act.back': ['返回', 'Back'],
  'act.search': ['查找', 'Search'],
  'act.clear': ['清除条件', 'Clear filters'],
  'act.logout': ['退出登录', 'Log out'],
  'act.guide': ['使用步骤', 'How to start'],

  loading: ['正在读取', 'Reading'],
  'loading.long': ['读取较慢，仍在等待服务器', 'This is slow; still waiting for the server'],
  asof: ['截至 {{time}}', 'As of {{time}}'],
  total: ['共 {{total}} 条', '{{total}} in all'],
  shown: ['已显示 {{shown}} / {{total}} 条', '{{shown}} of {{total}} shown'],
  selected: ['已选 {{selected}} 条', '{{selected}} selected'],

  'problem.offline': ['连不上服务器', 'The server cannot be reached'],
  'problem.offline.remedy': [
    '请检查网络后再试，已填内容仍在',
    'Check the network and try again; what you typed is kept',
  ],
  'problem.shape': ['服务器的答复与本页面的版本不一致', 'The server’s answer does not fit this version of the page'],
  'problem.shape.remedy': [
    '请刷新页面；若仍如此，请告知管理员',
    'Reload the page; if it stays, tell the administrator',
  ],
  'problem.unknown': ['服务器未能完成（{{status}}）', 'The server could not finish ({{status}})'],
  'problem.unknown.remedy': ['请稍后再试，已填内容仍在', 'Try again in a moment; what you typed is kept'],
  'problem.rule': ['规则 {{rule}}', 'Rule {{rule}}'],
  'problem.at': ['位置：{{at}}', 'At: {{at}}'],
  'forbidden.title': ['您的岗位不能查看这里', 'Your role may not see this'],
  'forbidden.remedy': ['如工作需要，请联系本级网格中心主任', 'If your work needs it, ask the chief of your centre'],
  'notfound.title': ['找不到这一页', 'There is no such page'],
  'notfound.remedy': ['请核对地址，或从左侧重新进入', 'Check the address, or start again from the menu'],

  'guide.step': ['第 {{n}} 步', 'Step {{n}}'],
  'guide.done': ['知道了', 'Understood'],

  'join.names': ['、', ', '],
  'join.clauses': ['；', '; '],
  'field.required': ['请填写', 'Please fill this in'],
  skip: ['跳到正文', 'Skip to the content'],
} as const satisfies Texts
