/** Every address of the worker's phone. */
const BASE = '/worker'

export const paths = {
  today: () => `${BASE}/`,
  task: (id: string) => `${BASE}/tasks/${id}`,
  doors: () => `${BASE}/doors`,
  door: (id: string) => `${BASE}/doors/${id}`,
  visits: () => `${BASE}/visits`,
  me: () => `${BASE}/me`,
  login: () => `${BASE}/login`,
}

/** After log-in back to where the worker was, and only to an address of this face. */
export function safeReturn(to: string | null): string {
  if (to === null || !/^\/(?!\/)[\w/-]*$/.test(to) || to.startsWith('/login')) return paths.today()
  return to.startsWith(`${BASE}/`) ? to : `${BASE}${to}`
}
