/** Every address of the worker's phone. */
const BASE = '/worker'

export const paths = {
  today: () => `${BASE}/`,
  task: (id: string) => `${BASE}/tasks/${id}`,
  doors: () => `${BASE}/doors`,
  newDoor: () => `${BASE}/doors/new`,
  map: () => `${BASE}/doors/map`,
  door: (id: string) => `${BASE}/doors/${id}`,
  visit: (door: string, purpose?: string) =>
    `${BASE}/doors/${door}/visit${purpose === undefined ? '' : `?purpose=${purpose}`}`,
  editDoor: (door: string) => `${BASE}/doors/${door}/edit`,
  newPerson: (door: string) => `${BASE}/doors/${door}/person`,
  movePerson: (id: string) => `${BASE}/people/${id}/move`,
  editPerson: (id: string) => `${BASE}/people/${id}/edit`,
  person: (id: string) => `${BASE}/people/${id}`,
  observation: () => `${BASE}/observation`,
  observed: (door: string) => `${BASE}/observation/${door}`,
  readings: (door: string) => `${BASE}/observation/${door}/readings`,
  askService: (door: string) => `${BASE}/doors/${door}/service`,
  services: () => `${BASE}/services`,
  service: (id: string) => `${BASE}/services/${id}`,
  watches: () => `${BASE}/watches`,
  disputes: () => `${BASE}/disputes`,
  dispute: (id: string) => `${BASE}/disputes/${id}`,
  turns: () => `${BASE}/me/turns`,
  returns: () => `${BASE}/returns`,
  register: (door: string) => `${BASE}/doors/${door}/register`,
  instructions: () => `${BASE}/instructions`,
  instruction: (id: string) => `${BASE}/instructions/${id}`,
  me: () => `${BASE}/me`,
  day: () => `${BASE}/me/day`,
  drafts: () => `${BASE}/me/drafts`,
  outbox: () => `${BASE}/me/outbox`,
  sent: (key: string) => `${BASE}/me/outbox/${key}`,
  help: () => `${BASE}/me/help`,
  changes: () => `${BASE}/me/changes`,
  settings: () => `${BASE}/me/settings`,
  account: () => `${BASE}/me/account`,
  login: () => `${BASE}/login`,
}

/** After log-in back to where the worker was, and only to an address of this face. */
export function safeReturn(to: string | null): string {
  if (to === null || !/^\/(?!\/)[\w/-]*$/.test(to) || to.startsWith('/login')) return paths.today()
  return to.startsWith(`${BASE}/`) ? to : `${BASE}${to}`
}
