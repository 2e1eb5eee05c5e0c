import { createContext, use } from 'react'

/** The dictionary of this page, Chinese first. Closed words of the server (symptoms, moods, kinds of help) are told here in the words
 * of whoever lies at home; `texts.test.ts` holds that none is missing. */
export type Lang = 'zh' | 'en'
export type Say = { zh: string; en: string }

export const T = {
  title: { zh: '居家观察', en: 'At home' },
  other: { zh: 'English', en: '中文' },
  back: { zh: '返回', en: 'Back' },
  phone: { zh: '手机号', en: 'Your telephone number' },
  getCode: { zh: '获取验证码', en: 'Send me a code' },
  code: { zh: '六位验证码', en: 'The six digits' },
  codeSent: { zh: '验证码已发到手机，5 分钟内有效', en: 'A code was sent to your phone; it is good for 5 minutes' },
  enter: { zh: '进入', en: 'Open my page' },
  otherNumber: { zh: '换个号码', en: 'Another number' },
  loginTitle: { zh: '打开我的页面', en: 'Open my page' },
  loginLead: {
    zh: '用登记的手机号进入，可以为自己和由您负责的家人填报、求助。',
    en: 'Open the page with your registered number, to report and ask for help for yourself and those you answer for.',
  },
  noPhone: {
    zh: '没有手机的家人不用操作：社区会打电话或上门。',
    en: 'Whoever has no phone need not do anything: the community rings or comes.',
  },
  working: { zh: '请稍候…', en: 'One moment…' },
  nobody: { zh: '这个号码名下没有居家观察的人。', en: 'Nobody is under observation with this number.' },
  nobodyHint: {
    zh: '如果您认为应该有，请联系社区，把您的号码告诉网格员。',
    en: 'If there should be somebody, ring your community and tell the grid worker your number.',
  },
  me: { zh: '本人', en: 'Myself' },
  day: { zh: '第 {n} 天 / 共 {of} 天', en: 'Day {n} of {of}' },
  untilDay: { zh: '到 {day} 为止（含当天）', en: 'Until {day}, that day included' },
  noEnd: { zh: '结束日期未定，定下后会通知', en: 'No last day yet; you will be told' },
  released: { zh: '已解除', en: 'Released' },
  ended: { zh: '已结束', en: 'Over' },
  dueToday: { zh: '今天最后一天', en: 'Today is the last day' },
  dueNow: { zh: '期满，等待社区办理解除', en: 'The days are over; the community will release you' },
  lapsed: { zh: '期满，已自动解除限制', en: 'The days are over and the limits have ended by themselves' },
  report: { zh: '报体温', en: 'Report' },
  reported: { zh: '已报', en: 'Reported' },
  toReport: { zh: '待报', en: 'To report' },
  missed: { zh: '未报', en: 'Not reported' },
  laterToday: { zh: '还没到时间', en: 'Not yet' },
  by: { zh: '{time} 前', en: 'by {time}' },
  morning: { zh: '早', en: 'Morning' },
  noon: { zh: '中午', en: 'Noon' },
  evening: { zh: '晚', en: 'Evening' },
  night: { zh: '夜间', en: 'Night' },
  people: { zh: '谁在负责', en: 'Who is there for me' },
  call: { zh: '打电话', en: 'Call' },
  help: { zh: '需要帮助', en: 'Ask for help' },
  notice: { zh: '告知书', en: 'The notice' },
  certificate: { zh: '解除通知书', en: 'The release note' },
  wrong: { zh: '不对？提出异议', en: 'Something wrong? Object' },
  objected: { zh: '异议已收到，等待答复', en: 'Your objection was received; an answer will come' },
  objectionAnswered: { zh: '异议已答复', en: 'Your objection was answered' },
  sign: { zh: '签承诺书', en: 'Sign the commitment' },
  signLead: { zh: '请在方框里用手指签名', en: 'Sign with your finger in the box' },
  signAgain: { zh: '重签', en: 'Sign again' },
  signDo: { zh: '同意并提交', en: 'Agree and send' },
  signWays: {
    zh: '不方便在手机上签的，可以等工作人员上门签纸质的，或由人念给您听。',
    en: 'You can also sign on paper at the door, or have it read out to you.',
  },
  temperature: { zh: '体温', en: 'Temperature' },
  noThermometer: { zh: '没法量', en: 'Cannot take it' },
  symptoms: { zh: '哪里不舒服？', en: 'Do you feel unwell?' },
  none: { zh: '没有不舒服', en: 'I feel well' },
  mood: { zh: '心情', en: 'How are you?' },
  needs: { zh: '需要什么？（可不填）', en: 'Do you need anything? (optional)' },
  note: { zh: '想说的话（可不填）', en: 'Anything to say (optional)' },
  send: { zh: '提交', en: 'Send' },
  same: { zh: '和上一位一样：没有不舒服', en: 'Feels well too' },
  confirmUnlikely: { zh: '{t} ℃ 不常见，确认没有填错？', en: '{t} °C is unusual. Is it right?' },
  confirmYes: { zh: '没有错，提交', en: 'It is right, send' },
  confirmNo: { zh: '改一下', en: 'Change it' },
  badTemperature: { zh: '请填 34.0 到 43.0 之间的度数', en: 'A temperature between 34.0 and 43.0, please' },
  thanks: { zh: '已收到，谢谢', en: 'Received, thank you' },
  alarm: {
    zh: '您报告了发热或症状。请留在家中、戴好口罩，包保小组会马上联系您；情况紧急请直接拨打 120。',
    en: 'You reported a fever or a symptom. Stay at home, wear a mask; your team will ring at once. In an emergency call 120.',
  },
  first: { zh: '第 {n} 位', en: 'Person {n}' },
  linkOver: { zh: '这条链接已经过时', en: 'This link is over' },
  linkOverHint: {
    zh: '下一次会收到新的链接，也可以等社区来电。',
    en: 'You will get a new one, or the community rings.',
  },
  linkDone: { zh: '这一次已经报过了，谢谢', en: 'This one has been reported already, thank you' },
  stop: { zh: '不再接收短信', en: 'No more messages' },
  stopped: {
    zh: '不会再给这个号码发短信，社区会改用电话或上门。',
    en: 'No more messages; the community will ring or come.',
  },
  helpLead: { zh: '要什么帮助？', en: 'What do you need?' },
  helpWords: { zh: '说清楚一点（可不填）', en: 'A few words (optional)' },
  howSoon: { zh: '急不急？', en: 'How soon?' },
  urgent: { zh: '很急', en: 'Urgent' },
  usual: { zh: '不急', en: 'Not urgent' },
  forWhom: { zh: '为谁？', en: 'For whom?' },
  askHelp: { zh: '提交求助', en: 'Ask' },
  myHelp: { zh: '我的求助', en: 'What I asked for' },
  noHelp: { zh: '还没有求助。', en: 'Nothing asked for yet.' },
  readOut: { zh: '送到时把这四位数字念给对方：', en: 'Read these digits to whoever brings it:' },
  came: { zh: '已收到', en: 'It has come' },
  didNotCome: { zh: '没有收到', en: 'It did not come' },
  cancel: { zh: '不需要了', en: 'No longer needed' },
  rate: { zh: '评价', en: 'How was it?' },
  late: { zh: '迟了', en: 'late' },
  s_open: { zh: '等待接单', en: 'Waiting for a helper' },
  s_offered: { zh: '正在找人', en: 'Finding a helper' },
  s_accepted: { zh: '已有人接单', en: 'Somebody will bring it' },
  s_under_way: { zh: '在路上', en: 'On the way' },
  s_done: { zh: '已完成', en: 'Done' },
  s_refused: { zh: '无法提供', en: 'Cannot be given' },
  s_cancelled: { zh: '已取消', en: 'Cancelled' },
  objectLead: {
    zh: '哪里不对？由上一级网格中心核实答复。材料可以在打电话时补充。',
    en: 'What is wrong? The centre above looks into it and answers. Papers can follow by telephone.',
  },
  objectSend: { zh: '提交异议', en: 'Send the objection' },
  writeSomething: { zh: '请写几个字', en: 'A few words, please' },
  rulesTitle: { zh: '这段时间怎么做', en: 'What to do' },
  logout: { zh: '退出', en: 'Log out' },
  deleted: { zh: '本次记录将于 {day} 删除', en: 'This record is deleted on {day}' },
  asOf: { zh: '截至 {time}', en: 'as of {time}' },
  reload: { zh: '刷新', en: 'Refresh' },
  desk: { zh: '上级网格中心', en: 'The centre above' },
  noNumber: { zh: '号码未登记', en: 'no number known' },
} as const satisfies Record<string, Say>

