// A new token: the form, and then its secret, which lives in this dialog and nowhere else.
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { type FormEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { useChange } from '../../api/use-answer.ts';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { NewSecret } from './new-secret.tsx';
import { FIRST_DRAFT, findFaults, type TokenFaults, toBody } from './token-draft.ts';
import { TokenForm } from './token-form.tsx';
import { useUnseenSecret } from './use-unseen-secret.ts';

export function CreateToken({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const [faults, setFaults] = useState<TokenFaults>({});
  const [isCopied, setCopied] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const { mutate, data: token, error, isPending, reset } = useChange('createToken');
  useUnseenSecret(
    token !== undefined && !isCopied,
    useCallback(() => setLeaving(true), []),
  );
  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    if (isPending) return;
    const found = findFaults(draft);
    setFaults(found);
    if (Object.keys(found).length === 0) mutate({ body: toBody(draft) });
    else focusFirstFault(event.currentTarget);
  };
  const leave = () => {
    if (isPending) return; // there would be a token that nobody has seen
    if (token === undefined || isCopied || isLeaving) onClose();
    else setLeaving(true);
  };
  const scopeFault = error?.code === 'SCOPE_INVALID' ? error.detail : undefined;
  return (
    <Modal isOpen variant="medium" onClose={leave} aria-labelledby={`${id}-title`} aria-describedby={`${id}-body`}>
      <ModalHeader title={token === undefined ? 'Create a token' : 'The token is created'} labelId={`${id}-title`} />
      <ModalBody id={`${id}-body`} tabIndex={0}>
        <div className="lks-sections">
          {token === undefined ? (
            <TokenForm
              id={`${id}-form`}
              draft={draft}
              onChange={(next) => {
                setDraft(next);
                if (error !== null) reset();
              }}
              faults={scopeFault === undefined ? faults : { ...faults, scopes: scopeFault }}
              onSubmit={submit}
            />
          ) : (
            <NewSecret token={token} onCopied={() => setCopied(true)} />
          )}
          {error === null || scopeFault !== undefined ? null : (
            <ErrorAlert title="No token was created." error={error} />
          )}
          {isLeaving && !isCopied ? (
            <Alert
              variant="warning"
              isInline
              isLiveRegion
              component="p"
              title="The token was not copied. Close without it? It will never be shown again."
            />
          ) : null}
        </div>
      </ModalBody>
      <ModalFooter>
        {token === undefined ? (
          <>
            <Button type="submit" form={`${id}-form`} isLoading={isPending}>
              Create
            </Button>
            <Button variant="link" onClick={leave}>
              Cancel
            </Button>
          </>
        ) : (
          <Done isAsking={isLeaving && !isCopied} onLeave={leave} onStay={() => setLeaving(false)} />
        )}
      </ModalFooter>
    </Modal>
  );
}

/** After the render that marks it. */
function focusFirstFault(form: HTMLElement): void {
  setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

type DoneProps = { readonly isAsking: boolean; readonly onLeave: () => void; readonly onStay: () => void };

function Done({ isAsking, onLeave, onStay }: DoneProps) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) first.current?.focus();
  }, [isAsking]);
  return (
    <>
      <Button ref={first} onClick={isAsking ? onStay : onLeave}>
        {isAsking ? 'Back to the token' : 'Close'}
      </Button>
      {isAsking ? (
        <Button variant="link" isDanger onClick={onLeave}>
          Close without copying
        </Button>
      ) : null}
    </>
  );
}
