// The table of pages. Each page is a chunk of its own, loaded when somebody goes there.
import type { QueryClient } from '@tanstack/react-query';
import { type RouteObject, redirect } from 'react-router';
import { findSession } from './api/session.ts';
import { NotFound } from './shell/not-found.tsx';
import { RouteFailure } from './shell/route-failure.tsx';
import { Shell } from './shell/shell.tsx';
import { signInPath } from './shell/sign-in-path.ts';
import { Starting } from './shell/starting.tsx';

const PAGES: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('./pages/overview/overview.tsx')).Overview }) },
  { path: 'search', lazy: async () => ({ Component: (await import('./pages/search/search.tsx')).Search }) },
  {
    path: 'repositories',
    lazy: async () => ({ Component: (await import('./pages/repositories/repositories.tsx')).Repositories }),
  },
  {
    path: 'repository',
    lazy: async () => ({ Component: (await import('./pages/repository/repository.tsx')).Repository }),
  },
  { path: 'image', lazy: async () => ({ Component: (await import('./pages/image/image.tsx')).Image }) },
  {
    path: 'signatures/:id',
    lazy: async () => ({ Component: (await import('./pages/signature/signature.tsx')).Signature }),
  },
  { path: 'keys', lazy: async () => ({ Component: (await import('./pages/keys/keys.tsx')).Keys }) },
  {
    path: 'keys/register',
    lazy: async () => ({ Component: (await import('./pages/register-key/register-key.tsx')).RegisterKey }),
  },
  { path: 'keys/:fingerprint', lazy: async () => ({ Component: (await import('./pages/key/key.tsx')).KeyPage }) },
  {
    path: 'keys/:fingerprint/rotation',
    lazy: async () => ({ Component: (await import('./pages/rotation/rotation.tsx')).Rotation }),
  },
  { path: 'tokens', lazy: async () => ({ Component: (await import('./pages/tokens/tokens.tsx')).Tokens }) },
  {
    path: 'publishers',
    lazy: async () => ({ Component: (await import('./pages/publishers/publishers.tsx')).Publishers }),
  },
  {
    path: 'publishers/test',
    lazy: async () => ({ Component: (await import('./pages/publisher-test/publisher-test.tsx')).PublisherTest }),
  },
  { path: 'aliases', lazy: async () => ({ Component: (await import('./pages/aliases/aliases.tsx')).Aliases }) },
  { path: 'check', lazy: async () => ({ Component: (await import('./pages/check/check.tsx')).Check }) },
  {
    path: 'configuration',
    lazy: async () => ({ Component: (await import('./pages/configuration/configuration.tsx')).Configuration }),
  },
  { path: 'verdict', lazy: async () => ({ Component: (await import('./pages/verdict/verdict.tsx')).Verdict }) },
  { path: 'refusals', lazy: async () => ({ Component: (await import('./pages/refusals/refusals.tsx')).Refusals }) },
  { path: 'audit', lazy: async () => ({ Component: (await import('./pages/audit/audit.tsx')).Audit }) },
  { path: 'users', lazy: async () => ({ Component: (await import('./pages/users/users.tsx')).Users }) },
  { path: 'account', lazy: async () => ({ Component: (await import('./pages/account/account.tsx')).Account }) },
  {
    path: 'api',
    lazy: async () => ({ Component: (await import('./pages/api-reference/api-reference.tsx')).ApiReference }),
  },
  { path: '*', Component: NotFound },
];

export function createRoutes(client: QueryClient): RouteObject[] {
  return [
    {
      path: '/sign-in',
      HydrateFallback: Starting,
      ErrorBoundary: RouteFailure,
      lazy: async () => ({ Component: (await import('./pages/sign-in/sign-in.tsx')).SignIn }),
    },
    {
      path: '/',
      Component: Shell,
      HydrateFallback: Starting,
      ErrorBoundary: RouteFailure,
      // Kept by the query client, so this asks the server once and not for every page.
      loader: async ({ request }) => {
        if ((await findSession(client)) !== null) return null;
        const { pathname, search } = new URL(request.url);
        return redirect(signInPath(pathname, search));
      },
      children: [{ ErrorBoundary: RouteFailure, children: PAGES }],
    },
  ];
}
