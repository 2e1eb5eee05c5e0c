/**
 * Texts stand as pairs, Chinese first, so that a key without its English does not compile, and so that the two are read
 * and changed together. `{{name}}` marks what is filled in.
 */
export type Texts = Record<string, readonly [zh: string, en: string]>

export type Dictionary = Record<string, string>

function column(texts: Texts, index: 0 | 1): Dictionary {
  return Object.fromEntries(Object.entries(texts).map(([key, pair]) => [key, pair[index]]))
}

export function chinese(texts: Texts): Dictionary {
  return column(texts, 0)
}

export function english(texts: Texts): Dictionary {
  return column(texts, 1)
}
