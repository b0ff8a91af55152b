// One scope while it is written, with a hint when it looks wrong.
import {
  Button,
  HelperText,
  HelperTextItem,
  InputGroup,
  InputGroupItem,
  TextInput,
  type TextInputProps,
} from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons';
import { useId } from 'react';
import { PLAIN } from './plain-text-field.tsx';
import { findScopeHint } from './scopes-draft.ts';

type ScopeFieldProps = {
  readonly number: number;
  readonly value: string;
  readonly isFaulty: boolean;
  readonly onChange: (value: string) => void;
  /** Undefined for the only one. */
  readonly onRemove: (() => void) | undefined;
};

export function ScopeField({ number, value, isFaulty, onChange, onRemove }: ScopeFieldProps) {
  const id = useId();
  const hint = findScopeHint(value);
  return (
    <div>
      <InputGroup>
        <InputGroupItem isFill>
          <TextInput
            value={value}
            aria-label={`Scope ${number}`}
            placeholder="registry.example.com/acme"
            {...PLAIN}
            validated={look(isFaulty, hint)}
            onChange={(_event, text) => onChange(text)}
            {...(hint === null ? {} : { 'aria-describedby': id })}
          />
        </InputGroupItem>
        {onRemove === undefined ? null : (
          <InputGroupItem>
            <Button
              variant="plain"
              aria-label={`Remove scope ${number}`}
              icon={<MinusCircleIcon />}
              onClick={onRemove}
            />
          </InputGroupItem>
        )}
      </InputGroup>
      {hint === null ? null : (
        <HelperText id={id} className="lks-scope-hint">
          <HelperTextItem variant="warning">{hint}</HelperTextItem>
        </HelperText>
      )}
    </div>
  );
}

function look(isFaulty: boolean, hint: string | null): NonNullable<TextInputProps['validated']> {
  if (isFaulty) return 'error';
  return hint === null ? 'default' : 'warning';
}
