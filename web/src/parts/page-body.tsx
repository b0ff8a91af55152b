// The space below the head of a page: its sections one below the other.
import { PageSection, Stack, StackItem } from '@patternfly/react-core';
import { Children, type ReactNode } from 'react';

export function PageBody({ children }: { children: ReactNode }) {
  return (
    <PageSection isFilled>
      <Stack hasGutter>
        {Children.map(children, (child) => (child === null || child === false ? null : <StackItem>{child}</StackItem>))}
      </Stack>
    </PageSection>
  );
}
