import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { Frame } from './frame/frame.tsx';
import { Loading } from './frame/loading.tsx';
import { NotFound } from './frame/not-found.tsx';
import { PageError } from './frame/page-error.tsx';

/** Pages are loaded when they are first gone to. Each module exports `Component`. */
const pages: RouteObject[] = [
  { index: true, element: <Navigate to="/pipelines" replace /> },
  { path: 'pipelines', lazy: () => import('./pages/pipelines/pipelines-page.tsx') },
  {
    path: 'catalogue/:pipelineId?',
    lazy: () => import('./catalogue/catalogue-page.tsx'),
    children: [
      { index: true, lazy: () => import('./catalogue/catalogue-home.tsx') },
      { path: 'asset', lazy: () => import('./catalogue/asset/asset-page.tsx') },
    ],
  },
  { path: 'pipelines/new', lazy: () => import('./pages/edit/edit-page.tsx') },
  { path: 'pipelines/:id', lazy: () => import('./pages/pipeline/pipeline-page.tsx') },
  { path: 'pipelines/:id/edit', lazy: () => import('./pages/edit/edit-page.tsx') },
  { path: 'pipelines/:id/compare', lazy: () => import('./pages/compare/compare-page.tsx') },
  { path: 'pipelines/:id/runs/:runId', lazy: () => import('./pages/run/run-page.tsx') },
  { path: '*', element: <NotFound /> },
];

export const router = createBrowserRouter([
  {
    path: '/sign-in',
    lazy: () => import('./pages/sign-in/sign-in-page.tsx'),
    HydrateFallback: Loading,
    ErrorBoundary: PageError,
  },
  {
    path: '/',
    element: <Frame />,
    HydrateFallback: Loading,
    ErrorBoundary: PageError,
    children: [{ ErrorBoundary: PageError, children: pages }],
  },
]);
