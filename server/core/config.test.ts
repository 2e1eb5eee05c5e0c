import { describe, expect, test } from 'vitest'
import { ConfigError, isLoopback, readConfig } from './config.ts'

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
})