export const SYMPTOMS: Record<string, Say> = {
  cough: { zh: '干咳', en: 'Dry cough' },
  fatigue: { zh: '没力气', en: 'No strength' },
  sore_throat: { zh: '嗓子疼', en: 'Sore throat' },
  no_smell: { zh: '闻不到味道', en: 'Cannot smell or taste' },
  diarrhoea: { zh: '拉肚子', en: 'Diarrhoea' },
  short_breath: { zh: '喘不上气', en: 'Short of breath' },
  chest_tight: { zh: '胸闷', en: 'Tight chest' },
  headache: { zh: '头疼', en: 'Headache' },
  muscle_ache: { zh: '身上酸痛', en: 'Aching muscles' },
  runny_nose: { zh: '流鼻涕', en: 'Runny nose' },
  vomiting: { zh: '恶心、呕吐', en: 'Sick, vomiting' },
}
export const MOODS: Record<string, Say> = {
  good: { zh: '挺好', en: 'Good' },
  fair: { zh: '还行', en: 'Fair' },
  low: { zh: '有点闷', en: 'A bit low' },
  very_low: { zh: '很难受', en: 'Very low' },
}
export const HELP: Record<string, Say> = {
  food: { zh: '买菜买米', en: 'Food' },
  medicine: { zh: '买药', en: 'Medicine' },
  rubbish: { zh: '收垃圾', en: 'Rubbish' },
  parcel: { zh: '取快递', en: 'A parcel' },
  medical: { zh: '看病', en: 'A doctor' },
  psychological: { zh: '找人说说话', en: 'Somebody to talk to' },
  care: { zh: '照看老人孩子', en: 'Care of old or young' },
  school: { zh: '孩子上课', en: 'School' },
  other: { zh: '别的', en: 'Something else' },
}
export const ROLES: Record<string, Say> = {
  worker: { zh: '网格员', en: 'Grid worker' },
  doctor: { zh: '医生', en: 'Doctor' },
  officer: { zh: '民警', en: 'Police officer' },
  cadre: { zh: '社区干部', en: 'Cadre' },
  volunteer: { zh: '志愿者', en: 'Volunteer' },
  watch_leader: { zh: '联防长', en: 'Watch leader' },
}

export type Key = keyof typeof T
export const LangContext = createContext<Lang>('zh')

export type Words = {
  lang: Lang
  /** A text of this page, `{name}` filled in. */
  t: (key: Key, fill?: Record<string, string | number>) => string
  /** A text that the server said in both languages, or a closed word; unknown words are shown as they came (case 19). */
  say: (one: Say | undefined, raw?: string) => string
}

export function fillIn(text: string, fill: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''))
}

export function useWords(): Words {
  const lang = use(LangContext)
  return {
    lang,
    t: (key, fill = {}) => fillIn(T[key][lang], fill),
    say: (one, raw = '') => one?.[lang] ?? raw,
  }
}
