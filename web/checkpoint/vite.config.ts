import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { budget } from '../build/budget.ts'
import { face } from '../build/face.ts'
import { icons, MANIFEST_ICONS } from '../build/icons.ts'

const KB = 1024

// The gate's application: everything that decides lies on the phone, the reader of codes (its own .wasm) among it.
export default defineConfig(
  face({
    root: import.meta.dirname,
    name: 'checkpoint',
    base: '/gate/',
    plugins: [
      icons(),
      budget({ limit: 220 * KB, also: [] }),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '.',
        filename: 'sw.ts',
        injectRegister: false,
        registerType: 'prompt',
        injectManifest: {
          // This face's own files and nothing else; the size list is for us, not for phones.
          globPatterns: ['**/*.{js,css,html,png,svg,wasm,webmanifest}'],
          globIgnores: ['sw.js', 'first.json'],
          maximumFileSizeToCacheInBytes: 2 * KB * KB,
        },
        manifest: {
          id: '/gate/',
          name: '微网 卡口 Weiwang gate',
          short_name: '微网卡口',
          description:
            '卡口验码、测温、登记，没有网络也能用。Codes, temperatures and visitors at a gate, without a network too.',
          lang: 'zh-CN',
          dir: 'ltr',
          start_url: '/gate/',
          scope: '/gate/',
          display: 'standalone',
          orientation: 'any',
          theme_color: '#0f6b66',
          background_color: '#ffffff',
          icons: MANIFEST_ICONS,
        },
      }),
    ],
  }),
)
