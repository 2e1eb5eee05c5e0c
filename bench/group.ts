import { GROUPS } from './groups.ts'

// One group in one process: prints its rows as JSON on the last line of stdout. It does not outlive the run that started it;
// what it leaves then, the next run clears.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.exit(1)
}, 1000).unref()

const [name = '', scaleText = '0.01'] = process.argv.slice(2)
const group = GROUPS[name]
if (!group) throw new Error(`there is no group ${name}`)
const rows = await (await group.load())(Number(scaleText))
process.stdout.write(`\n${JSON.stringify(rows)}\n`)
process.exit(0)
