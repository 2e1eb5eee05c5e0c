import type { Texts } from '../../i18n/texts.ts'

/** Being told while the app is closed, and papers of instructions. */
export const toldTexts = {
  'set.wake': ['关闭应用时也提醒', 'Tell me while the app is closed'],
  'set.wake.help': [
    '只提示“有新内容”，不含任何信息；20:00 至 8:00 只提醒红色任务',
    'It only says that there is something new; from 20:00 to 08:00 for red tasks alone',
  ],
  'set.wake.blocked': [
    '手机不允许通知，或浏览器的推送服务连不上',
    'Notifications are not allowed, or the browser’s push service cannot be reached',
  ],
  papers: ['附件', 'Attachments'],
  'papers.help': ['有网络时点开下载', 'Tap to download while there is a network'],
} as const satisfies Texts
