import { webcrypto } from 'node:crypto'
import { fromHex } from '@weiwang/domain/healthcode/bytes'
import { signCredential } from '@weiwang/domain/healthcode/credential'
import type { Credential } from '@weiwang/domain/healthcode/credential'
import { compressPoint } from '@weiwang/domain/healthcode/point'
import { paperText, presentationText } from '@weiwang/domain/healthcode/presentation'

/** An issuer and phones of holders as a journey needs them: keys of their own, codes of any colour and time. */
const { subtle } = webcrypto
const SIGN = { name: 'ECDSA', hash: 'SHA-256' }
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const HOUR = 3_600_000

type Signer = (data: Uint8Array) => Promise<Uint8Array>

async function newPair(): Promise<{ point: Uint8Array; sign: Signer }> {
  const pair = await subtle.generateKey(CURVE, true, ['sign', 'verify'])
  return {
    point: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
    sign: async (data) => new Uint8Array(await subtle.sign(SIGN, pair.privateKey, Uint8Array.from(data))),
  }
}

export type Holder = {
  codeId: Uint8Array
  credential: Uint8Array
  /** What the phone shows when its clock says `at` (ms). */
  show: (at: number) => Promise<string>
}

export async function newIssuer(kid: string) {
  const own = await newPair()
  const id = fromHex(kid)
  if (!id) throw new Error('a key id is eight hex digits')

  const made = (more: Partial<Credential>, now: number): Promise<Uint8Array> =>
    signCredential(
      {
        codeId: webcrypto.getRandomValues(new Uint8Array(8)),
        colour: 'green',
        name: '张*明',
        ruleSet: 'sz-2',
        issuedAt: Math.floor((now - HOUR) / 1000),
        expiresAt: Math.floor((now + 12 * HOUR) / 1000),
        holder: null,
        paper: true,
        ...more,
      },
      id,
      own.sign,
    )

  return {
    /** As GET /api/code/keys tells it. */
    key: (now: number, more: { until?: number } = {}) => ({
      kid,
      publicKey: Buffer.from(own.point).toString('base64url'),
      from: Math.floor(now / 1000) - 30 * 86_400,
      until: Math.floor(now / 1000) + 30 * 86_400,
      revokedAt: null,
      ...more,
    }),
    paper: async (more: Partial<Credential>, now: number): Promise<string> => paperText(await made(more, now)),
    holder: async (more: Partial<Credential>, now: number): Promise<Holder> => {
      const phone = await newPair()
      const holder = compressPoint(phone.point)
      const codeId = webcrypto.getRandomValues(new Uint8Array(8))
      const credential = await made({ ...more, codeId, holder, paper: false }, now)
      return { codeId, credential, show: (at) => presentationText(credential, Math.floor(at / 1000), phone.sign) }
    },
    /** Somebody else's phone that got hold of the credential: it has another key. */
    copy: async (of: Holder): Promise<Holder> => {
      const other = await newPair()
      return { ...of, show: (at) => presentationText(of.credential, Math.floor(at / 1000), other.sign) }
    },
  }
}

export type Issuer = Awaited<ReturnType<typeof newIssuer>>

/** The same text with one character of its middle changed. */
export function oneBitOff(text: string): string {
  const at = 60
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
