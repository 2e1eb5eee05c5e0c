import { parsePhoneNumberFromString } from 'libphonenumber-js'

const CHINESE_MOBILE = /^\+861[3-9]\d{9}$/u

/**
 * The number of an account as +country and digits (E.164), or null. It has to take short messages, so a Chinese one is a mobile.
 * Full-width digits and spaces are accepted; numbers without `+` are Chinese.
 */
export function normalisePhone(text: string): string | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s()（）-]/gu, '')
    .replace(/^0086/u, '+86')
  if (!/^\+?\d{5,20}$/u.test(plain)) return null
  const parsed = parsePhoneNumberFromString(plain, 'CN')
  if (!parsed?.isValid()) return null
  return parsed.country !== 'CN' || CHINESE_MOBILE.test(parsed.number) ? parsed.number : null
}
