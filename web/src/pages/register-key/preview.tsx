// What was read from a key file, what registering it does, and the choices that go with it.
import { Button, Flex } from '@patternfly/react-core';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import type { KeyPreview } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { count } from '../../parts/count.ts';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { MAX_NAME } from '../../parts/name-field.tsx';
import { createScopesDraft, readScopes } from '../../parts/scopes-draft.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Arrived } from './arrived.tsx';
import { ConfirmRevocation } from './confirm-revocation.tsx';
import { type Choices, Grant } from './grant.tsx';
import { findEndingKeys, planOf } from './plan.ts';
import { PreviewedKey } from './previewed-key.tsx';
import { PreviewedRevocations } from './previewed-revocations.tsx';
import { type Source, sourceInput } from './source.ts';
import './register-key.css';

type PreviewProps = {
  readonly source: Source;
  readonly preview: KeyPreview;
  readonly onDone: (results: Answer<'registerKeys'>['results']) => void;
  readonly onRestart: () => void;
};

export function Preview({ source, preview, onDone, onRestart }: PreviewProps) {
  const plan = planOf(preview);
  const ending = findEndingKeys(preview);
  const [choices, setChoices] = useState<Choices>({ name: '', scopes: createScopesDraft(['']) });
  const [fault, setFault] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const register = useChange('registerKeys');
  const scopes = plan.hasScopes ? readScopes(choices.scopes) : null;

  const send = async () => {
    const name = plan.hasName && choices.name.trim() !== '' ? choices.name.trim() : undefined;
    try {
      const { results } = await register.mutateAsync(sourceInput(source, name, scopes ?? undefined));
      onDone(results);
    } catch {
      // Shown below, from `register.error`.
    }
  };
  const begin = () => {
    if (plan.hasScopes && scopes === null) return setFault('Write at least one scope, or choose everything.');
    setFault(null);
    if (choices.name.length > MAX_NAME) return;
    if (ending.length > 0) setAsking(true);
    else void send();
  };
  const { error } = register;
  const scopeFault = error?.code === 'SCOPE_INVALID' ? error.detail : fault;
  return (
    <div className="lks-sections">
      <Arrived>
        {describe(preview)}
        {source.name === null ? null : (
          <>
            {' from '}
            <UserText>{source.name}</UserText>
          </>
        )}
        . Nothing is stored yet.
      </Arrived>
      {preview.keys.map((key, index) => (
        <PreviewedKey
          key={key.fingerprint}
          of={key}
          title={preview.keys.length === 1 ? 'Key' : `Key ${index + 1} of ${preview.keys.length}`}
        />
      ))}
      {preview.revocations.length === 0 ? null : <PreviewedRevocations revocations={preview.revocations} />}
      <SectionCard title={plan.title}>
        <Grant
          plan={plan}
          suggestedName={preview.keys[0]?.userIds[0] ?? null}
          choices={choices}
          onChange={(next) => {
            setChoices(next);
            setFault(null);
            if (register.isError) register.reset();
          }}
          scopeFault={scopeFault}
        />
        {error === null || error.code === 'SCOPE_INVALID' ? null : (
          <ErrorAlert title="Nothing was registered." error={error} />
        )}
        <Flex gap={{ default: 'gapSm' }} className="lks-preview-actions">
          <ActionButton
            permission="admin"
            variant={ending.length > 0 ? 'danger' : 'primary'}
            isLoading={register.isPending}
            why={plan.obstacle ?? undefined}
            onClick={begin}
          >
            {plan.action}
          </ActionButton>
          <Button variant="link" onClick={onRestart}>
            Another file
          </Button>
        </Flex>
      </SectionCard>
      {isAsking && (
        <ConfirmRevocation keys={ending} action={plan.action} onConfirm={send} onClose={() => setAsking(false)} />
      )}
    </div>
  );
}

function describe({ keys, revocations }: KeyPreview): string {
  const parts = [
    keys.length === 0 ? null : count(keys.length, 'key'),
    revocations.length === 0 ? null : count(revocations.length, 'revocation certificate'),
  ];
  return `Read ${parts.filter((part) => part !== null).join(' and ')}`;
}
