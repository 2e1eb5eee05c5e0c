import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadKeyFile, rotateMaster } from './keyfile.ts'
import { decrypt, encrypt, unwrap, wrap } from './sealing.ts'

const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-key-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('the key file', () => {
  test('is made with mode 600 and read again; an open one is told', () => {
    const file = path.join(dir, 'a.key')
    const first = loadKeyFile(file, new Date())
    expect([first.made, statSync(file).mode & 0o777]).toEqual([true, 0o600])
    expect(loadKeyFile(file, new Date())).toEqual({ keys: first.keys, made: false, open: false })
    chmodSync(file, 0o644)
    expect(loadKeyFile(file, new Date()).open).toBe(true)
  })

  test('a file that is something else is refused and left as it is', () => {
    const file = path.join(dir, 'b.key')
    writeFileSync(file, '{"a":1}')
    expect(() => loadKeyFile(file, new Date())).toThrow('not a key file')
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}')
  })

  test('rotation keeps the old master and the keys that name persons', () => {
    const { keys } = loadKeyFile(path.join(dir, 'c.key'), new Date())
    const next = rotateMaster(keys)
    expect(next.previous[0]).toEqual(keys.master)
    expect([next.personId, next.search]).toEqual([keys.personId, keys.search])
    expect(next.master.key).not.toBe(keys.master.key)
  })
})

describe('sealing', () => {
  const key = Buffer.alloc(32, 1)
  const id = Buffer.alloc(16, 2)
  const place = { table: 'person', row: 'r', column: 'name' }

  test('KEY-1: opens in its place only; a changed byte does not open', () => {
    const sealed = encrypt(key, id, place, '欧阳小明')
    expect(decrypt(key, place, sealed)).toBe('欧阳小明')
    for (const other of [
      { ...place, table: 'x' },
      { ...place, row: 'x' },
      { ...place, column: 'x' },
    ])
      expect(() => decrypt(key, other, sealed)).toThrow()
    const changed = Buffer.from(sealed)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(() => decrypt(key, place, changed)).toThrow()
  })

  test('two seals of one text differ', () => {
    expect(encrypt(key, id, place, 'a').equals(encrypt(key, id, place, 'a'))).toBe(false)
  })

  test('a data key unwraps under its own name and master only', () => {
    const wrapped = wrap(key, 'one', Buffer.alloc(32, 3))
    expect(unwrap(key, 'one', wrapped)).toEqual(Buffer.alloc(32, 3))
    expect(() => unwrap(key, 'two', wrapped)).toThrow()
    expect(() => unwrap(Buffer.alloc(32, 9), 'one', wrapped)).toThrow()
  })
})
