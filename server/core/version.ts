/** The version of the program; package.json and CHANGELOG.md say the same. */
export const VERSION = '0.1.0'
