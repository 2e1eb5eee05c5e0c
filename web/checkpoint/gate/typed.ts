import { PREFIX } from '@weiwang/domain/healthcode/presentation'

/**
 * A scanner at a cable is a keyboard: it types the code and ends with Enter. What arrives depends on the keyboard's layout, on an
 * input method that is switched on, and on the caps lock, so three readings are kept of the same keys: what the browser says was
 * typed (full-width characters made narrow), what an American keyboard would have typed with these keys, and what was typed as
 * numbers with Alt held down. Whoever takes the line tries them in turn (GATE-107).
 */
export type Key = {
  key: string
  code: string
  shiftKey: boolean
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  timeStamp: number
}

/** No scanner rests so long within a line, not on a busy device either: a longer pause begins a new one. */
const PAUSE_MS = 800
/** The longest code is 380 characters; a key that is held down must not fill the memory. */
const MOST = 600
const LEAST = 8
/** So many keys in so short a time are not a person who presses a button. */
const TYPING = 3

const DIGITS_SHIFTED = ')!@#$%^&*('
const PLAIN: Record<string, readonly [string, string]> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  Slash: ['/', '?'],
  Period: ['.', '>'],
  Comma: [',', '<'],
  Semicolon: [';', ':'],
  Space: [' ', ' '],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
}

/** What an American keyboard types with this key, upper case: codes have no small letters. */
function american({ code, shiftKey }: Key): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter !== undefined) return letter
  const digit = /^Digit(\d)$/.exec(code)?.[1]
  if (digit !== undefined) return shiftKey ? (DIGITS_SHIFTED[Number(digit)] ?? '') : digit
  const pad = /^Numpad(\d)$/.exec(code)?.[1]
  if (pad !== undefined) return pad
  const pair = PLAIN[code]
  return pair ? pair[shiftKey ? 1 : 0] : ''
}

const FULL_FROM = 0xff01
const FULL_TO = 0xff5e
const FULL_MINUS_NARROW = 0xfee0
/** Marks that Chinese input methods put for others. */
const MARKS: Record<string, string> = { '\u3000': ' ', '。': '.', '、': '/', '￥': '$', '¥': '$', '×': '*', '·': '`' }

/** Narrow and upper case; exported for what is typed or pasted into a field. */
export function narrowed(text: string): string {
  return Array.from(text)
    .map((char) => {
      const point = char.codePointAt(0) ?? 0
      if (point >= FULL_FROM && point <= FULL_TO) return String.fromCodePoint(point - FULL_MINUS_NARROW)
      return MARKS[char] ?? char
    })
    .join('')
    .toUpperCase()
}

/** What somebody pressed just before the scanner began is not part of the code. */
function fromPrefix(text: string): string {
  const at = text.lastIndexOf(PREFIX)
  return at > 0 ? text.slice(at) : text
}

function readingsOf(texts: readonly string[]): string[] {
  return [...new Set(texts.map(fromPrefix))].filter((text) => text.length >= LEAST)
}

export type Line = { readings: readonly string[] }

export function newTyped(onLine: (line: Line) => void): {
  /** @returns whether the key belongs to a line that a scanner is typing, so that it does nothing else on the page. */
  down: (key: Key) => boolean
  up: (key: Pick<Key, 'key' | 'timeStamp'>) => void
  isTyping: () => boolean
} {
  let said = ''
  let keys = ''
  let numbers = ''
  let alt = ''
  let last = Number.NEGATIVE_INFINITY

  function clear(): void {
    said = ''
    keys = ''
    numbers = ''
    alt = ''
  }

  const length = (): number => Math.max(said.length, keys.length, numbers.length)

  return {
    down: (key) => {
      if (key.ctrlKey || key.metaKey) return false
      if (key.timeStamp - last > PAUSE_MS) clear()
      last = key.timeStamp
      if (key.key === 'Enter' || key.key === 'Tab' || key.code === 'Enter' || key.code === 'NumpadEnter') {
        const long = length() >= LEAST
        if (long) onLine({ readings: readingsOf([narrowed(said), keys, numbers]) })
        clear()
        return long
      }
      if (key.altKey) {
        const digit = /^Numpad(\d)$/.exec(key.code)?.[1] ?? ''
        alt += digit
        return digit !== ''
      }
      if (length() >= MOST) clear()
      // An input method that is composing says only that it is ("Process"): the key itself still tells which it was.
      if (key.key.length === 1) said += key.key
      keys += american(key)
      return length() >= TYPING
    },
    isTyping: () => length() >= TYPING,
    up: (key) => {
      if (key.key !== 'Alt' || alt === '') return
      numbers += String.fromCharCode(Number(alt) % 256)
      alt = ''
      last = key.timeStamp
    },
  }
}
