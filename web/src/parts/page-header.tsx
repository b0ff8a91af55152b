// The head of a page: breadcrumbs, the one h1, and what can be done here.
import { Breadcrumb, BreadcrumbItem, Flex, FlexItem, PageBreadcrumb, PageSection, Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { UserText } from './user-text.tsx';
import { formatVisible } from './visible-text.ts';

export const HEADING_ID = 'page-heading';

export type Crumb = { readonly label: string; readonly to: string };

type PageHeaderProps = {
  /** Of the browser's tab, and of the page unless there is a `heading`. May be the words of a stranger. */
  readonly title: string;
  /** In place of the title, when it needs markup: `<Digest>`. */
  readonly heading?: ReactNode;
  /** The pages above this one, outermost first, without this one. */
  readonly crumbs?: readonly Crumb[];
  /** State labels beside the heading. */
  readonly labels?: ReactNode;
  /** A sentence below the heading. */
  readonly description?: ReactNode;
  /** Buttons, the most important one first. */
  readonly actions?: ReactNode;
};

export function PageHeader({ title, heading, crumbs = [], labels, description, actions }: PageHeaderProps) {
  return (
    <>
      <title>{`${formatVisible(title)} · Lookaside`}</title>
      {crumbs.length === 0 ? null : (
        <PageBreadcrumb>
          <Breadcrumb>
            {crumbs.map(({ label, to }) => (
              <BreadcrumbItem
                key={to}
                className="lks-crumb"
                render={({ className }) => (
                  <Link className={className} to={to}>
                    <UserText>{label}</UserText>
                  </Link>
                )}
              />
            ))}
            <BreadcrumbItem isActive className="lks-crumb">
              {heading ?? <UserText>{title}</UserText>}
            </BreadcrumbItem>
          </Breadcrumb>
        </PageBreadcrumb>
      )}
      <PageSection>
        <Flex alignItems={{ default: 'alignItemsCenter' }} gap={{ default: 'gapMd' }}>
          <FlexItem className="lks-heading">
            <Title headingLevel="h1" size="2xl" id={HEADING_ID} tabIndex={-1}>
              {heading ?? <UserText>{title}</UserText>}
            </Title>
          </FlexItem>
          {labels === undefined ? null : <FlexItem>{labels}</FlexItem>}
          {actions === undefined ? null : (
            <FlexItem align={{ default: 'alignRight' }}>
              <Flex gap={{ default: 'gapSm' }}>{actions}</Flex>
            </FlexItem>
          )}
        </Flex>
        {description === undefined ? null : <p className="lks-description">{description}</p>}
      </PageSection>
    </>
  );
}
