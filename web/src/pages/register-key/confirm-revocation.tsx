// Keys that say they are revoked stop counting for good: what goes with them, before it happens.
import { Alert, Spinner } from '@patternfly/react-core';
import type { Key } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { describeStop, describeUnsigned } from '../../parts/loss.ts';
import { UserText } from '../../parts/user-text.tsx';

type ConfirmRevocationProps = {
  readonly keys: readonly Key[];
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
};

export function ConfirmRevocation({ keys, action, onConfirm, onClose }: ConfirmRevocationProps) {
  return (
    <ConfirmDialog
      title={keys.length === 1 ? 'Revoke this key?' : `Revoke ${keys.length} keys?`}
      action={action}
      isDanger
      hasReason={false}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {keys.map((key) => (
        <Loss key={key.fingerprint} of={key} />
      ))}
      <p>This cannot be undone. Nodes keep what they have: remove it from their policy as well.</p>
    </ConfirmDialog>
  );
}

/** The one place that asks once more: the preview does not say what is served. */
function Loss({ of: { fingerprint, name } }: { of: Key }) {
  const { data, isError } = useAnswer('getKeyImpact', { params: { fingerprint }, query: { limit: 1 } });
  const unsigned = data === undefined ? null : describeUnsigned(data);
  return (
    <Alert variant="danger" isInline component="p" title={<UserText>{name}</UserText>}>
      {data === undefined && !isError ? <Spinner size="md" aria-label="Counting what depends on it" /> : null}
      {data === undefined ? null : <p>{describeStop(data)}</p>}
      {unsigned === null ? null : <p>{unsigned} Where one is required, they cannot be pulled.</p>}
      {isError ? <p>How much is served because of it could not be found out.</p> : null}
    </Alert>
  );
}
