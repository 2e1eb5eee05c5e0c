import { defineConfig } from 'vite'
import { face } from '../build/face.ts'

// A root and an outDir of its own: this face becomes an installable application that works without a network.
export default defineConfig(face({ root: import.meta.dirname, name: 'worker', base: '/worker/' }))
