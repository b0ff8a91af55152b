// Somebody handed in a private key. It is nowhere any more, and what to do instead.
import { Alert } from '@patternfly/react-core';
import { InlineCode } from '../../parts/code.tsx';

export function PrivateKeyWarning({ wasSent }: { wasSent: boolean }) {
  return (
    <Alert
      variant="danger"
      isInline
      isLiveRegion
      component="p"
      title={`This is a private key. It was not ${wasSent ? 'stored' : 'sent to the server'}.`}
    >
      <p>Whoever has it can sign in your name. It belongs on the machine that signs, and nowhere else.</p>
      <p>
        Export its public half and register that:{' '}
        <InlineCode what="the command">gpg --export --armor FINGERPRINT</InlineCode>
      </p>
      {wasSent ? (
        <p>It has travelled to this server. Replace the key if others could have read it on the way.</p>
      ) : null}
    </Alert>
  );
}
