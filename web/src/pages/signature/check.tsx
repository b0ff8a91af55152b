// Where runtimes read a signature, and how anybody checks it without this store's word for it.
import { Content } from '@patternfly/react-core';
import type { SignatureDetail } from '../../api/schema.ts';
import { useSession } from '../../api/session.ts';
import { CodeLines, InlineCode } from '../../parts/code.tsx';
import { ScrollBox } from '../../parts/scroll-box.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

export function Check({ signature: { url, check } }: { signature: SignatureDetail }) {
  const { store } = useSession();
  if (url === null)
    return (
      <SectionCard title="Where it is read">
        <Content component="p">It is not served, so there is no address to read it from.</Content>
      </SectionCard>
    );
  return (
    <SectionCard title="Where it is read">
      <Content component="p">
        <InlineCode what="the lookaside URL">{url}</InlineCode>
      </Content>
      {store.readAccess === 'token' ? (
        <Content component="p">
          Reading this store needs a token with the permission read; the commands take it from{' '}
          <code>LOOKASIDE_TOKEN</code>.
        </Content>
      ) : null}
      {check === null ? null : (
        <>
          <Content component="p">
            To check it yourself, with skopeo and gpg, paste this into a shell. It uses a keyring of its own and leaves
            yours alone.
          </Content>
          <ScrollBox label="The commands">
            <CodeLines what="the commands">{check.trimEnd()}</CodeLines>
          </ScrollBox>
        </>
      )}
    </SectionCard>
  );
}
