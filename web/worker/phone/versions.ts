/** The version of a form is its content: other questions are another form, whatever they are called. */
export function versionOf(questions: unknown): string {
  let hash = 0x811c9dc5
  for (const char of JSON.stringify(questions ?? null))
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash.toString(36)
}
