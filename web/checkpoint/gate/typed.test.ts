import { expect, test } from 'vitest'
import { narrowed, newTyped } from './typed.ts'
import type { Key } from './typed.ts'

const TEXT = 'WW1:6BFOXN*TS0BI$ZD.P9/UOL3+T %A-:'

const CODES: Record<string, [string, boolean]> = {
  ':': ['Semicolon', true],
  '*': ['Digit8', true],
  $: ['Digit4', true],
  '%': ['Digit5', true],
  '+': ['Equal', true],
  '-': ['Minus', false],
  '.': ['Period', false],
  '/': ['Slash', false],
  ' ': ['Space', false],
}

function keyOf(char: string, at: number): Key {
  const [code, shiftKey] = /[A-Z]/.test(char)
    ? [`Key${char}`, true]
    : /\d/.test(char)
      ? [`Digit${char}`, false]
      : (CODES[char] ?? ['', false])
  return { key: char, code, shiftKey, altKey: false, ctrlKey: false, metaKey: false, timeStamp: at }
}

const ENTER = (at: number): Key => ({ ...keyOf('1', at), key: 'Enter', code: 'Enter' })

function typed(keys: readonly Key[]): string[][] {
  const lines: string[][] = []
  const hear = newTyped(({ readings }) => lines.push([...readings]))
  for (const key of keys) hear.down(key)
  return lines
}

const fast = (text: string, change: (key: Key) => Key = (key) => key): Key[] => [
  ...Array.from(text).map((char, i) => change(keyOf(char, i * 4))),
  ENTER(text.length * 4),
]

test('a scanner that types is read, whatever the layout says, with small letters under a caps lock, and full width', () => {
  expect(typed(fast(TEXT))[0]).toContain(TEXT)
  // Another layout shows other signs for the same keys.
  expect(
    typed(fast(TEXT, (key) => ({ ...key, key: key.key === ':' ? 'Ö' : key.key === 'Z' ? 'Y' : key.key })))[0],
  ).toContain(TEXT)
  expect(typed(fast(TEXT, (key) => ({ ...key, key: key.key.toLowerCase() })))[0]).toContain(TEXT)
  const wide = (char: string): string =>
    char === ' ' ? '\u3000' : String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0)
  expect(typed(fast(TEXT, (key) => ({ ...key, key: wide(key.key), code: '' })))[0]).toEqual([TEXT])
})

test('an input method that swallows the keys still tells which they were', () => {
  expect(typed(fast(TEXT, (key) => ({ ...key, key: 'Process' })))[0]).toEqual([TEXT])
})

test('numbers typed with Alt held down are characters', () => {
  const lines: string[][] = []
  const hear = newTyped(({ readings }) => lines.push([...readings]))
  let at = 0
  for (const char of 'WW1:ABCDEF') {
    for (const digit of String(char.charCodeAt(0)).padStart(4, '0'))
      hear.down({ ...keyOf(digit, (at += 2)), code: `Numpad${digit}`, altKey: true })
    hear.up({ key: 'Alt', timeStamp: (at += 2) })
  }
  hear.down(ENTER(at + 2))
  expect(lines).toEqual([['WW1:ABCDEF']])
})

test('what a person pressed before is not glued to the code, soon or long before it', () => {
  for (const pause of [20, 900])
    expect(
      typed([
        keyOf('3', 0),
        keyOf('6', 50),
        ...fast(TEXT).map((key) => ({ ...key, timeStamp: 50 + pause + key.timeStamp })),
      ])[0],
    ).toEqual([TEXT])
})

test('short lines, held keys and shortcuts are nobody’s code', () => {
  expect(typed(fast('123'))).toEqual([])
  const hear = newTyped(() => undefined)
  // A key held down for minutes does not fill the memory.
  for (let i = 0; i < 5_000; i++) hear.down(keyOf('A', i * 3))
  expect(hear.isTyping()).toBe(true)
  expect(newTyped(() => undefined).down({ ...keyOf('A', 0), ctrlKey: true })).toBe(false)
})

test('while a scanner types, its keys press no button: from the third key on they are taken', () => {
  const hear = newTyped(() => undefined)
  expect(Array.from('WW1: ').map((char, i) => hear.down(keyOf(char, i * 4)))).toEqual([false, false, true, true, true])
  // One space on a button is a person.
  expect(newTyped(() => undefined).down(keyOf(' ', 0))).toBe(false)
})

test('what is pasted into a field is made narrow', () => {
  expect(narrowed('３２０５８３１９６５０３０２１２３ｘ')).toBe('32058319650302123X')
})
