/**
 * English alone has a singular to mind. Texts are written for many; where a number turns out to be one, the noun after it
 * (and after one adjective) and its verb are set right. Chinese has no such forms and passes through.
 */
const ONE: Record<string, string> = {
  people: 'person',
  persons: 'person',
  rows: 'row',
  lines: 'line',
  tasks: 'task',
  visits: 'visit',
  households: 'household',
  doors: 'door',
  grids: 'grid',
  areas: 'area',
  workers: 'worker',
  rules: 'rule',
  facts: 'fact',
  answers: 'answer',
  questions: 'question',
  batches: 'batch',
  records: 'record',
  places: 'place',
  breaks: 'break',
  blocks: 'block',
  heads: 'head',
  times: 'time',
  days: 'day',
  hours: 'hour',
  minutes: 'minute',
  digits: 'digit',
  codes: 'code',
  lists: 'list',
  others: 'other',
  tries: 'try',
  rooms: 'room',
  receivers: 'receiver',
  passages: 'passage',
  duties: 'duty',
  watches: 'watch',
  turns: 'turn',
  things: 'thing',
  seats: 'seat',
  photos: 'photo',
  objections: 'objection',
  gates: 'gate',
  calls: 'call',
  accounts: 'account',
  services: 'service',
  disputes: 'dispute',
  readings: 'reading',
  shifts: 'shift',
  teams: 'team',
  sources: 'source',
  pushes: 'push',
  sets: 'set',
  changes: 'change',
  runs: 'run',
  emergencies: 'emergency',
  roles: 'role',
  colleagues: 'colleague',
  pairs: 'pair',
  files: 'file',
  members: 'member',
  posts: 'post',
  messages: 'message',
  phones: 'phone',
  entries: 'entry',
  forms: 'form',
  units: 'unit',
  referrals: 'referral',
  organisations: 'organisation',
  contradictions: 'contradiction',
  registrations: 'registration',
  reports: 'report',
  openings: 'opening',
  signs: 'sign',
  characters: 'character',
}
const VERBS: Record<string, string> = {
  are: 'is',
  were: 'was',
  have: 'has',
  need: 'needs',
  concern: 'concerns',
  lie: 'lies',
  wait: 'waits',
  come: 'comes',
}
const NOUNS = Object.keys(ONE).join('|')
// Without a look behind, which older Safari cannot read: what stands before the number is caught and put back.
const FOUND = new RegExp(`(^|[^\\d.,:/-])1 ((?:[a-z]+ )?)(${NOUNS})\\b( (?:${Object.keys(VERBS).join('|')})\\b)?`, 'g')

export function setSingular(text: string): string {
  return text.replace(
    FOUND,
    (_, before: string, adjective: string, noun: string, verb: string | undefined) =>
      `${before}1 ${adjective}${ONE[noun] ?? noun}${verb === undefined ? '' : ` ${VERBS[verb.trim()] ?? verb.trim()}`}`,
  )
}

/** A unit that stands apart from its number, as on a figure: `tasks` beside 1 is `task`. */
export function unitFor(n: number, unit: string): string {
  return n === 1 ? setSingular(`1 ${unit}`).slice(2) : unit
}
