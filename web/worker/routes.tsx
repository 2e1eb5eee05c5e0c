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
    path: '/doors/$id',
    component: lazyRouteComponent(() => import('./pages/DoorPage.tsx'), 'DoorPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/visits',
    component: lazyRouteComponent(() => import('./pages/MyVisitsPage.tsx'), 'MyVisitsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me',
    component: lazyRouteComponent(() => import('./pages/MePage.tsx'), 'MePage'),
  }),
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, frame.addChildren(pages)]),
  basepath: '/worker',
  scrollRestoration: true,
})
