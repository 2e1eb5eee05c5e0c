/**
 * ADDR-1: one spelling before anything is looked up: full-width to half-width, traditional to simplified, no spaces, no
 * labels, no phone numbers, no postcodes. Where something was dropped, a break is remembered, because a name that begins
 * after a gap is a better sign than the same letters in the middle of a word.
 */
import { SIMPLE } from './traditional.ts'

export type Normal = {
  /** Text without separators; the offsets of all other results refer to it. */
  text: string
  /** breaks[i] is 1 when something was dropped just before character i; one longer than the text. */
  breaks: Uint8Array
}

/** Beyond these lengths nobody writes an address; the rest is cut, so that a text cannot cost more than its share. */
const MAX_LENGTH = 200

const PLAIN = /^[\u0020-\u007e\u4e00-\u9fff]*$/
const LABEL =
  /(?:现居住?|现住|居住|户籍|家庭|联系|收货|详细|常住|暂住|通讯|住)?(?:地址|住址|所在地|地点)(?:为|是)?[:：]|^(?:家住|现住|住在|住址|地址)[:：]?/g
const PHONE = /(?<!\d)(?:\+?86-?)?1[3-9]\d{9}(?!\d)/g
const POSTCODE =
  /邮(?:政编码|编)[:：]?\d{6}|(?<!\d)(?:2[12]\d{4})(?=\s*(?:江苏|南京|无锡|徐州|常州|苏州|南通|连云港|淮安|盐城|扬州|镇江|泰州|宿迁))|(?<=\s)2[12]\d{4}$/g
const COUNTRY = /^(?:中华人民共和国|中国)(?=.{2})/

/** Separators and brackets are dropped and leave a break; hyphens of all kinds become '-'. */
const DROP = new Set(
  Array.from(' \t\r\n,.;:|/\\、，。；：！!?？·•"\'“”‘’()（）[]【】{}<>《》〈〉「」_*^`', (c) => c.charCodeAt(0)),
)
const HYPHEN = new Set(Array.from('-‐‑‒–—―~～－', (c) => c.charCodeAt(0)))

export function normalise(input: string): Normal {
  let s = input.length > MAX_LENGTH ? input.slice(0, MAX_LENGTH) : input
  if (!PLAIN.test(s)) s = s.normalize('NFKC')
  if (s.includes('址') || s.includes('住') || s.includes('所在地') || s.includes('地点')) s = s.replace(LABEL, ' ')
  if (/\d{6}/.test(s)) s = s.replace(PHONE, ' ').replace(POSTCODE, ' ')
  if (s.includes('中')) s = s.trimStart().replace(COUNTRY, ' ')
  return compact(s)
}

/** A letter, a digit, or one of the words that stand before a hyphen in a door: 3幢-501, 5号-2. */
function isAlnum(c: number): boolean {
  return (
    (c >= 48 && c <= 57) ||
    (c >= 65 && c <= 90) ||
    (c >= 97 && c <= 122) ||
    c === 24_162 ||
    c === 21_495 ||
    c === 26_635 ||
    c === 23_460 ||
    c === 35
  )
}

function compact(s: string): Normal {
  const codes: number[] = []
  const breaks = new Uint8Array(s.length + 1)
  let dropped = true
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    const hyphen = HYPHEN.has(c)
    // 3-2-501 needs its hyphens; 南京市-建邺区 uses one as a separator.
    if (DROP.has(c) || (hyphen && !(isAlnum(s.charCodeAt(i - 1)) && isAlnum(s.charCodeAt(i + 1))))) {
      dropped = true
      continue
    }
    if (dropped) breaks[codes.length] = 1
    dropped = false
    codes.push(hyphen ? 45 : c >= 97 && c <= 122 ? c - 32 : (SIMPLE.get(c) ?? c))
  }
  breaks[codes.length] = 1
  return { text: String.fromCharCode(...codes), breaks }
}

/** The spelling under which a name of the gazetteer is kept: the same treatment as an address, brackets dropped. */
export function normalName(name: string): string {
  return compact(PLAIN.test(name) ? name : name.normalize('NFKC')).text
}
