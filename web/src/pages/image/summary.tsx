// Is this image signed, by whom, since when: in one line, and a line for each key.
import { Alert, List, ListItem } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Signature } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { count } from '../../parts/count.ts';
import { keyPath } from '../../parts/paths.ts';
import { isExpired } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type SummaryProps = {
  readonly live: readonly Signature[];
  readonly gone: number;
  /** Whether these are all signatures, or all live ones. */
  readonly isWhole: boolean;
  readonly isLiveOnly: boolean;
};

export function Summary({ live, gone, isWhole, isLiveOnly }: SummaryProps) {
  const now = useNow();
  if (!isWhole)
    return (
      <Alert variant="info" isInline component="p" title="This image has more signatures than one page shows">
        Choose “Live signatures” below to see whether it is signed, and by whom.
      </Alert>
    );
  if (live.length === 0) return <Unsigned gone={gone} isLiveOnly={isLiveOnly} />;
  const signers = Map.groupBy(live, ({ signer }) => signer);
  const accepted = live.filter(({ signerExpiresAt }) => !isExpired(signerExpiresAt, now));
  const keys = count(new Set(accepted.map(({ signer }) => signer)).size, 'key');
  return (
    <Alert
      variant={accepted.length > 0 ? 'success' : 'danger'}
      isInline
      component="p"
      title={
        accepted.length > 0
          ? `Signed by ${keys}; runtimes read ${count(live.length, 'signature')}`
          : 'Signed with expired keys only: runtimes that require a signature refuse it'
      }
    >
      <List isPlain>
        {[...signers].map(([fingerprint, signatures]) => (
          <SignerItem key={fingerprint} fingerprint={fingerprint} signatures={signatures} />
        ))}
      </List>
    </Alert>
  );
}

type SignerItemProps = { readonly fingerprint: string; readonly signatures: readonly Signature[] };

function SignerItem({ fingerprint, signatures }: SignerItemProps) {
  const now = useNow();
  const [first] = signatures.toSorted((a, b) => a.storedAt.localeCompare(b.storedAt));
  if (first === undefined) return null;
  // Of subkeys, where they end before the key.
  const ends = signatures.map(({ signerExpiresAt }) => signerExpiresAt).sort();
  return (
    <ListItem>
      <Link to={keyPath(fingerprint)}>
        <UserText>{first.signerName}</UserText>
      </Link>
      : {count(signatures.length, 'signature')}, served since <Time at={first.storedAt} show="both" />
      {ends.every((end) => isExpired(end, now)) ? (
        <>
          ; the key expired <Time at={ends.at(-1) ?? null} />, and runtimes refuse what it signed
        </>
      ) : null}
    </ListItem>
  );
}

function Unsigned({ gone, isLiveOnly }: { gone: number; isLiveOnly: boolean }) {
  return (
    <Alert variant="danger" isInline component="p" title="Not signed: runtimes that require a signature refuse it">
      {isLiveOnly ? 'No signature of it is served.' : describeGone(gone)} To have it pulled again, sign it anew and
      upload the signature.
    </Alert>
  );
}

function describeGone(gone: number): string {
  return gone === 1
    ? 'The one signature it had is withdrawn, or of a revoked key.'
    : `The ${gone} signatures it had are withdrawn, or of a revoked key.`;
}
