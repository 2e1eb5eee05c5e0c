import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { NotFoundPage } from './shell/NotFoundPage.tsx'
import { PageFault } from './shell/PageFault.tsx'
import { Shell } from './shell/Shell.tsx'

/** The map of the desk. Each room is a chunk of its own and is fetched when it is entered. */
const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: PageFault })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./shell/SignIn.tsx'), 'SignIn'),
})
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell, errorComponent: PageFault })

const getParentRoute = () => shell
const rooms = [
  createRoute({
    getParentRoute,
    path: '/',
    component: lazyRouteComponent(() => import('./rooms/now/NowPage.tsx'), 'NowPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/lists',
    component: lazyRouteComponent(() => import('./rooms/lists/ListsPage.tsx'), 'ListsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/lists/entries',
    component: lazyRouteComponent(() => import('./rooms/lists/EntriesPage.tsx'), 'EntriesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tasks',
    component: lazyRouteComponent(() => import('./rooms/tasks/TasksPage.tsx'), 'TasksPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/tasks/transfers',
    component: lazyRouteComponent(() => import('./rooms/tasks/TransfersPage.tsx'), 'TransfersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/visits',
    component: lazyRouteComponent(() => import('./rooms/tasks/VisitsPage.tsx'), 'VisitsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/visits/persons',
    component: lazyRouteComponent(() => import('./rooms/tasks/VisitPersonsPage.tsx'), 'VisitPersonsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/instructions',
    component: lazyRouteComponent(() => import('./rooms/instructions/InstructionsPage.tsx'), 'InstructionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/instructions/$id',
    component: lazyRouteComponent(() => import('./rooms/instructions/InstructionPage.tsx'), 'InstructionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/forms',
    component: lazyRouteComponent(() => import('./rooms/forms/FormsPage.tsx'), 'FormsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/forms/$purpose',
    component: lazyRouteComponent(() => import('./rooms/forms/FormPage.tsx'), 'FormPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/people',
    component: lazyRouteComponent(() => import('./rooms/people/PeoplePage.tsx'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/people/$id',
    component: lazyRouteComponent(() => import('./rooms/people/PersonPage.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/households/$id',
    component: lazyRouteComponent(() => import('./rooms/people/HouseholdPage.tsx'), 'HouseholdPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/teams',
    component: lazyRouteComponent(() => import('./rooms/teams/TeamsPage.tsx'), 'TeamsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/my-doors',
    component: lazyRouteComponent(() => import('./rooms/teams/MyDoorsPage.tsx'), 'MyDoorsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/my-turns',
    component: lazyRouteComponent(() => import('./rooms/forces/MyTurnsPage.tsx'), 'MyTurnsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/forces',
    component: lazyRouteComponent(() => import('./rooms/forces/ForcesPage.tsx'), 'ForcesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/gates',
    component: lazyRouteComponent(() => import('./rooms/gates/GatesPage.tsx'), 'GatesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/watches',
    component: lazyRouteComponent(() => import('./rooms/watches/WatchesPage.tsx'), 'WatchesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/my-watch',
    component: lazyRouteComponent(() => import('./rooms/watches/MyWatchPage.tsx'), 'MyWatchPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/help',
    component: lazyRouteComponent(() => import('./rooms/help/HelpRoom.tsx'), 'HelpRoom'),
  }),
  createRoute({
    getParentRoute,
    path: '/observation',
    component: lazyRouteComponent(() => import('./rooms/observation/ObservationsPage.tsx'), 'ObservationsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/services',
    component: lazyRouteComponent(() => import('./rooms/services/ServicesPage.tsx'), 'ServicesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/mediation',
    component: lazyRouteComponent(() => import('./rooms/mediation/MediationPage.tsx'), 'MediationPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/registrations',
    component: lazyRouteComponent(() => import('./rooms/registrations/RegistrationsPage.tsx'), 'RegistrationsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/objections',
    component: lazyRouteComponent(() => import('./rooms/objections/ObjectionsPage.tsx'), 'ObjectionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/declarations',
    component: lazyRouteComponent(() => import('./rooms/truth/TruthPage.tsx'), 'TruthPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/feeds',
    component: lazyRouteComponent(() => import('./rooms/feeds/FeedsPage.tsx'), 'FeedsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/batches/$id',
    component: lazyRouteComponent(() => import('./rooms/feeds/BatchPage.tsx'), 'BatchPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/risk-areas',
    component: lazyRouteComponent(() => import('./rooms/risk/RiskAreasPage.tsx'), 'RiskAreasPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/rules',
    component: lazyRouteComponent(() => import('./rooms/rules/RulesPage.tsx'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/rules/$id',
    component: lazyRouteComponent(() => import('./rooms/rules/RuleSetPage.tsx'), 'RuleSetPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/figures',
    component: lazyRouteComponent(() => import('./rooms/figures/FiguresPage.tsx'), 'FiguresPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/areas',
    component: lazyRouteComponent(() => import('./rooms/areas/AreasPage.tsx'), 'AreasPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/escalations',
    component: lazyRouteComponent(() => import('./rooms/escalations/EscalationsPage.tsx'), 'EscalationsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./rooms/accounts/AccountsPage.tsx'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/phones',
    component: lazyRouteComponent(() => import('./rooms/phones/PhonesPage.tsx'), 'PhonesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    component: lazyRouteComponent(() => import('./rooms/audit/AuditPage.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/emergency',
    component: lazyRouteComponent(() => import('./rooms/emergency/EmergencyPage.tsx'), 'EmergencyPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/emergency/campaigns/$id',
    component: lazyRouteComponent(() => import('./rooms/emergency/CampaignPage.tsx'), 'CampaignPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/settings',
    component: lazyRouteComponent(() => import('./rooms/settings/SettingsPage.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/jobs',
    component: lazyRouteComponent(() => import('./rooms/settings/JobsPage.tsx'), 'JobsPage'),
  }),
]

/** Filters are plain words in the address (`area=320505`), never JSON, so that people can read and share them. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren(rooms)]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)])).toString()
    return text ? `?${text}` : ''
  },
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
