import react from '@vitejs/plugin-react'
import { defaultClientConditions } from 'vite'
import type { PluginOption, UserConfig } from 'vite'
import { compressed } from './compressed.ts'

/**
 * One face = one root, one outDir, one address below the server. The faces are built apart so that the phone never carries
 * the desk's chunks, and so that a face can become an installable application without knowing of the others.
 */
export function face(options: { root: string; name: string; base: string; plugins?: PluginOption[] }): UserConfig {
  return {
    root: options.root,
    base: options.base,
    plugins: [react(), ...(options.plugins ?? []), compressed()],
    // 'source' makes @weiwang/domain/... resolve to its TypeScript, so no build of the domain has to come first.
    resolve: { conditions: ['source', ...defaultClientConditions] },
    build: {
      outDir: `../dist/${options.name}`,
      emptyOutDir: true,
      target: ['chrome87', 'safari14', 'firefox91'],
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1200,
    },
    server: { proxy: { '/api': 'http://localhost:8080' } },
  }
}
