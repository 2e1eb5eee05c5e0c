import { keepFace } from '../shared/keepFace.ts'
import type { Scope } from '../shared/keepFace.ts'

declare const self: Scope

/**
 * Keys, revocations and passages lie in the gate's own store. A new version waits until the page says that nobody is being dealt
 * with.
 */
keepFace(self, self.__WB_MANIFEST, '/gate/index.html')
