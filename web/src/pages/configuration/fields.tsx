// One field for each wish.
import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useId } from 'react';
import type { Kind, Wish } from './kinds.ts';

type Choice = { readonly value: string; readonly label: string };
type Words = { readonly label: string; readonly help?: string };
type Field = Words &
  (
    | { readonly as: 'text' | 'secret' | 'lines' | 'check' }
    | { readonly as: 'choice'; readonly choices: readonly Choice[] }
  );

const FIELDS: Readonly<Record<Wish, Field>> = {
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

export function WishField({ kind, wish, isRequired, value, onChange }: WishFieldProps) {
  const id = useId();
  const field = FIELDS[wish];
  if (field.as === 'check')
    return (
      <Checkbox
        id={id}
        label={field.label}
        isChecked={value !== ''}
        onChange={(_event, isChecked) => onChange(isChecked ? 'yes' : '')}
      />
    );
  return (
    <FormGroup label={field.label} fieldId={id} isRequired={isRequired}>
      <Input id={id} field={field} usual={AS_USUAL[kind] ?? 'within the policy'} value={value} onChange={onChange} />
      {field.help === undefined ? null : (
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem>{field.help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}

type InputProps = {
  readonly id: string;
  readonly field: Field;
  readonly usual: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

function Input({ id, field, usual, value, onChange }: InputProps) {
  const described = field.help === undefined ? {} : { 'aria-describedby': `${id}-help` };
  const change = (_event: unknown, next: string) => onChange(next);
  if (field.as === 'choice')
    return (
      <FormSelect id={id} value={value} onChange={change} {...described}>
        {field.choices.map((choice) => (
          <FormSelectOption
            key={choice.value}
            value={choice.value}
            label={choice.label === 'as usual' ? usual : choice.label}
          />
        ))}
      </FormSelect>
    );
  if (field.as === 'lines')
    return <TextArea id={id} value={value} rows={2} resizeOrientation="vertical" onChange={change} {...described} />;
  const type = field.as === 'secret' ? 'password' : 'text';
  return <TextInput id={id} type={type} autoComplete="off" value={value} onChange={change} {...described} />;
}
