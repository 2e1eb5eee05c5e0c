import type { Bell } from './bell.ts'
import type { Bytes } from './codec.ts'
import { base64url, fromBase64url, textOf, utf8 } from './codec.ts'
import type { Ciphers } from './crypto.ts'
import { orFull, PhoneLocked, readMeta } from './store.ts'
import type { MetaRow, Sealed, Store } from './store.ts'

export const MOST_TRIES = 10
export const PIN_DIGITS = /^\d{6,}$/
const KEY_BYTES = 32
const KEY_ID_BYTES = 9
const DEVICE = 'device'

type PhoneRow = Extract<MetaRow, { key: 'phone' }>
type VaultRow = Extract<MetaRow, { key: 'vault' }>

export type Vault = Awaited<ReturnType<typeof openVault>>

/**
 * The keys of the phone (design section 7). What is read lies under a random data key, which is wrapped twice: by a key made
 * from the PIN and by a device key that no script can read. It is in memory only while the phone is open. What is to be sent
 * is sealed to the server as well, so that losing the data key loses no work.
 */
export async function openVault({
  store,
  ciphers,
  bell,
  rounds,
}: {
  store: Store
  ciphers: Ciphers
  bell: Bell
  rounds: number
}) {
  let vault: VaultRow | undefined = await readMeta(store, 'vault')
  let phone: PhoneRow | undefined = await readMeta(store, 'phone')
  let data: { id: string; key: CryptoKey } | null = null

  async function wrap(pin: string, deviceKey: CryptoKey, raw: Bytes, keyId: string) {
    const salt = ciphers.newSalt()
    const inner = await ciphers.seal(await ciphers.pinKey(pin, salt, rounds), raw, 'data key')
    return { salt, rounds, wrapped: await ciphers.seal(deviceKey, inner, 'wrapped'), keyId }
  }

  async function unwrap(pin: string, row: VaultRow): Promise<Bytes | null> {
    if (!row.pin) return null
    try {
      const inner = await ciphers.open(row.deviceKey, row.pin.wrapped, 'wrapped')
      return await ciphers.open(await ciphers.pinKey(pin, row.pin.salt, row.pin.rounds), inner, 'data key')
    } catch {
      return null
    }
  }

  async function put(row: VaultRow): Promise<void> {
    await orFull(() => store.meta.put(row))
    vault = row
  }

  /** Another tab may have counted too. */
  async function countTry(): Promise<VaultRow | null> {
    return orFull(() =>
      store.transaction('rw', store.meta, async () => {
        const row = await readMeta(store, 'vault')
        if (!row?.pin) {
          // Guessed at too often, or cleared, in another tab.
          vault = row
          return null
        }
        const counted = { ...row, wrong: row.wrong + 1 }
        await store.meta.put(counted)
        vault = counted
        return counted
      }),
    )
  }

  /** The data key is gone for good, and the register with it; sealed unsent work stays. */
  async function destroy(): Promise<void> {
    data = null
    await store.transaction('rw', store.meta, store.items, store.cursors, async () => {
      const row = await readMeta(store, 'vault')
      if (row) await store.meta.put({ ...row, pin: null, wrong: 0 })
      await store.meta.bulkDelete(['mine', 'reference', 'own'])
      await store.items.clear()
      await store.cursors.clear()
    })
    vault = await readMeta(store, 'vault')
    bell.ring()
  }

  function keyOf(id: string): CryptoKey | null {
    if (id === DEVICE) return vault?.deviceKey ?? null
    return data?.id === id ? data.key : null
  }

  return {
    phone: () => phone,
    isNew: () => vault === undefined || phone === undefined,
    isLost: () => vault !== undefined && vault.pin === null,
    isOpen: () => data !== null,
    triesLeft: () => MOST_TRIES - (vault?.wrong ?? 0),
    destroy,
    lock: (): void => {
      data = null
      bell.ring()
    },

    /** New data key under a new PIN; the device key stays when there is one. What lay under the old data key is dropped. */
    enrol: async (args: { pin: string; phone: Omit<PhoneRow, 'key' | 'secret'>; secret: string }): Promise<void> => {
      const deviceKey = vault?.deviceKey ?? (await ciphers.newDeviceKey())
      const raw = ciphers.random(KEY_BYTES)
      const keyId = base64url(ciphers.random(KEY_ID_BYTES))
      const pin = await wrap(args.pin, deviceKey, raw, keyId)
      const secret = await ciphers.seal(deviceKey, utf8(args.secret), 'secret')
      const key = await ciphers.dataKeyOf(raw)
      const rows = {
        vault: { key: 'vault' as const, deviceKey, pin, wrong: 0 },
        phone: { key: 'phone' as const, ...args.phone, secret },
      }
      await orFull(() =>
        store.transaction('rw', store.meta, store.items, store.cursors, async () => {
          await store.meta.bulkPut([rows.vault, rows.phone])
          await store.meta.bulkDelete(['mine', 'reference', 'own', 'cleared'])
          await store.items.clear()
          await store.cursors.clear()
        }),
      )
      vault = rows.vault
      phone = rows.phone
      data = { id: keyId, key }
      bell.ring()
    },

    /** Another secret for the same phone; what lies here stays as it is. */
    renewSecret: async (given: { secret: string; sealKey: PhoneRow['sealKey'] }): Promise<void> => {
      if (!vault || !phone) return
      const secret = await ciphers.seal(vault.deviceKey, utf8(given.secret), 'secret')
      const row = { ...phone, sealKey: given.sealKey, secret }
      await store.meta.put(row)
      phone = row
    },

    /**
     * A try is counted before it is made, so that ending the app in between gives no further one; where it cannot be counted
     * there is none. @throws PhoneFull
     */
    unlock: async (pin: string): Promise<boolean> => {
      const row = await countTry()
      if (!row?.pin) return false
      const raw = await unwrap(pin, row)
      if (raw) {
        await put({ ...row, wrong: 0 })
        data = { id: row.pin.keyId, key: await ciphers.dataKeyOf(raw) }
      } else if (row.wrong >= MOST_TRIES) await destroy()
      bell.ring()
      return raw !== null
    },

    changePin: async (old: string, next: string): Promise<boolean> => {
      const row = await countTry()
      if (!row?.pin) return false
      const raw = await unwrap(old, row)
      if (raw) await put({ ...row, pin: await wrap(next, row.deviceKey, raw, row.pin.keyId), wrong: 0 })
      else if (row.wrong >= MOST_TRIES) await destroy()
      bell.ring()
      return raw !== null
    },

    /** Under the data key. @throws PhoneLocked */
    seal: async (text: string, about: string): Promise<Sealed> => {
      if (!data) throw new PhoneLocked()
      const { id, key } = data
      return { keyId: id, bytes: await ciphers.seal(key, utf8(text), about) }
    },

    sealBytes: async (bytes: Bytes, about: string): Promise<Sealed> => {
      if (!data) throw new PhoneLocked()
      const { id, key } = data
      return { keyId: id, bytes: await ciphers.seal(key, bytes, about) }
    },

    /** The server's words, which may come while the phone is locked: then under the device key. */
    sealWord: async (text: string, about: string): Promise<Sealed> => {
      if (data) return { keyId: data.id, bytes: await ciphers.seal(data.key, utf8(text), about) }
      if (!vault) throw new PhoneLocked()
      return { keyId: DEVICE, bytes: await ciphers.seal(vault.deviceKey, utf8(text), about) }
    },

    /** Null when its key is not at hand: locked, or another data key than now. */
    open: async (sealed: Sealed, about: string): Promise<string | null> => {
      const key = keyOf(sealed.keyId)
      if (!key) return null
      try {
        return textOf(await ciphers.open(key, sealed.bytes, about))
      } catch {
        return null
      }
    },

    openBytes: async (sealed: Sealed, about: string): Promise<Bytes | null> => {
      const key = keyOf(sealed.keyId)
      if (!key) return null
      try {
        return await ciphers.open(key, sealed.bytes, about)
      } catch {
        return null
      }
    },

    /** Whether its key may be at hand again: this browser's own, or the one that the present PIN opens. */
    mayOpen: (sealed: Sealed): boolean => sealed.keyId === DEVICE || vault?.pin?.keyId === sealed.keyId,

    /**
     * Whether what was sealed under a key may still be kept, by the disk and within a transaction of it: another tab may have heard the
     * order to clear, and what came after it would go with the phone (SYNC-16). A browser that lost its storage keeps it.
     */
    takes: async (keyId: string): Promise<boolean> => {
      const there = await readMeta(store, 'vault')
      return there ? there.pin?.keyId === keyId : (await readMeta(store, 'cleared')) === undefined
    },

    /** To the server (SYNC-15). @throws PhoneLocked when this is no phone yet. */
    box: async (plain: Bytes, about: string): Promise<{ box: Bytes; boxKey: string }> => {
      if (!phone) throw new PhoneLocked()
      // It may be wiped meanwhile.
      const { point, id } = phone.sealKey
      return { box: await ciphers.box(fromBase64url(point), plain, about), boxKey: id }
    },

    /** `Phone <device>.<secret>`: hands in sealed work and hears orders, nothing else. */
    authorization: async (): Promise<string | null> => {
      if (!vault || !phone) return null
      const { device, secret } = phone
      return `Phone ${device}.${textOf(await ciphers.open(vault.deviceKey, secret, 'secret'))}`
    },

    /**
     * Nothing of the account is left here. Only when everything of it is at the server. @returns false when another tab has made it a
     * phone again meanwhile, and nothing was done
     */
    wipe: async (): Promise<boolean> => {
      const known = phone
      const done = await store.transaction('rw', store.tables, async () => {
        const there = await readMeta(store, 'phone')
        if (there && known && base64url(there.secret) !== base64url(known.secret)) return false
        for (const table of store.tables) await table.clear()
        await store.meta.put({ key: 'cleared' })
        return true
      })
      if (!done) return false
      data = null
      vault = undefined
      phone = undefined
      bell.ring()
      return true
    },

    /** Another tab changed the keys or the data key was destroyed there. */
    reload: async (): Promise<void> => {
      vault = await readMeta(store, 'vault')
      phone = await readMeta(store, 'phone')
      if (data && vault?.pin?.keyId !== data.id) data = null
    },
  }
}
