/** One option a line: `value 中文 | English`. */
export function optionsText(options: { value: string; say: { zh: string; en: string } }[]): string {
  return options.map((o) => `${o.value} ${o.say.zh} | ${o.say.en}`).join('\n')
}

export function readOptions(text: string): { value: string; say: { zh: string; en: string } }[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [value = '', ...rest] = line.trim().split(' ')
      const [zh = '', en = ''] = rest.join(' ').split('|')
      return { value, say: { zh: zh.trim(), en: en.trim() } }
    })
}
