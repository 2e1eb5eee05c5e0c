import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Gate } from './gate/gate.ts'
import type { GateState } from './gate/types.ts'

const GateContext = createContext<Gate | null>(null)
export const GateProvider = GateContext.Provider

export function useGate(): Gate {
  const gate = useContext(GateContext)
  if (!gate) throw new Error('no gate around this screen')
  return gate
}

export function useGateState(): GateState {
  const gate = useGate()
  return useSyncExternalStore(gate.listen, gate.state)
}
