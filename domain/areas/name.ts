/** Short forms of official names, as people say and type them. */
import type { AreaLevel } from './code.ts'

const MINORITIES =
  /(?:(?:土家|苗|藏|羌|彝|傣|白|哈尼|壮|景颇|傈僳|回|蒙古|朝鲜|布依|侗|哈萨克|柯尔克孜|维吾尔|瑶|黎|畲|满|锡伯|鄂温克|达斡尔|纳西|普米|拉祜|佤|布朗|独龙|怒|仫佬|毛南|土|撒拉|东乡|保安|裕固|塔吉克|各)族)+自治(?:州|县|旗)$/
const COMMUNITY =
  /(?:社区居民委员会|社区居民委会|社区居民委委会|社区居居委员会|社区居民委员|社区居委员|社区居委会|社区居委|居民社区委员会|居民委员会|居委会|居委员|社区)$/
const VILLAGE = /(?:村民委员会|村委会)$/

/** Level 1 to 3 without its kind (南京市 → 南京); null when nothing sensible is left (丰县). */
export function shortName(name: string, level: AreaLevel): string | null {
  if (level === 1) return name.replace(/(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$/, '')
  const short =
    level === 2
      ? name.replace(MINORITIES, '').replace(/(?:市|地区|盟)$/, '')
      : name.replace(MINORITIES, '').replace(/[市县区旗]$/, '')
  return short.length >= 2 && short !== name ? short : null
}

/** A village's name without the words for its committee (茶亭社区居委会 → 茶亭, 汪村村委会 → 汪村), and which kind it is. */
export function villageStem(name: string): { stem: string; kind: 'community' | 'village' } {
  const kind = VILLAGE.test(name) ? 'village' : 'community'
  return { stem: name.replace(kind === 'village' ? VILLAGE : COMMUNITY, ''), kind }
}
