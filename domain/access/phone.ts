import { parsePhoneNumberFromString } from 'libphonenumber-js'

/** A phone number as +country and digits (E.164), or null. Full-width digits and spaces are accepted; numbers without `+` are Chinese. */
export function normalisePhone(text: string): string | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s()（）-]/gu, '')
    .replace(/^0086/u, '+86')
  if (!/^\+?\d{5,20}$/u.test(plain)) return null
  const parsed = parsePhoneNumberFromString(plain, 'CN')
  return parsed?.isValid() ? parsed.number : null
}
