// What stands between this signature and a runtime that accepts it.
import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Note, SignatureDetail } from '../../api/schema.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import { useNow } from '../../parts/clock.tsx';
import { NoteList } from '../../parts/compatibility-notes.tsx';
import { keyPath } from '../../parts/paths.ts';
import { isExpired } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type Props = { readonly signature: SignatureDetail };

/** Worst first; none when there is nothing to say. */
export function useWarnings(signature: SignatureDetail): readonly ReactNode[] {
  const { state, notes, key } = signature;
  const now = useNow();
  const ends = [key.expiresAt, key.signingKeyExpiresAt].filter((end) => isExpired(end, now));
  return [
    state === 'withdrawn' && <Withdrawn key="withdrawn" signature={signature} />,
    state === 'revoked' && <Revoked key="revoked" signature={signature} />,
    state === 'live' && ends.length > 0 && <KeyExpired key="expired" signature={signature} end={ends[0] ?? null} />,
    notes.length > 0 && <Refusing key="notes" notes={notes} />,
  ].filter((warning) => warning !== false);
}

function Refusing({ notes }: { notes: readonly Note[] }) {
  return (
    <Alert variant="warning" isInline component="p" title="Some readers refuse this signature, although it is valid">
      <NoteList notes={notes} />
    </Alert>
  );
}

function Withdrawn({ signature: { withdrawnAt, withdrawnReason, history } }: Props) {
  const event = history.find(({ action }) => action === 'signature.withdrawn');
  return (
    <Alert variant="warning" isInline component="p" title="Withdrawn: runtimes do not read it here any more">
      <Time at={withdrawnAt} show="both" />
      {event === undefined ? null : (
        <>
          , by <ActorName actor={event.actor} />
        </>
      )}
      {withdrawnReason === null ? null : (
        <>
          . Reason: <UserText>{withdrawnReason}</UserText>
        </>
      )}
    </Alert>
  );
}

function Revoked({ signature: { signer } }: Props) {
  return (
    <Alert variant="danger" isInline component="p" title="Its key is revoked: nothing that it signed is served">
      Sign the image with another key and upload that signature. When and why it was revoked is on the page of{' '}
      <Link to={keyPath(signer)}>the key</Link>.
    </Alert>
  );
}

function KeyExpired({ signature: { signer }, end }: Props & { readonly end: string | null }) {
  return (
    <Alert variant="danger" isInline component="p" title="Its key has expired: runtimes refuse this signature">
      It expired <Time at={end} show="both" />. Extend the key, register the newer copy on the page of{' '}
      <Link to={keyPath(signer)}>the key</Link> and hand it to the runtimes, or sign the image with another key.
    </Alert>
  );
}
