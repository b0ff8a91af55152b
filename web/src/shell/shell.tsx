// The frame around every page of a signed-in user.
import { Page, SkipToContent } from '@patternfly/react-core';
import { Outlet } from 'react-router';
import { ClockProvider } from '../parts/clock.tsx';
import { AppMasthead } from './app-masthead.tsx';
import { Navigation } from './navigation.tsx';
import { Progress } from './progress.tsx';
import { MAIN_ID, useArrival } from './use-arrival.ts';

export function Shell() {
  useArrival();
  return (
    <ClockProvider>
      <Page
        masthead={<AppMasthead />}
        sidebar={<Navigation />}
        skipToContent={<SkipToContent href={`#${MAIN_ID}`}>Skip to content</SkipToContent>}
        mainContainerId={MAIN_ID}
        isManagedSidebar
        isContentFilled
      >
        <Progress />
        <Outlet />
      </Page>
    </ClockProvider>
  );
}
