export type Key = { kid: string; publicKey: string; from: number; until: number; revokedAt: number | null }

export declare function verifyCode(
  text: string,
  keys: readonly Key[],
  now: number,
): Promise<{
  colour: string
  name: string
  ruleSet: string
  until: number
  valid: boolean
  fresh: boolean
  paper: boolean
}>
