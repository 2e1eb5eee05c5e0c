/**
 * READ-13: a link is for one person and one slot: 128 random bits of which the server keeps a keyed hash alone. It opens nothing but
 * a form; it is dead when its slot closes, and after one report.
 */
export const TOKEN_BYTES = 16
export const TOKEN_LENGTH = 22

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 16 random bytes as 22 characters that survive a message and a keyboard. */
export function tokenOf(random: Uint8Array): string {
  if (random.length !== TOKEN_BYTES) throw new RangeError('a token has 128 random bits')
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of random) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += ALPHABET[(held >> bits) & 63] ?? ''
      held &= (1 << bits) - 1
    }
  }
  return text + (ALPHABET[(held << (6 - bits)) & 63] ?? '')
}

/** The address in the message. The token stands behind the hash sign, so that no server or proxy on the way writes it down. */
export function linkUrl(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/+$/u, '')}/r#${token}`
}

export type LinkState = 'good' | 'over' | 'used'

/** Used first: who has reported is thanked and not told that it is late. */
export function linkState(link: { closesAt: Date; usedAt: Date | null }, now: Date): LinkState {
  if (link.usedAt !== null) return 'used'
  return now < link.closesAt ? 'good' : 'over'
}
