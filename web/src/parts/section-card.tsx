// A titled part of a page.
import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import type { ReactNode } from 'react';

type SectionCardProps = {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** For tables, which bring their own distance to the border. */
  readonly isFlush?: boolean;
};

export function SectionCard({ title, actions, children, isFlush = false }: SectionCardProps) {
  return (
    <Card component="section" aria-label={title} {...(isFlush ? { className: 'lks-flush' } : {})}>
      <CardHeader hasWrap {...(actions === undefined ? {} : { actions: { actions, hasNoOffset: true } })}>
        <CardTitle component="h2">{title}</CardTitle>
      </CardHeader>
      {isFlush ? children : <CardBody>{children}</CardBody>}
    </Card>
  );
}
