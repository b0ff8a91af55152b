// What podman, skopeo and CRI-O need to be told to read the signatures of a repository here.
import { Content } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useSession } from '../../api/session.ts';
import { CodeLines, InlineCode } from '../../parts/code.tsx';
import { Facts } from '../../parts/facts.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { NoRepository } from './no-repository.tsx';

/** The name comes with the link that led here, and what follows from it is pasted into files. */
const HOST = /^[a-z0-9.-]+(?::[0-9]+)?$/i;

type ClientSetupProps = { readonly repository: string; readonly publicUrl: string };

export function ClientSetup({ repository, publicUrl }: ClientSetupProps) {
  const { store } = useSession();
  const host = repository.split('/')[0] ?? '';
  if (!HOST.test(host)) return <NoRepository name={repository} />;
  const base = `${publicUrl}/${host}`;
  const entry = ['docker:', `  ${host}:`, `    lookaside: ${base}`].join('\n');
  return (
    <div className="lks-below-tabs">
      <Facts
        facts={[
          { term: 'Registry', value: <UserText>{host}</UserText> },
          { term: 'Base', value: <InlineCode what="the base">{base}</InlineCode> },
        ]}
      />
      <Content component="p">
        A runtime reads the signatures of this registry’s images below the base. Put this into a file below{' '}
        <code>/etc/containers/registries.d/</code> of each node:
      </Content>
      <CodeLines what="the entry">{entry}</CodeLines>
      {store.readAccess === 'token' ? (
        <Content component="p">
          Reading this store needs a token: it goes into the base, as in{' '}
          <code>https://lookaside:TOKEN@{publicUrl.replace(/^https?:\/\//, '')}/…</code>
          {store.publicScopes.length === 0 ? null : (
            <>
              . Without one, what is public can be read: <code>{store.publicScopes.join(', ')}</code>
            </>
          )}
        </Content>
      ) : null}
      <Content component="p">
        Whether a signature is required, and which keys count, is decided by <code>/etc/containers/policy.json</code> of
        the node. <Link to="/configuration?kind=policy">Client configuration</Link> makes it, and all that other clients
        need.
      </Content>
    </div>
  );
}
