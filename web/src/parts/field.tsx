// A labelled field and the words below it: its help, which gives way to what is wrong with what was written.
import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';

type Words = {
  readonly help?: ReactNode;
  readonly fault?: ReactNode;
};

type FieldProps = Words & {
  /** Of the input within. */
  readonly id: string;
  readonly label: string;
  readonly isRequired?: boolean;
  readonly children: ReactNode;
};

export function Field({ id, label, help, fault, isRequired = false, children }: FieldProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      <HelpBelow id={id} help={help} fault={fault} />
    </FormGroup>
  );
}

/** What the input is described by, for screen readers. */
export const helpId = (id: string) => `${id}-help`;

const isSaid = (words: ReactNode) => words !== undefined && words !== null;

/** Read out when it changes. */
export function HelpBelow({ id, help, fault }: Words & Pick<FieldProps, 'id'>) {
  if (!isSaid(fault) && !isSaid(help)) return null;
  return (
    <FormHelperText>
      <HelperText id={helpId(id)} isLiveRegion>
        <HelperTextItem variant={isSaid(fault) ? 'error' : 'default'}>{isSaid(fault) ? fault : help}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
