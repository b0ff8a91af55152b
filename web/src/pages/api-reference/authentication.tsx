// How a program says who it is.
import { Content, Stack } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useSession } from '../../api/session.ts';
import { CodeLines } from '../../parts/code.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

export function Authentication() {
  const { publicUrl } = useSession().store;
  return (
    <SectionCard title="Authentication">
      <Stack hasGutter>
        <Content component="p">
          Programs send a token, as <code>Authorization: Bearer $TOKEN</code> or as the password of Basic authentication
          with any user name. An admin creates it on the page <Link to="/tokens">Tokens</Link>; its permissions and
          scopes decide what it may do. These pages use a session cookie instead, which is for browsers only.
        </Content>
        <CodeLines what="the example">
          {['read -rs TOKEN', `curl -fsS -H "Authorization: Bearer $TOKEN" '${publicUrl}/api/v1/session'`].join('\n')}
        </CodeLines>
        <Content component="p">
          A refusal is <code>application/problem+json</code> with a stable <code>code</code> and a <code>detail</code>{' '}
          that says what to do. Lists have a <code>next</code>, which goes into <code>cursor</code> for the page after.
        </Content>
      </Stack>
    </SectionCard>
  );
}
