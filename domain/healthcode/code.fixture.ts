/** Keys and a sound credential for tests of the code; real P-256 by node's own library. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Bytes } from './bytes.ts'
import type { Credential, Sign, Verify } from './credential.ts'
import { signCredential } from './credential.ts'
import { compressPoint } from './point.ts'
import { presentationText } from './presentation.ts'
import { noneRevoked } from './revocation.ts'
import type { CheckAround, GateKey } from './verify.ts'
import { DEFAULT_POLICY } from './verify.ts'

export type Pair = { point: Bytes; holder: Bytes; sign: Sign; privateKey: KeyObject }

function pairOf(privateKey: KeyObject): Pair {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const point = Uint8Array.from(spki.subarray(spki.length - 65))
  const holder = compressPoint(point)
  if (!holder) throw new Error('not a point')
  return {
    point,
    holder,
    privateKey,
    sign: async (data) => Uint8Array.from(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
}

export function newPair(): Pair {
  return pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

export function pairFrom(pkcs8: string): Pair {
  return pairOf(createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' }))
}

const SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')

export const verifyNode: Verify = async (publicKey, data, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/** 26 November 2026, 08:00 in Shanghai. */
export const NOW = Math.floor(Date.UTC(2026, 10, 26, 0, 0, 0) / 1000)
export const DAY = 86_400
export const KID = Uint8Array.of(1, 2, 3, 4)

export const issuer = newPair()
export const phone = newPair()

export function credentialOf(over: Partial<Credential> = {}): Credential {
  return {
    codeId: Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2),
    colour: 'green',
    name: '欧阳**',
    ruleSet: 'suzhou.1',
    issuedAt: NOW - 3600,
    expiresAt: NOW + 16 * 3600,
    holder: phone.holder,
    paper: false,
    ...over,
  }
}

export async function signed(over: Partial<Credential> = {}): Promise<Bytes> {
  return signCredential(credentialOf(over), KID, issuer.sign)
}

export async function shown(over: Partial<Credential> = {}, at = NOW, by = phone): Promise<string> {
  return presentationText(await signed(over), at, by.sign)
}

export const gateKey: GateKey = {
  kid: '01020304',
  publicKey: issuer.point,
  from: NOW - DAY,
  until: NOW + DAY,
  revokedAt: null,
}

export function around(over: Partial<CheckAround> = {}): CheckAround {
  return {
    keys: [gateKey],
    revoked: noneRevoked(),
    clock: { now: NOW, trusted: true },
    list: { asOf: NOW - 600, maxAgeS: DAY },
    policy: DEFAULT_POLICY,
    verify: verifyNode,
    ...over,
  }
}
