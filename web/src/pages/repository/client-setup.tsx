// What podman, skopeo and CRI-O need to be told to read the signatures of a repository here: as the page of client
// configuration makes it, for this repository alone.
import { Content } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { ClientConfig } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { GeneratedFile, GenerationNotes } from '../../parts/generated-file.tsx';
import { NoRepository } from './no-repository.tsx';

export function ClientSetup({ repository }: { repository: string }) {
  const answer = useAnswer('generateConfig', { body: { kind: 'registries.d', registries: [repository] } });
  return (
    <Answered
      answer={answer}
      what="Making the file"
      // The name came with the link that led here.
      refused={({ code }) => (code === 'SCOPE_INVALID' ? <NoRepository name={repository} /> : null)}
    >
      {(made) => <Made {...made} />}
    </Answered>
  );
}

function Made({ notes, files }: ClientConfig) {
  return (
    <div className="lks-below-tabs">
      <Content component="p">
        With this section, runtimes read the signatures of this repository here. A node that has such a file already
        gets the section in that one. <Link to="/configuration">Client configuration</Link> makes the file for all
        registries at once.
      </Content>
      <GenerationNotes notes={notes} />
      {files.map((file) => (
        <GeneratedFile key={file.path} {...file} />
      ))}
      <Content component="p">
        Whether a signature is required, and which keys count, is decided by <code>/etc/containers/policy.json</code> of
        the node, which <Link to="/configuration?kind=policy">client configuration</Link> makes, too.
      </Content>
    </div>
  );
}
