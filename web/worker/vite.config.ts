import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { budget } from '../build/budget.ts'
import { face } from '../build/face.ts'
import { icons, MANIFEST_ICONS } from '../build/icons.ts'

const KB = 1024

// A root and an outDir of its own: this face becomes an installable application that works without a network.
export default defineConfig(
  face({
    root: import.meta.dirname,
    name: 'worker',
    base: '/worker/',
    plugins: [
      icons(),
      budget({ limit: 300 * KB, also: ['/worker/phone/browser.ts'] }),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '.',
        filename: 'sw.ts',
        injectRegister: false,
        registerType: 'prompt',
        injectManifest: {
          // This face's own files and nothing else; the size list is for us, not for phones.
          globPatterns: ['**/*.{js,css,html,png,svg,woff2,webmanifest}'],
          globIgnores: ['sw.js', 'first.json'],
          maximumFileSizeToCacheInBytes: 2 * KB * KB,
        },
        manifest: {
          id: '/worker/',
          name: '微网 网格员 Weiwang worker',
          short_name: '微网',
          description:
            '网格员的任务、走访和户册，没有网络也能用。Tasks, visits and doors of a grid worker, without a network too.',
          lang: 'zh-CN',
          dir: 'ltr',
          start_url: '/worker/',
          scope: '/worker/',
          display: 'standalone',
          orientation: 'portrait',
          theme_color: '#0f6b66',
          background_color: '#ffffff',
          icons: MANIFEST_ICONS,
        },
      }),
    ],
  }),
)
