import { inflateSync } from 'node:zlib'

/** The square that a paper of ours has printed on it, row by row: read back from the drawing in the PDF, dot by dot. */
export function squareOn(pdf: Buffer): boolean[][] {
  for (const page of streamsOf(pdf)) {
    const side = /\n0 0 m\n(\d+) 0 l\n/.exec(page)?.[1]
    if (side === undefined) continue
    const rows = Array.from({ length: Number(side) }, () => Array.from({ length: Number(side) }, () => false))
    for (const [, x = '', y = '', to] of page.matchAll(/\n(\d+) (\d+) m\n(\d+) \2 l\n/g)) {
      const row = rows[Number(y)]
      if (row && Number(to) === Number(x) + 1) row[Number(x)] = true
    }
    return rows
  }
  throw new Error('there is no square on the paper')
}

function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1')
  const found: string[] = []
  for (let at = text.indexOf('stream\n'); at >= 0; at = text.indexOf('stream\n', at)) {
    const end = text.indexOf('endstream', at)
    if (end < 0) break
    try {
      found.push(inflateSync(pdf.subarray(at + 'stream\n'.length, end)).toString('latin1'))
    } catch {
      // A picture or a font of another kind.
    }
    at = end + 'endstream\n'.length
  }
  return found
}
