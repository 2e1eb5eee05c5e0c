/**
 * What a browser says of itself, as people would say it: `Chrome · Windows`. Only for telling one's own devices apart; a
 * browser that is not known is shown as it names itself.
 */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/HuaweiBrowser|HUAWEI/, 'Huawei Browser'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrome|CriOS|Chromium/, 'Chrome'],
  [/Safari/, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

export function deviceWords(agent: string): string {
  const named = (list: typeof BROWSERS): string[] => list.flatMap(([sign, name]) => (sign.test(agent) ? [name] : []))
  const words = [named(BROWSERS)[0], named(SYSTEMS)[0]].filter((word) => word !== undefined)
  return words.length === 0 ? agent : words.join(' · ')
}
