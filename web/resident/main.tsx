import '../kit/tokens.css'
import './resident.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { keepShell } from './shell.ts'

const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
keepShell()
