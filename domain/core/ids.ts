/** Ids are made where the thing is made (phone or server): UUIDv7, so that they sort by time. Random bytes are an argument. */
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

function format(b: Uint8Array): string {
  let s = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) s += '-'
    s += HEX[b[i] ?? 0]
  }
  return s
}

/** UUIDv7 (RFC 9562) from a time and ten random bytes. */
export function uuid7(at: Date, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('ten random bytes are needed')
  const b = new Uint8Array(16)
  let ms = at.getTime()
  for (let i = 5; i >= 0; i--) {
    b[i] = ms % 256
    ms = Math.floor(ms / 256)
  }
  b.set(random.subarray(0, 10), 6)
  b[6] = 0x70 | ((b[6] ?? 0) & 0x0f)
  b[8] = 0x80 | ((b[8] ?? 0) & 0x3f)
  return format(b)
}

/** UUIDv8 (RFC 9562) that carries the first 122 usable bits of a hash: same input, same id. */
export function uuid8(hash: Uint8Array): string {
  if (hash.length < 16) throw new RangeError('sixteen bytes of hash are needed')
  const b = Uint8Array.from(hash.subarray(0, 16))
  b[6] = 0x80 | ((b[6] ?? 0) & 0x0f)
  b[8] = 0x80 | ((b[8] ?? 0) & 0x3f)
  return format(b)
}

/** The same of a hash in lower-case hexadecimal: runtimes give that in less time than bytes. */
export function uuid8OfHex(hash: string): string {
  if (hash.length < 32) throw new RangeError('sixteen bytes of hash are needed')
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(16), 16) & 3)
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function isUuid(text: string): boolean {
  return UUID.test(text)
}
