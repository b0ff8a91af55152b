// One field for each wish.
import { Checkbox, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useId } from 'react';
import { Field, helpId } from '../../parts/field.tsx';
import { PlainTextArea, PlainTextField } from '../../parts/plain-text-field.tsx';
import type { Kind, Wish } from './kinds.ts';

type Choice = { readonly value: string; readonly label: string };
type Words = { readonly label: string; readonly help?: string };
type FieldOf = Words &
  (
    | { readonly as: 'text' | 'secret' | 'lines' | 'check' }
    | { readonly as: 'choice'; readonly choices: readonly Choice[] }
  );

const FIELDS: Readonly<Record<Wish, FieldOf>> = {
  url: { as: 'text', label: 'Address of the store', help: 'Where clients reach it, if not at its public URL.' },
  registries: {
    as: 'lines',
    label: 'Registries',
    help: 'One a line, such as quay.io/acme. Empty: all that the store knows.',
  },
  scopes: { as: 'lines', label: 'Scopes', help: 'One a line. Empty: those of all registered keys.' },
  identity: {
    as: 'text',
    label: 'signedIdentity',
    help: 'matchRepository, matchExact, exactRepository=quay.io/acme/app, … Empty: matchRepoDigestOrExact.',
  },
  default: {
    as: 'choice',
    label: 'Everything else',
    choices: [
      { value: '', label: 'is refused (reject)' },
      { value: 'insecureAcceptAnything', label: 'is accepted (insecureAcceptAnything)' },
    ],
  },
  keys: {
    as: 'choice',
    label: 'Keys',
    choices: [
      { value: '', label: 'as usual' },
      { value: 'path', label: 'one file for each scope (keyPath)' },
      { value: 'paths', label: 'one file for each key (keyPaths)' },
    ],
  },
  legacy: { as: 'check', label: 'Also for containers/image before 5.22 (2022)' },
  mirrors: { as: 'lines', label: 'Mirrors', help: 'One a line, as in mirror.example.com/hub=docker.io.' },
  readToken: {
    as: 'secret',
    label: 'Token for reading',
    help: 'Where reading this store needs one. It is not stored.',
  },
  existing: {
    as: 'lines',
    label: 'The policy.json that is there',
    help: 'Pasted as a whole: it is added to, and what is there stays.',
  },
  replace: { as: 'check', label: 'Replace its entries that differ' },
  roles: {
    as: 'choice',
    label: 'Nodes',
    choices: [
      { value: '', label: 'workers and control plane' },
      { value: 'worker', label: 'workers' },
      { value: 'master', label: 'control plane' },
    ],
  },
  namespace: { as: 'text', label: 'Namespace', help: 'Of the workloads. Empty: a policy of the whole cluster.' },
  namespaces: {
    as: 'lines',
    label: 'Namespaces',
    help: 'One a line: team-a, or with scopes team-b=quay.io/acme,docker.io.',
  },
  releases: {
    as: 'lines',
    label: 'Repositories of releases',
    help: 'One a line, such as quay.io/openshift-release-dev/ocp-release.',
  },
  images: { as: 'lines', label: 'Releases', help: 'One a line: REPOSITORY@sha256:HEX.' },
};

/** What a policy holds unless told otherwise, and keys as files cannot be. */
const AS_USUAL: Partial<Record<Kind, string>> = { keyring: 'one file for each key' };

type WishFieldProps = {
  readonly kind: Kind;
  readonly wish: Wish;
  readonly isRequired: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

export function WishField({ kind, wish, ...input }: WishFieldProps) {
  const { label, help, ...field } = FIELDS[wish];
  const words = help === undefined ? { label } : { label, help };
  switch (field.as) {
    case 'check':
      return <Check label={label} {...input} />;
    case 'choice':
      return <Choose {...words} {...input} choices={field.choices} usual={AS_USUAL[kind] ?? 'within the policy'} />;
    case 'secret':
      return <Secret {...words} {...input} />;
    case 'lines':
      return <PlainTextArea {...words} {...input} rows={2} />;
    case 'text':
      return <PlainTextField {...words} {...input} />;
  }
}

type InputProps = Words & Pick<WishFieldProps, 'isRequired' | 'value' | 'onChange'>;

function Check({ label, value, onChange }: InputProps) {
  return (
    <Checkbox
      id={useId()}
      label={label}
      isChecked={value !== ''}
      onChange={(_event, isChecked) => onChange(isChecked ? 'yes' : '')}
    />
  );
}

type ChooseProps = InputProps & {
  readonly choices: readonly Choice[];
  /** What the choice “as usual” is here. */
  readonly usual: string;
};

function Choose({ value, onChange, choices, usual, ...words }: ChooseProps) {
  const id = useId();
  return (
    <Field id={id} {...words}>
      <FormSelect id={id} value={value} onChange={(_event, next) => onChange(next)}>
        {choices.map((choice) => (
          <FormSelectOption
            key={choice.value}
            value={choice.value}
            label={choice.label === 'as usual' ? usual : choice.label}
          />
        ))}
      </FormSelect>
    </Field>
  );
}

function Secret({ value, onChange, ...words }: InputProps) {
  const id = useId();
  return (
    <Field id={id} {...words}>
      <TextInput
        id={id}
        type="password"
        autoComplete="off"
        value={value}
        aria-describedby={helpId(id)}
        onChange={(_event, next) => onChange(next)}
      />
    </Field>
  );
}
