import type { Texts } from '../../i18n/texts.ts'

export const navTexts = {
  nav: ['栏目', 'Rooms'],
  'nav.menu': ['栏目：{{room}}', 'Rooms: {{room}}'],
  'nav.find': ['查找栏目', 'Find a room'],
  'nav.find.help': ['名称、拼音或首字母', 'Name, pinyin or initials'],
  'nav.found': ['找到 {{n}} 个栏目，按回车进入第一个', '{{n}} rooms found; Enter goes to the first'],
  'nav.none': ['没有这个名称的栏目', 'No room of this name'],
  'nav.group.duty': ['值班', 'On duty'],
  'nav.group.gather': ['数据采集', 'Gather'],
  'nav.group.assess': ['研判下发', 'Assess and push'],
  'nav.group.doors': ['入户走访', 'At the door'],
  'nav.group.home': ['居家照护', 'Observed at home'],
  'nav.group.forces': ['力量调度', 'Forces and instructions'],
  'nav.group.code': ['码与卡口', 'Code and gates'],
  'nav.group.admin': ['系统管理', 'Administration'],

  'closed.head': [
    '所选日期内有已善后销毁的应急响应：{{names}}',
    'These days include an emergency that is closed out: {{names}}',
  ],
  'closed.one': ['{{name}}（{{area}}，至 {{day}}）', '{{name}} ({{area}}, until {{day}})'],
  'closed.body': [
    '数字照旧保留；背后的人员和记录已按规定销毁，点开的名单里没有这些行，行数会少于数字。',
    'Its figures stay as they were. The people and records behind them are deleted, so the list that a figure opens has fewer rows than the figure says.',
  ],
} as const satisfies Texts
