import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'

const Room = z.record(z.string(), z.record(z.string(), z.array(z.string())))

// The rooms' texts are spread into one: of two equal keys one would silently speak in the room of the other.
test('a key is said by one room alone', async () => {
  const rooms = new Map<string, string[]>()
  for (const file of readdirSync(new URL('texts/', import.meta.url))) {
    const module: unknown = await import(new URL(`texts/${file}`, import.meta.url).href)
    for (const texts of Object.values(Room.parse({ ...Object(module) })))
      for (const key of Object.keys(texts)) rooms.set(key, [...(rooms.get(key) ?? []), file])
  }
  expect(rooms.size).toBeGreaterThan(1000)
  expect([...rooms].filter(([, files]) => files.length > 1)).toEqual([])
})
