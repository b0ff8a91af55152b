// What the CI system must say about a pipeline: names and values, all of which must match.
import { Button, FormGroup, TextInput } from '@patternfly/react-core';
import { MinusCircleIcon, PlusCircleIcon } from '@patternfly/react-icons';
import { useId } from 'react';
import { HelpBelow, helpId } from '../../parts/field.tsx';
import { PLAIN } from '../../parts/plain-text-field.tsx';
import { useRows } from '../../parts/use-rows.ts';
import { type ClaimRow, type Kind, TEMPLATES } from './publisher-draft.ts';

type ClaimsFieldProps = {
  readonly kind: Kind;
  readonly rows: readonly ClaimRow[];
  readonly onChange: (rows: readonly ClaimRow[]) => void;
};

export function ClaimsField({ kind, rows, onChange }: ClaimsFieldProps) {
  const id = useId();
  const { box, add, remove, change } = useRows(rows, onChange, {
    newRow: (row) => ({ id: row, name: '', value: '' }),
    fields: 2,
  });
  return (
    <FormGroup label="Claims" role="group" isRequired fieldId={id}>
      <div className="lks-claim-rows" ref={box}>
        {rows.map((row, index) => (
          <div key={row.id}>
            <TextInput
              value={row.name}
              aria-label={`Claim ${index + 1}`}
              placeholder="ref"
              onChange={(_event, name) => change({ ...row, name })}
              {...PLAIN}
            />
            <TextInput
              value={row.value}
              aria-label={`Value of claim ${index + 1}`}
              aria-describedby={helpId(id)}
              onChange={(_event, value) => change({ ...row, value })}
              {...PLAIN}
            />
            <Button
              variant="plain"
              aria-label={`Remove claim ${index + 1}`}
              icon={<MinusCircleIcon />}
              isAriaDisabled={rows.length === 1}
              onClick={() => remove(index)}
            />
          </div>
        ))}
        <div>
          <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={add}>
            Add a claim
          </Button>
        </div>
      </div>
      <HelpBelow
        id={id}
        help={
          <>
            {TEMPLATES[kind].help} All must match, letter by letter; <code>*</code> is anything but <code>/</code>,{' '}
            <code>**</code> anything.
          </>
        }
      />
    </FormGroup>
  );
}
