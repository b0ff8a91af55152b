// Whose signatures a pipeline may upload.
import { Checkbox, FormGroup, HelperText, HelperTextItem } from '@patternfly/react-core';
import { useId } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { UserText } from '../../parts/user-text.tsx';

type KeysFieldProps = {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
};

/** Those that were registered last; who has more names the others on the command line. */
const SHOWN = 100;

export function KeysField({ keys, onChange }: KeysFieldProps) {
  const id = useId();
  const { data, error } = useAnswer('listKeys', { query: { state: 'active', limit: SHOWN } });
  const toggle = (fingerprint: string, isChosen: boolean) => {
    const next = new Set(keys);
    if (isChosen) next.add(fingerprint);
    else next.delete(fingerprint);
    onChange(next);
  };
  return (
    <FormGroup label="Keys whose signatures it may upload" role="group" isStack isRequired fieldId={id}>
      {data?.items.map(({ fingerprint, name }) => (
        <Checkbox
          key={fingerprint}
          id={`${id}-${fingerprint}`}
          label={<UserText>{name}</UserText>}
          description={fingerprint}
          isChecked={keys.has(fingerprint)}
          onChange={(_event, isChosen) => toggle(fingerprint, isChosen)}
        />
      ))}
      <Hint count={data?.items.length} fault={error?.detail} isCut={data !== undefined && data.next !== null} />
    </FormGroup>
  );
}

type HintProps = { readonly count: number | undefined; readonly fault: string | undefined; readonly isCut: boolean };

function Hint({ count, fault, isCut }: HintProps) {
  const text =
    fault ??
    (count === 0 ? 'No key is active: register one first.' : isCut ? `The latest ${SHOWN} active keys.` : undefined);
  if (text === undefined) return null;
  return (
    <HelperText isLiveRegion>
      <HelperTextItem variant={fault === undefined && count !== 0 ? 'default' : 'error'}>
        <UserText>{text}</UserText>
      </HelperTextItem>
    </HelperText>
  );
}
