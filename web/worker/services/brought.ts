import { PAYERS, RECEIVED_BY } from '@weiwang/domain/observation/service-api'
import { z } from 'zod'

/** What is said at the door when something was brought (SERV-7), as it stands on the sheet. */
export const WAYS = ['code', 'word', 'photo'] as const
export const BroughtSaid = z.object({
  way: z.enum(WAYS),
  code: z.string(),
  by: z.enum(RECEIVED_BY).nullable(),
  name: z.string(),
  /** Ids of pictures; empty: none was taken. */
  photo: z.string(),
  receipt: z.string(),
  yuan: z.string(),
  payer: z.enum(PAYERS),
  words: z.string(),
})
export type Brought = z.infer<typeof BroughtSaid>
export const NOTHING_SAID: Brought = {
  way: 'code',
  code: '',
  by: 'self',
  name: '',
  photo: '',
  receipt: '',
  yuan: '',
  payer: 'resident',
  words: '',
}

export type Lack = 'code' | 'by' | 'name' | 'photo' | 'yuan'

const CODE = /^\d{4}$/
const MOST_YUAN = 100_000

/** Whole fen of what was typed; null when it is no amount. */
export function centsOf(yuan: string): number | null {
  const text = yuan.trim().replace(/[，,]/u, '.').replace(/元$/u, '').trim()
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(text)) return null
  const cents = Math.round(Number(text) * 100)
  return cents <= MOST_YUAN * 100 ? cents : null
}

/** A picture of a receipt without an amount is half a cost. */
const hasCost = ({ yuan, receipt }: Brought): boolean => yuan.trim() !== '' || receipt !== ''

export function lacksOf(said: Brought): Lack[] {
  const lacks: Lack[] = []
  const isStranger = said.by === 'neighbour' || said.by === 'other'
  if (said.way === 'code' && !CODE.test(said.code)) lacks.push('code')
  if (said.way === 'word' && said.by === null) lacks.push('by')
  if (said.way === 'word' && isStranger && said.name.trim() === '') lacks.push('name')
  if (said.way === 'photo' && said.photo === '') lacks.push('photo')
  if (hasCost(said) && centsOf(said.yuan) === null) lacks.push('yuan')
  return lacks
}

/** The step as it is kept, and the pictures that follow it. */
export function brought(said: Brought): { body: object; photos: string[] } {
  const { way, by, photo, receipt, payer } = said
  const name = said.name.trim()
  const words = said.words.trim()
  const isStranger = by === 'neighbour' || by === 'other'
  const cents = hasCost(said) ? centsOf(said.yuan) : null
  const proof = {
    kind: way,
    ...(way === 'code' ? { code: said.code } : {}),
    ...(way === 'word' ? { by: by ?? 'self' } : {}),
    ...(way === 'word' && isStranger ? { name } : {}),
    ...(photo === '' ? {} : { photo }),
  }
  const cost =
    cents === null ? {} : { cost: { cents, paidBy: payer, ...(receipt === '' ? {} : { receiptPhoto: receipt }) } }
  return {
    body: { step: 'done', proof, ...cost, ...(words === '' ? {} : { words }) },
    photos: [photo, cents === null ? '' : receipt].filter((id) => id !== ''),
  }
}
