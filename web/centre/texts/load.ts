import type { Texts } from '../../i18n/texts.ts'

/** What workers carry, and whom they call. */
export const loadTexts = {
  'accounts.tab.load': ['工作量', 'Workload'],
  'load.lead': [
    '网格员每天填的表和夜间（20:00 至 8:00）收到的消息，用于减负，不用于排名',
    'Forms handed in and messages at night (20:00 to 08:00) for each worker: to take load off, not to rank',
  ],
  'load.sort': ['排列', 'Order'],
  'load.sort.area': ['按辖区', 'By area'],
  'load.sort.forms': ['表最多', 'Most forms'],
  'load.sort.night': ['夜间最多', 'Most at night'],
  'load.forms': ['填表', 'Forms'],
  'load.days': ['工作天数', 'Days with work'],
  'load.most': ['单日最多', 'Most on one day'],
  'load.formsNight': ['夜间走访', 'Visits at night'],
  'load.messages': ['消息', 'Messages'],
  'load.messagesNight': ['夜间消息', 'Messages at night'],
  'load.empty': ['辖区内没有网格员账号', 'No worker has an account in this area'],
  'load.empty.todo': ['换一个辖区看看', 'Choose another area'],

  'areas.tab.contacts': ['求助电话', 'Whom to call'],
  'contacts.lead': [
    '网格员手机上一键拨打的单位电话；本辖区未设的用最近上级的。只填单位电话，不填居民电话。',
    'Numbers of offices that workers call with one tap; what is not set here comes from the nearest area above. Never the number of a resident.',
  ],
  'contacts.n': ['已设 {{n}} / {{of}}', '{{n}} of {{of}} set'],
  'contacts.none': ['未设', 'Not set'],
  'contact.role': ['求助对象', 'Who'],
  'contact.role.supervisor': ['主管', 'Supervisor'],
  'contact.role.centre': ['网格中心', 'Centre'],
  'contact.role.clinic': ['社区卫生服务机构', 'Clinic'],
  'contact.role.police': ['派出所', 'Police'],
  'contact.name': ['名称', 'Name'],
  'contact.name.help': ['单位或岗位名称', 'Of the office or post'],
  'contact.phone': ['电话', 'Telephone'],
  'contact.phone.help': ['数字、空格、加号和短横', 'Digits, blanks, plus and dashes'],
  'contact.from': ['来自', 'Set by'],
  'contact.here': ['本辖区', 'This area'],
  'contact.set': ['设置', 'Set'],
  'contact.change': ['更改', 'Change'],
} as const satisfies Texts
