// What podman, skopeo and CRI-O need to be told to read the signatures of a repository here: as the page of client
// configuration makes it, for this repository alone.
import { Content } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { GeneratedFile, GenerationNotes } from '../../parts/generated-file.tsx';
import { ErrorState, Loading } from '../../parts/states.tsx';
import { NoRepository } from './no-repository.tsx';

export function ClientSetup({ repository }: { repository: string }) {
  const { data, error, refetch } = useAnswer('generateConfig', {
    body: { kind: 'registries.d', registries: [repository] },
  });
  // The name came with the link that led here.
  if (error?.code === 'SCOPE_INVALID') return <NoRepository name={repository} />;
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="Making the file" />;
  return (
    <div className="lks-below-tabs">
      <Content component="p">
        With this section, runtimes read the signatures of this repository here. A node that has such a file already
        gets the section in that one. <Link to="/configuration">Client configuration</Link> makes the file for all
        registries at once.
      </Content>
      <GenerationNotes notes={data.notes} />
      {data.files.map((file) => (
        <GeneratedFile key={file.path} {...file} />
      ))}
      <Content component="p">
        Whether a signature is required, and which keys count, is decided by <code>/etc/containers/policy.json</code> of
        the node, which <Link to="/configuration?kind=policy">client configuration</Link> makes, too.
      </Content>
    </div>
  );
}
