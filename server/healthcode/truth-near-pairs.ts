/** Made by truth-near-build.ts: counties within about five kilometres of one another, each pair once. Not edited by hand. */
export const NEAR_COUNTIES = ''
