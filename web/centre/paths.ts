import type { Door } from '@weiwang/domain/stats/api'

/** Every address of the desk, in one place; screens never write one themselves. */
type Search = Record<string, string | undefined>

function at(path: string, search: Search = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value) query.set(name, value)
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

export const paths = {
  now: (search: Search = {}) => at('/', search),
  login: (search: Search = {}) => at('/login', search),
  lists: (search: Search = {}) => at('/lists', search),
  entries: (search: Search = {}) => at('/lists/entries', search),
  tasks: (search: Search = {}) => at('/tasks', search),
  transfers: (search: Search = {}) => at('/tasks/transfers', search),
  visitPersons: (search: Search = {}) => at('/visits/persons', search),
  visits: (search: Search = {}) => at('/visits', search),
  instructions: (search: Search = {}) => at('/instructions', search),
  instruction: (id: string, search: Search = {}) => at(`/instructions/${id}`, search),
  forms: (search: Search = {}) => at('/forms', search),
  form: (purpose: string, search: Search = {}) => at(`/forms/${purpose}`, search),
  people: (search: Search = {}) => at('/people', search),
  person: (id: string, search: Search = {}) => at(`/people/${id}`, search),
  household: (id: string, search: Search = {}) => at(`/households/${id}`, search),
  help: (search: Search = {}) => at('/help', search),
  teams: (search: Search = {}) => at('/teams', search),
  myTurns: () => '/my-turns',
  myDoors: () => '/my-doors',
  forces: (search: Search = {}) => at('/forces', search),
  gates: (search: Search = {}) => at('/gates', search),
  watches: (search: Search = {}) => at('/watches', search),
  myWatch: () => '/my-watch',
  observation: (search: Search = {}) => at('/observation', search),
  services: (search: Search = {}) => at('/services', search),
  mediation: (search: Search = {}) => at('/mediation', search),
  registrations: (search: Search = {}) => at('/registrations', search),
  objections: (search: Search = {}) => at('/objections', search),
  truth: (search: Search = {}) => at('/declarations', search),
  feeds: (search: Search = {}) => at('/feeds', search),
  batch: (id: string, search: Search = {}) => at(`/batches/${id}`, search),
  risk: (search: Search = {}) => at('/risk-areas', search),
  rules: (search: Search = {}) => at('/rules', search),
  ruleSet: (id: string, search: Search = {}) => at(`/rules/${id}`, search),
  figures: (search: Search = {}) => at('/figures', search),
  areas: (search: Search = {}) => at('/areas', search),
  escalations: (search: Search = {}) => at('/escalations', search),
  accounts: (search: Search = {}) => at('/accounts', search),
  phones: (search: Search = {}) => at('/phones', search),
  audit: (search: Search = {}) => at('/audit', search),
  emergency: (search: Search = {}) => at('/emergency', search),
  campaign: (id: string) => at(`/emergency/campaigns/${id}`),
  settings: (search: Search = {}) => at('/settings', search),
  jobs: () => '/jobs',
}

/** The screen behind a figure: the same list, with the same filters, so with the same total (STAT-2). */
export function doorPath(door: Door): string {
  switch (door.path) {
    case '/api/tasks':
      return paths.tasks(door.query)
    case '/api/visits':
      return paths.visits(door.query)
    case '/api/visits/persons':
      return paths.visitPersons(door.query)
    case '/api/list-entries':
      return paths.entries(door.query)
    case '/api/transfers':
      return paths.transfers(door.query)
    case '/api/observations':
      return paths.observation({ tab: 'list', ...door.query })
    case '/api/readings/slots': {
      const { state, ...query } = door.query
      return paths.observation({ tab: 'slots', ...query, slot: state })
    }
    case '/api/readings/calls': {
      const { list, ...query } = door.query
      return paths.observation({ tab: 'calls', ...query, calls: list })
    }
    case '/api/services':
      return paths.services(door.query)
    case '/api/forces/people':
      return paths.forces(door.query)
    case '/api/forces/attachments':
      return paths.forces({ tab: 'assigned', ...door.query })
    case '/api/forces/shifts':
      return paths.forces({ tab: 'posts', ...door.query })
    case '/api/forces/turns':
      return paths.forces({ tab: 'hours', ...door.query })
    case '/api/teams':
      return paths.teams({ tab: 'doors', ...door.query })
    case '/api/watches':
      return paths.watches(door.query)
    case '/api/watches/notes': {
      const { open, ...query } = door.query
      return paths.watches({ tab: 'notes', ...query, only: open })
    }
    case '/api/passages':
      return paths.gates({ tab: 'figures', ...door.query })
    case '/api/gates/referrals':
      return paths.gates({ tab: 'referrals', ...door.query })
    case '/api/mediations':
      return paths.mediation(door.query)
    case '/api/objections':
      return paths.objections(door.query)
    case '/api/people/unresolved':
      return paths.people({ tab: 'unresolved', ...door.query })
    case '/api/people/reviews':
      return paths.people({ tab: 'reviews', ...door.query })
    default:
      return paths.figures(door.query)
  }
}

/** Only addresses of this site are followed after log-in. */
export function safeReturn(to: string | undefined): string {
  return to !== undefined &&
    to.startsWith('/') &&
    !to.startsWith('//') &&
    !to.startsWith('/\\') &&
    !to.startsWith('/login')
    ? to
    : '/'
}
