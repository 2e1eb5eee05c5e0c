/**
 * GB18030 for writing: Node decodes it but encodes UTF-8 only. The two-byte table is made from the decoder itself; everything
 * else in the basic plane is numbered in order by four bytes, the other planes by a formula (GB 18030-2005).
 */
let table: Map<string, number> | null = null
let ranks: Map<number, number> | null = null

function twoBytes(): Map<string, number> {
  if (table) return table
  const decoder = new TextDecoder('gb18030')
  const made = new Map<string, number>()
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue
      const text = decoder.decode(Uint8Array.of(high, low))
      if (Array.from(text).length === 1 && text !== '\ufffd' && !made.has(text)) made.set(text, high * 256 + low)
    }
  }
  table = made
  return made
}

/** Place of a character among those of the basic plane that have neither one nor two bytes. */
function rankOf(point: number): number {
  if (!ranks) {
    ranks = new Map()
    const decoder = new TextDecoder('gb18030')
    for (let n = 0; n < 39_420; n++) {
      const text = decoder.decode(Uint8Array.from(fourBytes(n)))
      const at = text.codePointAt(0)
      if (at !== undefined && at !== 0xfffd && Array.from(text).length === 1) ranks.set(at, n)
    }
  }
  const rank = ranks.get(point)
  if (rank === undefined) throw new RangeError(`no GB18030 form for U+${point.toString(16)}`)
  return rank
}

function fourBytes(rank: number): [number, number, number, number] {
  const d = 0x30 + (rank % 10)
  const c = 0x81 + (Math.floor(rank / 10) % 126)
  const b = 0x30 + (Math.floor(rank / 1260) % 10)
  const a = 0x81 + Math.floor(rank / 12_600)
  return [a, b, c, d]
}

const ASTRAL_START = 189_000

export function encodeGb18030(text: string): Buffer {
  const two = twoBytes()
  const bytes: number[] = []
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0
    if (point < 0x80) bytes.push(point)
    else if (point >= 0x10000) bytes.push(...fourBytes(ASTRAL_START + point - 0x10000))
    else {
      const pair = two.get(letter)
      if (pair === undefined) bytes.push(...fourBytes(rankOf(point)))
      else bytes.push(pair >> 8, pair & 0xff)
    }
  }
  return Buffer.from(bytes)
}
