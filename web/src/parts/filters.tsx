// Filters above a list: a row of them, a text, a choice.
import {
  FormSelect,
  FormSelectOption,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { Children, type ReactNode } from 'react';
import { useFilter } from './use-filter.ts';
import { useTypedFilter } from './use-typed-filter.ts';

export function FilterBar({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <Toolbar>
      <ToolbarContent>
        {Children.map(children, (child) => (
          <ToolbarItem>{child}</ToolbarItem>
        ))}
        {actions === undefined ? null : <ToolbarItem align={{ default: 'alignEnd' }}>{actions}</ToolbarItem>}
      </ToolbarContent>
    </Toolbar>
  );
}

/** `name` is the filter in the address; read it with `useFilter(name)`. */
export function TextFilter({ name, label, placeholder }: { name: string; label: string; placeholder?: string }) {
  const { text, setText } = useTypedFilter(name);
  return (
    <SearchInput
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      onChange={(_event, next) => setText(next)}
      onClear={() => setText('')}
    />
  );
}

type ChoiceFilterProps = {
  readonly name: string;
  readonly label: string;
  /** What it is called when nothing is chosen: “All states”. */
  readonly all: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
};

export function ChoiceFilter({ name, label, all, choices }: ChoiceFilterProps) {
  const [value, setValue] = useFilter(name);
  return (
    <FormSelect aria-label={label} value={value ?? ''} onChange={(_event, next) => setValue(next)}>
      <FormSelectOption value="" label={all} />
      {choices.map((choice) => (
        <FormSelectOption key={choice.value} value={choice.value} label={choice.label} />
      ))}
    </FormSelect>
  );
}
