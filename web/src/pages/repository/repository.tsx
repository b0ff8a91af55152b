// One repository: its images, or all its signatures, and how runtimes are told where to read them.
import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useSearchParams } from 'react-router';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { ClientSetup } from './client-setup.tsx';
import { Images } from './images.tsx';
import { NoRepository } from './no-repository.tsx';
import { Signatures } from './signatures.tsx';
import './repository.css';

const VIEWS = { images: 'Images', signatures: 'Signatures', setup: 'Runtime configuration' } as const;
type View = keyof typeof VIEWS;

const isView = (text: string | undefined): text is View => text !== undefined && text in VIEWS;

export function Repository() {
  const [search] = useSearchParams();
  const name = search.get('name') ?? '';
  const [chosen, choose] = useFilter('view');
  const view = isView(chosen) ? chosen : 'images';
  return (
    <>
      <PageHeader title={name === '' ? 'Repository' : name} crumbs={[{ label: 'Repositories', to: '/repositories' }]} />
      <PageBody>
        {name === '' ? <NoRepository name={name} /> : null}
        {name === '' ? null : (
          <Tabs
            aria-label="About the repository"
            activeKey={view}
            onSelect={(_event, key) => choose(key === 'images' ? undefined : String(key))}
          >
            {Object.entries(VIEWS).map(([key, title]) => (
              <Tab key={key} eventKey={key} title={<TabTitleText>{title}</TabTitleText>}>
                {key === view ? <Shown view={view} name={name} /> : null}
              </Tab>
            ))}
          </Tabs>
        )}
      </PageBody>
    </>
  );
}

type ShownProps = { readonly view: View; readonly name: string };

/** With a key: the rows of another repository are not to be seen while those of this one are on their way. */
function Shown({ view, name }: ShownProps) {
  if (view === 'images') return <Images key={name} repository={name} />;
  if (view === 'signatures') return <Signatures key={name} repository={name} />;
  return <ClientSetup key={name} repository={name} />;
}
