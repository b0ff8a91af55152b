// Asks once more before something that matters, and for the reason that goes into the audit log.
import { Alert, Button, Form, Modal, ModalBody, ModalFooter, ModalHeader, TextArea } from '@patternfly/react-core';
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Field, helpId } from './field.tsx';
import { HEADING_ID } from './page-header.tsx';
import { UserText } from './user-text.tsx';

export const MAX_REASON = 1000; // LIMITS of the server

type ConfirmDialogProps = {
  readonly title: string;
  /** The word on the button: “Withdraw”. */
  readonly action: string;
  readonly isDanger?: boolean;
  /** For a form of some length. */
  readonly isWide?: boolean;
  /** What will happen, and warnings. */
  readonly children?: ReactNode;
  /** False when no reason is asked for; `onConfirm` then gets an empty text. */
  readonly hasReason?: boolean;
  /** False while something in `children` is still to be filled in. */
  readonly isReady?: boolean;
  /** Makes the change, and rejects with an ApiError that is shown here. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
  /** True when the error is shown at a field of `children`, and needs no place of its own. */
  readonly onError?: (error: ApiError) => boolean;
  readonly onClose: () => void;
};

/** Rendered while it is open, so that it starts anew each time: `{isAsking && <ConfirmDialog … />}`. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, isDanger = false, isWide = false, children, hasReason = true, onConfirm, onClose } = props;
  const { isReady: isFilledIn = true, onError } = props;
  useHeldFocus();
  const id = useId();
  const [reason, setReason] = useState('');
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const hasAll = !hasReason || (reason.trim() !== '' && reason.length <= MAX_REASON);
  const isReady = hasAll && isFilledIn;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || isPending) return;
    setPending(true);
    setError(null);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      if (onError?.(thrown) !== true) setError(thrown);
      setPending(false);
    }
  };
  return (
    <Modal
      isOpen
      variant={isWide ? 'medium' : 'small'}
      onClose={onClose}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-body`}
      {...(hasReason ? { elementToFocus: `#${id}-reason` } : {})}
    >
      <ModalHeader title={title} labelId={`${id}-title`} {...(isDanger ? { titleIconVariant: 'warning' } : {})} />
      <ModalBody id={`${id}-body`}>
        <Form id={`${id}-form`} onSubmit={submit}>
          {children}
          {hasReason ? <Reason id={`${id}-reason`} value={reason} onChange={setReason} /> : null}
          {error === null ? null : (
            <Alert variant="danger" isInline isLiveRegion component="p" title={<UserText>{error.detail}</UserText>}>
              {error.code}
            </Alert>
          )}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant={isDanger ? 'danger' : 'primary'}
          isAriaDisabled={!isReady}
          isLoading={isPending}
        >
          {action}
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}

/** The focus goes back to where it came from. Where that is gone, as with a row that was removed, the heading has it. */
function useHeldFocus(): void {
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement === document.body)
          document.getElementById(HEADING_ID)?.focus({ preventScroll: true });
      });
    },
    [],
  );
}

type ReasonProps = { readonly id: string; readonly value: string; readonly onChange: (value: string) => void };

function Reason({ id, value, onChange }: ReasonProps) {
  const tooMany = value.length - MAX_REASON;
  return (
    <Field
      id={id}
      label="Reason"
      isRequired
      help="It is kept in the audit log."
      fault={tooMany > 0 ? `${tooMany} characters too long.` : null}
    >
      <TextArea
        id={id}
        value={value}
        onChange={(_event, text) => onChange(text)}
        isRequired
        resizeOrientation="vertical"
        validated={tooMany > 0 ? 'error' : 'default'}
        aria-describedby={helpId(id)}
      />
    </Field>
  );
}
