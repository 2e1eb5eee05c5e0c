/**
 * Countries as passports and forms write them: ISO 3166-1 alpha-2, alpha-3, the letter D of German passports, or the Chinese
 * or English name. The alpha-3 table is written out because Intl knows only alpha-2; names come from Intl.
 */
const ALPHA3 =
  'AFGAF ALBAL DZADZ ANDAD AGOAO ATGAG ARGAR ARMAM AUSAU AUTAT AZEAZ BHSBS BHRBH BGDBD BRBBB BLRBY BELBE BLZBZ BENBJ BTNBT BOLBO BIHBA BWABW BRABR BRNBN BGRBG BFABF BDIBI CPVCV KHMKH CMRCM CANCA CAFCF TCDTD CHLCL CHNCN COLCO COMKM COGCG CODCD CRICR CIVCI HRVHR CUBCU CYPCY CZECZ DNKDK DJIDJ DMADM DOMDO ECUEC EGYEG SLVSV GNQGQ ERIER ESTEE SWZSZ ETHET FJIFJ FINFI FRAFR GABGA GMBGM GEOGE DEUDE GHAGH GRCGR GRDGD GTMGT GINGN GNBGW GUYGY HTIHT HNDHN HKGHK HUNHU ISLIS INDIN IDNID IRNIR IRQIQ IRLIE ISRIL ITAIT JAMJM JPNJP JORJO KAZKZ KENKE KIRKI PRKKP KORKR KWTKW KGZKG LAOLA LVALV LBNLB LSOLS LBRLR LBYLY LIELI LTULT LUXLU MACMO MDGMG MWIMW MYSMY MDVMV MLIML MLTMT MHLMH MRTMR MUSMU MEXMX FSMFM MDAMD MCOMC MNGMN MNEME MARMA MOZMZ MMRMM NAMNA NRUNR NPLNP NLDNL NZLNZ NICNI NERNE NGANG MKDMK NORNO OMNOM PAKPK PLWPW PANPA PNGPG PRYPY PERPE PHLPH POLPL PRTPT QATQA ROURO RUSRU RWARW KNAKN LCALC VCTVC WSMWS SMRSM STPST SAUSA SENSN SRBRS SYCSC SLESL SGPSG SVKSK SVNSI SLBSB SOMSO ZAFZA SSDSS ESPES LKALK SDNSD SURSR SWESE CHECH SYRSY TWNTW TJKTJ TZATZ THATH TLSTL TGOTG TONTO TTOTT TUNTN TURTR TKMTM TUVTV UGAUG UKRUA AREAE GBRGB USAUS URYUY UZBUZ VUTVU VENVE VNMVN YEMYE ZMBZM ZWEZW PSEPS VATVA'

const byAlpha3 = new Map(ALPHA3.split(' ').map((pair) => [pair.slice(0, 3), pair.slice(3)]))

/** What forms write and Intl spells otherwise. */
const SPOKEN: readonly (readonly [string, string])[] = [
  ['中国香港', 'HK'],
  ['香港', 'HK'],
  ['中国澳门', 'MO'],
  ['澳门', 'MO'],
  ['中国台湾', 'TW'],
  ['台湾', 'TW'],
  ['中国大陆', 'CN'],
  ['中华人民共和国', 'CN'],
  ['大韩民国', 'KR'],
  ['美利坚合众国', 'US'],
  ['D', 'DE'],
  ['UK', 'GB'],
  ['ENGLAND', 'GB'],
  ['USA', 'US'],
]

let names: Map<string, string> | undefined

function byName(): Map<string, string> {
  if (names) return names
  const made = new Map<string, string>()
  for (const lang of ['en', 'zh']) {
    const display = new Intl.DisplayNames([lang], { type: 'region', fallback: 'none' })
    for (const code of byAlpha3.values()) {
      const name = display.of(code)
      if (name !== undefined) made.set(name.toUpperCase(), code)
    }
  }
  for (const [name, code] of SPOKEN) made.set(name, code)
  names = made
  return made
}

const alpha2 = new Set(byAlpha3.values())

/** ISO alpha-2, or null when the text names no country. */
export function readCountry(text: string): string | null {
  const t = text.normalize('NFKC').trim().toUpperCase()
  if (alpha2.has(t)) return t
  return byAlpha3.get(t) ?? byName().get(t) ?? null
}

/** The issuing country of an alpha-3 prefix on an old permanent residence card. */
export function countryOfAlpha3(code: string): string | null {
  return byAlpha3.get(code) ?? null
}

/** Every country and region but this one, by its name in a language, in that language's order: what a list of choices shows. */
export function countryNames(lang: 'zh' | 'en'): [code: string, name: string][] {
  const display = new Intl.DisplayNames([lang === 'zh' ? 'zh-CN' : 'en'], { type: 'region' })
  return [...alpha2]
    .filter((code) => code !== 'CN')
    .map((code): [string, string] => [code, display.of(code) ?? code])
    .toSorted(([, a], [, b]) => a.localeCompare(b, lang === 'zh' ? 'zh-CN' : 'en'))
}
