import { keepFace } from '../shared/keepFace.ts'
import type { Scope } from '../shared/keepFace.ts'

declare const self: Scope

/**
 * Codes and keys lie in the page's own store, where a log-out takes them away. A new version waits until the page begins on its first
 * screen (shell.ts): nothing that is being filled in is lost.
 */
keepFace(self, self.__WB_MANIFEST, '/r/index.html')
