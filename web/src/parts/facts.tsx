// What is known about one thing, as terms and their values.
import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';

/** False and null are left out, so that a fact can depend on a condition. */
export type Fact = { readonly term: string; readonly value: ReactNode } | false | null;

export function Facts({ facts, label }: { facts: readonly Fact[]; label?: string }) {
  const shown = facts.filter((fact) => fact !== false && fact !== null);
  return (
    <DescriptionList
      className="lks-facts"
      isCompact
      orientation={{ sm: 'horizontal' }}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      {shown.map(({ term, value }) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription className="lks-fact">{value}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}
