import { weighted } from './prng.ts'
import type { Rng } from './prng.ts'

/**
 * Surnames by their share of the population in parts per ten thousand, after the published order of the household
 * register (王, 李, 张, 刘 and 陈 are together about three in ten). The tail is cut off at a hundred and a few compounds.
 */
const SURNAMES =
  '王725 李719 张683 刘538 陈453 杨308 黄223 赵217 周213 吴205 徐167 孙154 胡131 马129 朱126 何117 郭115 林113 高100 郑93 罗85 梁84 宋81 谢72 ' +
  '许73 韩68 唐65 冯64 邓62 于62 曹57 彭58 曾58 程57 肖56 蔡53 沈50 潘50 田50 袁54 董51 余47 叶47 蒋47 杜47 苏47 魏46 吕47 丁43 任43 卢43 姚41 ' +
  '钟40 姜39 崔38 谭40 陆40 范36 汪42 廖37 石36 金38 韦30 贾35 夏36 付30 方35 邹35 熊30 白29 孟29 秦29 邱30 侯30 江28 尹27 薛27 闫26 段25 雷25 ' +
  '龙24 黎23 史25 陶25 贺20 毛20 郝20 顾27 龚20 邵22 万20 覃15 武20 钱22 戴20 严18 莫15 孔15 向15 常15 单4 仇3 解3 查4 欧阳6 司徒1 上官1 尉迟1 诸葛1'

const surname = weighted(
  SURNAMES.split(' ').map((entry) => {
    const [, name = '王', weight = '1'] = /^(\D+)(\d+)$/.exec(entry) ?? []
    return [name, Number(weight)] as const
  }),
)

type Pool = readonly [string, ...string[]]

function pool(text: string): Pool {
  const [first = '', ...rest] = Array.from(text)
  return [first, ...rest]
}

const OLD_MEN = pool('国建志德福荣华明永庆春林海生祥贵富文光忠兴金才发有根宝龙玉成')
const OLD_WOMEN = pool('秀英兰珍凤桂芳玉梅琴素云珠翠香莲春菊花霞红美彩巧月华淑贞爱娥')
const MEN = pool('伟强磊军洋勇杰涛超明刚平辉鹏飞斌波宇浩凯健俊峰旭晨东亮林翔博')
const WOMEN = pool('芳娜敏静丽艳娟霞燕玲婷雪琳洁倩颖慧莉萍丹晶欣蕾薇璐佳瑶菲妍岚')
const YOUNG_MEN = pool('子浩宇轩博文梓睿泽辰俊逸铭皓天佑嘉翰霖一诺奕航煜熙景行之')
const YOUNG_WOMEN = pool('梓涵欣怡诗雨桐可馨语嫣一诺佳琪思彤若曦梦瑶雅静芷晴依然沐安')
/** Characters that GBK has not: a file written or read as GBK instead of GB18030 turns them into question marks. */
const RARE: Pool = ['㛃', '䶮', '𠮷', '㬎']

/** A believable name; one in two thousand has a character that only GB18030 and Unicode can write. */
export function nameOf(rng: Rng, sex: 1 | 2, age: number): string {
  const [men, women] = age >= 55 ? [OLD_MEN, OLD_WOMEN] : age >= 22 ? [MEN, WOMEN] : [YOUNG_MEN, YOUNG_WOMEN]
  const letters = sex === 1 ? men : women
  const first = rng.chance(1 / 2000) ? rng.pick(RARE) : rng.pick(letters)
  const given = rng.chance(0.16) ? first : first + rng.pick(letters)
  return surname(rng) + given
}

const COMPOUND = /^(?:欧阳|司徒|上官|尉迟|诸葛)/

export function surnameOf(name: string): string {
  return COMPOUND.exec(name)?.[0] ?? Array.from(name)[0] ?? ''
}

/** Another name that a clerk might have heard: one character of the given name is wrong. */
export function misheard(rng: Rng, name: string): string {
  const letters = Array.from(name)
  const tail = rng.pick(rng.chance(0.5) ? MEN : WOMEN)
  return letters.slice(0, -1).join('') + (tail === letters.at(-1) ? '某' : tail)
}
