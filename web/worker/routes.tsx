import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Frame } from './Frame.tsx'
import { NotFound, PageFault } from './pages/Faults.tsx'
import { TodayPage } from './pages/TodayPage.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageFault })
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./pages/SignIn.tsx'), 'SignIn'),
})
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame, errorComponent: PageFault })

const getParentRoute = () => frame
const pages = [
  createRoute({ getParentRoute, path: '/', component: TodayPage }),
  createRoute({
    getParentRoute,
    path: '/tasks/$id',
    component: lazyRouteComponent(() => import('./pages/TaskPage.tsx'), 'TaskPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors',
    component: lazyRouteComponent(() => import('./pages/DoorsPage.tsx'), 'DoorsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/new',
    component: lazyRouteComponent(() => import('./pages/NewDoorPage.tsx'), 'NewDoorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/map',
    component: lazyRouteComponent(() => import('./pages/MapPage.tsx'), 'MapPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id',
    component: lazyRouteComponent(() => import('./pages/DoorPage.tsx'), 'DoorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id/visit',
    component: lazyRouteComponent(() => import('./pages/VisitPage.tsx'), 'VisitPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id/person',
    component: lazyRouteComponent(() => import('./pages/NewPersonPage.tsx'), 'NewPersonPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id/edit',
    component: lazyRouteComponent(() => import('./pages/EditDoorPage.tsx'), 'EditDoorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/people/$id',
    component: lazyRouteComponent(() => import('./pages/PersonPage.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/people/$id/edit',
    component: lazyRouteComponent(() => import('./pages/EditPersonPage.tsx'), 'EditPersonPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/people/$id/move',
    component: lazyRouteComponent(() => import('./pages/MovePersonPage.tsx'), 'MovePersonPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/observation',
    component: lazyRouteComponent(() => import('./pages/observation/ObservedDoorsPage.tsx'), 'ObservedDoorsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/observation/$id',
    component: lazyRouteComponent(() => import('./pages/observation/ObservedDoorPage.tsx'), 'ObservedDoorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/observation/$id/readings',
    component: lazyRouteComponent(() => import('./pages/observation/ReadingsPage.tsx'), 'ReadingsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id/service',
    component: lazyRouteComponent(() => import('./pages/services/AskPage.tsx'), 'AskPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/services',
    component: lazyRouteComponent(() => import('./pages/services/ServicesPage.tsx'), 'ServicesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/services/$id',
    component: lazyRouteComponent(() => import('./pages/services/ServicePage.tsx'), 'ServicePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/watches',
    component: lazyRouteComponent(() => import('./pages/watches/WatchesPage.tsx'), 'WatchesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/disputes',
    component: lazyRouteComponent(() => import('./pages/disputes/DisputesPage.tsx'), 'DisputesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/disputes/$id',
    component: lazyRouteComponent(() => import('./pages/disputes/DisputePage.tsx'), 'DisputePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/turns',
    component: lazyRouteComponent(() => import('./pages/turns/TurnsPage.tsx'), 'TurnsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/returns',
    component: lazyRouteComponent(() => import('./pages/returns/ReturnsPage.tsx'), 'ReturnsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/doors/$id/register',
    component: lazyRouteComponent(() => import('./pages/returns/RegisterPage.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/instructions',
    component: lazyRouteComponent(() => import('./pages/InstructionsPage.tsx'), 'InstructionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/instructions/$id',
    component: lazyRouteComponent(() => import('./pages/InstructionPage.tsx'), 'InstructionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me',
    component: lazyRouteComponent(() => import('./pages/MePage.tsx'), 'MePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/day',
    component: lazyRouteComponent(() => import('./pages/DayPage.tsx'), 'DayPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/outbox',
    component: lazyRouteComponent(() => import('./pages/OutboxPage.tsx'), 'OutboxPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/outbox/$id',
    component: lazyRouteComponent(() => import('./pages/OutboxItemPage.tsx'), 'OutboxItemPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/help',
    component: lazyRouteComponent(() => import('./pages/HelpPage.tsx'), 'HelpPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/drafts',
    component: lazyRouteComponent(() => import('./pages/DraftsPage.tsx'), 'DraftsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/changes',
    component: lazyRouteComponent(() => import('./pages/ChangesPage.tsx'), 'ChangesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/settings',
    component: lazyRouteComponent(() => import('./pages/SettingsPage.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/account',
    component: lazyRouteComponent(() => import('./pages/online/AccountPage.tsx'), 'AccountPage'),
  }),
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, frame.addChildren(pages)]),
  basepath: '/worker',
  scrollRestoration: true,
})
