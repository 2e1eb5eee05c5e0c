// Somebody else's verifier: checks a code of ours with public packages alone and nothing of this project. For the command line:
//   node e2e/verifier/verify.mjs https://code.example 'WW1:…'
import { createPublicKey, ECDH, verify } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { Sign1 } from '@auth0/cose'
import { decode } from 'cbor-x'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
const keyOf = (point) => createPublicKey({ key: Buffer.concat([SPKI, point]), format: 'der', type: 'spki' })

function base45(text) {
  const parts = text.match(/.{1,3}/gs).map((part) => {
    const value = Array.from(part).reduceRight((sum, char) => sum * 45 + ALPHABET.indexOf(char), 0)
    return part.length === 3 ? [value >> 8, value & 255] : [value]
  })
  return Buffer.from(parts.flat())
}

/** `keys` is what GET /api/code/keys answers, `now` in seconds. Throws when a signature does not stand. */
export async function verifyCode(text, keys, now) {
  const bytes = base45(text.slice('WW1:'.length))
  const live = bytes[0] === 1
  const message = Sign1.decode(live ? bytes.subarray(1, -68) : bytes)
  const kid = Buffer.from(message.protectedHeaders.get(4)).toString('hex')
  const key = keys.find((one) => one.kid === kid && one.revokedAt === null && one.from <= now && now < one.until)
  if (!key) throw new Error(`no valid key ${kid}`)
  await message.verify(keyOf(Buffer.from(key.publicKey, 'base64url')))
  const { 4: until, 5: from, 8: cnf, '-65537': ours } = decode(message.payload)
  const found = { colour: ['pending', 'green', 'yellow', 'red'][ours[0]], name: ours[1], ruleSet: ours[2], until }
  if (!live) return { ...found, valid: from <= now && now < until, fresh: false, paper: true }
  const short = Buffer.from([cnf[1][-3] ? 3 : 2, ...cnf[1][-2]])
  const holder = keyOf(ECDH.convertKey(short, 'prime256v1', undefined, undefined, 'uncompressed'))
  const shown = Buffer.concat([Buffer.from('WW1 presentation\0'), bytes.subarray(1, -64)])
  if (!verify('sha256', shown, { key: holder, dsaEncoding: 'ieee-p1363' }, bytes.subarray(-64)))
    throw new Error('not the phone of this code')
  const fresh = Math.abs(now - bytes.readUInt32BE(bytes.length - 68)) <= 60
  return { ...found, valid: from <= now && now < until, fresh, paper: false }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { keys, now } = await (await fetch(`${process.argv[2]}/api/code/keys`)).json()
  process.stdout.write(`${JSON.stringify(await verifyCode(process.argv[3], keys, now))}\n`)
}
