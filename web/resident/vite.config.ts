import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { budget } from '../build/budget.ts'
import { face } from '../build/face.ts'
import { icons, MANIFEST_ICONS } from '../build/icons.ts'

const KB = 1024

/**
 * The page of residents: any phone, 2G, seventy years old. No kit, no router, no schemas: what the code needs is there with the first
 * answer, every other screen comes when it is wanted, and all of it stays on the phone.
 */
const page = face({
  root: import.meta.dirname,
  name: 'resident',
  base: '/r/',
  plugins: [
    icons(),
    budget({ limit: 100 * KB, also: [] }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'sw.ts',
      injectRegister: false,
      registerType: 'prompt',
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,webmanifest}', 'icon-192.png'],
        globIgnores: ['sw.js', 'first.json'],
        maximumFileSizeToCacheInBytes: KB * KB,
      },
      manifest: {
        id: '/r/',
        name: '我的健康码 My health code',
        short_name: '健康码',
        description:
          '申领、出示、申报、申诉，没有网络也能出示。Apply, show, declare and object; shows without a network too.',
        lang: 'zh-CN',
        dir: 'ltr',
        start_url: '/r/',
        scope: '/r/',
        display: 'standalone',
        orientation: 'portrait',
        theme_color: '#0f6b66',
        background_color: '#ffffff',
        icons: MANIFEST_ICONS,
      },
    }),
  ],
})

export default defineConfig({
  ...page,
  // The page signs what the server made and reads no CBOR: what reads it does nothing by being imported, and stays out.
  build: {
    ...page.build,
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /cborg/, sideEffects: false }] } },
  },
})
