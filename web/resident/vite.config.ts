import { defineConfig } from 'vite'
import { budget } from '../build/budget.ts'
import { face } from '../build/face.ts'
import { icons } from '../build/icons.ts'

const KB = 1024

// The page of residents: any phone, 2G, seventy years old. No kit, no router, no schemas: everything is there with the first answer.
export default defineConfig(
  face({
    root: import.meta.dirname,
    name: 'resident',
    base: '/r/',
    plugins: [icons(), budget({ limit: 100 * KB, also: [] })],
  }),
)
