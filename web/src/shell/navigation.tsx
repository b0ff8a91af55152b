// The side navigation: every page a person can start from.
import { Nav, NavGroup, NavItem, PageSidebar, PageSidebarBody } from '@patternfly/react-core';
import { NavLink, useLocation } from 'react-router';

type Place = { readonly to: string; readonly label: string; readonly below?: readonly string[] };

/** `below` are pages that belong to the place without sharing its path. */
const PLACES: readonly { readonly title: string; readonly places: readonly Place[] }[] = [
  {
    title: 'Store',
    places: [
      { to: '/', label: 'Overview' },
      { to: '/search', label: 'Search' },
      { to: '/repositories', label: 'Repositories', below: ['/repository', '/image', '/signatures'] },
      { to: '/aliases', label: 'Aliases' },
      { to: '/check', label: 'Check a signature' },
      { to: '/verdict', label: 'Would it run?' },
      { to: '/configuration', label: 'Client configuration' },
    ],
  },
  {
    title: 'Keys and access',
    places: [
      { to: '/keys', label: 'Keys' },
      { to: '/tokens', label: 'Tokens' },
      { to: '/publishers', label: 'Publishers' },
      { to: '/users', label: 'Users' },
    ],
  },
  {
    title: 'Records',
    places: [
      { to: '/refusals', label: 'Refusals' },
      { to: '/audit', label: 'Audit log' },
      { to: '/api', label: 'API reference' },
    ],
  },
];

function isAt(pathname: string, { to, below = [] }: Place): boolean {
  return to === '/'
    ? pathname === '/'
    : [to, ...below].some((each) => pathname === each || pathname.startsWith(`${each}/`));
}

export function Navigation() {
  const { pathname } = useLocation();
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label="Pages">
          {PLACES.map(({ title, places }) => (
            <NavGroup key={title} title={title}>
              {places.map((place) => (
                <NavItem key={place.to} isActive={isAt(pathname, place)}>
                  <NavLink to={place.to}>{place.label}</NavLink>
                </NavItem>
              ))}
            </NavGroup>
          ))}
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}
