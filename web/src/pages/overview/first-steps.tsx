// A store without signatures: what to do first.
import { Content, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useSession } from '../../api/session.ts';
import { CodeLines } from '../../parts/code.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

/** Where images come from in the examples: not the default registry when that is Docker Hub, where few push to. */
function exampleRegistry(defaultRegistry: string): string {
  return defaultRegistry === 'docker.io' ? 'quay.io' : defaultRegistry;
}

export function FirstSteps({ hasKey }: { hasKey: boolean }) {
  const { store } = useSession();
  const registry = exampleRegistry(store.defaultRegistry);
  return (
    <SectionCard title="Welcome to Lookaside">
      <Content component="p">
        Nothing has been signed here yet. Four steps lead to images whose signatures your nodes check.
      </Content>
      <ol className="lks-first-steps">
        <Step
          number={1}
          title="Register a key"
          isDone={hasKey}
          link={
            <LinkButton to="/keys/register" variant={hasKey ? 'secondary' : 'primary'}>
              {hasKey ? 'Register another key' : 'Register a key'}
            </LinkButton>
          }
        >
          Only signatures of registered keys are accepted. Export the public key of whoever signs:
          <CodeLines what="the command">gpg --armor --export release@example.com &gt; release.asc</CodeLines>
        </Step>
        <Step
          number={2}
          title="Create a token"
          link={
            <LinkButton to="/tokens" variant={hasKey ? 'primary' : 'secondary'}>
              Create a token
            </LinkButton>
          }
        >
          A pipeline uploads with a token that has the permission “upload”. Keep its secret where the pipeline keeps its
          secrets, as:
          <CodeLines what="the command">export LOOKASIDE_TOKEN=lks_…</CodeLines>
        </Step>
        <Step number={3} title="Sign and push">
          What podman or skopeo signed into a staging directory, the pipeline pushes to this store:
          <CodeLines what="the command">
            {`lookaside push staging --registry ${registry} \\\n  --server ${store.publicUrl}`}
          </CodeLines>
        </Step>
        <Step
          number={4}
          title="Tell the nodes where to look"
          link={
            <LinkButton to="/configuration" variant="secondary">
              Client configuration
            </LinkButton>
          }
        >
          One file per registry, such as <code>/etc/containers/registries.d/{registry}.yaml</code> on every node:
          <CodeLines what="the file">
            {`docker:\n  ${registry}:\n    lookaside: ${store.publicUrl}/${registry}`}
          </CodeLines>
        </Step>
      </ol>
    </SectionCard>
  );
}

type StepProps = {
  readonly number: number;
  readonly title: string;
  readonly isDone?: boolean;
  readonly link?: ReactNode;
  readonly children: ReactNode;
};

function Step({ number, title, isDone = false, link, children }: StepProps) {
  return (
    <li>
      <h3 className="lks-first-step-title">
        {number}. {title}{' '}
        {isDone ? (
          <Label isCompact status="success">
            done
          </Label>
        ) : null}
      </h3>
      <div className="lks-first-step">{children}</div>
      {link}
    </li>
  );
}
