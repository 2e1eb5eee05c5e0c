/** The walls (docs/architecture.md): web → domain ← server, and a room imports only the rooms before it. */
const ROOMS = [
  'core',
  'areas',
  'access',
  'people',
  'teams',
  'feeds',
  'grading',
  'tasks',
  'visits',
  'observation',
  'healthcode',
  'checkpoints',
  'incidents',
  'outreach',
  'stats',
  'sync',
  'exercise',
]

/** The server's core carries actors and area bounds in every request, so it may read the words of areas and access. */
const CORE_READS = ['areas', 'access']

const upward = ['domain', 'server'].flatMap((side) =>
  ROOMS.slice(0, -1).map((room, i) => ({
    name: `${side}-${room}-calls-down`,
    comment: 'Call down, react up: a room imports only rooms before it.',
    severity: 'error',
    // The generated table types name the shapes of jsonb columns, whichever room they belong to.
    from: { path: `^${side}/${room}/`, pathNot: '^server/core/db/types[.]ts$' },
    to: {
      path: `^(domain|server)/(${ROOMS.slice(i + 1).join('|')})/`,
      ...(side === 'server' && room === 'core' ? { pathNot: `^domain/(${CORE_READS.join('|')})/` } : {}),
    },
  })),
)

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^domain/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: {
        pathNot: '^(domain/|node_modules/(zod|cborg|libphonenumber-js|pinyin-pro)/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    { name: 'domain-knows-no-side', severity: 'error', from: { path: '^domain/' }, to: { path: '^(server|web)/' } },
    { name: 'web-not-server', severity: 'error', from: { path: '^web/' }, to: { path: '^server/' } },
    { name: 'server-not-web', severity: 'error', from: { path: '^server/' }, to: { path: '^web/' } },
    {
      name: 'kit-knows-nothing',
      severity: 'error',
      from: { path: '^web/kit/' },
      to: { path: '^(web/(api|centre|worker|login)|domain/(?!core))/' },
    },
    {
      name: 'core-knows-no-room',
      severity: 'error',
      from: { path: '^server/core/' },
      to: { path: `^server/(${ROOMS.slice(1).join('|')}|cli)/` },
    },
    ...upward,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
