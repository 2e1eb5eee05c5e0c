import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { renderPaper } from './paper.ts'

function pages(pdf: Buffer): number {
  return [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page[^s]/g)].length
}

/** Every stream of the file, unpacked where it is packed. */
function streams(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  return [...text.matchAll(/(?<!end)stream\r?\n/g)]
    .map((m) => {
      const from = m.index + m[0].length
      const to = text.indexOf('endstream', from)
      try {
        return inflateSync(pdf.subarray(from, to)).toString('latin1')
      } catch {
        return text.slice(from, to)
      }
    })
    .join('\n')
}

/** The characters named by the tables from glyph to character. */
function characters(pdf: Buffer): Set<string> {
  const out = new Set<string>()
  for (const [, hex = ''] of streams(pdf).matchAll(/<[0-9a-fA-F]{4}>\s+<([0-9a-fA-F]+)>/g)) {
    const units = hex.match(/.{4}/g) ?? []
    out.add(String.fromCharCode(...units.map((u) => Number.parseInt(u, 16))))
  }
  return out
}

describe('printed papers', () => {
  test('what is typed stays text: commands in a name are printed, not run', () => {
    const name = '#panic("x") $1$ [王] \\ <张>'
    const pdf = renderPaper('#head("通知书", "Notice")\n#form(("姓名", "Name", or-blank(data.name)))', {
      exercise: false,
      name,
      reference: 'A1',
      issuedBy: '测试',
    })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const seen = characters(pdf)
    for (const one of ['王', '张', '#', '$', '[', '<']) expect(seen).toContain(one)
  })

  test('long text goes on to a second page; rare characters of names are not refused', () => {
    const pdf = renderPaper('#for line in data.lines [#line #parbreak()]', {
      exercise: false,
      lines: Array.from({ length: 80 }, (_, i) => `第 ${i} 行 𠮷`),
    })
    expect(pages(pdf)).toBeGreaterThan(1)
  })

  test('EX-4: the paper of an exercise says that it is one, on every page', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `${i}`)
    const body = '#for line in data.lines [#line #parbreak()]'
    const marked = renderPaper(body, { exercise: true, lines })
    const plain = renderPaper(body, { exercise: false, lines })
    expect(characters(marked)).toContain('演')
    expect(characters(plain)).not.toContain('演')
    // Behind the mark lies a ground, one a page.
    const grounds = (pdf: Buffer): number => [...streams(pdf).matchAll(/\sf\*?\s/g)].length
    expect(pages(marked)).toBeGreaterThan(1)
    expect(grounds(marked) - grounds(plain)).toBe(pages(marked))
  })

  test('a signature is drawn as it was made', () => {
    const bare = renderPaper('#signature(data.strokes)', { exercise: false, strokes: [] })
    const signed = renderPaper('#signature(data.strokes)', { exercise: false, strokes: [[0, 0, 500, 500, 1000, 200]] })
    const lines = (pdf: Buffer): number => [...streams(pdf).matchAll(/ l\n/g)].length
    expect(lines(signed)).toBe(lines(bare) + 2)
  })
})
