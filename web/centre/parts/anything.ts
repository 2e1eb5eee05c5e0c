import { z } from 'zod'

/** The answer of an act whose result is read afresh by the lists anyway. */
export const Anything = z.unknown()
