import { describe, expect, test } from 'vitest'
import { ConfigError, isLoopback, readConfig, SETTING_FLAGS } from './config.ts'

describe('settings', () => {
  test('without settings the server is on loopback, with the exercise of a town', () => {
    expect(readConfig({ DATA_DIR: '/tmp/x' })).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      exercise: 'town',
      zone: 'Asia/Shanghai',
      keyFile: '/tmp/x.key',
      databaseUrl: null,
    })
  })

  test('a setting that is empty counts as not set, whichever it is', () => {
    const names = SETTING_FLAGS.map((flag) => flag.toUpperCase().replaceAll('-', '_'))
    for (const nothing of ['', '  ']) {
      const empty = Object.fromEntries(names.map((name) => [name, nothing]))
      expect(readConfig(empty)).toEqual(readConfig({}))
    }
    const flags = Object.fromEntries(SETTING_FLAGS.map((flag) => [flag, '']))
    expect(readConfig({ DATA_DIR: '/tmp/x' }, flags)).toEqual(readConfig({ DATA_DIR: '/tmp/x' }))
  })

  test('a flag wins over the environment', () => {
    expect(readConfig({ PORT: '1', DATA_DIR: '/tmp/x' }, { port: '8081' }).port).toBe(8081)
  })

  test('off loopback without https is refused, with the remedy in both languages', () => {
    expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/TLS_CERT.*TRUST_PROXY.*https/s)
    expect(readConfig({ HOST: '0.0.0.0', TRUST_PROXY: '1' }).trustProxy).toBe(true)
    expect(isLoopback('127.0.0.2')).toBe(true)
  })

  test('a value that is off is named', () => {
    expect(() => readConfig({ PORT: 'x' })).toThrow(ConfigError)
    expect(() => readConfig({ PORT: 'x' })).toThrow('PORT')
    expect(() => readConfig({ ZONE: 'Asia/Nowhere' })).toThrow('Asia/Nowhere')
    expect(() => readConfig({ EXERCISE: 'city' })).toThrow('EXERCISE')
  })

  test('every setting is a flag of serve: what a flag says is what the same word in the environment says', () => {
    const values: Record<string, string> = {
      'sms-gateway-url': 'https://sms.example/send',
      'sms-gateway-key': 'k',
      totp: 'advised',
      'backup-at': '04:30',
      'backup-days': '7',
      'log-level': 'debug',
      'other-database-urls': 'postgres://a/b, postgres://a/c',
    }
    for (const flag of Object.keys(values)) expect(SETTING_FLAGS).toContain(flag)
    const env = Object.fromEntries(
      Object.entries(values).map(([flag, value]) => [flag.toUpperCase().replaceAll('-', '_'), value]),
    )
    const byFlag = readConfig({ DATA_DIR: '/tmp/x', EXERCISE: 'off' }, values)
    expect(byFlag).toEqual(readConfig({ DATA_DIR: '/tmp/x', EXERCISE: 'off', ...env }))
    expect(byFlag).toMatchObject({
      sms: { url: 'https://sms.example/send', key: 'k' },
      totp: 'advised',
      backupAt: 270,
      backupDays: 7,
      otherDatabaseUrls: ['postgres://a/b', 'postgres://a/c'],
    })
  })

  test('a real deployment requires the second factor and backs itself up at night; an exercise does neither', () => {
    expect(readConfig({ DATA_DIR: '/tmp/x', EXERCISE: 'off' })).toMatchObject({ totp: 'required', backupAt: 200 })
    expect(readConfig({ DATA_DIR: '/tmp/x' })).toMatchObject({ totp: 'advised', backupAt: null })
    expect(readConfig({ EXERCISE: 'off', DATABASE_URL: 'postgres://a/b' }).backupAt).toBeNull()
  })

  test('backups of the embedded database are kept at most 30 days; another server is not backed up by us', () => {
    expect(() => readConfig({ BACKUP_DAYS: '31' })).toThrow('at most 30')
    expect(readConfig({ BACKUP_DAYS: '90', DATABASE_URL: 'postgres://a/b' }).backupDays).toBe(90)
    expect(() => readConfig({ BACKUP_AT: '03:00', DATABASE_URL: 'postgres://a/b' })).toThrow('backup note')
    expect(() => readConfig({ BACKUP_AT: '24:00' })).toThrow('BACKUP_AT')
  })

  test('web push is off without keys; half of them, or an address that is none, is said at the start', () => {
    const keys = {
      VAPID_PUBLIC: 'B'.repeat(87),
      VAPID_PRIVATE: 'a'.repeat(43),
      VAPID_SUBJECT: 'mailto:desk@example.org',
    }
    expect(readConfig({ EXERCISE: 'off' })).toMatchObject({ vapid: null, pushHosts: [] })
    expect(readConfig({ ...keys, PUSH_HOSTS: 'push.example.cn, other.example' })).toMatchObject({
      vapid: { subject: 'mailto:desk@example.org' },
      pushHosts: ['push.example.cn', 'other.example'],
    })
    for (const bad of [{ VAPID_PRIVATE: '' }, { VAPID_PUBLIC: 'short' }, { VAPID_SUBJECT: 'desk' }])
      expect(() => readConfig({ ...keys, ...bad })).toThrow('weiwang vapid')
  })
})
