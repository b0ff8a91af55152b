// The composition root of the admin pages: cache, routes and theme come together here, and nowhere else.
import '@patternfly/react-core/dist/styles/base.css';
import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { createQueryClient } from './api/query-client.ts';
import { ToastProvider } from './parts/toasts.tsx';
import { createRoutes } from './routes.tsx';
import { sessionEndedPath } from './shell/sign-in-path.ts';
import { ThemeProvider } from './shell/theme.tsx';

const client = createQueryClient(() => {
  const { pathname, search } = router.state.location;
  if (pathname === '/ui/sign-in') return;
  void router.navigate(sessionEndedPath(pathname, search));
});
const router = createBrowserRouter(createRoutes(client), { basename: '/ui/' });

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <ThemeProvider>
      <QueryClientProvider client={client}>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </QueryClientProvider>
    </ThemeProvider>
  </StrictMode>,
);
