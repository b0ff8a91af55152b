// Text that is meant to the letter, in a line or in several: an address, a name to sign in with, a signature in base64.
import { InputGroup, InputGroupItem, TextArea, TextInput } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';
import { NoteText } from './compatibility-notes.tsx';
import { Field, helpId } from './field.tsx';

type PlainTextProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly example?: string;
  /** What stands between backticks is code. */
  readonly help?: string;
  readonly fault?: string | null | undefined;
  readonly isRequired?: boolean;
};

/** Of an input: nothing is completed, corrected or capitalized. */
export const PLAIN = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

type PlainLineProps = PlainTextProps & {
  /** Shown, and not to be changed. */
  readonly isFixed?: boolean;
  /** A button at its end; null while there is none, so that the line stays the same one and keeps the focus. */
  readonly action?: ReactNode;
};

export function PlainTextField({ isFixed = false, action, ...props }: PlainLineProps) {
  const id = useId();
  const input = <TextInput {...inputProps(id, props)} {...(isFixed ? { readOnlyVariant: 'default' as const } : {})} />;
  return (
    <PlainField id={id} {...props}>
      {action === undefined ? (
        input
      ) : (
        <InputGroup>
          <InputGroupItem isFill>{input}</InputGroupItem>
          {action === null ? null : <InputGroupItem>{action}</InputGroupItem>}
        </InputGroup>
      )}
    </PlainField>
  );
}

/** For what is pasted. */
export function PlainTextArea({ rows = 4, ...props }: PlainTextProps & { readonly rows?: number }) {
  const id = useId();
  return (
    <PlainField id={id} {...props}>
      <TextArea {...inputProps(id, props)} className="lks-plain-text" rows={rows} resizeOrientation="vertical" />
    </PlainField>
  );
}

function inputProps(id: string, { value, onChange, example, help, fault, isRequired = false }: PlainTextProps) {
  return {
    ...PLAIN,
    id,
    value,
    isRequired,
    onChange: (_event: unknown, next: string) => onChange(next),
    validated: fault ? ('error' as const) : ('default' as const),
    ...(example === undefined ? {} : { placeholder: example }),
    ...(help || fault ? { 'aria-describedby': helpId(id) } : {}),
  };
}

type PlainFieldProps = PlainTextProps & { readonly id: string; readonly children: ReactNode };

function PlainField({ id, label, help, fault, isRequired = false, children }: PlainFieldProps) {
  return (
    <Field
      id={id}
      label={label}
      isRequired={isRequired}
      help={help ? <NoteText>{help}</NoteText> : null}
      fault={fault ? <NoteText>{fault}</NoteText> : null}
    >
      {children}
    </Field>
  );
}
