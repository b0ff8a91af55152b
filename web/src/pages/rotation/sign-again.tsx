// The commands that sign what is left: those of docs/operations.md, with the keys and the store filled in.
import { Content } from '@patternfly/react-core';
import { Link } from 'react-router';
import { useSession } from '../../api/session.ts';
import { CodeLines } from '../../parts/code.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

export function SignAgain({ old, to }: { old: string; to: string }) {
  const { store } = useSession();
  return (
    <SectionCard title="Sign again">
      <Content component="p">
        On a machine with the private key of the successor, with a token in <code>LOOKASIDE_TOKEN</code> that may read
        and upload:
      </Content>
      <CodeLines what="the commands">{commandsOf(store.publicUrl, old, to)}</CodeLines>
      <Content component="p">
        It reads manifests alone. Run it again, and the list is what is left. Before nodes meet what only the successor
        has signed, they must accept both keys: <Link to="/configuration">client configuration</Link> has a policy with
        both.
      </Content>
    </SectionCard>
  );
}

function commandsOf(publicUrl: string, old: string, to: string): string {
  return `export LOOKASIDE_SERVER=${publicUrl}
OLD=${old}
NEW=${to}
curl -fsS -H "Authorization: Bearer $LOOKASIDE_TOKEN" -o to-sign \\
  "$LOOKASIDE_SERVER/api/v1/keys/$OLD/rotation/list?to=$NEW"
while read -r image reference <&3; do
  skopeo inspect --raw "docker://$image" > manifest &&
    skopeo standalone-sign manifest "$reference" "$NEW" --output again.sig &&
    lookaside push again.sig ||
    echo "not signed: $image" >&2
done 3< to-sign`;
}
