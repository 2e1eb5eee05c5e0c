import { describe, expect, test } from 'vitest'
import { cleanJpeg } from './image.ts'
import { jpeg } from './jpeg.fixture.ts'

const GPS = Buffer.from('Exif\0\0GPSLatitude 31.3')

describe('VISIT-8: a picture and nothing beside it', () => {
  test('a clean picture stays as it is', () => {
    const bytes = jpeg()
    expect(cleanJpeg(bytes)).toEqual({ bytes, width: 8, height: 8 })
  })

  test('position, camera, comments, profiles and what follows the picture are left out', () => {
    const dirty = jpeg(
      [
        { marker: 0xe1, data: GPS },
        { marker: 0xfe, data: Buffer.from('张三家门口') },
        { marker: 0xed, data: Buffer.from('Photoshop') },
      ],
      Buffer.from('PK trailing archive'),
    )
    const clean = cleanJpeg(dirty)
    expect(clean?.bytes.equals(jpeg())).toBe(true)
    expect(clean?.bytes.includes('GPS')).toBe(false)
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('hello')],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a page that calls itself a picture', Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('<script>')])],
    ['one that is cut off', jpeg().subarray(0, 60)],
    ['one without its end', jpeg().subarray(0, -2)],
    ['a segment longer than the file', Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1])],
  ])('%s is refused', (_what, bytes) => {
    expect(cleanJpeg(bytes)).toBeNull()
  })

  test('bytes of chance never make it throw', () => {
    for (let i = 0; i < 2_000; i++) {
      const bytes = jpeg()
      bytes[(i * 37) % bytes.length] = (i * 91) % 256
      expect(() => cleanJpeg(bytes.subarray(0, 30 + (i % bytes.length)))).not.toThrow()
    }
  })
})
