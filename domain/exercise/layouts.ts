import type { SourceId } from './outbreak.ts'
import type { Cells } from './scenario.ts'

/**
 * The files as the seven offices send them: encoding, separator, a title above the header, columns in the office's own words
 * and some that nobody needs. The headers are those that the presets of the feeds room know.
 */
export type Layout = {
  source: SourceId
  format: 'gb18030_csv' | 'xlsx' | 'semicolon_csv' | 'utf8_csv' | 'utf16_tsv' | 'json'
  extension: string
  /** What the office calls its list, in the file's name. */
  title: string
  /** Whether the title stands as a line of its own above the header. */
  titleLine: boolean
  /** Numbers of twelve digits and more come as `="…"`, as careful clerks do it. */
  wrapped: boolean
  columns: readonly (readonly [header: string, cell: keyof Cells | 'row' | 'office'])[]
}

export const LAYOUTS: readonly Layout[] = [
  {
    source: 'rail',
    format: 'gb18030_csv',
    extension: 'csv',
    title: '重点地区来苏旅客名单（铁路）',
    titleLine: true,
    wrapped: true,
    columns: [['序号', 'row'], ['姓名', 'name'], ['证件号码', 'doc'], ['手机号', 'phone'], ['车次', 'vehicle'], ['乘车日期', 'from'], ['出发地', 'place'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'air',
    format: 'xlsx',
    extension: 'xlsx',
    title: '民航进港旅客名单',
    titleLine: false,
    wrapped: false,
    columns: [['序号', 'row'], ['旅客姓名', 'name'], ['证件类型', 'docKind'], ['证件号码', 'doc'], ['国籍', 'country'], ['联系电话', 'phone'], ['航班号', 'vehicle'], ['航班日期', 'from'], ['出发地', 'place'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'telecom',
    format: 'semicolon_csv',
    extension: 'csv',
    title: '通信大数据漫游名单（到县到日）',
    titleLine: true,
    wrapped: false,
    columns: [['手机号', 'phone'], ['姓名', 'name'], ['证件号码', 'doc'], ['漫游地', 'place'], ['开始日期', 'from'], ['结束日期', 'to'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'fever_clinic',
    format: 'utf8_csv',
    extension: 'csv',
    title: '发热门诊就诊登记',
    titleLine: false,
    wrapped: false,
    columns: [['医疗机构', 'office'], ['姓名', 'name'], ['证件号码', 'doc'], ['联系电话', 'phone'], ['就诊日期', 'from'], ['处置', 'value'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'laboratory',
    format: 'utf16_tsv',
    extension: 'txt',
    title: '核酸检测结果',
    titleLine: false,
    wrapped: false,
    columns: [['姓名', 'name'], ['证件号码', 'doc'], ['联系电话', 'phone'], ['采样日期', 'from'], ['检测结果', 'value'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'case_investigation',
    format: 'xlsx',
    extension: 'xlsx',
    title: '流调密切接触者名单',
    titleLine: true,
    wrapped: false,
    columns: [['序号', 'row'], ['姓名', 'name'], ['证件号码', 'doc'], ['联系电话', 'phone'], ['接触类别', 'degree'], ['末次接触日期', 'from'], ['现住址', 'address']], // prettier-ignore
  },
  {
    source: 'road',
    format: 'json',
    extension: 'json',
    title: '公路卡口登记',
    titleLine: false,
    wrapped: false,
    columns: [['姓名', 'name'], ['证件号码', 'doc'], ['手机号', 'phone'], ['车牌号', 'vehicle'], ['通行日期', 'from'], ['出发地', 'place'], ['现住址', 'address']], // prettier-ignore
  },
]

/** A file that must be refused as a whole: it carries positions finer than county and day (FEED-4). */
export const REFUSED_FILE = {
  name: '不应接收-含基站位置.csv',
  text: '手机号,姓名,证件号码,漫游地,开始日期,结束日期,基站编号,经度,纬度\r\n13900000002,示例,329900198001010018,武汉市,2020-02-10,2020-02-12,460-00-6212-34821,114.30525,30.59276\r\n',
} as const

/** `before` is loaded when the exercise opens, `today` is for the duty officer. */
export function fileName(layout: Layout, day: string): string {
  return `${layout.source}-${day}-${layout.title}.${layout.extension}`
}
