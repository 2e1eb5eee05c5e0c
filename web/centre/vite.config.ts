import { defineConfig } from 'vite'
import { face } from '../build/face.ts'

// Vite reads the default export of its config; nothing else in this package has one.
export default defineConfig(face({ root: import.meta.dirname, name: 'centre', base: '/' }))
